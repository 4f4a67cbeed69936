import TestSupport
import Testing
import TraceProof

/// Where tiles stand and which there are.
@Suite struct TileCoordinateTests {
    /// The examples of C2SP tlog-tiles.
    @Test func pathsOfTheSpecification() throws {
        let tile = try #require(TileCoordinate(level: 0, index: 1_234_067))
        #expect(tile.path == "tile/0/x001/x234/067")
        #expect(try TileCoordinate(path: "tile/0/x001/x234/067") == tile)
        let partial = try #require(TileCoordinate(level: 1, index: 0, width: 17))
        #expect(partial.path == "tile/1/000.p/17")
        #expect(partial.full.path == "tile/1/000")
        #expect(partial.byteCount == 544)
        let bundle = try #require(BundleCoordinate(index: 273, width: 112))
        #expect(bundle.path == "tile/entries/273.p/112")
        #expect(try BundleCoordinate(path: "tile/entries/273.p/112") == bundle)
        #expect(try BundleCoordinate(path: "tile/entries/x001/x234/067").firstEntry == 1_234_067 * 256)
        #expect(BundleCoordinate(holding: 69_999, treeSize: 70_000) == bundle)
        #expect(BundleCoordinate(holding: 70_000, treeSize: 70_000) == nil)
    }

    @Test func theLargestTile() throws {
        let last = try #require(TileCoordinate(level: 63, index: TreeSize.maximum / 256, width: 255))
        #expect(last.path == "tile/63/x036/x028/x797/x018/x963/967.p/255")
        #expect(try TileCoordinate(path: last.path) == last)
        #expect(TileCoordinate(level: 0, index: last.index + 1) == nil)
        #expect(TileCoordinate(level: 64, index: 0) == nil)
        #expect(TileCoordinate(level: -1, index: 0) == nil)
        #expect(TileCoordinate(level: 0, index: 0, width: 0) == nil)
        #expect(TileCoordinate(level: 0, index: 0, width: 257) == nil)
    }

    @Test(arguments: [
        "", "tile", "tile/", "tile/0", "tile/0/", "tile//000", "tile/00/000", "tile/01/000", "tile/64/000",
        "tile/-1/000",
        "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/1000", "tile/0/x000/000", "tile/0/x000/x001/000",
        "tile/0/001/000",
        "tile/0/x001", "tile/0/x001/", "tile/0/x001/x000", "tile/0/x01/000", "tile/0/X001/000", "tile/0/x001/000/",
        "tile/0/x036/x028/x797/x018/x963/968", "tile/0/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0", "tile/0/000.p/00", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/1000",
        "tile/0/000.p/1/",
        "tile/0/000.p/1 ", "tile/0/000.p/+1", "tile/0/000.P/1", "tile/0/000p/1", "/tile/0/000", "tile/0/000\n",
        "tile/0/00０",
        "Tile/0/000", "tile/0/../000", "tile/99999999999999999999/000", "tile/0/000.p/99999999999999999999",
        "tile/entries/000", "tile/data/000",
    ])
    func refuses(_ path: String) {
        #expect(throws: FormatError.self) { try TileCoordinate(path: path) }
        let entries = path.hasPrefix("tile/0") ? "tile/entries" + path.dropFirst(6) : "x" + path
        #expect(throws: FormatError.self) { try BundleCoordinate(path: entries) }
    }

    @Test func errorsSayWhere() {
        #expect(throws: FormatError("tile path", at: .offset(13), "a tile is never empty, so there is no width 0")) {
            try TileCoordinate(path: "tile/0/000.p/0")
        }
    }

    @Test func mutatedPathsAreRefusedOrCanonical() {
        let alphabet = Array("0123456789x/.ptile \u{7F}".utf8)
        forAll(3000) { generator in
            let index =
                UInt64.random(in: 0...TreeSize.maximum / 256, using: &generator)
                >> UInt64.random(in: 0...54, using: &generator)
            let width = Bool.random(using: &generator) ? 256 : Int.random(in: 1...256, using: &generator)
            let level = Int.random(in: 0...63, using: &generator)
            guard let tile = TileCoordinate(level: level, index: index, width: width),
                let bundle = BundleCoordinate(index: index, width: width)
            else { throw Falsified("coordinate") }
            try check(try TileCoordinate(path: tile.path) == tile, "round trip of \(tile)")
            try check(try BundleCoordinate(path: bundle.path) == bundle, "round trip of \(bundle)")
            for path in [tile.path, bundle.path] {
                var bytes = Array(path.utf8)
                let at = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes.remove(at: at)
                case 1: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: at)
                default: bytes[at] = alphabet.randomElement(using: &generator) ?? 0
                }
                let text = String(decoding: bytes, as: UTF8.self)
                if let other = try? TileCoordinate(path: text) {
                    try check(other.path == text, "\(text) is not canonical")
                }
                if let other = try? BundleCoordinate(path: text) {
                    try check(other.path == text, "\(text) is not canonical")
                }
            }
        }
    }
}

@Suite struct TileGrowthTests {
    @Test func tilesOfSeventyThousandEntries() throws {
        let tiles = Array(try TileGrowth(to: 70_000))
        #expect(tiles.filter { $0.level == 0 && $0.isFull }.count == 273)
        #expect(
            tiles.filter { $0.level > 0 || !$0.isFull }.map(\.path)
                == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
        )
        #expect(
            Array(try TileGrowth(to: 70_000).bundles).map(\.path).suffix(2) == [
                "tile/entries/272", "tile/entries/273.p/112",
            ]
        )
    }

    /// A full tile appears in the level above at once; no tile is ever empty, and none is there twice.
    @Test func tilesAroundTwoHundredAndFiftySix() throws {
        #expect(try TileGrowth(to: 0).map(\.path) == [])
        #expect(try TileGrowth(to: 1).map(\.path) == ["tile/0/000.p/1"])
        #expect(try TileGrowth(to: 255).map(\.path) == ["tile/0/000.p/255"])
        #expect(try TileGrowth(to: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
        #expect(try TileGrowth(to: 257).map(\.path) == ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"])
        #expect(try TileGrowth(from: 255, to: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
        #expect(try TileGrowth(from: 256, to: 257).map(\.path) == ["tile/0/001.p/1"])
        #expect(try TileGrowth(from: 256, to: 256).map(\.path) == [])
        #expect(try TileGrowth(from: 65_535, to: 65_536).map(\.path) == ["tile/0/255", "tile/1/000", "tile/2/000.p/1"])
        // tessera#1178: never a full path for what is partial.
        #expect(try TileGrowth(from: 65_536, to: 66_000).filter { $0.level > 0 }.map(\.path) == ["tile/1/001.p/1"])
        #expect(throws: ProofError.sizesOutOfOrder(old: 2, new: 1)) { try TileGrowth(from: 2, to: 1) }
    }

    @Test func coversEveryHashOnceForEverySize() throws {
        var sizes = Set(stride(from: 0, through: 70_000, by: 997)).union(0...600).union(65_000...65_010)
        for power in 0...16 { sizes.formUnion(max(0, 1 << power - 2)...1 << power + 2) }
        for size in sizes.sorted() {
            var hashes = [Int](repeating: 0, count: 8)
            for tile in try TileGrowth(to: UInt64(size)) {
                #expect(tile.index == UInt64(hashes[tile.level] / 256))
                #expect(hashes[tile.level].isMultiple(of: 256))
                hashes[tile.level] += tile.width
            }
            for level in 0..<8 { #expect(hashes[level] == size >> (8 * level)) }
        }
    }

    @Test func growthIsTheDifferenceOfTheTilesOfBothSizes() {
        forAll(100) { generator in
            let new = UInt64.random(in: 0...140_000, using: &generator)
            let old = UInt64.random(in: 0...new, using: &generator)
            let before = Set(try TileGrowth(to: old))
            let expected = try TileGrowth(to: new).filter { !before.contains($0) }
            try check(Array(try TileGrowth(from: old, to: new)) == expected, "from \(old) to \(new)")
            let bundles = expected.filter { $0.level == 0 }.map { BundleCoordinate(index: $0.index, width: $0.width) }
            try check(Array(try TileGrowth(from: old, to: new).bundles) == bundles, "bundles from \(old) to \(new)")
        }
    }

    @Test func theLargestTreeDoesNotTrap() throws {
        let tiles = Array(try TileGrowth(from: TreeSize.maximum - 300, to: TreeSize.maximum))
        #expect(tiles.filter { $0.level == 0 }.map(\.width) == [256, 255])
        #expect(tiles.last?.level == 1)
        #expect(try TileGrowth(to: TreeSize.maximum).first { _ in true }?.path == "tile/0/000")
    }
}

@Suite struct TileTests {
    let leaves = (0..<600).map { TreeHash.leaf(Array("entry \($0)".utf8)) }

    @Test func aFullTileHashesIntoTheLevelAbove() throws {
        let fullPlace = try TileCoordinate(path: "tile/0/001")
        let full = try #require(Tile(fullPlace, hashes: Array(leaves[256..<512])))
        #expect(full.root == MerkleTree(leaves: leaves[256..<512]).head.root)
        #expect(full.encoded.count == 8192)
        #expect(try Tile(fullPlace, decoding: full.encoded) == full)
        let partial = try #require(Tile(TileCoordinate(path: "tile/0/002.p/88"), hashes: Array(leaves[512...])))
        #expect(partial.root == nil)
        #expect(Tile(full.coordinate, hashes: partial.hashes) == nil)
    }

    @Test func refusesAnotherNumberOfBytes() throws {
        let coordinate = try #require(TileCoordinate(level: 0, index: 0, width: 3))
        for count in [0, 1, 95, 97, 64, 128, 8192] {
            #expect(throws: FormatError.self) { try Tile(coordinate, decoding: [UInt8](repeating: 7, count: count)) }
        }
    }
}

/// Proofs out of tiles, the way a ledger on disk and an HTTP client make them.
@Suite struct TilePlanTests {
    static let count = 66_000
    static let tree = MerkleTree(leaves: (0..<count).map { TreeHash.leaf(Array("entry \($0)".utf8)) })

    /// A tile of ``tree``, cut from its nodes.
    static func tile(_ coordinate: TileCoordinate) throws -> Tile {
        let first = coordinate.index * 256
        let nodes = (first..<first + UInt64(coordinate.width)).map {
            NodeCoordinate(level: 8 * coordinate.level, index: $0)
        }
        return try #require(Tile(coordinate, hashes: tree.hashes(of: nodes)))
    }

    @Test func planThenReadThenHash() throws {
        let size: UInt64 = 66_000
        let proofPlan = try ProofPlan.inclusion(index: 65_999, treeSize: size)
        let plan = try TilePlan(reading: proofPlan.nodes, treeSize: size)
        #expect(plan.tiles.map(\.path) == ["tile/0/257.p/208", "tile/1/001.p/1", "tile/2/000.p/1"])
        let tiles = try plan.tiles.map { try Self.tile($0) }
        let path = try proofPlan.path(from: plan.hashes(from: tiles))
        try InclusionProof(index: 65_999, treeSize: size, path: path)
            .verify(leaf: Self.tree.leaves[65_999], in: Self.tree.head)
    }

    @Test func everyNodeComesOutOfTheTiles() {
        forAll(60) { generator in
            let size = UInt64.random(in: 1...UInt64(Self.count), using: &generator)
            let index = UInt64.random(in: 0..<size, using: &generator)
            let old = UInt64.random(in: 1...size, using: &generator)
            var reads: [TileCoordinate] = []
            let source = TileNodeSource(treeSize: size) { (wanted: [TileCoordinate]) throws(ReadError) in
                reads += wanted
                do { return try wanted.map { try Self.tile($0) } } catch { throw ReadError() }
            }
            let inclusion = try InclusionProof.make(index: index, treeSize: size, from: source)
            try check(Set(reads).count == reads.count, "a tile is read twice for \(index) in \(size)")
            try check(try inclusion == .make(index: index, treeSize: size, from: Self.tree), "\(index) in \(size)")
            try check(
                try ConsistencyProof.make(oldSize: old, newSize: size, from: source)
                    == .make(oldSize: old, newSize: size, from: Self.tree),
                "\(old) to \(size)"
            )
            try check(try source.head(at: size) == Self.tree.head(at: size), "head at \(size)")
            let tiles = Set(try TileGrowth(to: size))
            try check(reads.allSatisfy { tiles.contains($0) }, "a tile is read that \(size) does not have")
        }
    }

    @Test func oneReadServesManyProofs() throws {
        let plans = try (0..<256).map { try ProofPlan.inclusion(index: $0, treeSize: 66_000) }
        let plan = try TilePlan(reading: plans.flatMap(\.nodes), treeSize: 66_000)
        #expect(plan.tiles.count == 4, "two on level 0, the one on level 1 beside the right edge's, no more")
        #expect(Set(plan.tiles).count == plan.tiles.count)
    }

    @Test func fallsBackToAWiderTileAndRefusesOthers() throws {
        let size: UInt64 = 300
        let proofPlan = try ProofPlan.inclusion(index: 290, treeSize: size)
        let plan = try TilePlan(reading: proofPlan.nodes, treeSize: size)
        #expect(plan.tiles.map(\.path) == ["tile/0/001.p/44", "tile/1/000.p/1"])
        let exact = try plan.tiles.map { try Self.tile($0) }
        let wider = try plan.tiles.map { try Self.tile($0.full) }
        #expect(try plan.hashes(from: exact) == plan.hashes(from: wider))
        let narrow = try Self.tile(TileCoordinate(path: "tile/0/001.p/43"))
        for supplied in [[], [exact[0]], exact.reversed(), [narrow, exact[1]], [exact[1], exact[1]]] {
            #expect(throws: ProofError.self) { try plan.hashes(from: supplied) }
        }
        let absent = NodeCoordinate(level: 0, index: 300)
        #expect(throws: ProofError.nodeAbsent(absent)) { try TilePlan(reading: [absent], treeSize: size) }
        for level in [-1, 9, 63, 64, 1000] {
            #expect(throws: ProofError.self) {
                try TilePlan(reading: [NodeCoordinate(level: level, index: 0)], treeSize: size)
            }
        }
    }

    struct ReadError: Error {}
}
