/// Which hash tile: its level, its index and how many hashes it holds (C2SP tlog-tiles, "Merkle Tree").
///
/// The hash at position i of tile n on tile level l is the node at level `8 * l`, index `256 * n + i`.
public struct TileCoordinate: Hashable, Sendable {
    /// The tile level, 0...63; level 0 holds leaf hashes. Trees of at most 2^63-1 entries reach level 7.
    public let level: Int
    /// The position among the tiles of the level, at most (2^63-1) / 256.
    public let index: UInt64
    /// The number of hashes, 1...256; a tile of 256 is full and never changes.
    public let width: Int

    /// A coordinate; `nil` where a number is outside its bounds. A width of 256 is a full tile.
    public init?(level: Int, index: UInt64, width: Int = 256) {
        guard (0...63).contains(level), index <= TilePath.maximumIndex, (1...256).contains(width) else { return nil }
        self.init(checked: level, index, width)
    }

    init(checked level: Int, _ index: UInt64, _ width: Int) {
        (self.level, self.index, self.width) = (level, index, width)
    }

    /// The tile that holds `node`, or the nodes that it is the root of, as wide as a tree of `treeSize` entries has it;
    /// `nil` where such a tree does not have the node complete.
    public init?(holding node: NodeCoordinate, treeSize: UInt64) {
        guard let (tile, _) = TileCoordinate.holding(node, treeSize: treeSize) else { return nil }
        self = tile
    }

    /// The coordinate that a path names, as in `tile/0/x001/x234/067` or `tile/1/000.p/17`.
    ///
    /// Throws ``FormatError`` for all that ``path`` does not write.
    public init(path: String) throws(FormatError) {
        var reader = PathReader(path)
        for byte in "tile/".utf8 { try reader.expect(byte, "the path of a tile begins with tile/") }
        level = Int(try reader.decimal(upTo: 63))
        try reader.expect(0x2F, "a / follows the level")
        (index, width) = try TilePath.parse(&reader)
    }

    /// The path below the log's prefix.
    public var path: String { "tile/\(level)/\(TilePath.text(index: index, width: width))" }

    /// Whether it holds 256 hashes.
    public var isFull: Bool { width == 256 }

    /// The full tile at this place, where a client looks when a partial one has been deleted.
    public var full: TileCoordinate { TileCoordinate(checked: level, index, 256) }

    /// The number of bytes of the tile, 32 a hash.
    public var byteCount: Int { width * Digest.byteCount }

    /// The tile that holds `node`, or the part of it that a tree of `treeSize` entries has, and where in it the hashes
    /// stand that `node` is the root of; `nil` where the tree does not have the node complete.
    static func holding(
        _ node: NodeCoordinate,
        treeSize: UInt64
    ) -> (tile: TileCoordinate, hashes: Range<Int>)? {
        guard treeSize <= TreeSize.maximum, node.isComplete(at: treeSize) else { return nil }
        let (level, height) = (node.level / 8, UInt64(node.level % 8))
        let first = node.index << height
        let start = Int(first % 256)
        let width = min(256, treeSize >> UInt64(8 * level) - first & ~255)
        return (TileCoordinate(checked: level, first / 256, Int(width)), start..<start + 1 << Int(height))
    }
}

extension TileCoordinate: CustomStringConvertible {
    /// Its path.
    public var description: String { path }
}

/// Which entry bundle: its index and how many entries it holds (C2SP tlog-tiles, "Log Entries").
public struct BundleCoordinate: Hashable, Sendable {
    /// The position among the bundles; the first entry is `256 * index`.
    public let index: UInt64
    /// The number of entries, 1...256.
    public let width: Int

    /// A coordinate; `nil` where a number is outside its bounds. A width of 256 is a full bundle.
    public init?(index: UInt64, width: Int = 256) {
        guard index <= TilePath.maximumIndex, (1...256).contains(width) else { return nil }
        (self.index, self.width) = (index, width)
    }

    /// The bundle with the entry at `entry` in a tree of `treeSize`; `nil` where the tree does not reach it.
    public init?(holding entry: UInt64, treeSize: UInt64) {
        let leaf = NodeCoordinate(level: 0, index: entry)
        guard let (tile, _) = TileCoordinate.holding(leaf, treeSize: treeSize) else { return nil }
        (index, width) = (tile.index, tile.width)
    }

    /// The coordinate that a path names, as in `tile/entries/x001/x234/067` or `tile/entries/000.p/17`.
    ///
    /// Throws ``FormatError`` for all that ``path`` does not write.
    public init(path: String) throws(FormatError) {
        var reader = PathReader(path)
        for byte in "tile/entries/".utf8 {
            try reader.expect(byte, "the path of an entry bundle begins with tile/entries/")
        }
        (index, width) = try TilePath.parse(&reader)
    }

    /// The path below the log's prefix.
    public var path: String { "tile/entries/\(TilePath.text(index: index, width: width))" }

    /// The bundle of the entries whose leaf hashes a tile of level 0 holds.
    init(entriesOf tile: TileCoordinate) { (index, width) = (tile.index, tile.width) }

    /// Whether it holds 256 entries.
    public var isFull: Bool { width == 256 }

    /// The index of its first entry.
    public var firstEntry: UInt64 { index << 8 }
}

extension BundleCoordinate: CustomStringConvertible {
    /// Its path.
    public var description: String { path }
}
