import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@Suite("The genesis payload")
struct GenesisTests {
    let nonce = [UInt8](0..<16)

    @Test func roundTrip() throws {
        let key = try StatementWorld.key(1).publicKey
        let genesis = try #require(Genesis(origin: "example.com/l", ledgerKey: key, created: 5, nonce: nonce))
        #expect(try Genesis(decoding: genesis.encoded) == genesis)
        #expect(Genesis.link(origin: "example.com/l").previous == SHA256.hash(Array("example.com/l".utf8)))
    }

    @Test func whatCannotBeReadCannotBeMade() throws {
        let key = try StatementWorld.key(1).publicKey
        #expect(Genesis(origin: "o", ledgerKey: key, created: 5, nonce: [1]) == nil)
        #expect(Genesis(origin: "", ledgerKey: key, created: 5, nonce: nonce) == nil)
        #expect(Genesis(origin: "o", ledgerKey: key, created: 1 << 63, nonce: nonce) == nil)
    }

    @Test func mutatedPayloadsAreRefusedOrCanonical() throws {
        let key = try StatementWorld.key(1).publicKey
        let valid = try #require(Genesis(origin: "example.com/l", ledgerKey: key, created: 5, nonce: nonce)).encoded
        for length in valid.indices {
            #expect(throws: FormatError.self) { try Genesis(decoding: Array(valid[..<length])) }
        }
        forAll(400) { random in
            let bytes = mutate(valid, &random)
            guard let genesis = try? Genesis(decoding: bytes) else { return }
            try check(genesis.encoded == bytes, "not canonical: \(bytes)")
        }
    }
}
