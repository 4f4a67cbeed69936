import TestSupport
import Testing
import TraceProof

@Suite struct TileTreeTests {
    @Test func hasEveryCompleteNodeOfATileAndNoOther() throws {
        let tree = MerkleTree(
            leaves: TreeHash.leaves((0..<70_000).map { [UInt8($0 & 255), UInt8($0 >> 8 & 255), UInt8($0 >> 16)] })
        )
        for path in ["tile/0/000", "tile/0/003", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
        {
            let coordinate = try TileCoordinate(path: path)
            let stored = (0..<UInt64(coordinate.width)).map {
                NodeCoordinate(level: 8 * coordinate.level, index: coordinate.index << 8 + $0)
            }
            let hashes = try tree.hashes(of: stored)
            let tile = try #require(Tile(coordinate, hashes: hashes))
            let nodes = TileTree(tile)
            #expect(nodes.coordinate == coordinate)
            #expect(nodes.hashes == hashes[...])
            #expect(nodes.root == tile.root)
            for height in 0...9 {
                let level = 8 * coordinate.level + height
                let first = (coordinate.index << 8) >> UInt64(height)
                for index in (first - min(1, first))...(first + 256 >> UInt64(height)) {
                    let node = NodeCoordinate(level: level, index: index)
                    let isHere = height < 8 && TileCoordinate(holding: node, treeSize: 70_000) == coordinate
                    #expect(nodes.hash(of: node) == (isHere ? try tree.hashes(of: [node])[0] : nil), "\(path) \(node)")
                }
            }
            for level in [-1, 63, 64, Int.max, Int.min] {
                #expect(nodes.hash(of: NodeCoordinate(level: level, index: .max)) == nil)
            }
        }
    }

    @Test func everyWidth() throws {
        let leaves = (0..<256).map { TreeHash.leaf([UInt8($0)]) }
        let tree = MerkleTree(leaves: leaves)
        for width in 1...256 {
            let coordinate = try #require(TileCoordinate(level: 0, index: 0, width: width))
            let nodes = TileTree(try #require(Tile(coordinate, hashes: Array(leaves[..<width]))))
            for height in 0..<8 {
                for index in 0..<256 as Range<UInt64> where index < 256 >> UInt64(height) {
                    let node = NodeCoordinate(level: height, index: index)
                    let expected = node.isComplete(at: UInt64(width)) ? try tree.hashes(of: [node])[0] : nil
                    #expect(nodes.hash(of: node) == expected)
                }
            }
        }
    }
}
