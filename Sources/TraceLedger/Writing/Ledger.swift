public import TraceProof
public import TraceStatements

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The one writer of a ledger directory.
///
/// ```swift
/// let ledger = try await Ledger.open(directory, signer: ledgerKey, checker: checker)
/// let statement = try await ledger.sign(event.payload(), kind: .event, ..., with: enterpriseKey)
/// let appended = try await ledger.append([statement])     // durable when this returns
/// let checkpoint = try await ledger.publish()             // and now every reader sees it
/// await ledger.close()                                    // or just let go of it: nothing is lost
/// ```
/// Any number of callers append at the same time: what waits is committed together. Two milestones, ``Milestone``. Any I/O
/// error closes the writer; opening again reloads from disk and verifies before it signs.
public final class Ledger: Sendable {
    /// How far an entry is.
    public enum Milestone: Sendable {
        /// In the journal, durable, with its index.
        case committed
        /// Under a signed checkpoint that every reader of the directory sees.
        case published
    }

    /// What `append` answers for a statement.
    public struct Appended: Hashable, Sendable {
        /// Its index in the ledger, or that of the entry that stands already.
        public let index: UInt64
        /// The leaf hash of the entry at ``index``.
        public let leafHash: Digest
        /// Whether the same issuer's same payload of the same kind stood already and nothing was appended.
        public let isDuplicate: Bool

        /// An answer, as another machine gave it.
        public init(index: UInt64, leafHash: Digest, isDuplicate: Bool) {
            (self.index, self.leafHash, self.isDuplicate) = (index, leafHash, isDuplicate)
        }

        /// The same entry as the answer to whoever brings its content once more.
        public var asDuplicate: Appended { Appended(index: index, leafHash: leafHash, isDuplicate: true) }
    }

    /// What a program decides about a writer.
    public struct Configuration: Sendable {
        /// How long after a commit it is published at the latest, where nobody asks before; `nil`: only when asked.
        public var publicationDelay: Duration?
        /// Now, in seconds since 1970.
        public var now: @Sendable () -> UInt64
        /// A number that was not given before: what tells one use of a journal file from the next.
        public var nonce: @Sendable () -> UInt64
        /// When the root of the map of subjects is logged; `nil`: only when asked.
        public var mapRoots: MapRootCadence? = MapRootCadence()
        /// Who cosigns a checkpoint before it is shown; `nil`: nobody.
        public var cosigner: (any CheckpointCosigning)?
        var limits = Limits()

        /// The system's clock.
        public static let systemTime: @Sendable () -> UInt64 = { UInt64(max(0, time(nil))) }
        /// The system's random numbers.
        public static let systemRandom: @Sendable () -> UInt64 = { .random(in: .min ... .max) }

        /// Publishes a second behind, by the system's clock.
        public init(
            publicationDelay: Duration? = .seconds(1),
            now: @escaping @Sendable () -> UInt64 = Configuration.systemTime,
            nonce: @escaping @Sendable () -> UInt64 = Configuration.systemRandom
        ) {
            (self.publicationDelay, self.now, self.nonce) = (publicationDelay, now, nonce)
        }
    }

    /// What the ledger is.
    public let information: LedgerInformation
    /// The directory.
    public let directory: String

    let parts: Parts
    let sequencer: Sequencer
    let publisher: Publisher
    let display: CheckpointDisplay
    let indexer: Indexer
    let mapKeeper: MapKeeper

    init(_ parts: Parts, sequencer: Sequencer, publisher: Publisher) {
        (information, directory) = (parts.information, parts.directory)
        (self.parts, self.sequencer, self.publisher) = (parts, sequencer, publisher)
        display = CheckpointDisplay(parts, publisher: publisher)
        indexer = Indexer(parts, sequencer: sequencer)
        mapKeeper = MapKeeper(parts)
    }

    // Whoever lets go of the writer may open it again at once, whatever still runs to its end behind it.
    deinit { _ = parts.gate.close(.closed(reason: "the program let go of it")) }

    /// The number of committed entries.
    public var size: UInt64 { get async { parts.tail.end } }

    /// The entry that stands already for an issuer's payload of a kind, if any: what is looked up before anything is signed.
    public func standing(kind: StatementKind = .event, issuer: String, payload: [UInt8]) async -> Appended? {
        // Where it cannot be read `append` finds out, and closes the writer.
        let standing = try? await sequencer.standing(
            content: ContentKey.of(kind: kind, issuer: issuer, payload: payload)
        )
        return standing.map { Appended(index: $0.index, leafHash: $0.leafHash, isDuplicate: true) }
    }

    /// Where the next statement of a key belongs in this ledger.
    public func nextLink(for key: PublicKey) async -> ChainLink? { await sequencer.nextLink(for: key) }

    /// The committed entry at `index`, published or not; `nil` where there is none.
    public func entry(_ index: UInt64) -> [UInt8]? { (try? parts.index.entries.entry(index))?.bytes }

    // MARK: Appending

    /// Appends statements, all or none: when this returns they have their indices and are as far as `milestone`.
    ///
    /// A statement whose kind, issuer and payload stand already is answered with the entry that stands, before its chain is
    /// looked at, unless `allowDuplicates`; the very same entry always is.
    /// - Throws: ``LedgerError/refused(position:reason:)`` with the position of the first bad statement, and then nothing
    ///   was appended; ``LedgerError/file(_:)`` where the disk failed, and then the writer is closed and whether the entries
    ///   stand is found out by appending them again.
    public func append(
        _ statements: [Statement],
        allowDuplicates: Bool = false,
        until milestone: Milestone = .committed
    ) async throws(LedgerError) -> [Appended] {
        let byteCount = statements.reduce(0) { $0 + $1.encoded.count }
        return try await append(byteCount, allowDuplicates, milestone) { () async throws(FileError) in
            await self.naming(try await self.parts.admission.candidates(statements))
        }
    }

    /// Appends opaque entries to a ledger that admits any (``LedgerInformation/admitsAnyEntry``), of 1 to 65,535 bytes each;
    /// an entry that stands already is answered with its index.
    public func append(
        entries: [[UInt8]],
        until milestone: Milestone = .committed
    ) async throws(LedgerError) -> [Appended] {
        for (position, entry) in entries.enumerated() {
            guard information.admitsAnyEntry else { throw .refused(position: position, reason: .opaque) }
            guard !entry.isEmpty, entry.count <= Statement.maximumLength else {
                throw .refused(position: position, reason: .length(entry.count))
            }
        }
        let byteCount = entries.reduce(0) { $0 + $1.count }
        return try await append(byteCount, true, milestone) { () async throws(FileError) in
            try self.parts.admission.candidates(opaque: entries)
        }
    }

    private func append(
        _ byteCount: Int,
        _ allowDuplicates: Bool,
        _ milestone: Milestone,
        candidates: () async throws(FileError) -> [Candidate]
    ) async throws(LedgerError) -> [Appended] {
        try parts.gate.checkOpen()
        await parts.queue.enter(byteCount)
        let found: [Candidate]
        do { found = try await candidates() } catch {
            // Whether an entry stands already could not be read: taking it for a new one would have it stand twice.
            parts.queue.leave(byteCount)
            throw parts.gate.close(.file(error))
        }
        let result = await withCheckedContinuation { continuation in
            let submission = Submission(
                candidates: found,
                allowDuplicates: allowDuplicates,
                answer: continuation
            )
            if parts.queue.append(submission) { drain() }
        }
        parts.queue.leave(byteCount)
        let appended = try result.get()
        guard let last = appended.map(\.index).max() else { return appended }
        if milestone == .published {
            do { _ = try await publish(atLeast: last + 1, isAsked: true) } catch { throw Ledger.ledgerError(error) }
        } else {
            schedulePublication()
        }
        return appended
    }

    private func drain() {
        Task { [sequencer] in await sequencer.drain() }
    }

    // MARK: Publishing

    /// Publishes everything that is committed: when this returns, every reader of the directory sees it.
    public func publish() async throws -> SignedCheckpoint {
        try await publish(atLeast: parts.tail.end, isAsked: true)
    }

    private func publish(atLeast size: UInt64, isAsked: Bool) async throws -> SignedCheckpoint {
        try await sign(atLeast: size)
        do {
            let shown = try await display.show(atLeast: size, isAsked: isAsked)
            parts.retries.succeeded()
            scheduleMapRoot(shown.checkpoint.head.size)
            return shown
        } catch let error as LedgerError {
            if case .unwitnessed = error { askAgain() }
            throw error
        }
    }

    /// Makes what is committed durable in tiles under a signed checkpoint; nobody sees it yet.
    private func sign(atLeast size: UInt64) async throws {
        // Callers that were held back go on where it failed too: to the next group, or to hear that the writer is closed.
        defer { if parts.queue.hold(false) { drain() } }
        let signed = try await publisher.sign(atLeast: size)
        let limit = parts.configuration.limits.unindexed
        if signed.checkpoint.head.size >= parts.index.covered + limit { await indexer.flush(atLeast: limit) }
    }

    /// Asks the cosigners again, later and later, while they do not answer.
    private func askAgain() {
        guard parts.configuration.publicationDelay != nil, let delay = parts.retries.next() else { return }
        Task { [weak self, retries = parts.retries] in
            try? await Task.sleep(for: delay)
            retries.begin()
            guard let self else { return }
            _ = try? await self.publish(atLeast: self.parts.tail.end, isAsked: false)
        }
    }

    /// Lets a publication happen by itself, at most the configured time behind the commit that asks for it.
    private func schedulePublication() {
        guard let delay = parts.configuration.publicationDelay else { return }
        let byteCount = parts.tail.byteCount
        let limit = parts.configuration.limits.unpublishedBytes
        if byteCount > 4 * limit { _ = parts.queue.hold(true) }
        let isUrgent = byteCount > limit
        guard parts.cadence.schedule(now: isUrgent) else { return }
        Task { [weak self, cadence = parts.cadence] in
            if !isUrgent { try? await Task.sleep(for: delay) }
            cadence.done(now: isUrgent)
            guard let self else { return }
            // A failure closed the writer, or the signer's is told to whoever asks for a publication.
            _ = try? await self.publish(atLeast: self.parts.tail.end, isAsked: false)
        }
    }

    /// Publishes what is committed, empties the journal and lets go of the lock. Letting go of the object instead loses
    /// nothing: the next opening does the rest.
    ///
    /// - Throws: what kept the last publication from being made; the writer is closed all the same.
    public func close() async throws {
        var unwitnessed: LedgerError?
        do {
            do {
                await logMapRootIfDue(try await publish().checkpoint.head.size)
                _ = try await publish()
            } catch let error as LedgerError {
                guard case .unwitnessed = error else { throw error }
                unwitnessed = error
            }
            let size = try await publisher.sign(atLeast: parts.tail.end).checkpoint.head.size
            await indexer.flush(atLeast: parts.configuration.limits.unindexedAtRest)
            // Nobody else opens the ledger before this is done.
            try parts.gate.enter()
            defer { parts.gate.leave() }
            try await sequencer.closeJournal(published: size)
        } catch {
            _ = parts.gate.close(.closed(reason: "it was closed"))
            throw error
        }
        _ = parts.gate.close(.closed(reason: "it was closed"))
        if let unwitnessed { throw unwitnessed }
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
            chain: await nextLink(for: signer.publicKey),
            with: signer
        )
    }
}
