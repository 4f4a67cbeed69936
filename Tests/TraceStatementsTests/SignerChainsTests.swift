import Testing
import TraceProof
import TraceSigning
import TraceStatements

@Suite("The signers' chains")
struct SignerChainsTests {
    @Test func twoSignersSideBySide() async throws {
        let world = try await StatementWorld()
        var chains = SignerChains(origin: StatementWorld.origin)
        #expect(chains.next(for: world.dairy.publicKey) == nil)
        try chains.advance(world.genesis, 0)
        #expect(chains.genesis == world.genesis.leafHash)
        #expect(
            chains.next(for: world.dairy.publicKey) == ChainLink(sequence: 0, previous: world.genesis.leafHash)
        )
        try chains.advance(world.first, 1)
        let processor = try StatementWorld.key(4)
        let other = try await StatementWorld.statement("other", chains.next(for: processor.publicKey), processor)
        try chains.advance(other, 2)
        try chains.advance(world.second, 3)
        #expect(chains.heads[world.dairy.publicKey]?.sequence == 1)
        #expect(chains.heads[world.dairy.publicKey]?.index == 3)
        #expect(chains.key(of: world.second.header) == world.dairy.publicKey)
        // The ledger's own chain goes on from the genesis, which is its sequence 0.
        #expect(
            chains.next(for: world.ledgerKey.publicKey) == ChainLink(sequence: 1, previous: world.genesis.leafHash)
        )
    }

    @Test func refusals() async throws {
        let world = try await StatementWorld()
        var chains = SignerChains(origin: StatementWorld.origin)
        let key = world.dairy
        func link(_ sequence: UInt64, _ previous: Statement) -> ChainLink {
            ChainLink(sequence: sequence, previous: previous.leafHash)
        }
        func refused(_ statement: Statement) -> ChainError? {
            do {
                _ = try chains.check(statement.header, leafHash: statement.leafHash)
                return nil
            } catch { return error }
        }

        #expect(refused(world.first) == .noGenesis)
        var elsewhere = SignerChains(origin: "example.com/other")
        #expect(throws: ChainError.noGenesis) { try elsewhere.advance(world.genesis, 0) }

        try chains.advance(world.genesis, 0)
        #expect(refused(world.genesis) == .secondGenesis)
        let again = try await StatementWorld.genesis(try StatementWorld.key(9), nonce: 8)
        #expect(refused(again) == .secondGenesis)
        #expect(refused(world.second) == .unknownKey(KeyID(of: key.publicKey)))
        // Made again under the same origin and key, it is another ledger: the nonce differs.
        let remade = try await StatementWorld.genesis(world.ledgerKey, nonce: 8)
        let replay = try await StatementWorld.statement("first", link(0, remade), key)
        #expect(refused(replay) == .otherLedger(found: remade.leafHash, genesis: world.genesis.leafHash))

        try chains.advance(world.first, 1)
        let head = try #require(chains.heads[key.publicKey])
        #expect(refused(world.first) == .fork(sequence: 0, head: head))
        let gap = try await StatementWorld.statement("third", link(2, world.first), key)
        #expect(refused(gap) == .gap(expected: 1, found: 2))
        let wrong = try await StatementWorld.statement("second", link(1, world.genesis), key)
        #expect(refused(wrong) == .wrongPrevious(sequence: 1, found: world.genesis.leafHash, head: head))
        #expect(refused(world.second) == nil)
        try chains.advance(world.second, 2)
        let fork = try await StatementWorld.statement("second, again", link(1, world.first), key)
        let newest = try #require(chains.heads[key.publicKey])
        #expect(refused(fork) == .fork(sequence: 1, head: newest))
        #expect(refused(gap) == .wrongPrevious(sequence: 2, found: world.first.leafHash, head: newest))
    }

    @Test func theGenesisSpeaksInTheNameOfItsOrigin() async throws {
        let world = try await StatementWorld()
        for (issuer, subject) in [("9521101000009", StatementWorld.origin), (StatementWorld.origin, "(01)1")] {
            let odd = try await Statement.sign(
                kind: .genesis,
                payload: world.genesis.payload,
                issuer: issuer,
                subject: subject,
                issuedAt: 0,
                chain: Genesis.link(origin: StatementWorld.origin),
                with: world.ledgerKey
            )
            var chains = SignerChains(origin: StatementWorld.origin)
            #expect(throws: ChainError.noGenesis) { try chains.advance(odd, 0) }
        }
    }

    @Test func afterABreakTheHonestRestFollows() async throws {
        let world = try await StatementWorld()
        var chains = SignerChains(origin: StatementWorld.origin)
        for (index, statement) in [world.genesis, world.first, world.second].enumerated() {
            try chains.advance(statement, UInt64(index))
        }
        let fork = try await StatementWorld.statement(
            "second, again",
            ChainLink(sequence: 1, previous: world.first.leafHash),
            world.dairy
        )
        chains.adopt(fork.header, leafHash: fork.leafHash, index: 3)
        #expect(chains.heads[world.dairy.publicKey]?.leafHash == world.second.leafHash)
        let jump = try await StatementWorld.statement(
            "fifth",
            ChainLink(sequence: 5, previous: TreeHash.empty),
            world.dairy
        )
        chains.adopt(jump.header, leafHash: jump.leafHash, index: 4)
        #expect(chains.next(for: world.dairy.publicKey) == ChainLink(sequence: 6, previous: jump.leafHash))
    }

    @Test func messagesSayTheRemedy() throws {
        let id = KeyID(of: try StatementWorld.key(1).publicKey)
        #expect("\(ChainError.gap(expected: 3, found: 5))".contains("sequence 3 is next and 5 was given"))
        #expect("\(ChainError.keyIDTaken(id))".contains("generate another key"))
        #expect("\(ChainError.unknownKey(id))".contains("its entry with sequence 0 must come first"))
        #expect("\(ChainError.secondGenesis)".contains("entry 0"))
    }
}

extension SignerChains {
    fileprivate mutating func advance(_ statement: Statement, _ index: UInt64) throws(ChainError) {
        try advance(statement.header, leafHash: statement.leafHash, index: index)
    }
}
