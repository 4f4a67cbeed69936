internal import TraceProof

/// Somebody who has seen the ledger's checkpoints and can be asked for the highest: a witness or a mirror.
public protocol CheckpointPeer: Sendable {
    /// What to call it in messages: its URL or path.
    var name: String { get }

    /// The highest checkpoint of the ledger of `origin` that it saw, as a note; `nil` where it saw none. It is believed
    /// only with the ledger's own signature.
    func latestCheckpoint(origin: String) async throws -> [UInt8]?
}

/// A mirror: it shows the ledger's own paths.
public struct MirrorPeer: CheckpointPeer {
    private let source: any LedgerSource

    /// The mirror in a directory or behind a URL.
    public init(_ source: any LedgerSource) { self.source = source }

    /// The path or URL.
    public var name: String { source.name }

    /// The checkpoint that it shows; a directory that is not there, such as a disk that is not mounted, is no answer.
    public func latestCheckpoint(origin: String) async throws -> [UInt8]? {
        if source is DirectorySource, !DurableFiles.exists(source.name) {
            throw LedgerError.notFound("\(source.name): there is no such directory")
        }
        return try await source.read(Layout.checkpoint, limit: FileLimit.checkpoint)
    }
}

/// A witness (C2SP tlog-witness): its monitoring path has the latest checkpoint that it cosigned of each log.
public struct WitnessPeer: CheckpointPeer {
    private let source: any LedgerSource

    /// The witness at a URL.
    public init(_ source: any LedgerSource) { self.source = source }

    /// The URL.
    public var name: String { source.name }

    /// What stands at `<hex SHA-256 of the origin>/checkpoint`.
    public func latestCheckpoint(origin: String) async throws -> [UInt8]? {
        let log = SHA256.hash(Array(origin.utf8))
        return try await source.read("\(log)/checkpoint", limit: FileLimit.checkpoint)
    }
}
