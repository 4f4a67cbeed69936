/// A tile with all complete nodes above its hashes: what a proof takes from a tile, without hashing it anew for each.
///
/// A tile stores every eighth level of the tree. Seven levels between, and its own root where it is full, are 255 hashes,
/// made together when a value is made; it then takes 16 KiB.
public struct TileTree: Sendable {
    /// The bytes that one takes in memory.
    public static let memorySize = 2 * 256 * Digest.byteCount

    /// Which tile.
    public let coordinate: TileCoordinate
    // As in a binary heap: the node at a height above the tile's hashes stands at (256 >> height) + its position. Whatever
    // the tile does not have complete is zeros.
    private let nodes: [Digest]

    /// The tree above the hashes of a tile.
    public init(_ tile: Tile) {
        coordinate = tile.coordinate
        var nodes = [Digest](repeating: Digest(), count: 512)
        nodes.replaceSubrange(256..<256 + tile.hashes.count, with: tile.hashes)
        TreeHash.fillHeap(&nodes, width: tile.hashes.count)
        self.nodes = nodes
    }

    /// The hash of a node; `nil` where it does not stand in this tile or the tile does not have it complete.
    public func hash(of node: NodeCoordinate) -> Digest? {
        let height = node.level &- 8 * coordinate.level
        guard (0...7).contains(height), node.index >> UInt64(8 - height) == coordinate.index else { return nil }
        let position = Int(node.index & 255 >> UInt64(height))
        guard position < coordinate.width >> height else { return nil }
        return nodes[256 >> height + position]
    }

    /// The hashes that the tile stores, left to right.
    public var hashes: ArraySlice<Digest> { nodes[256..<256 + coordinate.width] }

    /// The hash of a full tile, which stands in the level above; `nil` for a partial one.
    public var root: Digest? { coordinate.isFull ? nodes[1] : nil }
}
