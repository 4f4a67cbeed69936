import Foundation
import TestSupport
import Testing
import TraceProof

/// The vectors of transparency-dev/merkle, valid and invalid.
@Suite(.enabled(if: Vectors.present, "the public vectors are not at ../shared/vectors"))
struct ProofVectorTests {
    @Test func inclusion() throws {
        try run("inclusion") { vector in
            try InclusionProof(index: vector.leafIdx ?? 0, treeSize: vector.treeSize ?? 0, path: vector.path)
                .verify(leaf: vector.digest(vector.leafHash), in: vector.head(vector.treeSize, vector.root))
        }
    }

    @Test func consistency() throws {
        try run("consistency") { vector in
            let proof = try ConsistencyProof(oldSize: vector.size1 ?? 0, newSize: vector.size2 ?? 0, path: vector.path)
            try proof.verify(old: vector.head(vector.size1, vector.root1), new: vector.head(vector.size2, vector.root2))
        }
    }

    @Test func subtreeInclusion() throws {
        try run("subtreeinclusion") { vector in
            try SubtreeInclusionProof(
                index: vector.leafIdx ?? 0,
                start: vector.start ?? 0,
                end: vector.end ?? 0,
                path: vector.path
            )
            .verify(leaf: vector.digest(vector.leafHash), subtree: vector.digest(vector.root))
        }
    }

    @Test func subtreeConsistency() throws {
        try run("subtreeconsistency") { vector in
            try SubtreeConsistencyProof(
                start: vector.start ?? 0,
                end: vector.end ?? 0,
                treeSize: vector.size ?? 0,
                path: vector.path
            )
            .verify(subtree: vector.digest(vector.root1), in: vector.head(vector.size, vector.root2))
        }
    }

    private func run(_ set: String, _ verify: (Vector) throws -> Void) throws {
        let files = Vectors.files(below: "transparency-dev-merkle/testdata/\(set)", ending: ".json")
        var (valid, invalid) = (0, 0)
        for file in files {
            let vector = try JSONDecoder().decode(Vector.self, from: Data(Vectors.bytes(file)))
            var refusal: String?
            do { try verify(vector) } catch { refusal = "\(error)" }
            #expect((refusal != nil) == vector.wantErr, "\(file): \(refusal ?? "accepted")")
            if vector.wantErr { invalid += 1 } else { valid += 1 }
        }
        #expect(valid > 0 && invalid > 0)
        print("\(set): \(valid) valid and \(invalid) invalid vectors")
    }
}

/// One file; which fields are there depends on the set.
private struct Vector: Decodable {
    var leafIdx, treeSize, size, size1, size2, start, end: UInt64?
    var root, root1, root2, leafHash: String?
    var proof: [String]?
    var wantErr: Bool

    var path: [Digest] { get throws { try (proof ?? []).map { try digest($0) } } }

    func head(_ size: UInt64?, _ root: String?) throws -> TreeHead {
        try TreeHead(size: size ?? 0, root: digest(root))
    }

    /// Some vectors have a root of another length ("don't care 1"), which is filled up to 32 bytes, or none at all: a
    /// `Digest` cannot be that, which is the refusal.
    func digest(_ text: String?) throws -> Digest {
        let bytes = Base64.decode(text ?? "") ?? []
        guard !bytes.isEmpty, let digest = Digest((bytes + [UInt8](repeating: 0, count: 32)).prefix(32)) else {
            throw Falsified("no hash")
        }
        return digest
    }
}
