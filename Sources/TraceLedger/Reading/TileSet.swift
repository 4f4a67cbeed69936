internal import TraceProof

/// The tiles that one answer is made of, each read once.
struct TileSet {
    /// A tile in hand.
    private struct Held {
        let tile: TileTree
        /// Whether it came from the cache.
        let isCached: Bool
        /// Whether it is as wide as the tree has it; a full one in its place holds hashes that the tree knows nothing of.
        let isExact: Bool
    }

    private let treeSize: UInt64
    private var held: [Held] = []

    init(treeSize: UInt64) { self.treeSize = treeSize }

    /// The tiles that came from the cache.
    var cached: [TileCoordinate] { held.filter(\.isCached).map(\.tile.coordinate) }

    /// The tiles that were read for this answer and hold nothing but what the tree has.
    var read: [TileTree] { held.filter { $0.isExact && !$0.isCached }.map(\.tile) }

    /// The hashes of `nodes`; `tile` gets a tile that is not in hand yet, and says whether it came from the cache.
    mutating func hashes(
        of nodes: [NodeCoordinate],
        _ tile: (TileCoordinate) async throws -> (TileTree, isCached: Bool)
    ) async throws -> [Digest] {
        var hashes: [Digest] = []
        hashes.reserveCapacity(nodes.count)
        for node in nodes {
            if let hash = holder(of: node)?.hash(of: node) {
                hashes.append(hash)
                continue
            }
            guard let coordinate = TileCoordinate(holding: node, treeSize: treeSize) else {
                throw ProofError.nodeAbsent(node)
            }
            let (found, isCached) = try await tile(coordinate)
            guard let hash = found.hash(of: node) else { throw ProofError.nodeAbsent(node) }
            held.append(Held(tile: found, isCached: isCached, isExact: found.coordinate == coordinate))
            hashes.append(hash)
        }
        return hashes
    }

    /// Whether every hash that the tree has in the tiles in hand is proved, given that `leaf` is at `index`.
    ///
    /// The hashes of an inclusion proof and the leaf cover the tree, each entry once. So the only hashes of these tiles that
    /// no part of the proof was made from are the leaf's own and those above it, one a tile: they must be the leaf, and
    /// the roots of the tiles below.
    func isProved(by leaf: Digest, at index: UInt64) -> Bool {
        var expected = leaf
        for level in 0..<8 {
            let node = NodeCoordinate(level: 8 * level, index: index >> UInt64(8 * level))
            guard node.isComplete(at: treeSize), let tile = holder(of: node) else { return true }
            guard tile.hash(of: node) == expected else { return false }
            guard let root = tile.root else { return true }
            expected = root
        }
        return true
    }

    /// The tile in hand that has a node. The latest first: proofs go up from the leaf.
    func holder(of node: NodeCoordinate) -> TileTree? {
        held.last { $0.tile.hash(of: node) != nil }?.tile
    }
}
