import TestSupport
import Testing
import TraceProof

/// The map from keys to values with one root.
@Suite struct SparseMerkleTreeTests {
    private static func digest(_ number: Int) -> Digest { SHA256.hash(Array("\(number)".utf8)) }

    /// The same tree as its definition says it, over sorted keys.
    private static func naiveRoot(_ leaves: [(key: [UInt8], hash: Digest)], _ depth: Int = 0) -> Digest {
        if leaves.count < 2 { return leaves.first?.hash ?? TreeHash.empty }
        let isRight = { (key: [UInt8]) in key[depth / 8] >> UInt8(7 - depth % 8) & 1 == 1 }
        return TreeHash.node(
            naiveRoot(leaves.filter { !isRight($0.key) }, depth + 1),
            naiveRoot(leaves.filter { isRight($0.key) }, depth + 1)
        )
    }

    private static func naiveRoot(_ values: [Digest: Digest]) -> Digest {
        naiveRoot(values.map { ($0.key.bytes, SparseMerkleTree.leafHash(key: $0.key, value: $0.value)) })
    }

    @Test func presenceAndAbsenceAreProved() throws {
        var tree = SparseMerkleTree()
        let (key, value, other) = (Self.digest(1), Self.digest(2), Self.digest(3))
        #expect(tree.root() == TreeHash.empty)
        try tree.proof(of: key).verify(key: key, value: nil, root: TreeHash.empty)

        tree.set(key, to: value)
        #expect(tree.root() == SparseMerkleTree.leafHash(key: key, value: value))
        try tree.proof(of: key).verify(key: key, value: value, root: tree.root())
        // Another key's absence is shown by the leaf that stands where it would.
        let absence = tree.proof(of: other)
        #expect(absence.other?.key == key)
        try absence.verify(key: other, value: nil, root: tree.root())
    }

    @Test func itIsTheTreeOfItsDefinition() throws {
        forAll(60) { generator in
            var (tree, model) = (SparseMerkleTree(), [Digest: Digest]())
            for _ in 0..<Int.random(in: 0...80, using: &generator) {
                let key = Self.digest(Int.random(in: 0..<60, using: &generator))
                let value = Self.digest(Int.random(in: 0..<1000, using: &generator))
                tree.set(key, to: value)
                model[key] = value
                if Bool.random(using: &generator) { _ = tree.root() }
            }
            let root = tree.root()
            try check(root == Self.naiveRoot(model), "root of \(model.count) keys")
            try check(tree.count == UInt64(model.count), "count")
            for number in 0..<70 {
                let key = Self.digest(number)
                let proof = tree.proof(of: key)
                try check((try? proof.root(key: key, value: model[key])) == root, "proof of \(number)")
                // Neither another value nor the opposite is proved by it.
                let wrong = model[key] == nil ? Self.digest(5000) : nil
                try check((try? proof.root(key: key, value: wrong)) != root, "the opposite of \(number)")
                try check((try? proof.root(key: key, value: Self.digest(5001))) != root, "another value of \(number)")
            }
        }
    }

    /// Keys that share many bits, as nobody's hashes do: deep trees with empty siblings.
    @Test func deepKeysAreTold() throws {
        var bytes = [UInt8](repeating: 0, count: 32)
        let zero = try #require(Digest(bytes))
        bytes[31] = 1
        let one = try #require(Digest(bytes))
        bytes[31] = 3
        let three = try #require(Digest(bytes))
        var tree = SparseMerkleTree()
        for key in [zero, one] { tree.set(key, to: key) }
        #expect(tree.root() == Self.naiveRoot([zero: zero, one: one]))
        #expect(tree.proof(of: zero).siblings.count == 256)
        try tree.proof(of: one).verify(key: one, value: one, root: tree.root())
        try tree.proof(of: three).verify(key: three, value: nil, root: tree.root())
    }

    @Test func aProofWithAnythingChangedProvesNothing() throws {
        var tree = SparseMerkleTree()
        for number in 0..<200 { tree.set(Self.digest(number), to: Self.digest(number + 1000)) }
        let root = tree.root()
        for number in [7, 300] {
            let (key, value) = (Self.digest(number), tree.value(of: Self.digest(number)))
            let proof = tree.proof(of: key)
            func refuses(_ siblings: [Digest], _ other: SparseMerkleProof.Leaf?) -> Bool {
                let changed = SparseMerkleProof(siblings: siblings, other: other)
                return (try? changed.verify(key: key, value: value, root: root)) == nil
            }
            var refusals: [Bool] = []
            for place in proof.siblings.indices {
                var siblings = proof.siblings
                siblings[place] = root
                refusals.append(refuses(siblings, proof.other))
                siblings.remove(at: place)
                refusals.append(refuses(siblings, proof.other))
            }
            refusals.append(refuses(proof.siblings + [TreeHash.empty], proof.other))
            refusals.append(refuses(proof.siblings, .init(key: key, value: Self.digest(1))))
            refusals.append(refuses(proof.siblings, .init(key: Self.digest(8), value: Self.digest(1008))))
            refusals.append(refuses(Array(repeating: root, count: 257), nil))
            #expect(!refusals.contains(false), "\(refusals)")
        }
    }
}
