import TestSupport
import Testing
import TraceProof

/// Leaf hashes appended many at a time give the tree that one at a time gives.
@Suite struct BulkAppendTests {
    private let leaves = (0..<3000).map { TreeHash.leaf([UInt8($0 & 0xFF), UInt8($0 >> 8)]) }

    @Test func everySizeUpTo300() throws {
        var one = CompactRange()
        for size in 0...300 {
            var many = CompactRange()
            try many.append(contentsOf: leaves[..<size])
            #expect(many == one)
            #expect(MerkleTree(leaves: leaves[..<size]).head == one.head)
            try one.append(leaves[size])
        }
    }

    @Test func inAnyPortions() {
        forAll(60) { generator in
            var (range, expected) = (CompactRange(), CompactRange())
            var (tree, grown) = (MerkleTree(), MerkleTree())
            var start = 0
            while start < leaves.count {
                let count = min(leaves.count - start, Int.random(in: 0...700, using: &generator))
                let portion = leaves[start..<start + count]
                try range.append(contentsOf: portion)
                tree.append(contentsOf: portion)
                for leaf in portion {
                    try expected.append(leaf)
                    grown.append(leaf)
                }
                start += count
                try check(range == expected, "range at \(start)")
                try check(tree.head == expected.head, "tree at \(start)")
                try check(tree.leaves == Array(leaves[..<start]), "leaves at \(start)")
            }
            let index = UInt64.random(in: 0..<UInt64(leaves.count), using: &generator)
            let proof = try InclusionProof.make(index: index, treeSize: tree.size, from: tree)
            try check(proof == InclusionProof.make(index: index, treeSize: tree.size, from: grown), "proof of \(index)")
        }
    }

    @Test func refusesMoreThanThereIsRoomFor() throws {
        let maximum = TreeSize.maximum
        var range = try CompactRange(size: maximum - 1, nodes: [Digest](repeating: leaves[0], count: 62))
        let before = range
        #expect(throws: ProofError.sizeTooLarge(maximum + 1)) { try range.append(contentsOf: leaves[..<2]) }
        #expect(range == before)
        try range.append(contentsOf: leaves[..<1])
        #expect(range.size == maximum)
    }
}
