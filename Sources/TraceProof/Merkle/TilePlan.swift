/// Which tiles hold the nodes that somebody wants: the bridge from a ``ProofPlan`` to a tlog-tiles log, on disk or far
/// away, without doing any reading.
///
/// ```swift
/// let proof = try ProofPlan.inclusion(index: 5, treeSize: size)
/// let plan = try TilePlan(reading: proof.nodes, treeSize: size)
/// for coordinate in plan.tiles { ... }        // fetch each once, as the caller likes: files, HTTP, async
/// let path = try proof.path(from: plan.hashes(from: tiles))
/// ```
public struct TilePlan: Hashable, Sendable {
    /// The tiles to supply, each once, by level and index, as wide as the tree of the plan has them.
    public let tiles: [TileCoordinate]
    private let nodes: [NodeCoordinate]
    private let treeSize: UInt64

    /// The tiles of a tree of `treeSize` entries that hold `nodes`; one plan may serve many proofs.
    ///
    /// Throws ``ProofError/nodeAbsent(_:)`` for a node that such a tree does not have complete.
    public init(reading nodes: [NodeCoordinate], treeSize: UInt64) throws(ProofError) {
        var tiles: [TileCoordinate] = []
        for node in nodes {
            guard let (tile, _) = TileCoordinate.holding(node, treeSize: treeSize) else { throw .nodeAbsent(node) }
            tiles.append(tile)
        }
        tiles.sort { ($0.level, $0.index) < ($1.level, $1.index) }
        var unique: [TileCoordinate] = []
        for tile in tiles where tile != unique.last { unique.append(tile) }
        self.tiles = unique
        self.nodes = nodes
        self.treeSize = treeSize
    }

    /// The hashes of the nodes asked for, in their order, out of ``tiles`` supplied in their order.
    ///
    /// A tile may be wider than asked for, as when a client falls back to the full one. Throws
    /// ``ProofError/tileAbsent(_:)`` for the first that is missing, another one, or narrower.
    public func hashes(from supplied: [Tile]) throws(ProofError) -> [Digest] {
        for (position, wanted) in tiles.enumerated() {
            guard supplied.indices.contains(position), supplied[position].serves(wanted) else {
                throw .tileAbsent(wanted)
            }
        }
        var hashes: [Digest] = []
        hashes.reserveCapacity(nodes.count)
        for node in nodes {
            guard let (tile, part) = TileCoordinate.holding(node, treeSize: treeSize),
                let position = position(of: tile),
                let hash = TreeHash.perfectRoot(supplied[position].hashes[part])
            else { throw .nodeAbsent(node) }
            hashes.append(hash)
        }
        return hashes
    }

    /// Where `tile` stands in ``tiles``, by binary search.
    private func position(of tile: TileCoordinate) -> Int? {
        var (low, high) = (0, tiles.count)
        while low < high {
            let middle = (low + high) / 2
            if tiles[middle] == tile { return middle }
            if (tiles[middle].level, tiles[middle].index) < (tile.level, tile.index) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return nil
    }
}

extension Tile {
    /// Whether this is the tile at the place of `wanted`, and at least as wide.
    fileprivate func serves(_ wanted: TileCoordinate) -> Bool {
        (coordinate.level, coordinate.index) == (wanted.level, wanted.index) && coordinate.width >= wanted.width
    }
}
