import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@Suite("The protected header")
struct StatementHeaderTests {
    /// A header field by field, so that each rule can be broken alone.
    struct Draft {
        var algorithm: Int64? = -8
        var kind: UInt64? = 65_001
        var keyID: [UInt8]?
        var issuer: String? = StatementWorld.gln
        var subject: String? = StatementWorld.subject
        var issuedAt: UInt64? = StatementWorld.time
        var moreClaims: [Int64: UInt64] = [:]
        var sequence: UInt64? = 0
        var previous = [UInt8](repeating: 9, count: 32)
        var publicKey: [UInt8]?
        var more: Int64?

        init(_ key: SigningKey) {
            keyID = KeyID(of: key.publicKey).bytes
            publicKey = key.publicKey.bytes
        }

        var encoded: [UInt8] {
            var writer = CBORWriter()
            writer.map { map in
                if let algorithm { map.entry(1) { $0.integer(algorithm) } }
                if let kind { map.entry(3) { $0.unsigned(kind) } }
                if let keyID { map.entry(4) { $0.bytes(keyID) } }
                map.entry(15) { value in
                    value.map { claims in
                        if let issuer { claims.entry(1) { $0.text(issuer) } }
                        if let subject { claims.entry(2) { $0.text(subject) } }
                        if let issuedAt { claims.entry(6) { $0.unsigned(issuedAt) } }
                        for (key, number) in moreClaims { claims.entry(key) { $0.unsigned(number) } }
                    }
                }
                if let sequence {
                    map.entry(-65601) { value in
                        value.array(2)
                        value.unsigned(sequence)
                        value.bytes(previous)
                    }
                }
                if let publicKey { map.entry(-65602) { $0.bytes(publicKey) } }
                if let more { map.entry(more) { $0.unsigned(0) } }
            }
            return writer.output
        }
    }

    let key: SigningKey

    init() throws { key = try StatementWorld.key(3) }

    @Test func whatIsWrittenIsReadAgain() throws {
        let header = StatementHeader(
            kind: .recall,
            key: key.publicKey,
            issuer: "uscc:91350100M000100Y43",
            subject: "(01)09521101000007",
            issuedAt: 5,
            chain: ChainLink(sequence: 7, previous: TreeHash.empty)
        )
        #expect(try StatementHeader(decoding: header.encoded) == header)
        #expect(header.publicKey == nil)
        #expect(header.keyID == KeyID(of: key.publicKey))
    }

    @Test func theDraftIsAHeader() throws {
        let draft = Draft(key)
        #expect(try StatementHeader(decoding: draft.encoded).encoded == draft.encoded)
    }

    @Test func algorithm19IsReadAndKept() throws {
        var draft = Draft(key)
        draft.algorithm = -19
        let header = try StatementHeader(decoding: draft.encoded)
        #expect(header.algorithm == -19)
        #expect(header.encoded == draft.encoded)
    }

    static let rules: [(String, String, @Sendable (inout Draft) -> Void)] = [
        ("no algorithm", "is missing", { $0.algorithm = nil }),
        ("ES256", "neither -8 (EdDSA) nor -19", { $0.algorithm = -7 }),
        ("no kind", "is missing", { $0.kind = nil }),
        ("no kid", "is missing", { $0.keyID = nil }),
        ("a short kid", "8", { $0.keyID = [1, 2, 3] }),
        ("another key's kid", "the kid is not that of the public key", { $0.keyID = [1, 2, 3, 4, 5, 6, 7, 8] }),
        ("no issuer", "not exactly iss (1), sub (2) and iat (6)", { $0.issuer = nil }),
        ("no subject", "not exactly iss (1), sub (2) and iat (6)", { $0.subject = nil }),
        ("no time", "not exactly iss (1), sub (2) and iat (6)", { $0.issuedAt = nil }),
        ("a fourth claim", "not exactly iss (1), sub (2) and iat (6)", { $0.moreClaims[7] = 1 }),
        (
            "another third claim", "not exactly iss (1), sub (2) and iat (6)",
            { ($0.issuedAt, $0.moreClaims) = (nil, [5: 1]) }
        ),
        ("an empty issuer", "iss and sub have 1 to 1024 bytes", { $0.issuer = "" }),
        ("a long subject", "iss and sub have 1 to 1024 bytes", { $0.subject = String(repeating: "s", count: 1025) }),
        ("a time beyond 2^63", "iat is above 2^63-1", { $0.issuedAt = 1 << 63 }),
        ("no chain", "every kind but activation has the signer's chain", { ($0.sequence, $0.publicKey) = (nil, nil) }),
        ("an activation with a chain", "and activation has none", { $0.kind = 65_003 }),
        ("a sequence beyond 2^63", "a sequence number above 2^63-1", { ($0.sequence, $0.publicKey) = (1 << 63, nil) }),
        ("a short prev", "32", { $0.previous.removeLast() }),
        ("sequence 0 without the key", "stands in the entry with sequence 0 and nowhere else", { $0.publicKey = nil }),
        ("sequence 1 with the key", "stands in the entry with sequence 0 and nowhere else", { $0.sequence = 1 }),
        ("a short key", "32", { $0.publicKey?.removeLast() }),
        ("a label of nobody's", "label 77 has no place", { $0.more = 77 }),
    ]

    @Test(arguments: rules.indices)
    func eachRule(_ index: Int) throws {
        let (name, expected, spoil) = StatementHeaderTests.rules[index]
        var draft = Draft(key)
        spoil(&draft)
        let text = refusal { () throws(FormatError) in try StatementHeader(decoding: draft.encoded) }
        #expect(text?.contains(expected) == true, "\(name): \(text ?? "accepted")")
    }

    @Test func mutatedHeadersAreRefusedOrCanonical() throws {
        let valid = Draft(key).encoded
        forAll(1000) { random in
            let bytes = mutate(valid, &random)
            guard let header = try? StatementHeader(decoding: bytes) else { return }
            try check(header.encoded == bytes, "\(bytes) is read as \(header)")
        }
    }
}
