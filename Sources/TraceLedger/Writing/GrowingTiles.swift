internal import TraceProof

/// The right edge of a ledger's tree, held as the partial tiles themselves: what appending and publishing need, and what
/// opening reads back, whatever the ledger's size.
struct GrowingTiles: Sendable {
    /// The number of entries.
    private(set) var size: UInt64 = 0
    /// The hashes of the partial tile on each tile level, from level 0; the last level may be empty.
    private var edge: [[Digest]] = []
    /// The entries of the partial bundle.
    private(set) var entries: [[UInt8]] = []
    /// Tiles that became full and are not written yet.
    private(set) var fullTiles: [Tile] = []
    /// Bundles that became full and are not written yet.
    private(set) var fullBundles: [(BundleCoordinate, EntryBundle)] = []

    /// The tree without entries.
    init() {}

    /// The tree of `size` entries with these partial tiles and entries; `nil` where they are not as many as `size` says.
    init?(size: UInt64, edge: [[Digest]], entries: [[UInt8]]) {
        for (level, hashes) in edge.enumerated()
        where UInt64(hashes.count) != size >> UInt64(8 * level) & 0xFF { return nil }
        guard UInt64(entries.count) == size & 0xFF else { return nil }
        (self.size, self.edge, self.entries) = (size, edge, entries)
    }

    /// The partial tiles of a tree of `size` entries, level by level; an empty level has none.
    static func partialTiles(size: UInt64) -> [TileCoordinate?] {
        (0..<8).prefix { size >> UInt64(8 * $0) > 0 }.map { level in
            let hashes = size >> UInt64(8 * level)
            return TileCoordinate(level: level, index: hashes / 256, width: Int(hashes % 256))
        }
    }

    /// Appends what one commit brought, but for what is in already.
    mutating func append(_ group: CommittedTail.Group) throws(FormatError) {
        for position in Int(size - min(size, group.first))..<group.entries.count {
            try append(group.entries[position], leaf: group.leaves[position])
        }
    }

    /// Appends an entry with its leaf hash.
    mutating func append(_ entry: [UInt8], leaf: Digest) throws(FormatError) {
        entries.append(entry)
        if entries.count == 256, let coordinate = BundleCoordinate(index: size / 256) {
            fullBundles.append((coordinate, try EntryBundle(entries)))
            entries.removeAll(keepingCapacity: true)
        }
        size += 1
        var hash = leaf
        for level in 0..<8 {
            if edge.count == level { edge.append([]) }
            edge[level].append(hash)
            guard edge[level].count == 256,
                let coordinate = TileCoordinate(level: level, index: (size >> UInt64(8 * level) - 1) / 256),
                let tile = Tile(coordinate, hashes: edge[level]), let root = tile.root
            else { return }
            fullTiles.append(tile)
            edge[level].removeAll(keepingCapacity: true)
            hash = root
        }
    }

    /// The partial tiles as they are now.
    var partial: [Tile] {
        zip(GrowingTiles.partialTiles(size: size), edge).compactMap { coordinate, hashes in
            coordinate.flatMap { Tile($0, hashes: hashes) }
        }
    }

    /// The tiles that were full when this was called are written.
    mutating func forgetFull() {
        fullTiles.removeAll()
        fullBundles.removeAll()
    }

    /// The head of the tree: the roots of the perfect subtrees along the right edge, folded.
    func head() throws(ProofError) -> TreeHead {
        var peaks: [Digest] = []
        for hashes in edge.reversed() {
            var rest = hashes[...]
            for width in [128, 64, 32, 16, 8, 4, 2, 1] where hashes.count & width != 0 {
                guard let peak = TreeHash.perfectRoot(rest.prefix(width)) else { continue }
                peaks.append(peak)
                rest = rest.dropFirst(width)
            }
        }
        return try CompactRange(size: size, nodes: peaks).head
    }
}
