#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A file operation that failed: which, on what, and what the system said.
public struct FileError: Error, Equatable, Sendable {
    /// The system call or step, e.g. `fsync`.
    public let operation: String
    /// The path it was for.
    public let path: String
    /// `errno`; 0 where the failure is this package's own finding.
    public let code: Int32
    /// What is wrong beyond ``code``, and the remedy; may be empty.
    public let detail: String

    init(_ operation: String, _ path: String, code: Int32 = 0, detail: String = "") {
        self.operation = operation
        self.path = path
        self.code = code
        self.detail = detail
    }

    init(_ operation: String, _ path: String, _ error: SystemError) { self.init(operation, path, code: error.code) }
}

extension FileError: CustomStringConvertible {
    /// `fsync DIR/tile/0/000: No space left on device`.
    public var description: String {
        var text = "\(operation) \(path)"
        if code != 0 { text += ": " + (unsafe String(cString: strerror(code))) }
        if !detail.isEmpty { text += (code != 0 ? " (\(detail))" : ": \(detail)") }
        return text
    }
}
