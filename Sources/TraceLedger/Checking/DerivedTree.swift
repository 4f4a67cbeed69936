internal import TraceProof

/// The tree as it is derived again from leaf hashes, a bundle at a time: all that is kept are the hashes of the partial
/// tile on each level.
struct DerivedTree: Sendable {
    /// The number of entries.
    private(set) var size: UInt64 = 0
    /// The partial tiles' hashes from level 0 up; the last level may be empty.
    private var edge: [[Digest]] = []

    /// The tree without entries.
    init() {}

    /// The tree of `size` entries whose right edge is these hashes, level by level; `nil` where they are not as many as
    /// `size` says.
    init?(size: UInt64, edge: [[Digest]]) {
        for (level, hashes) in edge.enumerated()
        where UInt64(hashes.count) != size >> UInt64(8 * level) & 0xFF { return nil }
        guard edge.count == DerivedTree.edgeTiles(size: size).count else { return nil }
        (self.size, self.edge) = (size, edge)
    }

    /// The partial tiles of a tree of `size` entries, level by level from 0; `nil` for a level whose last tile is full.
    static func edgeTiles(size: UInt64) -> [TileCoordinate?] {
        (0..<8).prefix { size >> UInt64(8 * $0) > 0 }.map { level in
            let hashes = size >> UInt64(8 * level)
            return TileCoordinate(level: level, index: hashes / 256, width: Int(hashes % 256))
        }
    }

    /// Appends the leaf hashes of a bundle, or its rest where its beginning was appended before.
    ///
    /// - Parameter root: the hash over them where they are a whole tile and the caller has it already.
    /// - Returns: the tiles above level 0 that became full.
    mutating func append(_ leaves: some Collection<Digest>, root: Digest? = nil) -> [Tile] {
        if edge.isEmpty { edge.append([]) }
        edge[0].append(contentsOf: leaves)
        size += UInt64(leaves.count)
        guard edge[0].count == 256, let hash = root ?? TreeHash.perfectRoot(edge[0][...]) else { return [] }
        edge[0].removeAll(keepingCapacity: true)
        return carry(hash)
    }

    private mutating func carry(_ full: Digest) -> [Tile] {
        var tiles: [Tile] = []
        var hash = full
        for level in 1..<8 {
            if edge.count == level { edge.append([]) }
            edge[level].append(hash)
            guard edge[level].count == 256,
                let coordinate = TileCoordinate(level: level, index: (size >> UInt64(8 * level) - 1) / 256),
                let tile = Tile(coordinate, hashes: edge[level]), let root = tile.root
            else { break }
            tiles.append(tile)
            edge[level].removeAll(keepingCapacity: true)
            hash = root
        }
        return tiles
    }

    /// The partial tiles as they are now.
    var partial: [Tile] {
        zip(DerivedTree.edgeTiles(size: size), edge).compactMap { coordinate, hashes in
            coordinate.flatMap { Tile($0, hashes: hashes) }
        }
    }

    /// The root: the perfect subtrees along the right edge, folded.
    var root: Digest {
        var peaks: [Digest] = []
        for hashes in edge.reversed() {
            var rest = hashes[...]
            for width in [128, 64, 32, 16, 8, 4, 2, 1] where hashes.count & width != 0 {
                guard let peak = TreeHash.perfectRoot(rest.prefix(width)) else { continue }
                peaks.append(peak)
                rest = rest.dropFirst(width)
            }
        }
        guard var root = peaks.popLast() else { return TreeHash.empty }
        while let left = peaks.popLast() { root = TreeHash.node(left, root) }
        return root
    }

    /// The root of the tree with further leaves behind it.
    func root(with leaves: some Collection<Digest>) -> Digest {
        var grown = self
        _ = grown.append(leaves)
        return grown.root
    }
}
