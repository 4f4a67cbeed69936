/// The tiles that come into being, or become wider, when a tree grows: what a log writes and a mirror fetches.
///
/// Level by level from 0, left to right; empty tiles are not among them. From size 0 these are all tiles of a tree: for
/// 70,000 entries 273 full and one of width 112 on level 0, one full and one of width 17 on level 1, one of width 1 on
/// level 2. Computed as one goes: no list is made.
public struct TileGrowth: Sequence, IteratorProtocol, Sendable {
    private let oldSize: UInt64
    private let newSize: UInt64
    private var level = 0
    private var index: UInt64

    /// The growth from one size to another; throws ``ProofError/sizesOutOfOrder(old:new:)`` and
    /// ``ProofError/sizeTooLarge(_:)``.
    public init(from oldSize: UInt64 = 0, to newSize: UInt64) throws(ProofError) {
        try TreeSize.check(newSize)
        guard oldSize <= newSize else { throw .sizesOutOfOrder(old: oldSize, new: newSize) }
        self.oldSize = oldSize
        self.newSize = newSize
        index = oldSize / 256
    }

    /// The next tile.
    public mutating func next() -> TileCoordinate? {
        while level < 8 {
            let hashes = newSize >> UInt64(8 * level)
            // A level that gained no hash has nothing new, and none above it has.
            guard hashes > oldSize >> UInt64(8 * level) else { return nil }
            let first = index << 8
            if first < hashes {
                defer { index += 1 }
                return TileCoordinate(checked: level, index, Int(Swift.min(256, hashes - first)))
            }
            level += 1
            index = level < 8 ? oldSize >> UInt64(8 * level) / 256 : 0
        }
        return nil
    }

    /// The entry bundles of the same growth, left to right.
    public var bundles: some Sequence<BundleCoordinate> {
        var start = self
        (start.level, start.index) = (0, oldSize / 256)
        return start.lazy.prefix { $0.level == 0 }.map { BundleCoordinate(entriesOf: $0) }
    }
}
