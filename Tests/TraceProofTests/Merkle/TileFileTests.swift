import Foundation
import TestSupport
import Testing
import TraceProof

/// Tiles as files: a golden log of 300 entries of our own, and the tiles of Sunlight's test mirror.
@Suite struct TileFileTests {
    static let golden = Vectors.packageRoot.appending(path: "Tests/Goldens/tlog-tiles")
    let entries = (0..<300).map { Array("entry \($0)".utf8) }

    /// Both ways. `TRACE_WRITE_GOLDENS=1 swift test --filter TileFileTests` writes the files anew.
    @Test func goldenLog() throws {
        let tree = MerkleTree(leaves: entries.map { TreeHash.leaf($0) })
        var files: [(path: String, bytes: [UInt8])] = []
        for tile in try TileGrowth(to: tree.size) {
            let start = tile.index * 256
            let nodes = (start..<start + UInt64(tile.width)).map { NodeCoordinate(level: 8 * tile.level, index: $0) }
            files.append((tile.path, try #require(Tile(tile, hashes: tree.hashes(of: nodes))).encoded))
        }
        for bundle in try TileGrowth(to: tree.size).bundles {
            let start = Int(bundle.firstEntry)
            files.append((bundle.path, try EntryBundle(entries[start..<start + bundle.width]).encoded))
        }
        #expect(
            files.map(\.path) == [
                "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44",
            ]
        )
        for (path, bytes) in files {
            let url = Self.golden.appending(path: path)
            if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil {
                let folder = url.deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try Data(bytes).write(to: url)
            }
            #expect(try [UInt8](Data(contentsOf: url)) == bytes, "\(path)")
        }
    }

    @Test func goldenLogReadsBack() throws {
        // Computed by ten lines of Python, apart from this code.
        let root = "ca393d0296bec5e0b8dcab983bd1fb7d1461f512e7267cb89631ad26fd66d848"
        let source = TileNodeSource(treeSize: 300) { (wanted: [TileCoordinate]) throws(FormatError) in
            var tiles: [Tile] = []
            for tile in wanted { tiles.append(try Tile(tile, decoding: read(Self.golden, tile.path))) }
            return tiles
        }
        let head = try source.head(at: 300)
        #expect(head.root.description == root)
        for coordinate in try TileGrowth(to: 300).bundles {
            let bytes = try read(Self.golden, coordinate.path)
            let bundle = try EntryBundle(decoding: bytes, width: coordinate.width)
            for (offset, entry) in bundle.enumerated() {
                let index = coordinate.firstEntry + UInt64(offset)
                #expect(Array(entry) == entries[Int(index)])
                try InclusionProof.make(index: index, treeSize: 300, from: source).verify(
                    leaf: TreeHash.leaf(entry),
                    in: head
                )
            }
        }
    }

    /// What is there of the mirror of 300 entries: a full tile hashes into the level above, and all encode as they were.
    @Test(.enabled(if: Vectors.present, "the public vectors are not at ../shared/vectors")) func sunlight() throws {
        var tiles: [TileCoordinate: Tile] = [:]
        for file in Vectors.files(below: "sunlight-skylight", ending: "") where file.contains("/tile/") {
            guard let start = file.range(of: "/tile/"), !file.contains("/entries/"), !file.hasSuffix(".p"),
                let bytes = try? Vectors.bytes(file)
            else { continue }
            let coordinate = try TileCoordinate(path: "tile/" + file[start.upperBound...])
            let tile = try Tile(coordinate, decoding: bytes)
            #expect(tile.encoded == bytes)
            tiles[coordinate] = tile
        }
        #expect(!tiles.isEmpty)
        let expected = Set(try TileGrowth(to: 300))
        #expect(tiles.keys.allSatisfy { expected.contains($0) })
        if let full = try tiles[TileCoordinate(path: "tile/0/000")],
            let above = try tiles[TileCoordinate(path: "tile/1/000.p/1")]
        {
            #expect(full.root == above.hashes.first)
        }
        print("sunlight: \(tiles.count) of \(expected.count) tiles are there")
    }

    private func read(_ folder: URL, _ path: String) throws(FormatError) -> [UInt8] {
        do { return [UInt8](try Data(contentsOf: folder.appending(path: path))) } catch {
            throw FormatError("tile", at: .whole, "\(path): \(error)")
        }
    }
}
