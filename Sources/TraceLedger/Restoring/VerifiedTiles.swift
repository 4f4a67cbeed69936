internal import TraceProof

/// The tiles of a signed tree, each proved against its root before anybody sees it, out of stores that are trusted for
/// nothing.
///
/// From the top down: the partial tiles of the right edge are believed together, when they fold to the signed root; a full
/// tile when it hashes to its place in a believed tile above. So a tile is right or absent, whatever the rest of the store
/// is like, and one damaged file hides nothing but what stands below it.
actor VerifiedTiles {
    /// Hashes, and which store had them.
    struct Found: Sendable {
        let hashes: [Digest]
        let source: String
    }

    /// The signed tree.
    let head: TreeHead
    /// Where tiles are looked for, in this order.
    private let copies: [LedgerCopy]
    /// The right edge, level by level; no hashes where the last tile of a level is full.
    private let edge: [Found]
    private var cache: [TileCoordinate: Found] = [:]

    /// How many full tiles above the leaves are remembered: 8 KiB each.
    private static let cacheSize = 256
    /// The most mixtures of several copies' edges that are tried.
    private static let maximumMixtures = 4096

    private init(_ head: TreeHead, _ copies: [LedgerCopy], edge: [Found]) {
        (self.head, self.copies, self.edge) = (head, copies, edge)
    }

    /// Proves the right edge of the tree. `nil` where no mixture of what the copies have folds to its root.
    static func prove(_ head: TreeHead, from copies: [LedgerCopy]) async -> VerifiedTiles? {
        guard let edge = await edge(head, copies) else { return nil }
        return VerifiedTiles(head, copies, edge: edge)
    }

    /// The tree with its right edge, to be appended to.
    var tree: DerivedTree? { DerivedTree(size: head.size, edge: edge.map(\.hashes)) }

    /// The hashes of a tile of the tree, or of the beginning of one; `nil` where no copy has the right ones.
    func find(_ tile: TileCoordinate) async -> Found? {
        let all = head.size >> UInt64(8 * tile.level)
        guard tile.index << 8 < all, let width = Int(exactly: min(256, all - tile.index << 8)), tile.width <= width,
            let whole = TileCoordinate(level: tile.level, index: tile.index, width: width),
            let found = await findWhole(whole)
        else { return nil }
        return Found(hashes: Array(found.hashes.prefix(tile.width)), source: found.source)
    }

    private func findWhole(_ tile: TileCoordinate) async -> Found? {
        guard tile.isFull else { return edge[tile.level] }
        if let known = cache[tile] { return known }
        guard let expected = await root(of: tile) else { return nil }
        for copy in copies {
            for candidate in await copy.candidates(for: tile) where TreeHash.perfectRoot(candidate[...]) == expected {
                let found = Found(hashes: candidate, source: copy.source.name)
                if tile.level > 0 { remember(tile, found) }
                return found
            }
        }
        return nil
    }

    /// What a full tile must hash to: its place in the level above.
    func root(of tile: TileCoordinate) async -> Digest? {
        let all = head.size >> UInt64(8 * tile.level + 8)
        let first = tile.index & ~255
        guard tile.isFull, tile.index < all, let width = Int(exactly: min(256, all - first)),
            let above = TileCoordinate(level: tile.level + 1, index: tile.index / 256, width: width)
        else { return nil }
        return await findWhole(above)?.hashes[Int(tile.index - first)]
    }

    /// The root that this tree had when it was of `size` entries; `nil` where a tile is not to be had.
    func root(atSize size: UInt64) async -> Digest? {
        guard size < head.size else { return size == head.size ? head.root : nil }
        return await tree(atSize: size)?.root
    }

    /// This tree when it was of `size` entries; `nil` where a tile is not to be had.
    func tree(atSize size: UInt64) async -> DerivedTree? {
        var smaller: [[Digest]] = []
        for part in DerivedTree.edgeTiles(size: size) {
            guard let part else {
                smaller.append([])
                continue
            }
            guard let found = await find(part) else { return nil }
            smaller.append(found.hashes)
        }
        return DerivedTree(size: size, edge: smaller)
    }

    /// The proof of the root that this tree had at a smaller size, for evidence; `nil` where a tile is not to be had.
    func prefixProof(of size: UInt64) async -> PrefixProof? {
        guard let plan = try? ProofPlan.prefix(oldSize: size, newSize: head.size),
            let reading = try? TilePlan(reading: plan.nodes, treeSize: head.size)
        else { return nil }
        var tiles: [Tile] = []
        for coordinate in reading.tiles {
            guard let found = await find(coordinate), let tile = Tile(coordinate, hashes: found.hashes) else {
                return nil
            }
            tiles.append(tile)
        }
        guard let path = (try? reading.hashes(from: tiles)).flatMap({ try? plan.path(from: $0) }) else { return nil }
        return PrefixProof(oldSize: size, newSize: head.size, path: path)
    }

    private func remember(_ tile: TileCoordinate, _ found: Found) {
        // Walks go from left to right, so what is thrown away is seldom asked for again.
        if cache.count >= VerifiedTiles.cacheSize { cache.removeAll(keepingCapacity: true) }
        cache[tile] = found
    }

    // MARK: The right edge

    private static func edge(_ head: TreeHead, _ copies: [LedgerCopy]) async -> [Found]? {
        var choices: [[Found]] = []
        for tile in DerivedTree.edgeTiles(size: head.size) {
            guard let tile else {
                choices.append([Found(hashes: [], source: "")])
                continue
            }
            var found: [Found] = []
            for copy in copies {
                for candidate in await copy.candidates(for: tile)
                where !found.contains(where: { $0.hashes == candidate }) {
                    found.append(Found(hashes: candidate, source: copy.source.name))
                }
            }
            if found.isEmpty { return nil }
            choices.append(found)
        }
        return mixture(of: choices, head)
    }

    /// The choice of one candidate a level that folds to the root: the first of each, mostly.
    private static func mixture(of choices: [[Found]], _ head: TreeHead) -> [Found]? {
        var picks = [Int](repeating: 0, count: choices.count)
        for _ in 0..<maximumMixtures {
            let edge = zip(choices, picks).map { $0[$1] }
            if DerivedTree(size: head.size, edge: edge.map(\.hashes))?.root == head.root { return edge }
            // The next number, whose digits are the picks.
            guard let level = picks.indices.first(where: { picks[$0] + 1 < choices[$0].count }) else { return nil }
            picks[level] += 1
            for below in 0..<level { picks[below] = 0 }
        }
        return nil
    }
}
