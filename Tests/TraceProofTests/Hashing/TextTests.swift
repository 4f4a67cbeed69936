import TestSupport
import Testing
import TraceProof

@Suite struct HexTests {
    @Test func writesAndReadsLowerCase() {
        #expect(Hex.encode([0x00, 0xAB, 0xFF]) == "00abff")
        #expect(Hex.decode("00abff") == [0x00, 0xAB, 0xFF])
        #expect(Hex.decode("") == [])
    }

    @Test(arguments: ["0", "0A", "abF0", "0g", "0x", " 0", "0 ", "00\n", "é0", "／／"])
    func refuses(_ text: String) { #expect(Hex.decode(text) == nil) }

    @Test func isCanonicalForEveryPairOfBytes() {
        for first in UInt8.min ... .max {
            for second in UInt8.min ... .max {
                guard let bytes = Hex.decode([first, second]) else { continue }
                #expect(Array(Hex.encode(bytes).utf8) == [first, second])
            }
        }
    }
}

@Suite struct Base64Tests {
    /// RFC 4648 section 10.
    @Test(
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        )
    ) func examples(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(
        "What is not canonical: padding missing, too much or inside, spare bits, other alphabets, blanks",
        arguments: [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "=", "Zg==Zg==", "Zm=v", "Zm9v=", "Zm9v====", "Zm 9",
            "Zm9v\n", " Zm9v", "-_-_", "Zm9é", "Zg=a",
        ]
    )
    func refuses(_ text: String) { #expect(Base64.decode(text) == nil) }

    @Test func roundTripsAndIsCanonical() {
        let alphabet = Array("ABZabz019+/=-_ \n".utf8)
        forAll(2000) { generator in
            let bytes = generator.bytes(Int.random(in: 0...70, using: &generator))
            var text = Array(Base64.encode(bytes).utf8)
            try check(Base64.decode(text) == bytes, "round trip of \(bytes)")
            guard !text.isEmpty else { return }
            text[Int.random(in: text.indices, using: &generator)] = alphabet.randomElement(using: &generator) ?? 0
            if let other = Base64.decode(text) {
                try check(Array(Base64.encode(other).utf8) == text, "\(text) is accepted and not canonical")
            }
        }
    }
}

@Suite struct DigestTests {
    @Test func isThirtyTwoBytes() throws {
        for count in 0...64 where count != 32 { #expect(Digest([UInt8](repeating: 1, count: count)) == nil) }
        let digest = try #require(Digest(0..<32))
        #expect(digest.bytes == Array(0..<32))
        #expect(digest.description == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
    }

    @Test func everyBitCounts() throws {
        let zero = try #require(Digest([UInt8](repeating: 0, count: 32)))
        for bit in 0..<256 {
            var bytes = zero.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Digest(bytes) != zero)
        }
    }
}
