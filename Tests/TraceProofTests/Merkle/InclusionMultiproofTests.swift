import Foundation
import TestSupport
import Testing
import TraceProof

/// One proof for several leaves of a tree.
@Suite struct InclusionMultiproofTests {
    private static func tree(_ size: Int) -> MerkleTree {
        MerkleTree(leaves: (0..<size).map { TreeHash.leaf(Array("entry \($0)".utf8)) })
    }

    @Test func severalLeavesShareTheirHashes() throws {
        let tree = Self.tree(1000)
        let indices: [UInt64] = [2, 3, 700]
        let proof = try InclusionMultiproof.make(indices: indices, treeSize: tree.size, from: tree)
        try proof.verify(leaves: indices.map { tree.leaves[Int($0)] }, in: tree.head)
        let single = try indices.map {
            try InclusionProof.make(index: $0, treeSize: tree.size, from: tree).path.count
        }
        #expect(proof.hashes.count < single.reduce(0, +) / 2 + 5)
    }

    /// For one leaf the hashes are those of its inclusion proof.
    @Test func oneLeafTakesItsPath() throws {
        for size in 1...40 {
            let tree = Self.tree(size)
            for index in 0..<UInt64(size) {
                let multi = try InclusionMultiproof.make(indices: [index], treeSize: tree.size, from: tree)
                let single = try InclusionProof.make(index: index, treeSize: tree.size, from: tree)
                #expect(Set(multi.hashes) == Set(single.path))
                #expect(multi.hashes.count == single.path.count)
            }
        }
    }

    @Test func allLeavesTakeNoHash() throws {
        for size in 1...40 {
            let tree = Self.tree(size)
            let all = Array(0..<UInt64(size))
            let proof = try InclusionMultiproof.make(indices: all, treeSize: tree.size, from: tree)
            #expect(proof.hashes.isEmpty)
            #expect(try proof.root(leaves: tree.leaves) == tree.head.root)
        }
    }

    @Test func anySetOfAnyTreeIsProved() throws {
        forAll { generator in
            let tree = Self.tree(Int.random(in: 1...300, using: &generator))
            let share = Double.random(in: 0...1, using: &generator)
            let indices = (0..<tree.size).filter { _ in Double.random(in: 0..<1, using: &generator) < share }
            guard !indices.isEmpty else { return }
            let leaves = indices.map { tree.leaves[Int($0)] }
            let proof = try InclusionMultiproof.make(indices: indices, treeSize: tree.size, from: tree)
            try check(try proof.root(leaves: leaves) == tree.head.root, "\(indices) of \(tree.size)")
            try Self.refuseChanges(of: proof, leaves, tree.head, &generator)
        }
    }

    /// A proof with anything changed proves nothing.
    private static func refuseChanges(
        of proof: InclusionMultiproof,
        _ leaves: [Digest],
        _ head: TreeHead,
        _ generator: inout SeededGenerator
    ) throws {
        func refuses(_ indices: [UInt64], _ hashes: [Digest], _ leaves: [Digest], _ what: String) throws {
            let changed = InclusionMultiproof(indices: indices, treeSize: proof.treeSize, hashes: hashes)
            try check((try? changed.verify(leaves: leaves, in: head)) == nil, what)
        }
        let other = TreeHash.leaf([0xFF])
        var swapped = leaves
        swapped[Int.random(in: leaves.indices, using: &generator)] = other
        try refuses(proof.indices, proof.hashes, swapped, "another leaf")
        try refuses(proof.indices, proof.hashes + [other], leaves, "a hash too many")
        try refuses(proof.indices, proof.hashes, Array(leaves.dropLast()), "a leaf too few")
        if leaves.count > 1 {
            try refuses(proof.indices.reversed(), proof.hashes, leaves.reversed(), "descending")
        }
        if let place = proof.hashes.indices.randomElement(using: &generator) {
            var hashes = proof.hashes
            hashes[place] = other
            try refuses(proof.indices, hashes, leaves, "another hash")
            hashes.remove(at: place)
            try refuses(proof.indices, hashes, leaves, "a hash too few")
        }
        if let last = proof.indices.last, last + 1 < proof.treeSize {
            try refuses(Array(proof.indices.dropLast()) + [last + 1], proof.hashes, leaves, "another index")
        }
    }

    /// goals of the issue: n random events of N cost at most 1.05 x n x log2(N/n) hashes.
    @Test(arguments: [(10, 1 << 20), (100, 1 << 20), (1000, 1 << 20), (1000, 100_000)])
    func theNumberOfHashesIsAsPromised(_ count: Int, _ size: Int) throws {
        var generator = SeededGenerator(seed: 7)
        var total = 0
        for _ in 0..<20 {
            var indices: Set<UInt64> = []
            while indices.count < count { indices.insert(.random(in: 0..<UInt64(size), using: &generator)) }
            let plan = try ProofPlan.inclusion(indices: indices.sorted(), treeSize: UInt64(size))
            total += plan.nodes.count
        }
        let goal = 1.05 * Double(count) * log2(Double(size) / Double(count))
        #expect(Double(total) / 20 <= goal, "\(Double(total) / 20) hashes, the goal is \(goal)")
    }

    @Test func neighboursCostNextToNothing() throws {
        let plan = try ProofPlan.inclusion(indices: Array(5000..<6000), treeSize: 1 << 20)
        #expect(plan.nodes.count <= 40)
    }

    @Test func badIndicesAreRefused() throws {
        for indices: [UInt64] in [[], [5], [1, 1], [2, 1], [.max]] {
            #expect(throws: ProofError.self) { try ProofPlan.inclusion(indices: indices, treeSize: 5) }
            let proof = InclusionMultiproof(indices: indices, treeSize: 5, hashes: [])
            #expect(throws: ProofError.self) { try proof.root(leaves: indices.map { _ in TreeHash.empty }) }
        }
        let huge = InclusionMultiproof(indices: [0], treeSize: .max, hashes: [])
        #expect(throws: ProofError.self) { try huge.root(leaves: [TreeHash.empty]) }
    }
}
