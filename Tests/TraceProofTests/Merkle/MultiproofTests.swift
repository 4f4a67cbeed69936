import Foundation
import TestSupport
import Testing
import TraceProof

/// Proofs of many leaves at once.
@Suite struct MultiproofTests {
    let naive = NaiveTree(200)
    let tree: MerkleTree

    init() { tree = MerkleTree(leaves: naive.leaves) }

    @Test func manyEntriesAreInTheTree() throws {
        let entries = (0..<128).map { Array("entry \($0)".utf8) }
        let tree = MerkleTree(leaves: TreeHash.leaves(entries))
        let proof = try InclusionMultiproof.make(indices: [3, 4, 90], treeSize: 128, from: tree)
        let leaves = [3, 4, 90].map { TreeHash.leaf(entries[$0]) }
        try proof.verify(leaves: leaves, in: tree.head)
        #expect(proof.hashes.count == 13, "three single proofs have 21")
        #expect(throws: ProofError.rootMismatch) {
            try proof.verify(leaves: [leaves[1], leaves[0], leaves[2]], in: tree.head)
        }
    }

    @Test func oneLeafNeedsExactlyItsPath() throws {
        for size: UInt64 in 1...80 {
            for index in 0..<size {
                let many = try InclusionMultiproof.make(indices: [index], treeSize: size, from: tree)
                let one = try InclusionProof.make(index: index, treeSize: size, from: tree)
                #expect(Set(many.hashes) == Set(one.path))
                #expect(many.hashes.count == one.path.count)
            }
        }
    }

    /// Every set of leaves of every tree up to ten entries, against the definition: a run of the tree without a proved
    /// leaf is one hash.
    @Test func everySetOfSmallTrees() throws {
        for size in 1...10 {
            let head = try naive.head(size)
            for set in 1..<(1 << size) {
                let places = (0..<size).filter { set >> $0 & 1 == 1 }
                let indices = places.map { UInt64($0) }
                let proof = try InclusionMultiproof.make(indices: indices, treeSize: UInt64(size), from: tree)
                #expect(proof.hashes == expected(places[...], 0..<size))
                #expect(
                    try InclusionMultiproof.hashCount(indices: indices, treeSize: UInt64(size)) == proof.hashes.count
                )
                try proof.verify(leaves: places.map { naive.leaves[$0] }, in: head)
            }
        }
    }

    private func expected(_ places: ArraySlice<Int>, _ range: Range<Int>) -> [Digest] {
        guard !places.isEmpty else { return [naive.hash(range)] }
        guard range.count > 1 else { return [] }
        var width = 1
        while 2 * width < range.count { width *= 2 }
        let middle = range.lowerBound + width
        return expected(places.filter { $0 < middle }[...], range.lowerBound..<middle)
            + expected(places.filter { $0 >= middle }[...], middle..<range.upperBound)
    }

    private func sample(_ generator: inout SeededGenerator) -> (size: UInt64, indices: [UInt64]) {
        let size = UInt64.random(in: 1...200, using: &generator)
        let wanted = Int.random(in: 1...min(20, Int(size)), using: &generator)
        var set: Set<UInt64> = []
        while set.count < wanted { set.insert(UInt64.random(in: 0..<size, using: &generator)) }
        return (size, set.sorted())
    }

    @Test func agreesWithSingleProofs() {
        forAll(1000) { generator in
            let (size, indices) = sample(&generator)
            let head = try naive.head(Int(size))
            let proof = try InclusionMultiproof.make(indices: indices, treeSize: size, from: tree)
            try proof.verify(leaves: indices.map { naive.leaves[Int($0)] }, in: head)
            var known: Set<Digest> = []
            for index in indices {
                known.formUnion(try InclusionProof.make(index: index, treeSize: size, from: tree).path)
            }
            try check(known.isSuperset(of: proof.hashes), "a hash that no single proof has")
            try check(Set(proof.hashes).count == proof.hashes.count, "a hash twice")
        }
    }

    @Test func anythingElseIsRefused() {
        forAll(3000) { generator in
            let (size, indices) = sample(&generator)
            let head = try naive.head(Int(size))
            var leaves = indices.map { naive.leaves[Int($0)] }
            let proof = try InclusionMultiproof.make(indices: indices, treeSize: size, from: tree)
            var (hashes, other, otherSize) = (proof.hashes, indices, size)
            let place = Int.random(in: indices.indices, using: &generator)
            let hashPlace = hashes.indices.randomElement(using: &generator)
            switch Int.random(in: 0...8, using: &generator) {
            case 0: leaves[place] = TreeHash.leaf(generator.bytes(3))
            case 1: leaves.swapAt(place, (place + 1) % leaves.count)
            case 2: leaves.remove(at: place)
            case 3: leaves.append(TreeHash.empty)
            case 4: hashes.insert(TreeHash.empty, at: hashPlace ?? 0)
            case 5: if let hashPlace { hashes.remove(at: hashPlace) }
            case 6: if let hashPlace { hashes[hashPlace] = TreeHash.leaf(generator.bytes(3)) }
            case 7: other[place] = UInt64.random(in: 0..<size + 2, using: &generator)
            default: otherSize = UInt64.random(in: 0...210, using: &generator)
            }
            let changed = InclusionMultiproof(indices: other, treeSize: otherSize, hashes: hashes)
            let isSame = changed == proof && leaves == indices.map { naive.leaves[Int($0)] }
            let holds = (try? changed.verify(leaves: leaves, in: head)) != nil
            try check(holds == isSame, "\(indices) of \(size), changed to \(changed.indices) of \(otherSize)")
        }
    }

    @Test func errorsSayWhatIsWrong() throws {
        let proof = try InclusionMultiproof.make(indices: [1, 5], treeSize: 9, from: tree)
        func refused(_ indices: [UInt64], _ size: UInt64, _ hashes: [Digest]) -> ProofError? {
            let leaves = indices.map { naive.leaves[Int($0 % 200)] }
            let changed = InclusionMultiproof(indices: indices, treeSize: size, hashes: hashes)
            do { _ = try changed.root(leaves: leaves) } catch { return error }
            return nil
        }
        #expect(refused([], 9, []) == .noIndices)
        #expect(refused([5, 1], 9, proof.hashes) == .indicesOutOfOrder(1))
        #expect(refused([5, 5], 9, proof.hashes) == .indicesOutOfOrder(5))
        #expect(refused([1, 9], 9, proof.hashes) == .indexOutOfRange(index: 9, end: 9))
        #expect(refused([1, 5], 9, []) == .wrongNumberOfHashes(expected: 5, found: 0))
        #expect(refused([1, 5], 9, proof.hashes + proof.hashes) == .wrongNumberOfHashes(expected: 5, found: 10))
        #expect(refused([1], 1 << 63, []) == .sizeTooLarge(1 << 63))
        #expect(throws: ProofError.sizeMismatch(proof: 9, head: 8)) {
            try proof.verify(leaves: Array(naive.leaves[..<2]), in: naive.head(8))
        }
    }

    // MARK: How many hashes

    /// The goal of issue 5: n entries of N cost at most 1.05 x n x log2(N/n) hashes; a run of entries hardly any.
    @Test func costsAtMostTheGoal() {
        forAll(300) { generator in
            let size = UInt64.random(in: 1 << 10...1 << 30, using: &generator)
            let count = Int.random(in: 2...500, using: &generator)
            var set: Set<UInt64> = []
            while set.count < count { set.insert(UInt64.random(in: 0..<size, using: &generator)) }
            let hashes = try InclusionMultiproof.hashCount(indices: set.sorted(), treeSize: size)
            let goal = 1.05 * Double(count) * log2(Double(size) / Double(count))
            try check(Double(hashes) <= goal, "\(count) of \(size): \(hashes) hashes, the goal is \(goal)")
        }
    }

    @Test func costsNoMoreWhereLeavesStandAsFarApartAsTheyCan() throws {
        for exponent in 1...12 {
            let (size, count) = (UInt64(1) << 30, UInt64(1) << exponent)
            let indices = (0..<count).map { $0 * (size / count) }
            let hashes = try InclusionMultiproof.hashCount(indices: indices, treeSize: size)
            #expect(hashes == Int(count) * (30 - exponent), "exactly n x log2(N/n)")
        }
    }

    @Test func aRunCostsTwoPathsAtMost() {
        forAll(300) { generator in
            let size = UInt64.random(in: 1 << 10...1 << 30, using: &generator)
            let start = UInt64.random(in: 0..<size - 600, using: &generator)
            let count = UInt64.random(in: 1...600, using: &generator)
            let hashes = try InclusionMultiproof.hashCount(
                indices: Array(start..<start + count),
                treeSize: size
            )
            try check(hashes <= 2 * (64 - size.leadingZeroBitCount), "\(count) from \(start) of \(size): \(hashes)")
        }
    }

    @Test func largeIndicesDoNotTrap() throws {
        let last = TreeSize.maximum
        #expect(try InclusionMultiproof.hashCount(indices: [0, last - 1], treeSize: last) > 60)
        let plan = try ProofPlan.inclusion(indices: [0, last / 2, last - 1], treeSize: last)
        #expect(plan.nodes.allSatisfy { $0.isComplete(at: last) })
    }
}
