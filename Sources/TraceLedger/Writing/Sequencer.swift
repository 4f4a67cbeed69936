internal import TraceProof
internal import TraceStatements
internal import TraceVerification

/// The one place where entries get their order: takes what waits, assigns indices, makes the group durable in the journal, and answers the callers (engine.md, "Append").
actor Sequencer {
    private let information: LedgerInformation
    private let ledgerKey: PublicKey
    private let registry: RegistryAdmission?
    private let now: @Sendable () -> UInt64
    private let directory: String
    private let gate: WriterGate
    private let queue: SubmissionQueue
    private let admission: Admission
    private let tail: CommittedTail
    private let executor = QueueExecutor("traceledger.sequencer")

    private var journal: Journal
    private var chains: SignerChains
    /// The leaf hashes and contents of the entries behind those that the index on disk covers.
    private var recent: DigestTable
    /// Those that are being written to the index on disk.
    private var older: DigestTable?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ parts: Ledger.Parts, journal: consuming Journal, chains: SignerChains, recent: DigestTable) {
        information = parts.information
        ledgerKey = parts.signer.publicKey
        registry = parts.registry
        now = parts.configuration.now
        directory = parts.directory
        gate = parts.gate
        queue = parts.queue
        admission = parts.admission
        tail = parts.tail
        (self.chains, self.recent) = (chains, recent)
        self.journal = journal
    }

    // MARK: Committing

    /// Commits group after group until nobody waits.
    func drain() {
        while true {
            let submissions = queue.take()
            if submissions.isEmpty { return }
            commit(submissions)
        }
    }

    /// The entries of one commit, and the answers that go out when they are durable.
    private struct Staged {
        /// The index on disk as of this commit; what it does not cover is in memory until the commit is over.
        let runs: EntryIndex.Snapshot
        var entries: [[UInt8]] = []
        var leaves: [Digest] = []
        var changes: [SignerChains.Change] = []
        var keys: [Digest] = []
        var introduced: [PublicKey] = []
        var answers: [Result<[Ledger.Appended], LedgerError>] = []

        typealias Mark = (entries: Int, changes: Int, keys: Int, introduced: Int)

        /// How far it is.
        var mark: Mark { (entries.count, changes.count, keys.count, introduced.count) }
    }

    private func commit(_ submissions: [Submission]) {
        let answers: [Result<[Ledger.Appended], LedgerError>]
        do { answers = try committed(submissions) } catch { answers = submissions.map { _ in .failure(error) } }
        for (submission, answer) in zip(submissions, answers) { submission.answer.resume(returning: answer) }
    }

    /// The answers to what is durable when they are given.
    private func committed(
        _ submissions: [Submission]
    ) throws(LedgerError) -> [Result<[Ledger.Appended], LedgerError>] {
        try gate.enter()
        defer { gate.leave() }
        var staged = Staged(runs: admission.index.snapshot())
        staged.answers.reserveCapacity(submissions.count)
        let first = journal.next
        do throws(LedgerError) {
            for submission in submissions { staged.answers.append(try stage(submission, into: &staged)) }
            if staged.entries.isEmpty { return staged.answers }
            do { try journal.commit(staged.entries, leaves: staged.leaves) } catch { throw .file(error) }
        } catch {
            // Nobody is told of any of them, and what is known here stands for what was acknowledged alone; what reached
            // the disk all the same is found when the ledger is opened again.
            undo(&staged, to: (0, 0, 0, 0))
            throw gate.close(error)
        }
        for key in staged.introduced { admission.keys.insert(key) }
        tail.append(CommittedTail.Group(first: first, entries: staged.entries, leaves: staged.leaves))
        return staged.answers
    }

    /// Gives the entries of one call their places behind what is staged, all or none.
    private func stage(
        _ submission: Submission,
        into staged: inout Staged
    ) throws(LedgerError) -> Result<[Ledger.Appended], LedgerError> {
        let mark = staged.mark
        var answers: [Ledger.Appended] = []
        answers.reserveCapacity(submission.candidates.count)
        for (position, candidate) in submission.candidates.enumerated() {
            let standing: Standing?
            do { standing = try self.standing(candidate, submission.allowDuplicates, staged) } catch {
                throw .file(error)
            }
            if let standing {
                answers.append(
                    Ledger.Appended(index: standing.index, leafHash: standing.leafHash, isDuplicate: true)
                )
                continue
            }
            let index = journal.next + UInt64(staged.entries.count)
            do { try admit(naming(candidate, staged), at: index, into: &staged) } catch {
                undo(&staged, to: mark)
                return .failure(.refused(position: position, reason: error))
            }
            answers.append(Ledger.Appended(index: index, leafHash: candidate.leaf, isDuplicate: false))
        }
        return .success(answers)
    }

    /// Takes back what was staged behind a mark.
    private func undo(_ staged: inout Staged, to mark: Staged.Mark) {
        for change in staged.changes[mark.changes...].reversed() { chains.undo(change) }
        for key in staged.keys[mark.keys...] { recent.remove(key) }
        staged.entries.removeSubrange(mark.entries...)
        staged.leaves.removeSubrange(mark.entries...)
        staged.changes.removeSubrange(mark.changes...)
        staged.keys.removeSubrange(mark.keys...)
        staged.introduced.removeSubrange(mark.introduced...)
    }

    private func admit(
        _ candidate: Candidate,
        at index: UInt64,
        into staged: inout Staged
    ) throws(LedgerError.RefusalReason) {
        if let statement = candidate.statement {
            staged.changes.append(try advance(statement, candidate, at: index))
            if let key = statement.header.publicKey { staged.introduced.append(key) }
        }
        staged.entries.append(candidate.entry)
        staged.leaves.append(candidate.leaf)
        // The first one stands: a duplicate that was allowed does not take its place, and neither does a later opening.
        let keys = [candidate.leaf, candidate.content, candidate.statement.flatMap { ContentKey.opening($0) }]
        for key in keys.compactMap({ $0 }) where recent.insert(key, index) {
            staged.keys.append(key)
        }
    }

    /// Makes a statement the newest of its signer, where it is admitted; else nothing is changed.
    private func advance(
        _ statement: Statement,
        _ candidate: Candidate,
        at index: UInt64
    ) throws(LedgerError.RefusalReason) -> SignerChains.Change {
        let header = statement.header
        guard !KeySuccession.isClaimed(by: header, origin: information.origin) else { throw .kind(header.kind) }
        // Only the ledger says what its map's root is: under this issuer its own key must have signed, as below.
        if header.kind == .mapRoot, MapRoot(of: statement, origin: information.origin) == nil {
            throw .kind(header.kind)
        }
        let change: SignerChains.Change
        do { change = try chains.advance(header, leafHash: candidate.leaf, index: index) } catch { throw .chain(error) }
        // It has no chain, and stands whoever the ledger admits: the item is one that the ledger committed itself.
        if let activation = candidate.activation {
            do { try activation.admitted() } catch { throw .activation(error) }
            return change
        }
        do throws(LedgerError.RefusalReason) {
            guard let key = change.key else { throw .kind(header.kind) }
            try check(statement, candidate, under: key)
        } catch {
            chains.undo(change)
            throw error
        }
        return change
    }

    private func check(
        _ statement: Statement,
        _ candidate: Candidate,
        under key: PublicKey
    ) throws(LedgerError.RefusalReason) {
        var finding = candidate.finding
        // Where the caller could not know the key, an entry of this group introduced it: asked again, in order.
        if finding != .valid(key) { finding = admission.finding(statement, key: key) }
        if finding == .weakKey(key) { throw .weakKey(key) }
        // The ledger's own name and its own key go together; for every other name the list decides.
        let issuer = statement.header.issuer
        let isOwn = issuer.hasSameUTF8(as: information.origin)
        if isOwn {
            guard key == ledgerKey else { throw .issuer(issuer, key) }
        } else if !information.admits(issuer: issuer, key: key) {
            guard let admission = registry else { throw .issuer(issuer, key) }
            let problem = admission.rule.problem(
                statement.header,
                leafHash: candidate.leaf,
                signedBy: key,
                ledger: information.origin,
                at: now(),
                by: admission.state
            )
            if let problem { throw .registry(problem) }
        }
        guard finding == .valid(key) else { throw .signature(key) }
    }

    /// The entry that stands for a candidate already, before its chain is looked at.
    private func standing(
        _ candidate: Candidate,
        _ allowDuplicates: Bool,
        _ staged: Staged
    ) throws(FileError) -> Standing? {
        var candidate = candidate
        if let covered = staged.runs.last?.range.upperBound, covered > candidate.indexed {
            // Entries moved from memory into the index since the caller asked it.
            try admission.index.look(for: &candidate, in: staged.runs)
        }
        if let standing = candidate.standingLeaf { return standing }
        if let index = recentIndex(of: candidate.leaf) { return Standing(index: index, leafHash: candidate.leaf) }
        guard !allowDuplicates, let content = candidate.content else { return nil }
        if let standing = candidate.standingContent { return standing }
        return try recentIndex(of: content).map { index throws(FileError) in try standing(at: index, staged.leaves) }
    }

    /// A candidate that knows what its activation names, also where that came after it was looked for or in the same call.
    private func naming(_ candidate: Candidate, _ staged: Staged) -> Candidate {
        guard let leaf = candidate.activation?.wanted else { return candidate }
        var candidate = candidate
        if let place = recentIndex(of: leaf), place >= journal.next {
            let entry = staged.entries[Int(place - journal.next)]
            candidate.activation?.named = .items(ActivationFinding.items(of: entry[...]))
        } else if let place = recentIndex(of: leaf) {
            candidate.activation?.named = admission.named(leaf, at: place)
        } else if let runs = staged.runs.last, runs.range.upperBound > candidate.indexed {
            candidate.activation?.named = admission.named(leaf, in: staged.runs)
        }
        return candidate
    }

    private func recentIndex(of key: Digest) -> UInt64? { older?.index(of: key) ?? recent.index(of: key) }

    private func standing(at index: UInt64, _ staged: [Digest]) throws(FileError) -> Standing {
        if index >= journal.next { return Standing(index: index, leafHash: staged[Int(index - journal.next)]) }
        return Standing(index: index, leafHash: try admission.index.entries.required(index).leaf)
    }

    // MARK: Answering

    /// The number of committed entries.
    var size: UInt64 { journal.next }

    /// Where these leaf hashes stand, as far as the index on disk does not know.
    func recentIndices(of leaves: [Digest]) -> [UInt64?] { leaves.map { recentIndex(of: $0) } }

    /// Where the next statement of a key belongs.
    func nextLink(for key: PublicKey) -> ChainLink? { chains.next(for: key) }

    /// The first entry with this content.
    func standing(content: Digest) throws(FileError) -> Standing? {
        if let standing = try admission.index.standing(content: content) { return standing }
        return try recentIndex(of: content).map { index throws(FileError) in try standing(at: index, []) }
    }

    /// The first activation of the item with this digest.
    func firstOpening(_ item: Digest) throws(FileError) -> UInt64? {
        try admission.index.firstOpening(item) ?? recentIndex(of: item)
    }

    // MARK: Letting go

    /// Empties the journal of what is durable in tiles and published.
    func releaseJournal(upTo size: UInt64) throws(FileError) { try journal.release(upTo: size) }

    /// Empties the journal of everything, since everything is published and the writer closes.
    func closeJournal(published size: UInt64) throws(FileError) { try journal.close(published: size) }

    /// What the index on disk does not cover yet, where that is at least `count` entries; it stays known here until
    /// ``forgetIndexed()``.
    func takeRecent(atLeast count: UInt64) -> (records: [IndexRecord], chains: SignerChains, end: UInt64)? {
        guard older == nil, journal.next >= admission.index.covered + count else { return nil }
        var records: [IndexRecord] = []
        recent.forEach { records.append(IndexRecord($0, $1)) }
        older = recent
        recent = DigestTable()
        return (records, chains, journal.next)
    }

    /// The index on disk covers what ``takeRecent(atLeast:)`` gave.
    func forgetIndexed() { older = nil }
}
