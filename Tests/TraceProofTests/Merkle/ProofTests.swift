import TestSupport
import Testing
import TraceProof

/// What a newcomer does with a tree.
@Suite struct ProofExamples {
    let entries = (0..<11).map { Array("entry \($0)".utf8) }

    @Test func anEntryIsInTheTree() throws {
        let tree = MerkleTree(leaves: entries.map { TreeHash.leaf($0) })
        let proof = try InclusionProof.make(index: 3, treeSize: 11, from: tree)
        try proof.verify(leaf: TreeHash.leaf(entries[3]), in: tree.head)
        #expect(throws: ProofError.rootMismatch) { try proof.verify(leaf: TreeHash.leaf(entries[4]), in: tree.head) }
    }

    @Test func aTreeOnlyGrew() throws {
        var tree = MerkleTree(leaves: entries[..<6].map { TreeHash.leaf($0) })
        let old = tree.head
        for entry in entries[6...] { tree.append(TreeHash.leaf(entry)) }
        let proof = try ConsistencyProof.make(oldSize: old.size, newSize: tree.size, from: tree)
        try proof.verify(old: old, new: tree.head)

        let other = MerkleTree(leaves: entries.reversed().map { TreeHash.leaf($0) })
        #expect(throws: ProofError.rootMismatch) { try proof.verify(old: old, new: other.head) }
    }

    @Test func aSubtreeStandsAtItsPlace() throws {
        let tree = MerkleTree(leaves: entries.map { TreeHash.leaf($0) })
        let hash = try tree.hash(of: Subtree(start: 4, end: 7))
        let proof = try SubtreeConsistencyProof.make(start: 4, end: 7, treeSize: 11, from: tree)
        try proof.verify(subtree: hash, in: tree.head)
        let inclusion = try SubtreeInclusionProof.make(index: 5, start: 4, end: 7, from: tree)
        try inclusion.verify(leaf: TreeHash.leaf(entries[5]), subtree: hash)
    }

    @Test func aTreeIsAppendedToWithoutItsEntries() throws {
        var range = CompactRange()
        for entry in entries { try range.append(TreeHash.leaf(entry)) }
        #expect(range.size == 11)
        #expect(range.nodes.count == 3, "11 = 8 + 2 + 1")
        #expect(range.head == MerkleTree(leaves: entries.map { TreeHash.leaf($0) }).head)
    }
}

/// Each check that can fail, and the smallest trees.
@Suite struct ProofErrorTests {
    let naive = NaiveTree(16)

    @Test func theEmptyTreeHasARootAndNoProofs() throws {
        #expect(CompactRange().root == SHA256.hash([]))
        #expect(CompactRange().head == .empty)
        #expect(MerkleTree().head == .empty)
        #expect(TreeHead.empty.isEmptyTree)
        #expect(try !TreeHead(size: 0, root: naive.leaves[0]).isEmptyTree)
        #expect(try MerkleTree().head(at: 0) == .empty)
        #expect(throws: ProofError.indexOutOfRange(index: 0, end: 0)) {
            try InclusionProof(index: 0, treeSize: 0, path: []).verify(leaf: naive.leaves[0], in: .empty)
        }
        for newSize: UInt64 in [0, 1, 8] {
            #expect(throws: ProofError.emptyTree) {
                try ConsistencyProof(oldSize: 0, newSize: newSize, path: []).verify(
                    old: TreeHash.empty,
                    new: TreeHash.empty
                )
            }
            #expect(throws: ProofError.emptyTree) { try ProofPlan.consistency(oldSize: 0, newSize: newSize) }
        }
        // A subtree may be empty: then the draft looks at its hash and at nothing else.
        try SubtreeConsistencyProof(start: 3, end: 3, treeSize: 8, path: [])
            .verify(subtree: TreeHash.empty, root: naive.leaves[0])
        #expect(throws: ProofError.oldRootMismatch) {
            try SubtreeConsistencyProof(start: 3, end: 3, treeSize: 8, path: [])
                .verify(subtree: naive.leaves[0], root: naive.leaves[0])
        }
    }

    @Test func aTreeOfOneEntryIsItsLeafHash() throws {
        let head = try naive.head(1)
        #expect(head.root == naive.leaves[0])
        try InclusionProof(index: 0, treeSize: 1, path: []).verify(leaf: naive.leaves[0], in: head)
        try ConsistencyProof(oldSize: 1, newSize: 1, path: []).verify(old: head, new: head)
        #expect(throws: ProofError.wrongNumberOfHashes(expected: 0, found: 1)) {
            try ConsistencyProof(oldSize: 1, newSize: 1, path: [head.root]).verify(old: head, new: head)
        }
    }

    @Test func saysWhichCheckFailed() throws {
        let (old, new, leaf) = (try naive.head(6), try naive.head(11), naive.leaves[3])
        let path = naive.inclusion(3, 0..<11)
        #expect(throws: ProofError.sizeMismatch(proof: 11, head: 6)) {
            try InclusionProof(index: 3, treeSize: 11, path: path).verify(leaf: leaf, in: old)
        }
        #expect(throws: ProofError.indexOutOfRange(index: 11, end: 11)) {
            try InclusionProof(index: 11, treeSize: 11, path: path).verify(leaf: leaf, in: new)
        }
        #expect(throws: ProofError.wrongNumberOfHashes(expected: 4, found: 3)) {
            try InclusionProof(index: 3, treeSize: 11, path: path.dropLast()).verify(leaf: leaf, in: new)
        }
        #expect(throws: ProofError.sizesOutOfOrder(old: 11, new: 6)) {
            try ConsistencyProof(oldSize: 11, newSize: 6, path: []).verify(old: new, new: old)
        }
        #expect(throws: ProofError.sizeMismatch(proof: 7, head: 6)) {
            try ConsistencyProof(oldSize: 7, newSize: 11, path: []).verify(old: old, new: new)
        }
        #expect(throws: ProofError.sizeMismatch(proof: 10, head: 11)) {
            try ConsistencyProof(oldSize: 6, newSize: 10, path: []).verify(old: old, new: new)
        }
        let steps = naive.consistency(6, 0..<11)
        #expect(throws: ProofError.oldRootMismatch) {
            try ConsistencyProof(oldSize: 6, newSize: 11, path: steps).verify(old: leaf, new: new.root)
        }
        #expect(throws: ProofError.rootMismatch) {
            try ConsistencyProof(oldSize: 6, newSize: 11, path: steps).verify(old: old.root, new: leaf)
        }
        #expect(throws: ProofError.rootMismatch) {
            try ConsistencyProof(oldSize: 6, newSize: 6, path: []).verify(old: old.root, new: leaf)
        }
        #expect(throws: ProofError.invalidSubtree(start: 2, end: 5)) {
            try SubtreeConsistencyProof(start: 2, end: 5, treeSize: 11, path: []).verify(subtree: leaf, in: new)
        }
        #expect(throws: ProofMakingError<ProofError>.proof(.indexOutOfRange(index: 9, end: 9))) {
            try InclusionProof.make(index: 9, treeSize: 9, from: MerkleTree(leaves: naive.leaves))
        }
        #expect(throws: ProofMakingError<ProofError>.source(.nodeAbsent(NodeCoordinate(level: 0, index: 16)))) {
            try InclusionProof.make(index: 3, treeSize: 17, from: MerkleTree(leaves: naive.leaves))
        }
        // Four hashes, one of them folded from the two nodes of the right edge.
        #expect(throws: ProofError.wrongNumberOfHashes(expected: 5, found: 0)) {
            try ProofPlan.inclusion(index: 3, treeSize: 11).path(from: [])
        }
        #expect(ProofError.wrongNumberOfHashes(expected: 4, found: 0).description == "0 hashes where 4 belong")
    }

    @Test func sizesStopAtTwoToThe63() throws {
        let (maximum, root) = (TreeSize.maximum, TreeHash.empty)
        #expect(maximum == 9_223_372_036_854_775_807)
        _ = try TreeHead(size: maximum, root: root)
        #expect(throws: ProofError.sizeTooLarge(maximum + 1)) { try TreeHead(size: maximum + 1, root: root) }
        #expect(throws: ProofError.sizeTooLarge(.max)) { try TreeHead(size: .max, root: root) }
        #expect(throws: ProofError.sizeTooLarge(.max)) { try Subtree(start: 0, end: .max) }
        #expect(throws: ProofError.sizeTooLarge(.max)) { try CompactRange(size: .max, nodes: []) }
        #expect(throws: ProofError.sizeTooLarge(.max)) { try ProofPlan.inclusion(index: 0, treeSize: .max) }
        #expect(throws: ProofError.sizeTooLarge(.max)) { try ProofPlan.consistency(oldSize: 1, newSize: .max) }
        #expect(throws: ProofError.sizeTooLarge(.max)) { try TileGrowth(to: .max) }
        #expect(throws: ProofError.sizeTooLarge(.max)) {
            try InclusionProof(index: 0, treeSize: .max, path: []).root(leaf: root)
        }
        #expect(throws: ProofError.sizeTooLarge(.max)) {
            try ConsistencyProof(oldSize: .max, newSize: .max, path: []).verify(old: root, new: root)
        }
        var full = try CompactRange(size: maximum, nodes: [Digest](repeating: root, count: 63))
        #expect(throws: ProofError.sizeTooLarge(maximum + 1)) { try full.append(root) }
        #expect(full.size == maximum)
    }

    @Test func numbersAtTheEdgeNeverTrap() {
        let edges: [UInt64] = [
            0, 1, 2, 3, 255, 256, 257, 1 << 32, 1 << 62, 1 << 62 + 1, 1 << 63 - 1, 1 << 63, .max - 1, .max,
        ]
        let path = [Digest](repeating: TreeHash.empty, count: 63)
        for (first, second) in edges.flatMap({ first in edges.map { (first, $0) } }) {
            for third in edges {
                for count in [0, 1, 62, 63] {
                    let part = Array(path.prefix(count))
                    let some = TreeHash.leaf([])
                    #expect(throws: ProofError.self) {
                        try SubtreeInclusionProof(index: third, start: first, end: second, path: part)
                            .verify(leaf: some, subtree: some.flipped(bit: 0))
                    }
                    #expect(throws: ProofError.self) {
                        try SubtreeConsistencyProof(start: first, end: second, treeSize: third, path: part)
                            .verify(subtree: some, root: some.flipped(bit: 0))
                    }
                }
                guard let subtree = try? Subtree(start: first, end: second) else { continue }
                if let plan = try? ProofPlan.consistency(of: subtree, treeSize: third) {
                    #expect(plan.nodes.allSatisfy { $0.isComplete(at: third) })
                    #expect((try? TilePlan(reading: plan.nodes, treeSize: third)) != nil)
                }
                _ = try? ProofPlan.inclusion(index: third, in: subtree)
            }
        }
    }
}

extension Digest {
    /// The digest with one bit turned over.
    func flipped(bit: Int) -> Digest {
        var bytes = self.bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return Digest(bytes) ?? self
    }
}
