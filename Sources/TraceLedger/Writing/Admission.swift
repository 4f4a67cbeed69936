internal import Synchronization
internal import TraceProof
internal import TraceStatements

/// The part of admission that needs no order, done by the callers at the same time: hashes, signatures, and the index on disk.
struct Admission: Sendable {
    /// So many statements are checked by one task: enough to make the task's own cost small.
    private static let chunk = 16

    /// The ledger's.
    let origin: String
    let checker: any SignatureChecker
    let keys: KeyDirectory
    let index: EntryIndex
    let commissioned = CommissionedCache()

    /// Looks into statements that one call brings, in parallel where they are many.
    func candidates(_ statements: [Statement]) async throws(FileError) -> [Candidate] {
        let known = knownKeys(statements)
        let snapshot = index.snapshot()
        guard statements.count > Admission.chunk else {
            return try candidates(statements[...], known, snapshot)
        }
        let chunks = stride(from: 0, to: statements.count, by: Admission.chunk).map {
            statements[$0..<min($0 + Admission.chunk, statements.count)]
        }
        let parts = await withTaskGroup(of: (Int, Result<[Candidate], FileError>).self) { group in
            for (position, chunk) in chunks.enumerated() {
                group.addTask {
                    (position, Result { () throws(FileError) in try candidates(chunk, known, snapshot) })
                }
            }
            var parts = [Result<[Candidate], FileError>](repeating: .success([]), count: chunks.count)
            for await (position, part) in group { parts[position] = part }
            return parts
        }
        var all: [Candidate] = []
        all.reserveCapacity(statements.count)
        for part in parts { all += try part.get() }
        return all
    }

    /// Opaque entries: nothing but their hashes is looked at.
    func candidates(opaque entries: [[UInt8]]) throws(FileError) -> [Candidate] {
        let snapshot = index.snapshot()
        return try zip(entries, TreeHash.leaves(entries)).map { entry, leaf throws(FileError) in
            var candidate = Candidate(entry: entry, leaf: leaf, statement: nil, content: nil, finding: .open)
            try index.look(for: &candidate, in: snapshot)
            return candidate
        }
    }

    /// The keys that sign without saying so: those of the ledger, and those that an earlier statement of the call introduces.
    private func knownKeys(_ statements: [Statement]) -> [KeyID: PublicKey] {
        var known: [KeyID: PublicKey] = [:]
        for header in statements.lazy.map(\.header) {
            if let key = header.publicKey {
                known[header.keyID] = key
            } else if known[header.keyID] == nil {
                known[header.keyID] = keys[header.keyID]
            }
        }
        return known
    }

    private func candidates(
        _ statements: ArraySlice<Statement>,
        _ known: [KeyID: PublicKey],
        _ snapshot: EntryIndex.Snapshot
    ) throws(FileError) -> [Candidate] {
        try zip(statements, TreeHash.leaves(statements.map(\.encoded))).map { statement, leaf throws(FileError) in
            var candidate = Candidate(
                entry: statement.encoded,
                leaf: leaf,
                statement: statement,
                content: ContentKey.of(statement),
                finding: finding(statement, key: statement.header.publicKey ?? known[statement.header.keyID])
            )
            if statement.header.kind == .activation { candidate.activation = activation(statement, snapshot) }
            try index.look(for: &candidate, in: snapshot)
            return candidate
        }
    }

    /// What is to be said of a statement's signature under `key`.
    func finding(_ statement: Statement, key: PublicKey?) -> Candidate.SignatureFinding {
        guard let key, statement.header.kind != .activation else { return .open }
        if statement.header.publicKey != nil, !checker.isValidPoint(key.bytes) { return .weakKey(key) }
        return checker.admits(statement.signature, for: statement.signedBytes, by: key) ? .valid(key) : .invalid(key)
    }
}

/// The keys of a ledger by their kid, as of the last commit: what callers verify under before their turn comes.
final class KeyDirectory: Sendable {
    private let keys = Mutex<[KeyID: PublicKey]>([:])

    subscript(id: KeyID) -> PublicKey? { keys.withLock { $0[id] } }

    func insert(_ key: PublicKey) { keys.withLock { $0[KeyID(of: key)] = key } }
}
