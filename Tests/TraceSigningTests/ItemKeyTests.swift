import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning

@Suite("Item keys")
struct ItemKeyTests {
    static let identity = "(01)09521101530018(21)A1"

    @Test("The seed of a hidden code and the identity of its item give one key")
    func example() throws {
        let seed: [UInt8] = Array(0..<16)
        let key = try SigningKey.item(seed: seed, identity: Self.identity)
        // What a browser or another program derives, without any secret key:
        var keys = ItemKeys()
        #expect(try keys.publicKey(seed: seed, identity: Self.identity) == key.publicKey)

        let message = Array("opened".utf8)
        #expect(SodiumSignatureChecker().isValid(key.signature(for: message), for: message, by: key.publicKey))
        // The same code on another item is another key.
        #expect(try keys.publicKey(seed: seed, identity: "(01)09521101530018(21)A2") != key.publicKey)
    }

    @Test("Keys once given are given for good")
    func goldens() throws {
        let file = Vectors.packageRoot.appending(path: "Tests/Goldens/keys/item-keys.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count >= 3)
        for line in lines {
            // Made with Python's `cryptography`: seed, identity, public key (Tests/Interop/checks/keys.py makes them again).
            let words = line.split(separator: " ").map(String.init)
            let key = try SigningKey.item(seed: #require(Hex.decode(words[0])), identity: words[1])
            #expect(Hex.encode(key.publicKey.bytes) == words[2], "\(line)")
        }
    }

    /// RFC 5869 appendix A.1 to A.3: input, salt, info, output.
    static let rfc5869: [[String]] = [
        [
            String(repeating: "0b", count: 22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ],
        [
            Hex.encode(Array(0x00...0x4F)), Hex.encode(Array(0x60...0xAF)), Hex.encode(Array(0xB0...0xFF)),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ],
        [
            String(repeating: "0b", count: 22), "", "",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ],
    ]

    @Test("RFC 5869 appendix A", arguments: rfc5869)
    func standard(vector: [String]) throws {
        let bytes = try vector.map { try #require(Hex.decode($0)) }
        var derivation = HKDF()
        // Twice: nothing of the first derivation is in the second.
        for _ in 0..<2 {
            #expect(Self.derived(&derivation, bytes[0], bytes[1], bytes[2], bytes[3].count) == bytes[3])
        }
    }

    static func derived(
        _ derivation: inout HKDF,
        _ input: [UInt8],
        _ salt: [UInt8],
        _ info: [UInt8],
        _ count: Int
    ) -> [UInt8] {
        var output = [UInt8](repeating: 0xEE, count: count)
        unsafe output.withUnsafeMutableBufferPointer { buffer in
            unsafe derivation.derive(from: input, salt: salt, info: info, into: buffer)
        }
        return output
    }

    @Test("A longer output begins with the shorter one, up to the most that there is")
    func lengths() {
        var derivation = HKDF()
        let longest = Self.derived(&derivation, [1], [2], [3], HKDF.maximumByteCount)
        for count in [0, 1, 31, 32, 33, 64, 65, 8159] {
            #expect(Self.derived(&derivation, [1], [2], [3], count) == Array(longest.prefix(count)))
        }
        #expect(Set(stride(from: 0, to: longest.count, by: 32).map { Array(longest[$0..<$0 + 32]) }).count == 255)
    }

    @Test("A seed has 16 bytes", arguments: [0, 15, 17, 32])
    func seedLength(count: Int) {
        let expected = FormatError("item seed", at: .whole, "it has \(count) bytes and must have 16")
        #expect(throws: expected) {
            try SigningKey.item(seed: [UInt8](repeating: 7, count: count), identity: Self.identity)
        }
        #expect(throws: expected) {
            var keys = ItemKeys()
            return try keys.publicKey(seed: [UInt8](repeating: 7, count: count), identity: Self.identity)
        }
    }

    @Test("A changed bit of the seed, or another identity, is another key")
    func changes() {
        forAll(50) { random in
            var keys = ItemKeys()
            let seed = random.bytes(16)
            let key = try keys.publicKey(seed: seed, identity: Self.identity)
            try check(key == SigningKey.item(seed: seed, identity: Self.identity).publicKey, "two ways, two keys")
            var other = seed
            other[Int.random(in: 0..<16, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try check(try keys.publicKey(seed: other, identity: Self.identity) != key, "a bit changed nothing")
            try check(
                try keys.publicKey(seed: seed, identity: Self.identity + "0") != key,
                "the serial changed nothing"
            )
        }
    }

    @Test("The public keys of many items, in a moment")
    func many() throws {
        var keys = ItemKeys()
        var distinct: Set<PublicKey> = []
        let clock = ContinuousClock()
        let time = try clock.measure {
            for serial in 0..<2000 {
                distinct.insert(
                    try keys.publicKey(
                        seed: [UInt8](repeating: 7, count: 16),
                        identity: "(01)09521101530018(21)\(serial)"
                    )
                )
            }
        }
        print("item keys: 2000 public keys in \(time)")
        #expect(distinct.count == 2000)
    }
}
