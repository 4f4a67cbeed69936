public import TraceProof

/// A replica of a ledger by pulling: it holds what the ledger signed and shows it on, and never moves to anything else.
///
/// ```swift
/// let mirror = Mirror("copy", key: vkey, depth: .statements, checker: checker)
/// let outcome = try await mirror.update(from: [source])
/// ```
/// One update (node.md, Replication): the source's checkpoint, its signature, the proof that it extends what is held; then
/// the missing bundles, several at a time, each proved against the signed root before it is written; the tiles derived
/// again; what the depth asks of the entries; everything durable; and then, and only then, `checkpoint` moves, with the
/// mirror's own cosignature where it has a key. Cut off at any byte, the next update goes on: what lies there beyond the
/// checkpoint is proved like what comes from elsewhere. Updates that are asked for at once come one behind the other.
///
/// The directory is itself a tlog-tiles ledger that any static server can show and that `fsck` and a repair can use.
public actor Mirror {
    /// What an update did.
    public enum Outcome: Sendable, Equatable {
        /// The source has nothing newer.
        case unchanged(TreeHead)
        /// The replica moved on.
        case advanced(from: UInt64, to: TreeHead)
    }

    /// The replica's directory.
    public nonisolated let directory: String
    /// The ledger's keys: the one that was given, and what became of it.
    var keys: LedgerKeys
    let depth: CheckDepth
    let checker: any SignatureChecker
    /// Who cosigns what this mirror shows.
    let cosigning: (any CheckpointCosigning)?
    private var lock: DirectoryLock?
    /// The chains of the held tree; `nil` until they are needed, and after a failure.
    private var chains: ChainCheck?
    /// The map of subjects up to the last root that was checked; `nil` until one comes.
    private var map: MapCheck?
    /// Where a journal went that a restored state superseded.
    var setAside: String?
    /// What ``show(_:_:isNew:)`` showed last; `nil` before.
    var latest: SignedCheckpoint?
    /// The largest size that a source showed since this mirror was opened, where checkpoints come otherwise too.
    var largestPulled: UInt64?

    /// A mirror of the ledger of `key` in `directory`, which is made where it does not exist.
    ///
    /// Where the ledger hands over to another key the mirror follows, if `key` or one that it led to says so in the ledger.
    /// - Parameter cosigning: whose cosignatures are added to each checkpoint once all that it covers is durable, and before
    ///   it is shown. What is shown already gets them at the first update.
    /// - Parameter takesPushes: whether checkpoints are also brought by ``advance(to:over:)``. A source may then be behind
    ///   what is held: a ledger shows a checkpoint only when its mirrors have cosigned it. Going back behind what a source
    ///   itself has shown is a rollback all the same, as far as this process saw it.
    public init(
        _ directory: String,
        key: VerifierKey,
        depth: CheckDepth,
        checker: any SignatureChecker,
        cosigning: (any CheckpointCosigning)? = nil,
        takesPushes: Bool = false
    ) {
        (self.directory, self.depth, self.checker, self.cosigning) = (directory, depth, checker, cosigning)
        keys = LedgerKeys(current: key)
        largestPulled = takesPushes ? 0 : nil
    }

    /// A mirror in a directory that the caller has locked.
    init(
        _ directory: String,
        keys: LedgerKeys,
        depth: CheckDepth,
        checker: any SignatureChecker,
        lock: DirectoryLock
    ) {
        (self.directory, self.keys, self.depth, self.checker, self.lock) = (directory, keys, depth, checker, lock)
        cosigning = nil
    }

    /// Brings the replica up to the first source's checkpoint; the others may help out with bytes.
    ///
    /// - Throws: ``MirrorStop`` where the source contradicts what the ledger signed; ``LedgerError/untrusted(path:reason:)``
    ///   and ``LedgerError/corrupt(path:reason:)`` where a store's bytes do not fit the signed root; what a source throws
    ///   where it does not answer. Nothing was taken over then, and what was proved so far is kept for the next update.
    public func update(
        from sources: [any LedgerSource],
        progress: @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) async throws -> Outcome {
        await turn.begin()
        defer { turn.end() }
        try await prepare()
        for _ in 0..<2 {
            do { return try await pull(sources, progress) } catch let error as LedgerError {
                // A source that moves on meanwhile replaces partial files: what it shows now decides.
                guard try await hasMoved(sources) else { throw error }
            }
        }
        return try await pull(sources, progress)
    }

    private func pull(
        _ sources: [any LedgerSource],
        _ progress: @Sendable (UInt64, UInt64) -> Void
    ) async throws -> Outcome {
        let outcome = try await updateOnce(from: sources, progress)
        if let largestPulled, let lastShown { self.largestPulled = max(largestPulled, lastShown.checkpoint.head.size) }
        return outcome
    }

    private var lastShown: SignedCheckpoint?
    private var hasRecalled = false
    /// Whose update is under way: it writes over what another one reads.
    let turn = Turn()

    /// Locks the directory and reads what an earlier run remembered.
    func prepare() async throws {
        if lock == nil { lock = try DirectoryLock(directory) }
        if !hasRecalled { try await recallKeys() }
        hasRecalled = true
    }

    private func hasMoved(_ sources: [any LedgerSource]) async throws -> Bool {
        guard let first = sources.first, let lastShown else { return false }
        let now = try? await LedgerReader(first, keys: keys, checker: checker).checkpoint()
        return now.map { $0.checkpoint.head.size > lastShown.checkpoint.head.size } ?? false
    }

    func updateOnce(
        from sources: [any LedgerSource],
        _ progress: @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) async throws -> Outcome {
        guard let first = sources.first else { throw LedgerError.notFound("there is no source to mirror from") }
        lastShown = nil
        var held = try await HeldCheckpoint.find(directory, keys: keys, checker: checker)
        let shown = try await shown(by: first, held)
        lastShown = shown
        let (old, new) = (held?.checkpoint.head.size ?? 0, shown.checkpoint.head.size)
        for handover in try await handovers(above: old, below: new, from: first) {
            _ = try await update(held, to: handover, from: sources, progress)
            held = handover
        }
        let outcome = try await update(held, to: shown, from: sources, progress)
        guard case .advanced(_, let to) = outcome else { return outcome }
        return .advanced(from: old, to: to)
    }

    /// What a source shows under the ledger's key. Where that did not sign it, another one may by now.
    private func shown(by source: any LedgerSource, _ held: SignedCheckpoint?) async throws -> SignedCheckpoint {
        // A new copy also learns what was before the key that it was given.
        if held == nil { _ = try await followKey(source, held) }
        do {
            let shown = try await LedgerReader(source, keys: keys, checker: checker).checkpoint()
            // Signed in the ledger's name by somebody else too: it is being handed over, and its root signature is new.
            guard hasOther(shown), shown.checkpoint.head != held?.checkpoint.head, try await followKey(source, held)
            else { return shown }
            return try await LedgerReader(source, keys: keys, checker: checker).checkpoint()
        } catch let error as LedgerError {
            guard case .untrusted = error, held != nil, try await followKey(source, held) else { throw error }
            return try await LedgerReader(source, keys: keys, checker: checker).checkpoint()
        }
    }

    private func update(
        _ held: SignedCheckpoint?,
        to shown: SignedCheckpoint,
        from sources: [any LedgerSource],
        _ progress: @Sendable (UInt64, UInt64) -> Void
    ) async throws -> Outcome {
        let local = await LedgerCopy(DirectorySource(directory), keys: keys, checker: checker)
        var copies = [local]
        for source in sources { copies.append(await LedgerCopy(source, keys: keys, checker: checker)) }
        do {
            switch MirrorPlan(held: held?.checkpoint.head ?? .empty, shown: shown.checkpoint.head) {
            case .unchanged:
                if let held { try await showAgain(held, copies) }
                return .unchanged(shown.checkpoint.head)
            case .fork: throw try stop(.fork, held, shown, "the ledger signed two roots of one size")
            case .behind:
                let wrong = try await refusal(ofOlder: shown, held, local)
                if let wrong { throw wrong }
                return .unchanged(held?.checkpoint.head ?? .empty)
            case .extend: return try await extend(held, to: shown, copies, progress)
            }
        } catch {
            // What the chains hold may be ahead of what is shown.
            chains = nil
            throw error
        }
    }

    private func extend(
        _ held: SignedCheckpoint?,
        to shown: SignedCheckpoint,
        _ copies: [LedgerCopy],
        _ progress: @Sendable (UInt64, UInt64) -> Void
    ) async throws -> Outcome {
        let head = shown.checkpoint.head
        let old = held?.checkpoint.head ?? .empty
        let name = copies.dropFirst().first?.source.name ?? directory
        guard let tiles = await VerifiedTiles.prove(head, from: copies) else {
            throw LedgerError.untrusted(
                path: name,
                reason: "the tiles at the right edge do not give the root of its checkpoint of size \(head.size)"
            )
        }
        if let held { try await requireExtension(of: held, shown, tiles, name) }
        if depth != .tree, chains == nil { chains = try await MirrorChains.load(self, keys, old) }
        let copying = MirrorCopying(
            directory: directory,
            tiles: tiles,
            copies: copies,
            batch: try batch(),
            depth: depth,
            checker: checker
        )
        var (wrong, grown, roots) = try await copying.run(from: old.size, chains: chains, progress: progress)
        if wrong == nil, let finding = grown?.unkept(size: head.size).first {
            wrong = MirrorCopying.Wrong(index: finding.index ?? 0, reason: finding.reason, entry: nil)
        }
        if let wrong {
            let reason = "entry \(wrong.index): \(wrong.reason)"
            throw try stop(.statement, held, shown, reason, statement: wrong.entry)
        }
        do { try copying.batch.commit() } catch { throw LedgerError.file(error) }
        if let wrong = try await wrongMapRoot(roots, head) {
            let reason = "entry \(wrong.index): \(wrong.reason)"
            throw try stop(.statement, held, shown, reason, statement: wrong.entry)
        }
        try await show(shown, copies, isNew: true)
        try prune(old.size, head.size)
        chains = grown
        return .advanced(from: old.size, to: head)
    }

    /// The first of the new map roots that the entries do not give; they are durable here and not shown yet.
    private func wrongMapRoot(_ roots: [UInt64], _ head: TreeHead) async throws -> MapCheck.Wrong? {
        guard !roots.isEmpty else { return nil }
        var check = map ?? MapCheck(origin: keys.current.name)
        map = nil
        let reader = LedgerReader(DirectorySource(directory), keys: keys, checker: checker)
        let wrong = try await check.check(roots, in: reader, of: head)
        if wrong.isEmpty { map = check }
        return wrong.first
    }

    func batch() throws -> DurableBatch {
        do { return try DurableBatch(in: DurableFolders(below: directory, on: POSIXFileSystem())) } catch {
            throw LedgerError.file(error)
        }
    }

    func forgetChains() { chains = nil }
}
