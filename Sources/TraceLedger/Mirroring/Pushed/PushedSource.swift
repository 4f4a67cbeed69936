internal import TraceProof
internal import TraceStatements

/// A replica's own directory as a ledger at a checkpoint that was pushed: what ``Mirror/update(from:progress:)`` reads when
/// every byte that it would copy lies there already.
struct PushedSource: LedgerSource {
    private let pushed: SignedCheckpoint
    private let own: DirectorySource
    /// `ledger.json`, where the last entry hands the ledger over: nobody else can say to the mirror where to look.
    private let information: [UInt8]?

    /// The directory at `pushed`, whose entries and tiles are there.
    init(_ pushed: SignedCheckpoint, in directory: String, keys: LedgerKeys, checker: any SignatureChecker) throws {
        (self.pushed, own) = (pushed, DirectorySource(directory))
        information = try PushedSource.successor(pushed, directory, keys.current, checker)
            .map {
                try LedgerInformation(origin: keys.current.name, key: keys.current, issuerKeys: []).with($0).encoded()
            }
    }

    var name: String { own.name }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        switch path {
        case Layout.checkpoint, Layout.keptCheckpoint(pushed.checkpoint.head.size): return pushed.bytes
        // What lies there is of an older size.
        case Layout.rootSignature: return nil
        case Layout.information: if let information { return information }
        default: break
        }
        return try await own.read(path, limit: limit)
    }

    /// The keys as they are if the last entry is the succession that it claims to be; that it is, whoever follows them checks.
    private static func successor(
        _ pushed: SignedCheckpoint,
        _ directory: String,
        _ key: VerifierKey,
        _ checker: any SignatureChecker
    ) throws -> LedgerKeys? {
        let size = pushed.checkpoint.head.size
        guard size > 1, let old = key.publicKey, let place = BundleCoordinate(holding: size - 1, treeSize: size),
            let entry = PushedEntries.bundle(place, in: directory)?.last,
            let statement = try? Statement(decoding: Array(entry)),
            KeySuccession.isClaimed(by: statement.header, origin: key.name),
            let succession = try? KeySuccession(statement, origin: key.name, from: old, checker: checker)
        else { return nil }
        let new = try VerifierKey(name: key.name, type: .ed25519, publicKey: succession.new)
        return LedgerKeys(current: key).handedOver(to: new, until: size)
    }
}
