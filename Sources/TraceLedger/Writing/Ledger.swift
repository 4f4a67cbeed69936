public import TraceProof
public import TraceStatements

/// The one writer of a ledger directory.
///
/// ```swift
/// let ledger = try await Ledger.open(directory, signer: ledgerKey, checker: checker)
/// let statement = try await ledger.sign(event.payload(), kind: .event, ..., with: enterpriseKey)
/// let appended = try await ledger.append([statement])     // durable when this returns
/// let checkpoint = try await ledger.publish()             // and now every reader sees it
/// ```
/// Two milestones: *committed* (in the journal, durable, with its index) and *published* (under a signed checkpoint).
/// Any I/O error closes the writer; opening again reloads from disk and verifies before it signs.
public actor Ledger {
    /// What `append` answers for a statement.
    public struct Appended: Hashable, Sendable {
        /// Its index in the ledger, or that of the entry that stands already.
        public let index: UInt64
        /// The leaf hash of the entry at ``index``.
        public let leafHash: Digest
        /// Whether the same issuer's same payload of the same kind stood already and nothing was appended.
        public let isDuplicate: Bool

        /// The same entry as the answer to whoever brings its content once more.
        public var asDuplicate: Appended { Appended(index: index, leafHash: leafHash, isDuplicate: true) }
    }

    /// What the ledger is.
    public nonisolated let information: LedgerInformation
    /// The directory.
    public nonisolated let directory: String

    let signer: any Signer
    let checker: any SignatureChecker
    /// Held until the writer is closed.
    private var lock: WriterLock?
    private var journal: Journal
    /// The tree over all committed entries.
    var tiles: GrowingTiles
    private var index: EntryIndex
    /// The last checkpoint that was signed.
    var published: SignedCheckpoint?
    /// Folders of partial tiles and bundles whose full one is written: removed after the next publication.
    var superseded: [String] = []
    private var failure: String?

    init(
        _ directory: String,
        information: LedgerInformation,
        signer: any Signer,
        checker: any SignatureChecker,
        lock: consuming WriterLock,
        journal: consuming Journal,
        tiles: GrowingTiles,
        index: EntryIndex,
        published: SignedCheckpoint?
    ) {
        self.directory = directory
        self.information = information
        self.signer = signer
        self.checker = checker
        self.lock = consume lock
        self.journal = journal
        self.tiles = tiles
        self.index = index
        self.published = published
    }

    /// The number of committed entries.
    public var size: UInt64 { tiles.size }

    /// The entry that stands already for an issuer's payload of a kind, if any: what is looked up before anything is signed.
    public func standing(kind: StatementKind = .event, issuer: String, payload: [UInt8]) -> Appended? {
        index.standing(kind: kind, issuer: issuer, payload: payload).map {
            Appended(index: $0.index, leafHash: $0.leafHash, isDuplicate: true)
        }
    }

    /// Where the next statement of a key belongs in this ledger.
    public func nextLink(for key: PublicKey) -> ChainLink? { index.chains.next(for: key) }

    /// Commits statements, all or none: when this returns they are durable and have their indices.
    ///
    /// A statement whose kind, issuer and payload stand already is answered with the entry that stands, before its chain is
    /// looked at, unless `allowDuplicates`; the very same entry always is.
    /// - Throws: ``LedgerError/refused(position:reason:)`` with the position of the first bad statement, and then nothing
    ///   was appended; ``LedgerError/file(_:)`` where the disk failed, and then the writer is closed.
    public func append(_ statements: [Statement], allowDuplicates: Bool = false) throws(LedgerError) -> [Appended] {
        try checkOpen()
        var fresh = index.next
        var next = tiles.size
        var entries: [(entry: [UInt8], leaf: Digest)] = []
        var answers: [Appended] = []
        for (position, statement) in statements.enumerated() {
            let leaf = statement.leafHash
            if let standing = standing(statement, leaf, in: [index, fresh], allowDuplicates) {
                answers.append(Appended(index: standing.index, leafHash: standing.leafHash, isDuplicate: true))
                continue
            }
            do {
                try admit(statement, leaf, chains: fresh.chains)
                try Ledger.mapping { () throws(ChainError) in
                    try fresh.insert(statement, leafHash: leaf, index: next)
                }
            } catch { throw .refused(position: position, reason: error) }
            entries.append((statement.encoded, leaf))
            answers.append(Appended(index: next, leafHash: leaf, isDuplicate: false))
            next += 1
        }
        guard !entries.isEmpty else { return answers }
        try commit(entries)
        index.merge(fresh)
        return answers
    }

    private func standing(
        _ statement: Statement,
        _ leaf: Digest,
        in indices: [EntryIndex],
        _ allowDuplicates: Bool
    ) -> EntryIndex.Standing? {
        let header = statement.header
        for index in indices {
            if let standing = index.standing(leafHash: leaf) { return standing }
            if allowDuplicates { continue }
            if let standing = index.standing(kind: header.kind, issuer: header.issuer, payload: statement.payload) {
                return standing
            }
        }
        return nil
    }

    private func admit(
        _ statement: Statement,
        _ leaf: Digest,
        chains: SignerChains
    ) throws(LedgerError.RefusalReason) {
        let header = statement.header
        guard header.kind != .activation, header.kind != .mapRoot else { throw .kind(header.kind) }
        let link = try Ledger.mapping { () throws(ChainError) in try chains.check(header, leafHash: leaf) }
        guard let key = link else { throw .kind(header.kind) }
        if header.publicKey != nil, !checker.isValidPoint(key.bytes) { throw .weakKey(key) }
        // The ledger's own name and its own key go together; for every other name the list decides.
        let isOwn = header.issuer.hasSameUTF8(as: information.origin)
        guard isOwn ? key == signer.publicKey : information.admits(issuer: header.issuer, key: key) else {
            throw .issuer(header.issuer, key)
        }
        guard checker.admits(statement.signature, for: statement.signedBytes, by: key) else { throw .signature(key) }
    }

    private static func mapping<Result>(
        _ body: () throws(ChainError) -> Result
    ) throws(LedgerError.RefusalReason) -> Result {
        do { return try body() } catch { throw .chain(error) }
    }

    private func commit(_ entries: [(entry: [UInt8], leaf: Digest)]) throws(LedgerError) {
        do { try journal.commit(entries.map(\.entry)) } catch { throw close(.file(error)) }
        for (entry, leaf) in entries {
            do { try tiles.append(entry, leaf: leaf) } catch {
                throw close(.corrupt(path: directory, reason: error.description))
            }
        }
    }

    /// Empties the journal of what is durable in tiles and published.
    func releaseJournal(upTo size: UInt64) throws(LedgerError) {
        do { journal = try journal.released(upTo: size) } catch { throw close(.file(error)) }
    }

    func checkOpen() throws(LedgerError) {
        if let failure { throw .closed(reason: failure) }
    }

    /// Closes the writer: whatever the error left on disk, nothing is signed on top of it before it was read again. The
    /// lock goes with it, since every way to a file begins with ``checkOpen()``.
    func close(_ error: LedgerError) -> LedgerError {
        failure = error.description
        lock = nil
        return error
    }
}

extension Ledger {
    /// Signs a payload as the next entry of a signer's chain in this ledger; it still has to be appended.
    public func sign(
        _ payload: [UInt8],
        kind: StatementKind,
        issuer: String,
        subject: String,
        issuedAt: UInt64,
        with signer: any Signer
    ) async throws -> Statement {
        try await Statement.sign(
            kind: kind,
            payload: payload,
            issuer: issuer,
            subject: subject,
            issuedAt: issuedAt,
            chain: nextLink(for: signer.publicKey),
            with: signer
        )
    }
}
