import Foundation
import TestSupport
import Testing
import TraceProof

@Suite struct ReceiptTests {
    private static let origin = "ledger.example/2026"
    private let checker = SodiumChecker()
    private let ledger: SodiumSigner

    init() throws { ledger = try SodiumSigner(1) }

    private static func tree(_ size: UInt8) -> MerkleTree {
        MerkleTree(leaves: (0..<size).map { TreeHash.leaf([$0]) })
    }

    /// A signature in place of `RootSignature.signed`, which is asynchronous.
    private func signature(_ root: Digest) throws -> RootSignature {
        let keyID = KeyID(of: ledger.publicKey)
        let message = RootSignature.message(root: root, origin: Self.origin, keyID: keyID)
        return RootSignature(origin: Self.origin, keyID: keyID, signature: try ledger.sign(message))
    }

    private func inclusion(_ index: UInt64, _ size: UInt8) throws -> Receipt {
        let tree = Self.tree(size)
        let proof = try InclusionProof.make(index: index, treeSize: tree.size, from: tree)
        return try Receipt.inclusion(proof, signature: try signature(tree.head.root))
    }

    @Test func aReceiptProvesThatAnEntryIsInTheLedger() async throws {
        // The ledger signs its root once …
        let tree = Self.tree(5)
        let root = try await RootSignature.signed(root: tree.head.root, origin: Self.origin, by: ledger)
        try root.verify(root: tree.head.root, key: ledger.publicKey, checker: checker)
        #expect(try RootSignature(decoding: root.encoded()) == root)

        // … and that one signature serves the receipts of all entries.
        for index: UInt8 in 0..<5 {
            let proof = try InclusionProof.make(index: UInt64(index), treeSize: tree.size, from: tree)
            let bytes = try Receipt.inclusion(proof, signature: root).encoded()

            let received = try Receipt(decoding: bytes)
            let leaf = TreeHash.leaf([index])
            #expect(try received.verify(leaf: leaf, key: ledger.publicKey, checker: checker) == tree.head.root)
            #expect(throws: COSEError.invalidSignature) {
                try received.verify(leaf: TreeHash.leaf([99]), key: ledger.publicKey, checker: checker)
            }
            #expect(throws: COSEError.otherKey(KeyID(of: ledger.publicKey))) {
                try received.verify(leaf: leaf, key: try SodiumSigner(2).publicKey, checker: checker)
            }
            #expect(throws: COSEError.otherProof) {
                try received.verify(oldRoot: leaf, key: ledger.publicKey, checker: checker)
            }
        }
    }

    @Test func aReceiptProvesThatALedgerOnlyGrew() throws {
        let new = Self.tree(8)
        for oldSize: UInt8 in 1..<8 {
            let old = Self.tree(oldSize).head
            let proof = try ConsistencyProof.make(oldSize: old.size, newSize: new.size, from: new)
            let receipt = try Receipt.consistency(proof, signature: try signature(new.head.root))
            let received = try Receipt(decoding: receipt.encoded())
            #expect(received == receipt)
            #expect(try received.verify(oldRoot: old.root, key: ledger.publicKey, checker: checker) == new.head.root)
            #expect(throws: COSEError.self) {
                try received.verify(oldRoot: TreeHash.empty, key: ledger.publicKey, checker: checker)
            }
        }
    }

    @Test func everyEntryOfEverySmallTree() throws {
        for size: UInt8 in 2...40 {
            for index in 0..<size {
                let receipt = try inclusion(UInt64(index), size)
                #expect(try Receipt(decoding: receipt.encoded()) == receipt)
                try receipt.verify(leaf: TreeHash.leaf([index]), key: ledger.publicKey, checker: checker)
            }
        }
    }

    @Test func itIsAnOrdinaryCOSEMessage() throws {
        let receipt = try inclusion(3, 5)
        let message = try COSESign1(decoding: receipt.encoded())
        #expect(message.payload == nil)
        #expect(message.unprotected.entries.count == 1)
        try message.verify(key: ledger.publicKey, checker: checker, payload: Self.tree(5).head.root.bytes)
        print(try CBORDiagnostic.text(of: receipt.encoded(), pretty: true))
    }

    @Test func whatRFC9942CannotExpressIsRefused() throws {
        let signature = try signature(Self.tree(1).head.root)
        let hash = TreeHash.empty
        let one = InclusionProof(index: 0, treeSize: 1, path: [])
        let error = #expect(throws: FormatError.self) { try Receipt.inclusion(one, signature: signature) }
        #expect(error?.reason.contains("RFC 9942 cannot express") == true)
        for proof in [
            InclusionProof(index: 2, treeSize: 2, path: [hash]),
            InclusionProof(index: 0, treeSize: 1 << 63, path: [hash]),
            InclusionProof(index: 0, treeSize: 9, path: .init(repeating: hash, count: 65)),
        ] {
            #expect(throws: FormatError.self) { try Receipt.inclusion(proof, signature: signature) }
        }
        for proof in [
            ConsistencyProof(oldSize: 3, newSize: 3, path: []),
            ConsistencyProof(oldSize: 0, newSize: 3, path: [hash]),
            ConsistencyProof(oldSize: 4, newSize: 3, path: [hash]),
            ConsistencyProof(oldSize: 3, newSize: 3, path: [hash]),
            ConsistencyProof(oldSize: 1, newSize: .max, path: [hash]),
        ] {
            #expect(throws: FormatError.self) { try Receipt.consistency(proof, signature: signature) }
        }
    }

    /// One change at a time to a good receipt, by parts.
    @Test(arguments: [
        ("tag", "tag 18"), ("attached", "detached"), ("vds", "395"), ("alg", "neither"), ("kid", "8 bytes"),
        ("subject", "origin"), ("extra", "no others"), ("empty", "empty"), ("index", "not in a tree"),
        ("size", "2^63-1"), ("hashes", "64 hashes"), ("shortHash", "32 bytes"), ("kind", "inclusion"),
        ("twoProofs", "array of 1"), ("noProof", "one kind"), ("signature", "64 bytes"), ("unprotected", "396"),
        ("trailing", "follow"), ("parts", "array of 3"), ("consistency", "larger one"),
    ])
    func refused(change: String, reason: String) throws {
        let error = #expect(throws: FormatError.self) { try Receipt(decoding: Self.bytes(change)) }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
        #expect(throws: Never.self) { try Receipt(decoding: Self.bytes("none")) }
        #expect(throws: Never.self) { try Receipt(decoding: Self.bytes("alg19")) }
    }

    private static func bytes(_ change: String) -> [UInt8] {
        func when(_ name: String, _ changed: Int64, _ usual: Int64) -> Int64 { change == name ? changed : usual }
        func when(_ name: String, _ changed: Int, _ usual: Int) -> Int { change == name ? changed : usual }
        var protected = CBORWriter()
        protected.map {
            $0.entry(1) { $0.integer(when("alg", -7, when("alg19", -19, -8))) }
            $0.entry(4) { $0.bytes([UInt8](repeating: 1, count: when("kid", 7, 8))) }
            $0.entry(15) {
                $0.map {
                    $0.entry(1) { $0.text(origin) }
                    $0.entry(2) { $0.text(change == "subject" ? "other" : origin) }
                }
            }
            $0.entry(395) { $0.integer(when("vds", 2, 1)) }
            if change == "extra" { $0.entry(3) { $0.integer(0) } }
        }
        var proof = CBORWriter()
        proof.array(when("parts", 4, 3))
        proof.unsigned(change == "size" ? 1 << 63 : change == "consistency" ? 3 : 5)
        proof.integer(when("index", 5, 3))
        let hashes = when("empty", 0, when("hashes", 65, 3))
        proof.array(hashes)
        for _ in 0..<hashes { proof.bytes([UInt8](repeating: 2, count: when("shortHash", 31, 32))) }
        if change == "parts" { proof.null() }

        var writer = CBORWriter()
        if change != "tag" { writer.tag(18) }
        writer.array(4)
        writer.bytes(protected.output)
        writer.map {
            $0.entry(when("unprotected", 397, 396)) {
                $0.map {
                    if change == "noProof" { return }
                    $0.entry(when("kind", -3, when("consistency", -2, -1))) {
                        $0.array(when("twoProofs", 2, 1))
                        for _ in 0..<when("twoProofs", 2, 1) { $0.bytes(proof.output) }
                    }
                }
            }
        }
        if change == "attached" { writer.bytes(TreeHash.empty) } else { writer.null() }
        writer.bytes([UInt8](repeating: 3, count: when("signature", 63, 64)))
        if change == "trailing" { writer.null() }
        return writer.output
    }

    @Test func damageIsNeverAccepted() throws {
        let leaf = TreeHash.leaf([3])
        let good = try inclusion(3, 5).encoded()
        forAll(3_000) { random in
            var bytes = good
            Mutation.damage(&bytes, &random)
            guard bytes != good, let read = try? Receipt(decoding: bytes) else { return }
            try check(read.encoded() == bytes, "not canonical: \(Hex.encode(bytes))")
            guard (try? read.verify(leaf: leaf, key: ledger.publicKey, checker: checker)) != nil else { return }
            // formats.md section 3: size and index are not signed, but the path still leads to the signed root.
            guard case .inclusion(let proof) = read.proof else { throw Falsified("another kind of proof") }
            try check(try proof.root(leaf: leaf) == Self.tree(5).head.root, "forged: \(Hex.encode(bytes))")
        }
    }

    /// The examples of the working group: ES256, key not published, headers not sorted. They can be looked at; as a
    /// receipt they are refused.
    @Test(
        .enabled(if: Vectors.present, "\(Vectors.absentMessage)"),
        arguments: [("inclusion", Int64(-1), [UInt8]([5, 3])), ("consistency", -2, [3, 5])]
    )
    func publicExample(name: String, label: Int64, numbers: [UInt8]) throws {
        let bytes = try Vectors.bytes("cose-receipts/examples/\(name)-receipt.cbor")
        let message = try COSESign1(inspecting: bytes)
        #expect(message.protectedHeader.algorithm == -7)
        #expect(message.protectedHeader[COSELabel.verifiableDataStructure] == [1])
        #expect(message.payload == nil)
        #expect(message.encoded() == bytes)
        let proofs = try #require(message.unprotected[COSELabel.verifiableDataStructureProofs])
        guard case .map(let entries) = try CBORValue(decoding: proofs), let entry = entries.first,
            case .array(let items) = entry.value, case .bytes(let proof)? = items.first,
            case .array(let parts) = try CBORValue(decoding: proof)
        else {
            Issue.record("the vdp value is not {label: [bstr .cbor [...]]}")
            return
        }
        #expect(entry.key == .integer(label))
        #expect(Array(parts.prefix(2)) == numbers.map { .unsigned(UInt64($0)) })

        #expect(throws: COSEError.unsupportedAlgorithm) { try message.ed25519Signature() }
        let error = #expect(throws: FormatError.self) { try Receipt(decoding: bytes) }
        #expect(error?.reason == "map keys are not in bytewise order")
    }
}

/// The files under Tests/Goldens, both ways. `TRACE_WRITE_GOLDENS=1` writes them anew.
@Suite struct COSEGoldenTests {
    @Test func receiptsAndRootSignature() throws {
        let ledger = try SodiumSigner(1)
        let tree = MerkleTree(leaves: (0..<5 as Range<UInt8>).map { TreeHash.leaf([$0]) })
        let keyID = KeyID(of: ledger.publicKey)
        let message = RootSignature.message(root: tree.head.root, origin: "ledger.example/2026", keyID: keyID)
        let root = RootSignature(origin: "ledger.example/2026", keyID: keyID, signature: try ledger.sign(message))
        let inclusion = try Receipt.inclusion(
            try InclusionProof.make(index: 3, treeSize: 5, from: tree),
            signature: root
        )
        let consistency = try Receipt.consistency(
            try ConsistencyProof.make(oldSize: 3, newSize: 5, from: tree),
            signature: root
        )
        #expect(try RootSignature(decoding: try golden("cose/checkpoint.cose", root.encoded())) == root)
        #expect(try Receipt(decoding: try golden("cose/inclusion-receipt.cose", inclusion.encoded())) == inclusion)
        #expect(
            try Receipt(decoding: try golden("cose/consistency-receipt.cose", consistency.encoded())) == consistency
        )
    }

    @Test func everyKindOfItem() throws {
        let value = CBORValue.array([
            .unsigned(0), .unsigned(23), .unsigned(24), .unsigned(256), .unsigned(65_536), .unsigned(.max),
            .integer(-1),
            .negative(.max), .bytes([]), .bytes([0xFF]), .text("玉米"), .array([]),
            .map([.init(.text("a"), .null), .init(.unsigned(10), .boolean(true)), .init(.integer(-1), .undefined)]),
            .tag(18, .boolean(false)), .simple(16), .simple(255), .float(-0.0), .float(1.5), .float(100_000),
            .float(1.1), .float(.infinity), .float(0x1p-24),
        ])
        let file = try golden("cbor/every-kind.cbor", value.encoded())
        // The map comes back sorted, which is how it was written.
        #expect(try CBORValue(decoding: file).encoded() == file)
        #expect(
            try CBORDiagnostic.text(of: file)
                == "[0, 23, 24, 256, 65536, 18446744073709551615, -1, -18446744073709551616, h'', h'ff', \"玉米\", [], "
                + "{10: true, -1: undefined, \"a\": null}, 18(false), simple(16), simple(255), -0.0, 1.5, 100000.0, 1.1, "
                + "Infinity, 5.960464477539063e-08]"
        )
    }

    private func golden(_ name: String, _ bytes: [UInt8]) throws -> [UInt8] {
        let url = Vectors.packageRoot.appending(path: "Tests/Goldens/\(name)")
        if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil { try Data(bytes).write(to: url) }
        let file = [UInt8](try Data(contentsOf: url))
        #expect(file == bytes, "\(name)")
        return file
    }
}
