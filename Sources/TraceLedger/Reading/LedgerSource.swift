/// Where the public files of a ledger come from: a directory, a web server, anything that has tlog-tiles paths.
public protocol LedgerSource: Sendable {
    /// What to call it in messages: a path or a URL.
    var name: String { get }

    /// The bytes of one resource, `nil` where there is none; more than `limit` bytes are refused, not read.
    func read(_ path: String, limit: Int) async throws -> [UInt8]?
}

/// A ledger's own directory, or a copy of it.
public struct DirectorySource: LedgerSource {
    /// The path of the directory.
    public let name: String

    /// What the directory is read through.
    let system: any FileSystem

    /// The ledger in the directory at `path`.
    public init(_ path: String) { self.init(path, on: POSIXFileSystem()) }

    init(_ path: String, on system: any FileSystem) { (name, self.system) = (path, system) }

    /// Reads one file below the directory.
    public func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        do { return try DurableFiles.read("\(name)/\(path)", limit: limit, on: system) } catch {
            throw LedgerError.file(error)
        }
    }
}
