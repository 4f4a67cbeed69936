public import TraceLedger
public import TraceProof

/// The server of C2SP tlog-mirror for one log: whoever has the log's entries pushes them here, and gets the mirror's
/// cosignature when every one is durable.
///
/// ```swift
/// let mirror = Mirror(directory, key: vkey, depth: .chains, checker: checker, cosigning: cosigning, takesPushes: true)
/// let pushed = try PushedMirror(mirror, origin: vkey.name, cosigner: cosigning.key, store: store, checker: checker)
/// let mirrors = PushedMirrors([pushed])
/// await mirrors.addCheckpoint(body)       // POST <submission prefix>/add-checkpoint
/// await mirrors.addEntries(body)          // POST <submission prefix>/add-entries
/// ```
/// Three stages: a checkpoint that extends the pending one becomes the pending one; packages of entries are proved against it
/// one by one, and each is kept alone; and when all are here ``Mirror/advance(to:over:)`` checks what the depth asks, moves
/// the mirror's checkpoint and cosigns it. No lock is held while a client sends: any number may push at once, and one that
/// stops in the middle holds up nobody.
public actor PushedMirror {
    /// The log.
    public nonisolated let origin: String
    /// The replica.
    public nonisolated let mirror: Mirror
    /// Why the mirror does not go on, if so: the ledger did what no ledger may. The evidence is in the directory.
    public private(set) var stop: MirrorStop?

    let cosigner: VerifierKey
    let checker: any SignatureChecker
    private let store: any CheckpointStore
    private var entries: PushedEntries?
    /// The size at which ``stop`` was found.
    private var stopSize: UInt64 = 0

    /// So many entries may be sent again that are here already: somebody else brought them meanwhile.
    static let excess: UInt64 = 32 * 256

    /// The server for `mirror`, whose own cosigner's key is `cosigner`.
    ///
    /// - Parameter store: where the pending checkpoints are kept. It is this log's and this mirror's alone.
    /// - Throws: ``FormatError`` where the cosigner has the log's name, or is no cosigner.
    public init(
        _ mirror: Mirror,
        origin: String,
        cosigner: VerifierKey,
        store: any CheckpointStore,
        checker: any SignatureChecker
    ) throws(FormatError) {
        guard cosigner.type == .cosignature, !cosigner.name.hasSameUTF8(as: origin) else {
            throw FormatError(
                "vkey",
                at: .whole,
                "\(cosigner.name) cannot be the mirror of \(origin): it needs a name and a key of type 0x04 of its own"
            )
        }
        (self.mirror, self.origin, self.cosigner) = (mirror, origin, cosigner)
        (self.store, self.checker) = (store, checker)
    }

    /// Answers a body of `add-checkpoint`: as a witness would, but without a cosignature.
    public func addCheckpoint(_ body: [UInt8]) async -> CheckpointRegister.Outcome {
        do {
            let held = try await mirror.held()
            let keys = await mirror.signers(above: held?.checkpoint.head.size ?? 0)
            let logs = try WitnessedLogs(keys, checker: checker)
            var pending = pending(held)
            pending.others = PushedMirror.others(body, origin, keys)
            return await CheckpointRegister(pending, checker: checker).add(body, logs: logs)
        } catch {
            let refusal = WitnessRefusal.failed("\(origin): \(error)")
            return CheckpointRegister.Outcome(response: refusal.response, recorded: nil, refusal: refusal)
        }
    }

    /// The signature lines in the log's name by keys that are not known, a few of them.
    private static func others(_ body: [UInt8], _ origin: String, _ keys: [VerifierKey]) -> [NoteSignature] {
        guard let request = try? WitnessRequest(bytes: body) else { return [] }
        let lines = request.checkpoint.note.signatures.filter { line in
            line.name.hasSameUTF8(as: origin) && !keys.contains { line.isAttributed(to: $0) }
        }
        return Array(lines.prefix(2))
    }

    private func pending(_ held: SignedCheckpoint?) -> PendingCheckpoints {
        PendingCheckpoints(store: store, log: OriginHash(origin), held: held)
    }

    // MARK: An upload

    /// The pending checkpoint that an upload is proved against.
    func begin(_ header: AddEntriesHeader) async throws(PushRefusal) -> SignedCheckpoint {
        let (state, next) = try await own { try await self.state() }
        guard let checkpoint = state.checkpoint(header.end) else { throw try conflict(state, next) }
        if let stop, header.end >= stopSize { throw .unprovable(stop.reason) }
        guard header.start <= next, min(next, header.end) - min(next, header.start) <= PushedMirror.excess else {
            throw try conflict(state, next, for: header.end)
        }
        return checkpoint
    }

    /// The entries before a package that begins within a bundle.
    func leading(_ package: EntryPackage) async throws(PushRefusal) -> EntryBundle? {
        try await own { try await self.kept().entries(before: package.start) }
    }

    /// Keeps a package that was proved.
    func keep(_ bundle: EntryBundle, _ leaves: [Digest], from first: UInt64) async throws(PushRefusal) {
        try await own { try await self.kept().keep(bundle, leaves: leaves, index: first >> 8) }
    }

    /// Makes durable what an upload brought and remembers it, whatever became of the rest of it.
    ///
    /// - Returns: the mirror's state then.
    func settle() async throws(PushRefusal) -> (state: PendingState, next: UInt64) {
        try await own {
            let next = try await self.kept().commit()
            let pending = self.pending(try await self.mirror.held())
            let state = try await pending.update { state in
                var state = state
                state.next = max(state.next, min(next, state.latest?.checkpoint.head.size ?? 0))
                return state
            }
            return (state, next)
        }
    }

    /// Moves the mirror's checkpoint to a pending one of which all entries are here.
    ///
    /// - Returns: the mirror's cosignature lines on it.
    func finish(_ checkpoint: SignedCheckpoint) async throws(PushRefusal) -> (lines: [NoteSignature], head: TreeHead) {
        let size = checkpoint.checkpoint.head.size
        let (state, next) = try await settle()
        guard next >= size else { throw try conflict(state, next, for: size) }
        let advance: Mirror.Advance
        do { advance = try await mirror.advance(to: checkpoint, over: try await kept()) } catch let stop as MirrorStop {
            (self.stop, stopSize) = (stop, size)
            throw .unprovable(stop.reason)
        } catch {
            // What was pushed cannot be read any more, or is something else.
            if (error as? LedgerError)?.isDamage ?? false { _ = try await startOver() }
            throw .failed("\(origin): \(error)")
        }
        switch advance {
        case .shown(let shown):
            let lines = shown.note.signatures.filter { $0.isAttributed(to: cosigner) }
            guard !lines.isEmpty else {
                throw .failed("\(origin): the mirror does not cosign with the key of \(cosigner.name)")
            }
            _ = try await settle()
            return (lines, shown.checkpoint.head)
        case .behind:
            let (state, next) = try await own { try await self.state() }
            throw try conflict(state, next)
        case .mismatch: throw try await startOver()
        }
    }

    /// Forgets what is pending beyond the mirror's checkpoint. If the pending checkpoint is of another history than that, no
    /// proof from the one to the other will be found, which shows it; else what was damaged is uploaded again.
    private func startOver() async throws(PushRefusal) -> PushRefusal {
        let (state, next) = try await own {
            let held = try await self.mirror.held()
            let state = try await self.pending(held).update { _ in PendingState().beside(held) }
            try await self.kept().startOver(from: state.next)
            return (state, state.next)
        }
        return try conflict(state, next)
    }

    /// What is pending beside what the mirror shows, and the first entry that is missing.
    private func state() async throws -> (state: PendingState, next: UInt64) {
        let held = try await mirror.held()
        let state = try await pending(held).load().state
        let kept = try await kept()
        // It may have been pulled on meanwhile.
        if let held { try await kept.reach(held.checkpoint.head.size) }
        return (state, await kept.next)
    }

    /// What was pushed, from where an earlier process left it.
    private func kept() async throws -> PushedEntries {
        if let entries { return entries }
        let state = try await pending(try await mirror.held()).load().state
        if let entries { return entries }
        let found = PushedEntries(mirror.directory, next: state.next)
        entries = found
        return found
    }

    /// With the size that the client asked for, where it is good and something is left to upload up to it.
    private func conflict(
        _ state: PendingState,
        _ next: UInt64,
        for size: UInt64? = nil
    ) throws(PushRefusal) -> PushRefusal {
        .conflict(try PushedMirror.info(state, next, for: size))
    }

    /// What the mirror says of itself.
    static func info(_ state: PendingState, _ next: UInt64, for size: UInt64?) throws(PushRefusal) -> MirrorInfo {
        let latest = state.latest?.checkpoint.head.size ?? 0
        let wanted = size.flatMap { $0 >= next && state.checkpoint($0) != nil ? $0 : nil }
        do { return try MirrorInfo(size: wanted ?? latest, next: next) } catch { throw .failed(error.description) }
    }

    private func own<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(PushRefusal) -> Value {
        do { return try await body() } catch { throw .failed("\(origin): \(error)") }
    }
}

extension LedgerError {
    /// Whether files are not what they were when they were written.
    fileprivate var isDamage: Bool {
        switch self {
        case .corrupt, .untrusted, .unreadable: true
        default: false
        }
    }
}
