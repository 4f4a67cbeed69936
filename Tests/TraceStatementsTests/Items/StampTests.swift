import GS1
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

/// The code on the pack as text: what is written, what is signed, and what is refused.
@Suite struct StampTests {
    static let elements = [
        Element(ai: 1, value: "09506000134352"), Element(ai: 17, value: "261231"), Element(ai: 21, value: "K7Q2M9"),
        Element(ai: 10, value: "ABC123"),
    ]

    private func key() throws -> SigningKey { try SigningKey(seed: [UInt8](repeating: 1, count: 32)) }

    @Test func oneItemSignedAndReadAgain() async throws {
        let stamp = try await Stamp.sign(StampTests.elements, with: try key())
        #expect(stamp.elementString == "(01)09506000134352(10)ABC123(21)K7Q2M9(17)261231")
        #expect(
            String(decoding: stamp.signedBytes, as: UTF8.self)
                == "traceledger/stamp/v1\n(01)09506000134352(10)ABC123(21)K7Q2M9(17)261231"
        )
        let text = try stamp.uri(host: "id.example.cn")
        #expect(text.hasPrefix("HTTPS://ID.EXAMPLE.CN/01/09506000134352/10/ABC123/21/K7Q2M9?17=261231&S="))
        #expect(text.split(separator: "=").last?.utf8.count == Stamp.valueLength)
        #expect(try Stamp(parsing: text) == stamp)
        #expect((stamp.lot, stamp.serial, stamp.expiry, stamp.market) == ("ABC123", "K7Q2M9", "261231", nil))
        #expect(stamp.item?.text == "(01)09506000134352(21)K7Q2M9")
        #expect(SodiumSignatureChecker().isValid(stamp.signature, for: stamp.signedBytes, by: try key().publicKey))
    }

    @Test func lotAndSerialKeepTheirCase() async throws {
        let elements = [
            Element(ai: 1, value: "09506000134352"), Element(ai: 10, value: "aB/1"), Element(ai: 21, value: "x%y"),
        ]
        let stamp = try await Stamp.sign(elements, with: try key())
        let text = try stamp.uri(host: "a.example")
        #expect(text.hasPrefix("HTTPS://A.EXAMPLE/01/09506000134352/10/aB%2F1/21/x%25y?S="))
        #expect(try Stamp(parsing: text) == stamp)
    }

    @Test func attributesAreSignedInTheOrderOfTheirNumbers() throws {
        let elements =
            StampTests.elements + [
                Element(ai: 91, value: "CN"), Element(ai: 3103, value: "000900"), Element(ai: 11, value: "260101"),
            ]
        #expect(try Stamp.order(elements.reversed()).map(\.ai) == [1, 10, 21, 11, 17, 91, 3103])
    }

    @Test func whatIsNoStampIsRefusedWithItsReason() async throws {
        let text = try await Stamp.sign(StampTests.elements, with: try key()).uri(host: "a.example")
        let value = try #require(text.split(separator: "=").last.map(String.init))
        let link = "https://a.example/01/09506000134352/21/1"
        for (wrong, reason) in [
            (link, "there is no signature"), (link + "?S=" + value + "&S=" + value, "two signatures"),
            (link + "?S=" + value.dropLast(), "116 characters"), (link + "?S=" + value.lowercased(), "upper-case"),
            (link + "?S=" + value.dropLast() + "B", "canonical"), (link + "?S=" + value + "&utm=1", "not signed"),
            (link + "?S=" + value + "#x", "behind #"),
            ("https://a.example/01/09506000134353/21/1?S=" + value, "check digit"),
            ("https://a.example/414/9521101000009?S=" + value, "GTIN"), (link + "?S=" + value + "&91=cn", "market"),
            (link + "?17=261340&S=" + value, "byte"), ("ftp://a.example/01/09506000134352?S=" + value, "byte"),
        ] {
            #expect { try Stamp(parsing: wrong) } throws: {
                "\($0)".contains(reason) || String(describing: $0).lowercased().contains(reason)
            }
        }
    }

    @Test func everyLengthUpTo64kBIsReadOrRefused() async throws {
        let text = try await Stamp.sign(StampTests.elements, with: try key()).uri(host: "a.example")
        for length in Array(0...300) + stride(from: 301, to: 65_536, by: 977) {
            let padded = String((text + String(repeating: "A", count: length)).prefix(length))
            let stamp = try? Stamp(parsing: padded)
            #expect((stamp == nil) == (length != text.utf8.count), "\(length)")
        }
    }

    @Test func randomBytesAreRefused() {
        forAll { generator in
            let bytes = generator.bytes(Int.random(in: 0...300, using: &generator))
            try check((try? Stamp(parsing: String(decoding: bytes, as: UTF8.self))) == nil, "random bytes are a stamp")
        }
    }
}
