import TestSupport
import Testing
import TraceProof
import TraceSigning

@Suite("Signing keys")
struct SigningKeyTests {
    @Test("Make a key, sign, verify")
    func example() {
        let key = SigningKey.generate()
        let message = Array("one event".utf8)
        let signature = key.signature(for: message)

        let checker = SodiumSignatureChecker()
        #expect(checker.isValidPoint(key.publicKey.bytes))
        #expect(checker.isValid(signature, for: message, by: key.publicKey))
        #expect(checker.admits(signature, for: message, by: key.publicKey))
        #expect(!checker.isValid(signature, for: Array("another event".utf8), by: key.publicKey))
        #expect(!checker.isValid(signature, for: message, by: SigningKey.generate().publicKey))
    }

    /// RFC 8032 section 7.1, tests 1 to 3.
    static let rfc8032 = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
    ]

    @Test("RFC 8032 section 7.1", arguments: rfc8032)
    func standard(vector: [String]) throws {
        let bytes = try vector.map { try #require(Hex.decode($0)) }
        let key = try SigningKey(seed: bytes[0])
        #expect(key.publicKey.bytes == bytes[1])
        let signature = key.signature(for: bytes[2])
        #expect(signature.bytes == bytes[3])
        #expect(SodiumSignatureChecker().admits(signature, for: bytes[2], by: key.publicKey))
        #expect(EdwardsRule.holds(signature, for: bytes[2], by: key.publicKey))
    }

    @Test("A seed has 32 bytes", arguments: [0, 31, 33, 64])
    func seedLength(count: Int) {
        #expect(throws: FormatError("Ed25519 seed", at: .whole, "it has \(count) bytes and must have 32")) {
            try SigningKey(seed: [UInt8](repeating: 7, count: count))
        }
    }

    @Test("A key prints its kid, never its secret")
    func printing() throws {
        let key = try SigningKey(seed: Array(0..<32))
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "signing key \(KeyID(of: key.publicKey))")
        #expect(String(reflecting: key) == "\(key)")
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains("000102030405") && !text.contains("0, 1, 2, 3"))
        }
    }

    @Test("Many threads sign with one key at once")
    func concurrency() async throws {
        let key = try SigningKey(seed: Array(0..<32))
        let expected = (0..<64).map { key.signature(for: [UInt8($0)]) }
        await withTaskGroup(of: Bool.self) { group in
            for round in 0..<512 {
                group.addTask { key.signature(for: [UInt8(round % 64)]) == expected[round % 64] }
            }
            for await isSame in group { #expect(isSame) }
        }
    }

    @Test("A changed bit anywhere makes a signature invalid")
    func changedBits() {
        let checker = SodiumSignatureChecker()
        forAll(100) { random in
            let key = try SigningKey(seed: random.bytes(32))
            let message = random.bytes(Int.random(in: 1...100, using: &random))
            let parts = [key.signature(for: message).bytes, message, key.publicKey.bytes]
            let part = Int.random(in: 0..<3, using: &random)
            var changed = parts
            changed[part][Int.random(in: 0..<parts[part].count, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
            guard let signature = Signature(changed[0]), let publicKey = PublicKey(changed[2]) else { return }
            try check(
                !checker.isValid(signature, for: changed[1], by: publicKey),
                "part \(part) changed and still valid"
            )
        }
    }

    @Test("Random bytes differ; a wiped array is empty")
    func randomBytes() {
        #expect(RandomBytes.make(0) == [])
        #expect(RandomBytes.make(16).count == 16)
        #expect(RandomBytes.make(32) != RandomBytes.make(32))
        var secret = RandomBytes.make(32)
        RandomBytes.wipe(&secret)
        #expect(secret.isEmpty)
    }
}
