/// Why bytes or text from outside were refused: which format, where in it, and what is wrong.
///
/// Every decoder of this package throws this one type, so that a caller can always print the place.
public struct FormatError: Error, Equatable, Sendable {
    /// Where in the input the problem stands.
    public enum Place: Equatable, Sendable {
        /// Bytes from the start of the input.
        case offset(Int)
        /// Line, counted from 1.
        case line(Int)
        /// The input as a whole.
        case whole
    }

    /// The format that was being read, e.g. `CBOR` or `checkpoint`.
    public let format: String
    /// Where the problem stands.
    public let place: Place
    /// What is wrong, in one sentence that needs no source code to be understood.
    public let reason: String

    /// An error in `format` at `place`.
    public init(_ format: String, at place: Place, _ reason: String) {
        self.format = format
        self.place = place
        self.reason = reason
    }

    /// The same error with its offset counted from the start of an outer input that holds this one at `base`.
    public func moved(by base: Int) -> FormatError {
        guard case .offset(let offset) = place else { return self }
        return FormatError(format, at: .offset(base + offset), reason)
    }
}

extension FormatError: CustomStringConvertible {
    /// `CBOR, byte 17: the map keys are not in order`.
    public var description: String {
        switch place {
        case .offset(let offset): "\(format), byte \(offset): \(reason)"
        case .line(let line): "\(format), line \(line): \(reason)"
        case .whole: "\(format): \(reason)"
        }
    }
}
