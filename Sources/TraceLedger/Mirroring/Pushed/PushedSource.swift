internal import TraceProof
internal import TraceStatements

/// A replica's own directory as a ledger at a checkpoint that was pushed: what ``Mirror/update(from:progress:)`` reads when
/// every byte that it would copy lies there already.
struct PushedSource: LedgerSource {
    /// The checkpoint with the signatures of the ledger's keys, its next one's among them where it hands over.
    let pushed: SignedCheckpoint
    /// The ledger's keys, where the last entry hands it over and the next key signed too.
    let successors: LedgerKeys?
    private let own: DirectorySource
    /// `ledger.json` with these keys: nobody else can say to the mirror where to look.
    private let information: [UInt8]?

    /// The directory at `signed`, whose entries and tiles are there. Other lines on it are whatever the client put there.
    init(_ signed: SignedCheckpoint, in directory: String, keys: LedgerKeys, checker: any SignatureChecker) throws {
        own = DirectorySource(directory)
        var signers = keys.signers(of: signed.checkpoint.head.size)
        let named = PushedSource.successors(signed, directory, keys, checker)
        if let new = named?.current, case .verified = signed.note.outcome(of: new, checker: checker) {
            signers.append(new)
            successors = named
        } else {
            successors = nil
        }
        let lines = signed.note.signatures.filter { line in signers.contains { line.isAttributed(to: $0) } }
        pushed = try SignedCheckpoint(note: SignedNote(text: signed.note.text, signatures: lines))
        let current = LedgerInformation(origin: keys.current.name, key: keys.current, issuerKeys: [])
        information = try successors.map { try current.with($0).encoded() }
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

    /// The keys as they are if the last entry is the succession that it claims to be; whoever follows them proves it.
    private static func successors(
        _ signed: SignedCheckpoint,
        _ directory: String,
        _ keys: LedgerKeys,
        _ checker: any SignatureChecker
    ) -> LedgerKeys? {
        let (size, key) = (signed.checkpoint.head.size, keys.current)
        guard size > 1, let old = key.publicKey, let place = BundleCoordinate(holding: size - 1, treeSize: size),
            let entry = PushedEntries.bundle(place, in: directory)?.last,
            let statement = try? Statement(decoding: Array(entry)),
            let succession = try? KeySuccession(statement, origin: key.name, from: old, checker: checker),
            let new = try? VerifierKey(name: key.name, type: .ed25519, publicKey: succession.new)
        else { return nil }
        return keys.handedOver(to: new, until: size)
    }
}
