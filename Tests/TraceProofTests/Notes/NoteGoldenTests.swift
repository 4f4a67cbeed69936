import TestSupport
import Testing
import TraceProof

/// The files in Tests/Goldens/notes are what these bytes have been since they were first written.
@Suite struct NoteGoldenTests {
    @Test func checkpoint() throws {
        let signed = try NoteWorld().signed()
        let golden = try noteGolden("checkpoint", made: signed.bytes)
        #expect(signed.bytes == golden)
        #expect(try SignedCheckpoint(bytes: golden) == signed)
    }

    @Test func proof() throws {
        let world = try NoteWorld()
        let proof = try TLogProof(
            extra: Array("any bytes".utf8),
            index: 1,
            path: [TreeHash.leaf(NoteWorld.entries[0])],
            checkpoint: world.signed()
        )
        let golden = try noteGolden("second.tlog-proof", made: proof.bytes)
        #expect(proof.bytes == golden)
        #expect(try TLogProof(bytes: golden) == proof)
    }

    @Test func policy() throws {
        let world = try NoteWorld()
        let policy = try TrustPolicy(bytes: Array(world.policyText().utf8))
        let golden = try noteGolden("two-of-three.policy", made: policy.bytes)
        #expect(policy.bytes == golden)
        #expect(try TrustPolicy(bytes: golden) == policy)

        let signed = try SignedCheckpoint(bytes: noteGolden("checkpoint", made: world.signed().bytes))
        let result = policy.evaluate(signed, checker: NoteTestChecker())
        #expect(result.isAccepted)
        #expect(result.quorumTime == 1_700_000_200)
    }

    @Test func keys() throws {
        let world = try NoteWorld()
        let keys = [world.logKey] + world.witnessKeys
        let made = Array(keys.map { $0.text + "\n" }.joined().utf8)
        let golden = try noteGolden("vkeys", made: made)
        #expect(made == golden)
        #expect(try golden.split(separator: 10).map { try VerifierKey(text: $0) } == keys)
    }
}
