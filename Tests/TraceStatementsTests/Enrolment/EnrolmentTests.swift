import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

/// The payload of kind 65002, field by field.
@Suite struct EnrolmentTests {
    private static let registry = "registry.example/cn"
    private static let party = "9521101000009"

    private static func key(_ byte: UInt8) throws -> SigningKey {
        try SigningKey(seed: [UInt8](repeating: byte, count: SigningKey.seedByteCount))
    }

    private static func grant(_ byte: UInt8, _ use: KeyGrant.Use = .events) async throws -> KeyGrant {
        try await KeyGrant.signed(registry: registry, party: party, from: 1_767_225_600, use: use, by: try key(byte))
    }

    private static func data() throws -> PartyData {
        try PartyData(
            names: [.init(language: "zh", text: "青山牧场"), .init(language: "en", text: "Qingshan Dairy Farm")],
            prefixes: ["9521101", "69012345"],
            roles: [PartyData.Role(name: "retailer"), PartyData.Role(name: "producer")].compactMap { $0 },
            references: [.init(type: "haccp", number: "CN-123", validUntil: 1_800_000_000)],
            contacts: ["tel:+86-10-5550100"]
        )
    }

    static func all() async throws -> [Enrolment] {
        let end = try KeyEnd(
            key: try key(1).publicKey,
            moment: 1_767_230_000,
            reason: .keyCompromise,
            comment: "laptop stolen",
            lastGood: [.init(origin: "example.com/farm", number: 41, hash: TreeHash.leaf([1]))]
        )
        let actions: [Enrolment.Action] = [
            .enrol(try data(), [try await grant(1), try await grant(2, .ledger(origin: "example.com/farm"))]),
            .addKey(try await grant(3, .witness(name: "w.example"))), .addKey(try await grant(4, .mirror(name: "m"))),
            .retire(try KeyEnd(key: try key(1).publicKey, moment: 0)), .revoke(end), .change(try data()),
            .withdraw(1_767_240_000),
        ]
        let rotation = try await Enrolment.rotation(
            registry: registry,
            party: party,
            from: try key(1),
            to: try key(5),
            moment: 1_767_250_000
        )
        return try actions.map { try Enrolment(party: party, $0) } + [rotation]
    }

    @Test func everyActionComesBackAsItWas() async throws {
        for enrolment in try await EnrolmentTests.all() {
            let decoded = try Enrolment(decoding: enrolment.encoded)
            #expect(decoded == enrolment)
            #expect(decoded.encoded == enrolment.encoded)
        }
    }

    @Test func noTruncationAndNoStrangeKeyIsRead() async throws {
        for enrolment in try await EnrolmentTests.all() {
            for length in 0..<enrolment.encoded.count {
                #expect(throws: FormatError.self) { try Enrolment(decoding: Array(enrolment.encoded[..<length])) }
            }
        }
        let strange: [[UInt8]] = [
            [0xA0], [0xA1, 0x01, 0x01], [0xA2, 0x01, 0x06, 0x02, 0x60],  // No party; an empty one.
            [0xA3, 0x01, 0x06, 0x02, 0x61, 0x61, 0x08, 0x00],  // The key 8.
        ]
        for bytes in strange { #expect(throws: FormatError.self) { try Enrolment(decoding: bytes) } }
    }

    /// Whatever is read is written in the same bytes: there is one encoding.
    @Test func whatIsReadIsCanonical() async throws {
        let all = try await EnrolmentTests.all()
        forAll(2000) { generator in
            var bytes = all.randomElement(using: &generator)?.encoded ?? []
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            }
            guard let decoded = try? Enrolment(decoding: bytes) else { return }
            try check(decoded.encoded == bytes, Hex.encode(bytes))
        }
    }

    @Test func partiesHaveNamesAndPlausiblePrefixes() {
        let names = [PartyData.Name(language: "en", text: "Farm")]
        #expect(throws: FormatError.self) { try PartyData(names: []) }
        #expect(throws: FormatError.self) { try PartyData(names: names + names) }
        for prefix in ["123", "1234567890123", "95211a1", ""] {
            #expect(throws: FormatError.self) { try PartyData(names: names, prefixes: [prefix]) }
        }
        #expect(throws: FormatError.self) { try PartyData(names: names, prefixes: ["9521101", "9521101"]) }
        #expect(throws: FormatError.self) { try Enrolment(party: "9521101000001", .withdraw(0)) }
    }

    @Test func possessionAndConsentAreBoundToWhereTheyWereGiven() async throws {
        let checker = SodiumSignatureChecker()
        let grant = try await EnrolmentTests.grant(1)
        #expect(grant.isPossessed(registry: EnrolmentTests.registry, party: EnrolmentTests.party, checker: checker))
        #expect(!grant.isPossessed(registry: "other", party: EnrolmentTests.party, checker: checker))
        #expect(!grant.isPossessed(registry: EnrolmentTests.registry, party: "9521102000008", checker: checker))
        let other = KeyGrant(key: grant.key, from: 0, use: .mirror(name: "m"), possession: grant.possession)
        #expect(!other.isPossessed(registry: EnrolmentTests.registry, party: EnrolmentTests.party, checker: checker))

        let rotation = try #require(try await EnrolmentTests.all().last)
        #expect(rotation.hasConsent(registry: EnrolmentTests.registry, checker: checker))
        #expect(!rotation.hasConsent(registry: "other", checker: checker))
    }

    @Test func aRequestIsWholeOrRefused() async throws {
        let checker = SodiumSignatureChecker()
        for enrolment in try await EnrolmentTests.all() {
            let request = try await EnrolmentRequest.signed(
                registry: EnrolmentTests.registry,
                created: 1_767_225_600,
                enrolment,
                by: try EnrolmentTests.key(1)
            )
            #expect(request.problem(checker: checker) == nil)
            let bytes = request.encoded
            #expect(try EnrolmentRequest(decoding: bytes) == request)
            for place in bytes.indices {
                var flipped = bytes
                flipped[place] ^= 1
                guard let altered = try? EnrolmentRequest(decoding: flipped) else { continue }
                #expect(altered.problem(checker: checker) != nil, "byte \(place)")
            }
        }
    }
}
