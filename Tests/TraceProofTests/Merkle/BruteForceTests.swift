import TestSupport
import Testing
import TraceProof

/// Every tree up to 300 entries, against the recursive definitions of the RFCs.
@Suite struct BruteForceTests {
    static let limit = 300
    let naive = NaiveTree(limit)
    let tree: MerkleTree

    init() { tree = MerkleTree(leaves: naive.leaves) }

    @Test func rootsAndCompactRanges() throws {
        var range = CompactRange()
        var growing = MerkleTree()
        for size in 0...Self.limit {
            let head = try naive.head(size)
            #expect(range.head == head)
            #expect(growing.head == head)
            #expect(try tree.head(at: UInt64(size)) == head)
            #expect(try CompactRange(size: UInt64(size), nodes: range.nodes) == range)
            #expect(throws: ProofError.self) { try CompactRange(size: UInt64(size), nodes: range.nodes + [head.root]) }
            var start = 0
            for node in range.nodes {
                let end = start + 1 << (Int.bitWidth - 1 - (size - start).leadingZeroBitCount)
                #expect(node == naive.hash(start..<end))
                start = end
            }
            guard size < Self.limit else { break }
            try range.append(naive.leaves[size])
            growing.append(naive.leaves[size])
        }
    }

    @Test func inclusion() throws {
        for size in 1...Self.limit {
            let head = try naive.head(size)
            for index in 0..<size {
                let proof = try InclusionProof.make(index: UInt64(index), treeSize: UInt64(size), from: tree)
                guard proof.path == naive.inclusion(index, 0..<size) else {
                    Issue.record("path of \(index) in \(size)")
                    continue
                }
                try proof.verify(leaf: naive.leaves[index], in: head)
            }
        }
    }

    @Test func consistency() throws {
        for size in 1...Self.limit {
            let head = try naive.head(size)
            for old in 1...size {
                let proof = try ConsistencyProof.make(oldSize: UInt64(old), newSize: UInt64(size), from: tree)
                guard proof.path == naive.consistency(old, 0..<size) else {
                    Issue.record("path from \(old) to \(size)")
                    continue
                }
                try proof.verify(old: naive.head(old), new: head)
                // A prefix proof is the same path, with the older root where the path only continues that.
                guard old < size else { continue }
                let prefix = try PrefixProof.make(oldSize: UInt64(old), newSize: UInt64(size), from: tree)
                let begun = old.nonzeroBitCount == 1 ? [naive.hash(0..<old)] : []
                #expect(prefix.path == begun + proof.path, "from \(old) to \(size)")
                #expect(try prefix.oldRoot(in: head) == naive.head(old).root, "from \(old) to \(size)")
            }
        }
    }

    @Test func subtrees() throws {
        var valid = 0
        for end in 0...Self.limit {
            for start in 0...end + 1 {
                let part = try? Subtree(start: UInt64(start), end: UInt64(end))
                #expect((part != nil) == (start <= end && NaiveTree.isSubtree(start..<max(start, end))))
                guard let part else { continue }
                #expect(try tree.hash(of: part) == naive.hash(start..<end))
                valid += 1
                // One tree in seven and those around powers of two, and every tree up to 72.
                for size in end...Self.limit where size <= 72 || size % 7 == end % 7 || (255...258).contains(size) {
                    let proof = try SubtreeConsistencyProof.make(
                        start: part.start,
                        end: part.end,
                        treeSize: UInt64(size),
                        from: tree
                    )
                    guard part.isEmpty ? proof.path == [] : proof.path == naive.subtree(start..<end, 0..<size) else {
                        Issue.record("path of \(start)..<\(end) in \(size)")
                        continue
                    }
                    try proof.verify(subtree: naive.hash(start..<end), in: naive.head(size))
                }
            }
        }
        print("subtrees in trees up to \(Self.limit): \(valid)")
    }

    @Test func inclusionInSubtrees() throws {
        for end in 1...72 {
            for start in 0..<end where NaiveTree.isSubtree(start..<end) {
                for index in start..<end {
                    let proof = try SubtreeInclusionProof.make(
                        index: UInt64(index),
                        start: UInt64(start),
                        end: UInt64(end),
                        from: tree
                    )
                    #expect(proof.path == naive.inclusion(index, start..<end))
                    try proof.verify(leaf: naive.leaves[index], subtree: naive.hash(start..<end))
                }
            }
        }
    }

    /// The size of a tree is not in its root, so a changed size may give the same one: it is kept here. All else counts.
    @Test func noMutationVerifies() {
        forAll(1500) { generator in
            let size = Int.random(in: 1...Self.limit, using: &generator)
            let index = Int.random(in: 0..<size, using: &generator)
            let old = Int.random(in: 1...size, using: &generator)
            let head = try naive.head(size)
            let proof = try InclusionProof.make(index: UInt64(index), treeSize: head.size, from: tree)
            let step = try ConsistencyProof.make(oldSize: UInt64(old), newSize: head.size, from: tree)

            let path = mutated(proof.path, &generator)
            try refused("inclusion of \(index) in \(size)") {
                try InclusionProof(index: proof.index, treeSize: head.size, path: path)
                    .verify(leaf: naive.leaves[index], in: head)
            }
            let other = (index + Int.random(in: 1...Self.limit, using: &generator)) % (Self.limit + 1)
            if other != index {
                try refused("inclusion of \(index) as \(other) in \(size)") {
                    try InclusionProof(index: UInt64(other), treeSize: head.size, path: proof.path)
                        .verify(leaf: naive.leaves[index], in: head)
                }
            }
            let steps = mutated(step.path, &generator)
            try refused("consistency of \(old) with \(size)") {
                try ConsistencyProof(oldSize: step.oldSize, newSize: head.size, path: steps)
                    .verify(old: naive.head(old), new: head)
            }
            let bit = Int.random(in: 0..<256, using: &generator)
            try refused("another old root of \(old) in \(size)") {
                try step.verify(old: naive.hash(0..<old).flipped(bit: bit), new: head.root)
            }
        }
    }

    private func refused(_ what: String, _ body: () throws -> Void) throws {
        do { try body() } catch is ProofError { return }
        throw Falsified("accepted: \(what)")
    }

    /// The same path with one bit turned, a hash dropped, doubled, added in front or behind, or two swapped.
    private func mutated(_ path: [Digest], _ generator: inout SeededGenerator) -> [Digest] {
        var path = path
        let extra = TreeHash.leaf(generator.bytes(8))
        guard let at = path.indices.randomElement(using: &generator) else { return [extra] }
        switch Int.random(in: 0...5, using: &generator) {
        case 0: path[at] = path[at].flipped(bit: Int.random(in: 0..<256, using: &generator))
        case 1: path.remove(at: at)
        case 2: path.insert(path[at], at: at)
        case 3: path.insert(extra, at: 0)
        case 4 where path.count > 1: path.swapAt(at, (at + 1) % path.count)
        default: path.append(extra)
        }
        return path
    }
}
