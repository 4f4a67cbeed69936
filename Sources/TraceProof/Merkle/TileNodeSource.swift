/// A ``NodeSource`` over the tiles of a log that can be read at once, such as files on disk.
///
/// Each request reads each tile once. Whoever reads asynchronously uses ``TilePlan`` instead.
public struct TileNodeSource<ReadFailure: Error>: NodeSource {
    /// The size of the tree whose tiles are read: it decides how wide the partial ones are.
    public let treeSize: UInt64
    private let read: ([TileCoordinate]) throws(ReadFailure) -> [Tile]

    /// A source at `treeSize`; `read` gives the tiles in the order asked for, as wide or wider.
    public init(treeSize: UInt64, read: @escaping ([TileCoordinate]) throws(ReadFailure) -> [Tile]) {
        self.treeSize = treeSize
        self.read = read
    }

    /// The hashes of `nodes`; throws ``TileReadError``.
    public func hashes(of nodes: [NodeCoordinate]) throws(TileReadError<ReadFailure>) -> [Digest] {
        let plan: TilePlan
        do { plan = try TilePlan(reading: nodes, treeSize: treeSize) } catch { throw .tiles(error) }
        let supplied: [Tile]
        do { supplied = try read(plan.tiles) } catch { throw .read(error) }
        do { return try plan.hashes(from: supplied) } catch { throw .tiles(error) }
    }
}

/// Why nodes could not be had from tiles.
public enum TileReadError<ReadFailure: Error>: Error {
    /// The tree does not have the node, or another tile was supplied than the one asked for.
    case tiles(ProofError)
    /// A tile could not be read.
    case read(ReadFailure)
}
