import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

@Suite("Chain links at hash speed")
struct EntryLinkTests {
    private func statement(
        sequence: UInt64,
        kind: StatementKind = .note,
        issuer: String = LedgerWorld.gln,
        issuedAt: UInt64 = LedgerWorld.time,
        payload: Int = 40
    ) async throws -> Statement {
        try await Statement.sign(
            kind: kind,
            payload: [UInt8](repeating: 7, count: payload),
            issuer: issuer,
            subject: "(01)09521101000007",
            issuedAt: issuedAt,
            chain: ChainLink(sequence: sequence, previous: TreeHash.leaf([UInt8(truncatingIfNeeded: sequence)])),
            with: try LedgerWorld.key(2)
        )
    }

    @Test func theUsualStatementIsRead() async throws {
        for sequence in [1, 23, 24, 255, 256, 70_000, 1 << 33] as [UInt64] {
            for length in [0, 1, 23, 24, 300, 65_000] {
                let statement = try await statement(sequence: sequence, payload: length)
                let link = try #require(EntryLink(statement.encoded[...]))
                #expect(link.sequence == sequence)
                #expect(link.previous == statement.header.chain.map { DigestWords($0.previous) })
                #expect(link.keyID == statement.header.keyID.number)
            }
        }
    }

    @Test func everythingElseIsLeftToTheStrictReader() async throws {
        #expect(EntryLink(try await statement(sequence: 0).encoded[...]) == nil)
        #expect(EntryLink(try await statement(sequence: 1, kind: .genesis).encoded[...]) == nil)
        #expect(EntryLink(try await statement(sequence: 1, issuer: "例").encoded[...]) == nil)
        #expect(EntryLink([]) == nil)
    }

    /// What the quick way accepts the strict one accepts, with the same link; on mutations of good statements.
    @Test func itAcceptsNothingThatIsRefused() async throws {
        let good = try await statement(sequence: 300).encoded
        forAll(20_000) { generator in
            var bytes = good
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let position = Int.random(in: 0..<min(bytes.count, 150), using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                default: bytes.remove(at: position)
                }
            }
            guard let link = EntryLink(bytes[...]) else { return }
            let strict = try Statement(decoding: bytes)
            try check(strict.header.chain?.sequence == link.sequence, "the sequence")
            try check(strict.header.chain.map { DigestWords($0.previous) } == link.previous, "the previous entry")
            try check(strict.header.keyID.number == link.keyID && strict.header.publicKey == nil, "the key")
        }
    }
}
