import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@Suite("Transparent statements")
struct TransparentStatementTests {
    @Test func theReceiptVerifiesAndTheEntryIsUnchanged() async throws {
        let world = try await StatementWorld()
        let bytes = try await world.transparent().encoded()
        let read = try TransparentStatement(decoding: bytes)
        #expect(read.statement == world.second)
        let receipt = try #require(read.receipts.first)
        try receipt.verify(
            leaf: read.statement.leafHash,
            key: world.ledgerKey.publicKey,
            checker: SodiumSignatureChecker()
        )
        #expect(throws: FormatError.self) { try Statement(decoding: bytes) }
    }

    @Test func oneToSixtyFourReceipts() async throws {
        let world = try await StatementWorld()
        let receipt = try await world.transparent().receipts[0]
        for count in [1, 2, 64] {
            let made = TransparentStatement(world.second, receipts: Array(repeating: receipt, count: count))
            #expect(try TransparentStatement(decoding: made.encoded()) == made)
        }
        for count in [0, 65] {
            let made = TransparentStatement(world.second, receipts: Array(repeating: receipt, count: count))
            let error = #expect(throws: FormatError.self) { try made.encoded() }
            #expect(error?.description.contains("there are 1 to 64 receipts, not \(count)") == true)
        }
    }

    @Test func refusals() async throws {
        let world = try await StatementWorld()
        let bytes = try await world.transparent().encoded()
        var message = try COSESign1(decoding: bytes)
        let receipts = try #require(message.unprotected[394])
        func refused(_ message: COSESign1) -> String {
            refusal { () throws(FormatError) in try TransparentStatement(decoding: message.encoded()) } ?? "accepted"
        }
        message.unprotected.set(99, to: [0])
        #expect(refused(message).contains("does not hold the receipts (394) alone"))
        message = try COSESign1(decoding: world.second.encoded)
        #expect(refused(message).contains("does not hold the receipts (394) alone"))
        message.unprotected.set(394, to: [0x80])
        #expect(refused(message).contains("there are 1 to 64 receipts, not 0"))
        message.unprotected.set(394, to: Array(receipts.dropLast()) + [0xFF ^ (receipts.last ?? 0)])
        #expect(refused(message) == "accepted", "a receipt's signature is the verifier's matter")
        message.unprotected.set(394, to: [0x81, 0x41, 0x00])
        #expect(refused(message).contains("receipt"))
    }
}

/// The files in Tests/Goldens/statements are what these bytes have been since they were first written.
@Suite struct StatementGoldenTests {
    @Test func statements() async throws {
        let world = try await StatementWorld()
        for (name, statement) in [
            ("genesis.cose", world.genesis), ("event-0.cose", world.first), ("event-1.cose", world.second),
        ] {
            let golden = try statementGolden(name, made: statement.encoded)
            #expect(golden == statement.encoded)
            #expect(try Statement(decoding: golden) == statement)
        }
        let genesis = try Genesis(decoding: world.genesis.payload)
        #expect(genesis.ledgerKey == world.ledgerKey.publicKey)
        #expect(genesis.origin == StatementWorld.origin)
    }

    @Test func transparentStatement() async throws {
        let made = try await StatementWorld().transparent()
        let golden = try statementGolden("event-1-transparent.cose", made: made.encoded())
        #expect(golden == (try made.encoded()))
        #expect(try TransparentStatement(decoding: golden) == made)
    }
}
