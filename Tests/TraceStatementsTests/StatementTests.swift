import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@Suite("Statements")
struct StatementTests {
    @Test("Sign an event, store its bytes, read and check it again")
    func example() async throws {
        let ledger = try await StatementWorld()
        let key = SigningKey.generate()
        let statement = try await Statement.sign(
            kind: .event,
            payload: Array("an EPCIS payload".utf8),
            issuer: "9521101000009",
            subject: "(01)09521101000007(10)ABC123",
            issuedAt: 1_767_225_600,
            chain: ChainLink(sequence: 0, previous: ledger.genesis.leafHash),
            with: key
        )
        let entry = statement.encoded

        let read = try Statement(decoding: entry)
        #expect(read == statement)
        #expect(read.header.issuer == "9521101000009")
        #expect(read.header.publicKey == key.publicKey)
        #expect(read.isSigned(by: key.publicKey, checker: SodiumSignatureChecker()))
        #expect(!read.isSigned(by: SigningKey.generate().publicKey, checker: SodiumSignatureChecker()))
        #expect(read.leafHash == TreeHash.leaf(entry))
    }

    @Test func onlyTheFirstEntryCarriesTheKey() async throws {
        let world = try await StatementWorld()
        #expect(world.first.header.publicKey == world.dairy.publicKey)
        #expect(world.second.header.publicKey == nil)
        #expect(world.first.encoded.count == world.second.encoded.count + 39 - "second".utf8.count + "first".utf8.count)
        #expect(world.second.isSigned(by: world.dairy.publicKey, checker: SodiumSignatureChecker()))
    }

    @Test func anActivationHasNoChain() async throws {
        let key = try StatementWorld.key(5)
        let statement = try await StatementWorld.statement("opened", nil, key, kind: .activation)
        #expect(try Statement(decoding: statement.encoded).header.chain == nil)
        await #expect(throws: FormatError.self) {
            try await StatementWorld.statement("no chain", nil, key, kind: .event)
        }
    }

    @Test func theLongestEntryFitsAndOneMoreByteDoesNot() async throws {
        let link = ChainLink(sequence: 1, previous: TreeHash.empty)
        let key = try StatementWorld.key(2)
        let probe = try await StatementWorld.statement(String(repeating: "x", count: 60_000), link, key)
        let room = Statement.maximumLength - probe.encoded.count
        let full = try await StatementWorld.statement(String(repeating: "x", count: 60_000 + room), link, key)
        #expect(full.encoded.count == 65_535)
        let error = await #expect(throws: FormatError.self) {
            try await StatementWorld.statement(String(repeating: "x", count: 60_001 + room), link, key)
        }
        #expect(error?.description.contains("65536 bytes, and an entry has at most 65535: split the event") == true)
    }

    @Test func refusals() async throws {
        let world = try await StatementWorld()
        let message = try COSESign1(decoding: world.first.encoded)
        func variant(
            protected: [UInt8]? = nil,
            payload: [UInt8]? = [1],
            signature: [UInt8]? = nil,
            unprotected: Bool = false
        ) -> [UInt8] {
            var writer = CBORWriter()
            writer.tag(18)
            writer.array(4)
            writer.bytes(protected ?? message.protected)
            writer.map { if unprotected { $0.entry(99) { $0.unsigned(0) } } }
            if let payload { writer.bytes(payload) } else { writer.null() }
            writer.bytes(signature ?? message.signature)
            return writer.output
        }
        #expect(refusal { () throws(FormatError) in try Statement(decoding: variant()) } == nil)
        let cases: [([UInt8], String)] = [
            (variant(unprotected: true), "the unprotected header of an entry is empty, and this one is not"),
            (variant(payload: nil), "the payload is detached, and an entry carries its own"),
            (variant(signature: [1, 2, 3]), "signature"),
            (variant(protected: [0xA0]), "one of alg (1), content type (3), kid (4) and CWT claims (15) is missing"),
            (Array(world.first.encoded.dropFirst()), "18"),
            (world.first.encoded + [0], "byte"),
            ([], "byte 0"),
        ]
        for (bytes, expected) in cases {
            let text = refusal { () throws(FormatError) in try Statement(decoding: bytes) }
            #expect(text?.contains(expected) == true, "\(text ?? "accepted") lacks \(expected)")
        }
    }

    @Test func mutatedStatementsAreRefusedOrReadAsTheyStand() async throws {
        let world = try await StatementWorld()
        let transparent = try await world.transparent().encoded()
        forAll(400) { random in
            let valid = [world.genesis, world.first, world.second].randomElement(using: &random)?.encoded ?? []
            let bytes = mutate(valid, &random)
            if let read = try? Statement(decoding: bytes) {
                try check(read.encoded == bytes, "other bytes are kept")
                let again = try COSESign1(decoding: bytes)
                try check(again.encoded() == bytes, "not canonical: \(bytes)")
            }
            let other = mutate(transparent, &random)
            if let read = try? TransparentStatement(decoding: other) {
                try check(try read.encoded() == other, "not canonical: \(other)")
            }
        }
    }

    @Test func everySignedByteCounts() async throws {
        let world = try await StatementWorld()
        for position in world.first.encoded.indices {
            var bytes = world.first.encoded
            bytes[position] ^= 1
            guard let read = try? Statement(decoding: bytes) else { continue }
            #expect(!read.isSigned(by: world.dairy.publicKey, checker: SodiumSignatureChecker()), "byte \(position)")
        }
    }

    @Test func kindsHaveNames() {
        #expect(StatementKind.mapRoot.name == "map root")
        #expect(StatementKind(rawValue: 65_099).name == "kind 65099")
    }
}

/// One to three bytes changed, put in or taken out.
func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let position = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: position)
        case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: position)
        case 2: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default: bytes[position] = UInt8.random(in: .min ... .max, using: &random)
        }
    }
    return bytes
}
