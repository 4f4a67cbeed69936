public import TraceProof

/// A replica of a ledger by pulling: it holds what the ledger signed and shows it on, and never moves to anything else.
///
/// ```swift
/// let mirror = Mirror("copy", key: vkey, depth: .statements, checker: checker)
/// let outcome = try await mirror.update(from: [source])
/// ```
/// One update (node.md, Replication): the source's checkpoint, its signature, the proof that it extends what is held; then
/// the missing bundles, several at a time, each proved against the signed root before it is written; the tiles derived
/// again; what the depth asks of the entries; everything durable; and then, and only then, `checkpoint` moves. Cut off at
/// any byte, the next update goes on: what lies there beyond the checkpoint is proved like what comes from elsewhere.
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
    private var lock: DirectoryLock?
    /// The chains of the held tree; `nil` until they are needed, and after a failure.
    private var chains: ChainCheck?
    /// The map of subjects up to the last root that was checked; `nil` until one comes.
    private var map: MapCheck?
    /// Where a journal went that a restored state superseded.
    private(set) var setAside: String?

    /// A mirror of the ledger of `key` in `directory`, which is made where it does not exist.
    ///
    /// Where the ledger hands over to another key the mirror follows, if `key` or one that it led to says so in the ledger.
    public init(_ directory: String, key: VerifierKey, depth: CheckDepth, checker: any SignatureChecker) {
        (self.directory, self.depth, self.checker) = (directory, depth, checker)
        keys = LedgerKeys(current: key)
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
        if lock == nil { lock = try DirectoryLock(directory) }
        if !hasRecalled { try await recallKeys() }
        hasRecalled = true
        for _ in 0..<2 {
            do { return try await updateOnce(from: sources, progress) } catch let error as LedgerError {
                // A source that moves on meanwhile replaces partial files: what it shows now decides.
                guard try await hasMoved(sources) else { throw error }
            }
        }
        return try await updateOnce(from: sources, progress)
    }

    private var lastShown: SignedCheckpoint?
    private var hasRecalled = false

    private func hasMoved(_ sources: [any LedgerSource]) async throws -> Bool {
        guard let first = sources.first, let lastShown else { return false }
        let now = try? await LedgerReader(first, keys: keys, checker: checker).checkpoint()
        return now.map { $0.checkpoint.head.size > lastShown.checkpoint.head.size } ?? false
    }

    private func updateOnce(
        from sources: [any LedgerSource],
        _ progress: @Sendable (UInt64, UInt64) -> Void
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
        guard case .advanced(_, let to) = try await update(held, to: shown, from: sources, progress) else {
            return .unchanged(shown.checkpoint.head)
        }
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
                // It was cut off between the writing of its files and that of `checkpoint`.
                if let held, local.checkpoint != held { try await show(held, copies, isNew: false) }
                return .unchanged(shown.checkpoint.head)
            case .fork: throw try stop(.fork, held, shown, "the ledger signed two roots of one size")
            case .behind: throw try await refuseOlder(held, shown, local)
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

    private func batch() throws -> DurableBatch {
        do { return try DurableBatch(in: DurableFolders(below: directory, on: POSIXFileSystem())) } catch {
            throw LedgerError.file(error)
        }
    }

    // MARK: Contradictions

    private func requireExtension(
        of held: SignedCheckpoint,
        _ shown: SignedCheckpoint,
        _ tiles: VerifiedTiles,
        _ name: String
    ) async throws {
        let old = held.checkpoint.head
        guard let root = await tiles.root(atSize: old.size) else {
            throw LedgerError.untrusted(
                path: name,
                reason: "a tile is missing or wrong without which size \(old.size) cannot be proved to lie in size "
                    + "\(shown.checkpoint.head.size)"
            )
        }
        guard root != old.root else { return }
        let prefix = await tiles.prefixProof(of: old.size)
        let reason =
            "the ledger signed sizes \(old.size) and \(shown.checkpoint.head.size), and the second does not extend the first"
        throw try stop(.fork, held, shown, reason, prefix)
    }

    private func refuseOlder(
        _ held: SignedCheckpoint?,
        _ shown: SignedCheckpoint,
        _ local: LedgerCopy
    ) async throws -> any Error {
        let (old, new) = (held?.checkpoint.head ?? .empty, shown.checkpoint.head)
        guard let tiles = await VerifiedTiles.prove(old, from: [local]), let root = await tiles.root(atSize: new.size)
        else {
            return LedgerError.corrupt(
                path: directory,
                reason: "its own tiles do not give the root of size \(old.size)"
            )
        }
        if root != new.root, new.size > 0 {
            let prefix = await tiles.prefixProof(of: new.size)
            let reason = "the ledger signed sizes \(new.size) and \(old.size), and the second does not extend the first"
            return try stop(.fork, held, shown, reason, prefix)
        }
        return try stop(.rollback, held, shown, "size \(new.size) is shown, and size \(old.size) was shown before")
    }

    func forgetChains() { chains = nil }

    func stop(
        _ kind: MirrorStop.Kind,
        _ held: SignedCheckpoint?,
        _ shown: SignedCheckpoint,
        _ reason: String,
        _ prefix: PrefixProof? = nil,
        statement: [UInt8]? = nil
    ) throws(LedgerError) -> MirrorStop {
        let text = "\(keys.current.name): \(kind.rawValue): \(reason)"
        let evidence = Evidence(held: held, shown: shown, prefix: prefix, statement: statement, reason: text)
        return MirrorStop(kind: kind, reason: text, evidence: try evidence.keep(in: directory, kind: kind))
    }

    // MARK: Showing

    /// Makes a checkpoint public whose tiles and entries are durable. Each file is durable before the next is written:
    /// `checkpoint` last, since from then on readers rely on the others.
    private func show(_ signed: SignedCheckpoint, _ copies: [LedgerCopy], isNew: Bool) async throws {
        let head = signed.checkpoint.head
        let root = try await CheckpointCandidates(copies: copies, keys: keys, checker: checker).rootSignature(head)
        // A checkpoint that the directory held already is covered by its journal.
        if isNew { setAside = try WriterState(directory: directory).move(to: signed) ?? setAside }
        do throws(FileError) {
            try DurableFolders.makeRoot("\(directory)/\(Layout.keptCheckpoints)")
            try DurableFiles.write(signed.bytes, to: "\(directory)/\(Layout.keptCheckpoint(head.size))")
            if let root {
                try DurableFiles.write(root.bytes, to: "\(directory)/\(Layout.keptRootSignature(head.size))")
            }
        } catch { throw LedgerError.file(error) }
        // A key that is new is named when what proves it is kept, and before anything stands that it alone signed.
        try await writeInformation(copies)
        try await rememberKeys(at: head.size)
        do throws(FileError) {
            if let root { try DurableFiles.write(root.bytes, to: "\(directory)/\(Layout.rootSignature)") }
            try DurableFiles.write(signed.bytes, to: "\(directory)/\(Layout.checkpoint)")
        } catch { throw LedgerError.file(error) }
    }

    /// `ledger.json`, so that readers find the key: the source's words where it names this key, never over an own one.
    private func writeInformation(_ copies: [LedgerCopy]) async throws {
        let path = "\(directory)/\(Layout.information)"
        if DurableFiles.exists(path) { return }
        let keys = keys
        let key = keys.current
        var bytes = try LedgerInformation(origin: key.name, key: key, issuerKeys: []).with(keys).encoded()
        for copy in copies.dropFirst() {
            guard let found = try? await copy.source.read(Layout.information, limit: FileLimit.information),
                let information = try? LedgerInformation(decoding: found, path: path), information.key.text == key.text
            else { continue }
            bytes = information.keys == keys ? found : try information.with(keys).encoded()
            break
        }
        do { try DurableFiles.write(bytes, to: path) } catch { throw LedgerError.file(error) }
    }

    /// Removes the partial files of the old right edge whose full ones stand now.
    private func prune(_ old: UInt64, _ new: UInt64) throws(LedgerError) {
        do throws(FileError) {
            for tile in DerivedTree.edgeTiles(size: old) {
                guard let tile, (tile.index + 1) << 8 <= new >> UInt64(8 * tile.level) else { continue }
                var paths = [tile.full.path]
                if tile.level == 0, let bundle = BundleCoordinate(index: tile.index) { paths.append(bundle.path) }
                for path in paths {
                    let folder = "\(directory)/\(path).p"
                    for width in try DurableFiles.list(folder) { try DurableFiles.remove("\(folder)/\(width)") }
                    try DurableFiles.removeDirectory(folder)
                }
            }
        } catch { throw .file(error) }
    }
}
