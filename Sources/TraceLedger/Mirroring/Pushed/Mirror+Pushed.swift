public import TraceProof
public import TraceVerification

extension Mirror {
    /// What came of entries that were pushed.
    public enum Advance: Sendable {
        /// The replica shows this checkpoint now, or showed it already: with the mirror's cosignature, where it has a key.
        case shown(SignedCheckpoint)
        /// It shows a larger one: nothing was done.
        case behind(SignedCheckpoint)
        /// The entries do not lead to the checkpoint's root from what is held. Nothing was taken over: a file was damaged since
        /// it was pushed, or the ledger signed another history than the held one.
        case mismatch
    }

    /// The keys that may sign a checkpoint of more than `size` entries: one, and those that follow it as far as is known.
    public func signers(above size: UInt64) -> [VerifierKey] {
        keys.earlier.filter { $0.until > size }.map(\.key) + [keys.current]
    }

    /// The checkpoint that the replica holds; `nil` where it has none yet.
    ///
    /// - Throws: ``LedgerError``, also where another process has the directory.
    public func held() async throws -> SignedCheckpoint? {
        if let latest { return latest }
        try await prepare()
        let found = try await HeldCheckpoint.find(directory, keys: keys, checker: checker)
        // What a crash left without `checkpoint` is shown at the next update, and counts until then too.
        return latest ?? found
    }

    /// Brings the replica up to a checkpoint whose entries were pushed: derives the tiles, checks what the depth asks, and
    /// moves, cosigns and shows, all as ``update(from:progress:)`` does with what it fetched.
    ///
    /// - Parameters:
    ///   - pushed: a checkpoint that the ledger signed.
    ///   - entries: what was pushed; all that `pushed` covers must be here and durable.
    /// - Throws: ``MirrorStop`` where an entry is wrong or the ledger forked; ``LedgerError``; what the cosigning throws.
    public func advance(to pushed: SignedCheckpoint, over entries: PushedEntries) async throws -> Advance {
        let end = await entries.next
        await turn.begin()
        defer { turn.end() }
        try await prepare()
        let held = try await HeldCheckpoint.find(directory, keys: keys, checker: checker)
        let (old, new) = (held?.checkpoint.head ?? .empty, pushed.checkpoint.head)
        if let held, old.size > new.size { return .behind(held) }
        if old.size < new.size {
            let base = try await base(of: old)
            let tiles = PushedTiles(directory: directory, base: base, head: new, end: max(end, old.size))
            guard try tiles.derive(into: try batch()) else { return .mismatch }
        }
        let source = try PushedSource(pushed, in: directory, keys: keys, checker: checker)
        // Shown before without the next key's signature, which somebody left out.
        if old == new, source.successors != nil, try await followKey(source, source.pushed) {
            let local = await LedgerCopy(DirectorySource(directory), keys: keys, checker: checker)
            try await show(source.pushed, [local], isNew: false)
        }
        _ = try await updateOnce(from: [source])
        return .shown(latest ?? source.pushed)
    }

    /// The held tree up to the last full bundle, out of its own tiles.
    private func base(of held: TreeHead) async throws -> DerivedTree {
        let size = held.size & ~255
        if size == 0 { return DerivedTree() }
        let local = await LedgerCopy(DirectorySource(directory), keys: keys, checker: checker)
        guard let tree = await VerifiedTiles.prove(held, from: [local])?.tree(atSize: size) else {
            throw LedgerError.corrupt(
                path: directory,
                reason: "its own tiles do not give the root of size \(held.size)"
            )
        }
        return tree
    }
}

extension ForkEvidence {
    /// Keeps the evidence in `evidence/` of a directory, as a mirror keeps what stopped it.
    ///
    /// - Parameter reason: who showed what, for people.
    /// - Returns: the path of its folder. The same evidence always has the same.
    public func keep(in directory: String, reason: String) throws(LedgerError) -> String {
        let (old, new) = (smaller.checkpoint.head.size, larger.checkpoint.head.size)
        let prefix = path.isEmpty ? nil : PrefixProof(oldSize: old, newSize: new, path: path)
        return try Evidence(held: smaller, shown: larger, prefix: prefix, reason: reason)
            .keep(in: directory, kind: .fork)
    }
}
