import GS1
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

/// Stamps of a production line: each is what the generic writer makes, byte for byte.
@Suite struct StampSeriesTests {
    static let common = [
        Element(ai: 1, value: "09521101530018"), Element(ai: 10, value: "A(7"), Element(ai: 17, value: "271231"),
        Element(ai: 91, value: "CN"),
    ]

    @Test(arguments: ["1", "K7Q2M9XR5TBD", "a-b", "a.b", "A/B%?&", "(21)x", "\"", "12345678901234567890", "0Mark0"])
    func `A series writes what a stamp is`(_ serial: String) throws {
        let key = SigningKey.generate()
        let series = try StampSeries(Self.common, host: "q.example:8443/a")
        let elements = try Stamp.order(Self.common + [Element(ai: 21, value: serial)])
        let message = try series.message(serial: serial)
        #expect(message == Stamp.message(of: elements))
        let signature = try #require(key.signatures(for: [message]).first)
        let stamp = try Stamp(elements: elements, keyID: KeyID(of: key.publicKey), signature: signature)
        let uri = try series.uri(serial: serial, keyID: stamp.keyID, signature: signature)
        #expect(uri == (try stamp.uri(host: "q.example:8443/a")))
        #expect(try Stamp(parsing: uri) == stamp)
        #expect(SodiumSignatureChecker().isValid(signature, for: stamp.signedBytes, by: key.publicKey))
    }

    @Test(arguments: ["", "123456789012345678901", "a b", "ä"])
    func `What GS1 does not allow is refused`(_ serial: String) throws {
        let series = try StampSeries(Self.common, host: "q.example")
        #expect(throws: FormatError.self) { try series.message(serial: serial) }
    }

    @Test func `A series has no serial number and no wrong elements`() {
        #expect(throws: FormatError.self) {
            try StampSeries(Self.common + [Element(ai: 21, value: "1")], host: "q.example")
        }
        #expect(throws: FormatError.self) { try StampSeries([Element(ai: 10, value: "A")], host: "q.example") }
        #expect(throws: FormatError.self) { try StampSeries(Self.common, host: "a b") }
    }

    @Test func `Many threads sign with one key`() async throws {
        let key = SigningKey.generate()
        let messages = (0..<64).map { Array("message \($0)".utf8) }
        let expected = messages.map { key.signature(for: $0) }
        await withTaskGroup(of: [Signature].self) { group in
            for _ in 0..<16 { group.addTask { key.signatures(for: messages) } }
            for await signatures in group { #expect(signatures == expected) }
        }
        #expect(key.signatures(for: []).isEmpty)
    }
}
