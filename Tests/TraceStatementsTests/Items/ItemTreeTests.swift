import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

/// A batch of items under one root.
@Suite struct ItemTreeTests {
    private func leaves(_ count: Int) throws -> [ItemLeaf] {
        try (0..<count).map { index in
            try ItemLeaf(
                serial: "S\(index)",
                key: index.isMultiple(of: 3) ? nil : PublicKey([UInt8](repeating: UInt8(index % 250 + 2), count: 32)),
                salt: ItemLeaf.salt(ofIndex: UInt64(index), secret: [UInt8](repeating: 1, count: 16))
            )
        }
    }

    @Test func everyItemIsProvedToTheRoot() throws {
        for count in [1, 2, 3, 5, 8, 100] {
            let tree = try ItemTree(try leaves(count))
            for index in 0..<count {
                let proof = try tree.proof(ofIndex: index)
                #expect(proof.root == tree.root)
                #expect(try ItemProof(decoding: proof.encoded) == proof)
                // The proof of one place is none of another.
                let moved = ItemProof(
                    index: (proof.index + 1) % UInt64(count),
                    count: proof.count,
                    leaf: proof.leaf,
                    path: proof.path
                )
                #expect(count == 1 || moved.root != tree.root)
            }
            #expect(throws: FormatError.self) { try tree.proof(ofIndex: count) }
        }
    }

    @Test func aSerialStandsThereOnce() throws {
        var items = try leaves(4)
        items.append(items[2])
        #expect { try ItemTree(items) } throws: { "\($0)".contains("S2 stands there twice") }
        #expect(throws: FormatError.self) { try ItemTree([]) }
        #expect(throws: FormatError.self) { try ItemLeaf(serial: "", key: nil, salt: [UInt8](repeating: 0, count: 16)) }
        #expect(throws: FormatError.self) { try ItemLeaf(serial: "1", key: nil, salt: [0]) }
    }

    @Test func bytesThatAreNoProofAreRefused() throws {
        let proof = try ItemTree(try leaves(5)).proof(ofIndex: 4).encoded
        for end in proof.indices { #expect(throws: FormatError.self) { try ItemProof(decoding: Array(proof[..<end])) } }
        forAll { generator in
            var altered = proof
            altered[Int.random(in: altered.indices, using: &generator)] ^=
                1 << UInt8.random(in: 0..<8, using: &generator)
            guard let read = try? ItemProof(decoding: altered) else { return }
            try check(read.encoded == altered, "a proof that is read is not written the same")
        }
    }
}
