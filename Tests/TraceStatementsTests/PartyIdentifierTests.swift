import Testing
import TraceStatements

@Suite("Who an issuer may be")
struct PartyIdentifierTests {
    @Test(arguments: ["9521101000009", "uscc:91310000MA1FL0000X", "duns:123456789", "x1:a-b/c"])
    func good(_ issuer: String) {
        #expect(PartyIdentifier.problem(in: issuer) == nil)
    }

    @Test(arguments: [
        ("", "13-digit"), ("952110100000", "13-digit"), ("9521101000008", "end in 9"), ("9521101000009 ", "13-digit"),
        ("uscc:9131", "18"), ("uscc:91310000ma1fl0000x", "18"), (":x", "scheme"), ("A:x", "scheme"), ("1a:x", "scheme"),
        ("a:", "printable"), ("a:b c", "printable"), ("a:\u{4E2D}", "printable"), ("item:00", "items"),
        ("a:" + String(repeating: "x", count: 1023), "1024"),
    ])
    func bad(_ issuer: String, says: String) {
        #expect(PartyIdentifier.problem(in: issuer)?.contains(says) == true)
    }
}
