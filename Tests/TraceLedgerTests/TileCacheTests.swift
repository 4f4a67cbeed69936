import TestSupport
import Testing
import TraceLedger
import TraceProof

@Suite("Proofs from cached tiles")
struct TileCacheTests {
    @Test func aTileIsReadOnce() async throws {
        let log = try TileLog()
        let reader = try log.reader()
        try await log.check(1000, by: reader)
        #expect(log.reads() == ["tile/0/003", "tile/1/000", "tile/1/001.p/17", "tile/0/273.p/112"])
        try await log.check(1001, by: reader)
        #expect(log.reads() == [])
        try await log.check(9000, by: reader)
        #expect(log.reads() == ["tile/0/035"])
        // A copy shares it, another reader does not unless it is given the cache.
        let copy = reader
        try await log.check(1002, by: copy)
        #expect(log.reads() == [])
        try await log.check(1003, by: log.reader())
        #expect(log.reads().count == 4)
    }

    @Test func manyProofsShareTilesEvenWithoutACache() async throws {
        let log = try TileLog()
        let reader = try log.reader()
        let indices: [UInt64] = [69_999, 5, 600, 7, 68_000, 601, 5]
        let head = log.tree.head
        let proofs = try await reader.inclusionProofs(of: indices.map { ($0, log.leaves[Int($0)]) }, in: head)
        #expect(proofs.map(\.index) == indices)
        for proof in proofs { try proof.verify(leaf: log.leaves[Int(proof.index)], in: head) }
        let reads = log.reads()
        #expect(Set(reads).count == reads.count, "\(reads)")
    }

    @Test func keepsNoMoreThanItMay() async throws {
        let log = try TileLog()
        let without = try log.reader(TileCache(byteCount: 0))
        for _ in 0..<2 {
            try await log.check(1000, by: without)
            #expect(log.reads().count == 4)
        }
        // Room for eight tiles in two generations. The three of the upper levels and of the edge are asked for each time
        // and stay; a tile of level 0 is gone when enough others came after it.
        let small = try log.reader(TileCache(byteCount: 8 * TileTree.memorySize))
        for tile in 0..<20 as Range<UInt64> { try await log.check(tile << 8, by: small) }
        #expect(log.reads().count <= 20 + 3 * 4)
        try await log.check(1, by: small)
        #expect(log.reads().contains("tile/0/000"))
    }

    /// The hash of the leaf itself, and those above it, are no part of its proof: a tile that is wrong there is not kept.
    @Test(arguments: [("tile/0/003", 1000 - 768), ("tile/1/000", 3), ("tile/1/001.p/17", 0)])
    func keepsNoTileThatIsNotProved(path: String, hash: Int) async throws {
        let log = try TileLog()
        let reader = try log.reader()
        log.flip(path, hash: hash)
        let isUsed = path == "tile/1/001.p/17"
        let words = await refused { try await log.check(1000, by: reader) }
        #expect(words.contains(isUsed ? "from the tiles" : "accepted"))
        log.flip(path, hash: hash)
        _ = log.reads()
        try await log.check(1001, by: reader)
        #expect(log.reads().contains(path))
        try await log.check(1001, by: reader)
        #expect(log.reads() == [])
    }

    /// The same name and key, another tree: its tiles are read anew, and none of the other's come in between again.
    @Test func tilesOfAForkAreForgotten() async throws {
        let cache = TileCache()
        let (left, right) = (try TileLog(), try TileLog(seed: 1))
        let (reader, other) = (try left.reader(cache), try right.reader(cache))
        for (log, reader) in [(left, reader), (right, other), (left, reader)] {
            try await log.check(1000, by: reader)
            #expect(log.reads().count == 4)
            try await log.check(1001, by: reader)
            #expect(log.reads() == [])
        }
        // Ledgers of different names do not meet.
        let apart = try TileLog(name: "apart", seed: 2)
        try await apart.check(1000, by: apart.reader(cache))
        try await left.check(1000, by: reader)
        #expect(left.reads() == [])
    }

    /// A full tile in the place of a partial one that was pruned is used, and kept only when all of it was proved.
    @Test func aFullTileInThePlaceOfAPartialOne() async throws {
        let log = try TileLog()
        let reader = try log.reader()
        for _ in 0..<2 {
            try await log.check(500, at: 600, by: reader)
            #expect(log.reads().suffix(2) == ["tile/0/002.p/88", "tile/0/002"])
        }
        try await log.check(513, by: reader)
        _ = log.reads()
        try await log.check(500, at: 600, by: reader)
        #expect(log.reads() == [])
    }

    @Test func aWrongQuestionDoesNoHarm() async throws {
        let log = try TileLog()
        let reader = try log.reader()
        try await log.check(1000, by: reader)
        await expectRefusal("the proof of entry 1000 from the tiles") {
            try await reader.inclusionProof(index: 1000, leaf: log.leaves[3], in: log.tree.head)
        }
        await expectRefusal("the index 70000 is outside") {
            try await reader.inclusionProof(index: 70_000, leaf: log.leaves[3], in: log.tree.head)
        }
        try await log.check(1000, by: reader)
        log.flip("tile/0/005", hash: 9)
        await expectRefusal("the proof of entry 1300 from the tiles") { try await log.check(1300, by: reader) }
    }

    @Test func everyProofAtEverySize() async throws {
        let log = try TileLog()
        var generator = SystemRandomNumberGenerator()
        for byteCount in [0, 6 * TileTree.memorySize, 1 << 20] {
            let reader = try log.reader(TileCache(byteCount: byteCount))
            for size in [1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 69_999, 70_000] as [UInt64] {
                for index in Set([0, size - 1, size / 2, UInt64.random(in: 0..<size, using: &generator)]) {
                    // Only the tiles of the latest size and full ones are there.
                    let pruned = size != 70_000 && size & ~255 >= 69_888
                    if pruned { continue }
                    try await log.check(index, at: size, by: reader)
                }
                let old = UInt64.random(in: 1...size, using: &generator)
                if size == 70_000 {
                    _ = try await reader.consistencyProof(from: log.tree.head(at: old), to: log.tree.head)
                }
            }
        }
    }

    @Test func manyTasksShareOneCache() async throws {
        let log = try TileLog()
        let reader = try log.reader(TileCache(byteCount: 40 * TileTree.memorySize))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 as Range<UInt64> {
                group.addTask {
                    for turn in 0..<200 as Range<UInt64> {
                        try await log.check((turn &* 7919 &+ task &* 31) % 70_000, by: reader)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
