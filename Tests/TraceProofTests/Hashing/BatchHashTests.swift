import CTraceHash
import TestSupport
import Testing
import TraceProof

extension HashKernelTests {
    /// Many hashes in one call against one at a time by libsodium, over every path.
    @Suite(.serialized) struct Batches {
        @Test func readAsAnExample() throws {
            let entries: [[UInt8]] = [[1], [2, 3], []]
            #expect(TreeHash.leaves(entries) == entries.map { TreeHash.leaf($0) })
            #expect(TreeHash.leaves(try EntryBundle(entries)) == entries.map { TreeHash.leaf($0) })
            #expect(TreeHash.leaves(in: [1, 2, 3], endingAt: [1, 3, 3]) == entries.map { TreeHash.leaf($0) })
            #expect(TreeHash.leaves([]) == [])
            let row = TreeHash.leaves([[1], [2], [3], [4], [5]])
            #expect(TreeHash.nodes(row[...]) == [TreeHash.node(row[0], row[1]), TreeHash.node(row[2], row[3])])
        }

        /// All lengths, alone in a batch and beside all others.
        @Test(arguments: HashPath.available) func leavesOfEveryLength(path: HashPath) throws {
            var generator = SeededGenerator(seed: 2)
            let entries = (0...300).map { generator.bytes($0) }
            let expected = entries.map { sodiumSHA256([0x00] + $0) }
            path.run {
                #expect(TreeHash.leaves(entries).map(\.bytes) == expected)
                #expect(TreeHash.leaves(entries.reversed()).map(\.bytes) == expected.reversed())
                for (entry, hash) in zip(entries, expected) {
                    let same = [[UInt8]](repeating: entry, count: 9)
                    #expect(TreeHash.leaves(same).map(\.bytes) == [[UInt8]](repeating: hash, count: 9))
                }
            }
        }

        @Test(arguments: HashPath.available) func leavesOfRandomBatches(path: HashPath) throws {
            path.run {
                forAll(150) { generator in
                    let longest = [3, 70, 600, 40_000].randomElement(using: &generator) ?? 70
                    let count = Int.random(in: 0...(longest > 600 ? 12 : 70), using: &generator)
                    let entries = (0..<count).map { _ in
                        generator.bytes(Int.random(in: 0...longest, using: &generator))
                    }
                    let expected = entries.map { sodiumSHA256([0x00] + $0) }
                    try check(TreeHash.leaves(entries).map(\.bytes) == expected, "arrays")
                    var ends: [Int] = []
                    for entry in entries { ends.append((ends.last ?? 0) + entry.count) }
                    let joined = Array(entries.joined()) + generator.bytes(3)
                    try check(TreeHash.leaves(in: joined, endingAt: ends)?.map(\.bytes) == expected, "ends")
                    try check(apart(entries) == expected, "pointers")
                    if count == 0 { return }
                    let bundle = try EntryBundle(entries)
                    try check(TreeHash.leaves(bundle).map(\.bytes) == expected, "bundle")
                }
            }
        }

        /// A bundle that is not what it should be gives no hashes.
        @Test(arguments: HashPath.available) func refusesWhatIsNotABundle(path: HashPath) throws {
            path.run {
                #expect(TreeHash.leaves(bundle: [], width: 0) == [])
                for (bytes, width): ([UInt8], Int) in [
                    ([], 1), ([0], 0), ([0], 1), ([0, 1], 1), ([0, 0, 0], 1), ([0, 0], 2), ([0, 0], -1),
                    ([0, 0], .max),
                    ([255, 255, 1], 1),
                ] { #expect(TreeHash.leaves(bundle: bytes, width: width) == nil) }
                forAll(150) { generator in
                    let entries = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                        generator.bytes(Int.random(in: 0...9, using: &generator))
                    }
                    var bytes = try EntryBundle(entries).encoded
                    bytes[Int.random(in: bytes.indices, using: &generator)] ^= UInt8.random(
                        in: 1...255,
                        using: &generator
                    )
                    let width = entries.count + Int.random(in: -1...1, using: &generator)
                    let decoded = try? EntryBundle(decoding: bytes, width: width)
                    let expected = decoded.map { $0.map { TreeHash.leaf($0) } }
                    guard width > 0 else { return }
                    try check(TreeHash.leaves(bundle: bytes, width: width) == expected, "\(bytes)")
                }
            }
        }

        @Test func refusesEndsOutOfOrder() {
            #expect(TreeHash.leaves(in: [1, 2], endingAt: [3]) == nil)
            #expect(TreeHash.leaves(in: [1, 2], endingAt: [-1]) == nil)
            #expect(TreeHash.leaves(in: [1, 2], endingAt: [2, 1]) == nil)
            #expect(TreeHash.leaves(in: [1, 2], endingAt: []) == [])
        }

        /// Rows of every length, at every alignment, out of place and in place.
        @Test(arguments: HashPath.available) func parentsOfRows(path: HashPath) throws {
            var generator = SeededGenerator(seed: 3)
            path.run {
                for count in 0...40 {
                    let offset = count % 17
                    var bytes = generator.bytes(offset + 64 * count)
                    var expected: [UInt8] = []
                    for start in stride(from: offset, to: bytes.count, by: 64) {
                        expected += sodiumSHA256([0x01] + bytes[start..<start + 64])
                    }
                    var apart = [UInt8](repeating: 0, count: 32 * count + 1)
                    unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                        guard let row = bytes.baseAddress else { return }
                        unsafe trace_hash_nodes(row + offset, count, &apart)
                        unsafe trace_hash_nodes(row + offset, count, row + offset)
                    }
                    #expect(apart == expected + [0])
                    #expect(Array(bytes[offset..<(offset + 32 * count)]) == expected)
                }
            }
        }

        @Test(arguments: HashPath.available) func rootsOfPerfectTrees(path: HashPath) throws {
            let leaves = (0..<16_384).map { TreeHash.leaf([UInt8($0 & 0xFF), UInt8($0 >> 8)]) }
            path.run {
                for level in 0...14 {
                    var row = Array(leaves.prefix(1 << level))
                    while row.count > 1 {
                        row = (0..<row.count / 2).map { TreeHash.node(row[2 * $0], row[2 * $0 + 1]) }
                    }
                    #expect(TreeHash.perfectRoot(leaves[..<(1 << level)]) == row[0])
                }
                for count in [0, 3, 5, 255] { #expect(TreeHash.perfectRoot(leaves[..<count]) == nil) }
            }
        }

        /// The leaf hashes through pointers, as C callers give entries that stand apart.
        private func apart(_ entries: [[UInt8]]) -> [[UInt8]] {
            let copies = unsafe entries.map { entry in
                let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, entry.count))
                _ = unsafe copy.update(fromContentsOf: entry)
                return unsafe copy
            }
            defer { unsafe copies.forEach { unsafe $0.deallocate() } }
            let pointers = unsafe copies.map { unsafe UnsafePointer($0.baseAddress) }
            var out = [UInt8](repeating: 0, count: 32 * entries.count)
            unsafe trace_hash_leaves(pointers, entries.map(\.count), entries.count, &out)
            return (0..<entries.count).map { Array(out[(32 * $0)..<(32 * $0 + 32)]) }
        }
    }
}
