import Foundation
import TestSupport
import Testing
import TraceProof

@Suite struct COSESign1Tests {
    private let checker = SodiumChecker()

    private static func protected(algorithm: Int64 = COSEAlgorithm.edDSA) -> [UInt8] {
        var writer = CBORWriter()
        writer.map {
            $0.entry(COSELabel.contentType) { $0.unsigned(65001) }
            $0.entry(COSELabel.algorithm) { $0.integer(algorithm) }
        }
        return writer.output
    }

    @Test func signEncodeDecodeVerify() async throws {
        let signer = try SodiumSigner(7)
        let message = try await COSESign1.signed(
            protected: Self.protected(),
            payload: Array("maize".utf8),
            by: signer
        )
        let bytes = message.encoded()
        #expect(try CBORDiagnostic.text(of: bytes).hasPrefix("18([h'a201270319fde9', {}, h'6d61697a65', h'"))

        let received = try COSESign1(decoding: bytes)
        #expect(received == message)
        #expect(received.payload == Array("maize".utf8))
        #expect(received.protectedHeader[COSELabel.contentType] == [0x19, 0xFD, 0xE9])
        try received.verify(key: signer.publicKey, checker: checker)

        #expect(throws: COSEError.invalidSignature) {
            try received.verify(key: try SodiumSigner(8).publicKey, checker: checker)
        }
        #expect(throws: COSEError.invalidSignature) {
            try received.verify(key: signer.publicKey, checker: checker, externalAAD: [1])
        }
        #expect(throws: COSEError.payload) {
            try received.verify(key: signer.publicKey, checker: checker, payload: [])
        }
    }

    @Test func detachedPayloadAndExternalData() async throws {
        let signer = try SodiumSigner(7)
        let message = try await COSESign1.signed(
            protected: Self.protected(algorithm: COSEAlgorithm.ed25519),
            payload: [1, 2, 3],
            isDetached: true,
            externalAAD: [9],
            by: signer
        )
        let received = try COSESign1(decoding: message.encoded())
        #expect(received.payload == nil)
        try received.verify(key: signer.publicKey, checker: checker, payload: [1, 2, 3], externalAAD: [9])
        #expect(throws: COSEError.payload) { try received.verify(key: signer.publicKey, checker: checker) }
        #expect(throws: COSEError.invalidSignature) {
            try received.verify(key: signer.publicKey, checker: checker, payload: [1, 2, 4], externalAAD: [9])
        }
    }

    @Test func theUnprotectedHeaderOfACopyMayBeChanged() async throws {
        let signer = try SodiumSigner(7)
        let entry = try await COSESign1.signed(protected: Self.protected(), payload: [1], by: signer)
        var copy = entry
        copy.unprotected.set(COSELabel.receipts, to: [0x81, 0x40])
        copy.unprotected.set(COSELabel.keyID, to: [0x41, 0x01])
        copy.unprotected.set(COSELabel.receipts, to: [0x80])
        let received = try COSESign1(decoding: copy.encoded())
        #expect(received.unprotected[COSELabel.receipts] == [0x80])
        #expect(received.unprotected.entries.map(\.label) == [[0x04], [0x19, 0x01, 0x8A]])
        try received.verify(key: signer.publicKey, checker: checker)

        var stripped = received
        stripped.unprotected = COSEHeader()
        #expect(stripped.encoded() == entry.encoded())
    }

    @Test func whatIsRefused() async throws {
        // Untagged; five parts; label 1 in both headers; crit; a label twice; a label that is bytes; an array for a map.
        for (hex, reason) in [
            ("8443a10127a04040", "tag 18"), ("d28543a10127a0404040", "array of 4"),
            ("d28443a10127a101274040", "unprotected"), ("d28446a201270281" + "03a04040", "crit"),
            ("d28445a201270127" + "a04040", "twice"), ("d28443a14001a04040", "label"), ("d284418" + "0a04040", "a map"),
            ("d28444a1012700a04040", "follow"), ("d28443a10127a00140", "a byte string"), ("d1" + "00", "tag 18"),
        ] {
            let bytes = try #require(Hex.decode(hex))
            let error = #expect(throws: FormatError.self, "\(hex)") { try COSESign1(decoding: bytes) }
            #expect(error?.reason.contains(reason) == true, "\(hex) \(error?.description ?? "")")
        }
        var crowded = CBORWriter()
        crowded.map { map in
            for label in 0..<65 as Range<Int64> { map.entry(label) { $0.null() } }
        }
        #expect(throws: FormatError.self) {
            try COSESign1(decoding: [0xD2, 0x84, 0x40] + crowded.output + [0x40, 0x40])
        }
        let signer = try SodiumSigner(7)
        await #expect(throws: COSEError.unsupportedAlgorithm) {
            try await COSESign1.signed(protected: Self.protected(algorithm: -7), payload: [], by: signer)
        }
        // The signer's algorithm in the unprotected header does not count.
        let message = try COSESign1(
            protected: [],
            unprotected: {
                var header = COSEHeader()
                header.set(COSELabel.algorithm, to: [0x27])
                return header
            }(),
            payload: [],
            signature: try signer.sign(COSESign1.sigStructure(protected: [], payload: []))
        )
        #expect(try COSESign1(decoding: message.encoded()) == message)
        #expect(throws: COSEError.unsupportedAlgorithm) { try message.verify(key: signer.publicKey, checker: checker) }
    }

    /// An honest message damaged anywhere is refused, except in the header that nobody signed.
    @Test func damageIsNeverAccepted() async throws {
        let signer = try SodiumSigner(7)
        let message = try await COSESign1.signed(protected: Self.protected(), payload: [1, 2, 3], by: signer)
        let good = message.encoded()
        forAll(3_000) { random in
            var bytes = good
            Mutation.damage(&bytes, &random)
            guard bytes != good, let read = try? COSESign1(decoding: bytes) else { return }
            try check(read.encoded() == bytes, "not canonical: \(Hex.encode(bytes))")
            // Only the unprotected header may be changed under a good signature.
            if (try? read.verify(key: signer.publicKey, checker: checker)) != nil {
                try check(read.unprotected != message.unprotected, "forged: \(Hex.encode(bytes))")
            }
        }
    }
}

/// cose-wg/Examples: what can be checked of them without P-256 and Ed448.
@Suite(.enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
struct COSEVectorTests {
    private struct Example: Decodable {
        struct Input: Decodable {
            struct Message: Decodable {
                struct Key: Decodable {
                    let crv: String
                    let x_hex: String?
                }
                let key: Key?
                let external: String?
            }
            let plaintext: String
            let sign0: Message?
        }
        struct Intermediates: Decodable {
            let ToBeSign_hex: String?
        }
        struct Output: Decodable { let cbor: String }
        let title: String
        let fail: Bool?
        let input: Input
        let intermediates: Intermediates?
        let output: Output
    }

    static let files = ["eddsa-examples", "sign1-tests", "countersign1"].flatMap {
        Vectors.files(below: "cose-wg-examples/\($0)", ending: ".json")
    }

    @Test(arguments: files) func example(file: String) throws {
        let data = Data(try Vectors.bytes(file))
        guard let example = try? JSONDecoder().decode(Example.self, from: data), let sign0 = example.input.sign0 else {
            print("\(file): no COSE_Sign1")
            return
        }
        let bytes = try #require(Hex.decode(example.output.cbor.lowercased()))
        let external = try #require(Hex.decode((sign0.external ?? "").lowercased()))
        guard bytes.first == 0xD2 else {
            // Another tag, or none (sign-pass-03): a message here always has its tag.
            #expect(throws: FormatError.self) { try COSESign1(decoding: bytes) }
            print("\(example.title): refused, not tag 18")
            return
        }
        let message = try COSESign1(inspecting: bytes)
        #expect(message.encoded() == bytes)
        // Some put label 9 before label 4: they are readable for inspection and refused where it counts.
        let labels = message.unprotected.entries.map(\.label)
        let isSorted = labels == labels.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(((try? COSESign1(decoding: bytes)) != nil) == isSorted)

        let signed = try message.sigStructure(externalAAD: external)
        let expected = try #require(example.intermediates?.ToBeSign_hex)
        if example.fail != true { #expect(Hex.encode(signed) == expected.lowercased()) }

        // Ed25519 is decided; ES256 and Ed448 are refused by name or by length.
        if sign0.key?.crv == "Ed25519", let hex = sign0.key?.x_hex, let key = Hex.decode(hex.lowercased()) {
            let key = try #require(PublicKey(key))
            let isGood = (try? message.verify(key: key, checker: SodiumChecker(), externalAAD: external)) != nil
            #expect(isGood == (example.fail != true))
            print("\(example.title): Ed25519 \(isGood ? "verifies" : "does not verify")")
        } else {
            let error = #expect(throws: COSEError.self) { _ = try message.ed25519Signature() }
            print("\(example.title): \(error?.description ?? "")")
        }
    }
}
