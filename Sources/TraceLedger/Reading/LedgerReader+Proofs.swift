public import TraceProof

extension LedgerReader {
    /// The inclusion proof of an entry in a published tree, verified against it.
    public func inclusionProof(index: UInt64, leaf: Digest, in head: TreeHead) async throws -> InclusionProof {
        try await fromTiles(of: head) { tiles in
            let plan = try ProofPlan.inclusion(index: index, treeSize: head.size)
            let hashes = try await self.hashes(of: plan.nodes, from: &tiles)
            let proof = InclusionProof(index: index, treeSize: head.size, path: try plan.path(from: hashes))
            do { try proof.verify(leaf: leaf, in: head) } catch {
                throw LedgerError.corrupt(
                    path: source.name,
                    reason: "the proof of entry \(index) from the tiles: \(error)"
                )
            }
            keep(tiles, provedBy: leaf, at: index)
            return proof
        }
    }

    /// The inclusion proofs of many entries in one published tree, in the order asked for, each verified against it.
    ///
    /// They are made in the order of their indices, so that entries that are near to each other share tiles even where
    /// the cache is small.
    public func inclusionProofs(
        of entries: [(index: UInt64, leaf: Digest)],
        in head: TreeHead
    ) async throws -> [InclusionProof] {
        var proofs = [InclusionProof?](repeating: nil, count: entries.count)
        for position in entries.indices.sorted(by: { entries[$0].index < entries[$1].index }) {
            let (index, leaf) = entries[position]
            proofs[position] = try await inclusionProof(index: index, leaf: leaf, in: head)
        }
        return proofs.compactMap { $0 }
    }

    /// One proof of many entries in a published tree, verified against it; the indices ascend.
    public func multiproof(of entries: [(index: UInt64, leaf: Digest)], in head: TreeHead) async throws
        -> InclusionMultiproof
    {
        let indices = entries.map(\.index)
        let plan = try ProofPlan.inclusion(indices: indices, treeSize: head.size)
        var hashes: [Digest] = []
        // The nodes stand from left to right, so a stretch of them lies in few tiles; memory does not grow with the ledger.
        for start in stride(from: 0, to: plan.nodes.count, by: 4096) {
            let stretch = Array(plan.nodes[start..<min(start + 4096, plan.nodes.count)])
            let tiles = try TilePlan(reading: stretch, treeSize: head.size)
            var read: [Tile] = []
            for coordinate in tiles.tiles { read.append(try await tile(coordinate)) }
            hashes += try tiles.hashes(from: read)
        }
        let proof = InclusionMultiproof(indices: indices, treeSize: head.size, hashes: try plan.path(from: hashes))
        do { try proof.verify(leaves: entries.map(\.leaf), in: head) } catch {
            throw LedgerError.corrupt(
                path: source.name,
                reason: "the proof of \(entries.count) entries from the tiles: \(error)"
            )
        }
        return proof
    }

    /// The proof that one published tree extends another, verified against both.
    public func consistencyProof(from old: TreeHead, to new: TreeHead) async throws -> ConsistencyProof {
        try await fromTiles(of: new) { tiles in try await consistencyProof(from: old, to: new, &tiles) }
    }

    /// The proof that a published tree extends the one of its first `size` entries, whether that was published or not; from
    /// size 0 without hashes, as tlog-witness asks for it.
    ///
    /// The root of the smaller tree is the one that the tiles give; the proof is verified against it and `new`.
    public func consistencyProof(fromSize size: UInt64, to new: TreeHead) async throws -> ConsistencyProof {
        guard size > 0 else { return ConsistencyProof(oldSize: 0, newSize: new.size, path: []) }
        guard size < new.size else {
            return try await consistencyProof(from: TreeHead(size: size, root: new.root), to: new)
        }
        return try await fromTiles(of: new) { tiles in
            let plan = ProofPlan.hash(of: try Subtree(start: 0, end: size))
            let hashes = try await self.hashes(of: plan.nodes, from: &tiles)
            guard let root = try plan.path(from: hashes).first else { throw ProofError.emptyTree }
            return try await consistencyProof(from: TreeHead(size: size, root: root), to: new, &tiles)
        }
    }

    private func consistencyProof(
        from old: TreeHead,
        to new: TreeHead,
        _ tiles: inout TileSet
    ) async throws -> ConsistencyProof {
        let plan = try ProofPlan.consistency(oldSize: old.size, newSize: new.size)
        let hashes = try await self.hashes(of: plan.nodes, from: &tiles)
        let proof = ConsistencyProof(oldSize: old.size, newSize: new.size, path: try plan.path(from: hashes))
        do { try proof.verify(old: old, new: new) } catch {
            throw LedgerError.corrupt(
                path: source.name,
                reason: "the proof from size \(old.size) to \(new.size) from the tiles: \(error)"
            )
        }
        return proof
    }

    /// The proof of the root that a published tree had when it was of `size` entries, whether that was published or not.
    public func prefixProof(of size: UInt64, in head: TreeHead) async throws -> PrefixProof {
        try await fromTiles(of: head) { tiles in
            let plan = try ProofPlan.prefix(oldSize: size, newSize: head.size)
            let hashes = try await self.hashes(of: plan.nodes, from: &tiles)
            let proof = PrefixProof(oldSize: size, newSize: head.size, path: try plan.path(from: hashes))
            do { _ = try proof.oldRoot(in: head) } catch {
                throw LedgerError.corrupt(
                    path: source.name,
                    reason: "the root at size \(size) in size \(head.size) from the tiles: \(error)"
                )
            }
            return proof
        }
    }

    /// The proof that a published tree has a subtree at its place (tlog-mirror), verified against it.
    public func subtreeConsistencyProof(of subtree: Subtree, in head: TreeHead) async throws -> SubtreeConsistencyProof
    {
        try await fromTiles(of: head) { tiles in
            let whole = ProofPlan.hash(of: subtree)
            let hash = try whole.path(from: try await self.hashes(of: whole.nodes, from: &tiles)).first
            let plan = try ProofPlan.consistency(of: subtree, treeSize: head.size)
            let hashes = try await self.hashes(of: plan.nodes, from: &tiles)
            let proof = SubtreeConsistencyProof(
                start: subtree.start,
                end: subtree.end,
                treeSize: head.size,
                path: try plan.path(from: hashes)
            )
            do { try proof.verify(subtree: hash ?? TreeHash.empty, in: head) } catch {
                throw LedgerError.corrupt(
                    path: source.name,
                    reason: "the proof of the entries from \(subtree.start) to \(subtree.end) from the tiles: \(error)"
                )
            }
            return proof
        }
    }

    /// The leaf hashes of a tile of level 0 in a published tree, all of them proved: the proof of the first is made of all
    /// the others.
    func leaves(of place: TileCoordinate, in head: TreeHead) async throws -> ArraySlice<Digest> {
        try await fromTiles(of: head) { tiles in
            let index = place.index << 8
            let plan = try ProofPlan.inclusion(index: index, treeSize: head.size)
            let hashes = try await self.hashes(of: plan.nodes, from: &tiles)
            // A tile of a single leaf is no part of the leaf's own proof.
            let held = tiles.holder(of: NodeCoordinate(level: 0, index: index))?.hashes
            let leaves = if let held { held } else { try await tile(place).hashes[...] }
            let proof = InclusionProof(index: index, treeSize: head.size, path: try plan.path(from: hashes))
            guard let leaf = leaves.first, (try? proof.verify(leaf: leaf, in: head)) != nil else {
                throw untrusted(place.path, "its hashes do not lead to the signed root")
            }
            keep(tiles, provedBy: leaf, at: index)
            return leaves.prefix(place.width)
        }
    }

    /// Makes an answer out of tiles, the cached ones among them; where it does not hold, or cannot be made, once more from
    /// the source alone. The cached tiles are forgotten then: they led to a signed root once, so another one was signed
    /// since that does not extend it, or the question was wrong; what is served must not hang on which.
    private func fromTiles<Answer>(
        of head: TreeHead,
        _ make: (inout TileSet) async throws -> Answer
    ) async throws -> Answer {
        var tiles = TileSet(treeSize: head.size)
        do { return try await make(&tiles) } catch {
            let cached = tiles.cached
            guard !cached.isEmpty else { throw error }
            for coordinate in cached { cache.remove(coordinate, of: number) }
            tiles = TileSet(treeSize: head.size)
            return try await make(&tiles)
        }
    }

    private func hashes(of nodes: [NodeCoordinate], from tiles: inout TileSet) async throws -> [Digest] {
        try await tiles.hashes(of: nodes) { coordinate in
            if let tile = cache.tile(coordinate, of: number) { return (tile, isCached: true) }
            return (TileTree(try await tile(coordinate)), isCached: false)
        }
    }

    /// Keeps the tiles that were read for a proof which was verified, where every hash in them is proved by it.
    private func keep(_ tiles: TileSet, provedBy leaf: Digest, at index: UInt64) {
        let read = tiles.read
        guard !read.isEmpty, tiles.isProved(by: leaf, at: index) else { return }
        for tile in read { cache.insert(tile, of: number) }
    }
}
