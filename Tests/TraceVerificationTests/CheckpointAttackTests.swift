import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

@Suite("Attacks with checkpoints and tlog-proofs")
struct CheckpointAttackTests {
    @Test func checkpoints() async throws {
        let world = try await World()
        let (plain, one, both) = (
            try await world.checkpoint(), try await world.checkpoint(cosigners: [0]),
            try await world.checkpoint(cosigners: [0, 1])
        )
        func row(
            _ name: String,
            _ signed: SignedCheckpoint,
            _ anchors: TrustAnchors,
            _ verdict: Verdict,
            fails: String? = nil,
            unchecked: String? = nil
        ) {
            Attack(
                name: name,
                evidence: .checkpoint(signed),
                anchors: anchors,
                verdict: verdict,
                fails: fails,
                unchecked: unchecked
            ).check()
            let asOf = anchors.verifier().verify(.checkpoint(signed)).asOf
            #expect(verdict != .issued || asOf?.size == signed.checkpoint.head.size, "\(name)")
            #expect(verdict != .forged || asOf == nil, "\(name)")
        }
        func policy(_ quorum: String) throws -> TrustAnchors { try world.anchors(quorum) }

        row("no keys", plain, TrustAnchors(), .unknownKey, unchecked: "--log-key")
        row("log key", plain, try world.anchors(), .issued)
        row("log key of another name", plain, TrustAnchors(logKeys: [try world.logKey("b")]), .unknownKey)
        row("another key", try await world.checkpoint(by: world.strangerKey), try world.anchors(), .unknownKey)
        row("cosignature without policy", one, try world.anchors(), .unknownKey, unchecked: "--policy")

        row("quorum none", plain, try policy("none"), .issued)
        row("quorum none, cosigned", both, try policy("none"), .issued)
        row("quorum any, none there", plain, try policy("any"), .unknownKey, fails: "cosignatures")
        row("quorum any, one there", one, try policy("any"), .issued)
        row("quorum all, one there", one, try policy("all"), .unknownKey, fails: "cosignatures")
        row("quorum all, both there", both, try policy("all"), .issued)

        // The log's key comes from --log-key and the policy knows no log: its quorum holds all the same.
        let beside = TrustAnchors(policy: try world.policy("all", log: nil), logKeys: [try world.logKey()])
        row("log key beside the policy, quorum unmet", one, beside, .unknownKey, fails: "cosignatures")
        row("log key beside the policy, quorum met", both, beside, .issued)
        let renamed = TrustAnchors(policy: try world.policy("all", log: "ledger.example/renamed"))
        row("the log's key under another name", both, renamed, .unknownKey, unchecked: "--log-key")

        // A wrong line of a known key refuses the note, whether or not it was needed.
        let (wrongWitness, wrongLog) = (
            try await world.checkpoint(7, cosigners: [1]).note.signatures[1],
            try await world.checkpoint(7).note.signatures[0]
        )
        let extraWitness = try one.adding([wrongWitness])
        row("quorum met and one cosignature wrong", extraWitness, try policy("any"), .forged, fails: "cosignatures")
        row("quorum none and a cosignature wrong", extraWitness, try policy("none"), .forged, fails: "cosignatures")
        row(
            "a second, wrong line of the log",
            try plain.adding([wrongLog]),
            try world.anchors(),
            .forged,
            fails: "checkpoint"
        )

        // A line of another log that is known: the origin does not ask for it, and it must be right all the same.
        let other = "ledger.example/other"
        let otherKey = try world.logKey(other, world.strangerKey)
        let right = try NoteSignature(
            name: other,
            keyID: otherKey.keyID,
            bytes: world.strangerKey.signature(for: plain.note.text).bytes
        )
        let wrong = try NoteSignature(name: other, keyID: otherKey.keyID, bytes: wrongLog.bytes)
        var two = try world.anchors()
        two.logKeys.append(otherKey)
        row("a right line of another known log", try plain.adding([right]), two, .issued)
        row("a wrong line of another known log", try plain.adding([wrong]), two, .forged, fails: "checkpoint")
        var inPolicy = try world.anchors("none")
        try inPolicy.policy?.addLog(key: otherKey)
        row("the same in a policy", try plain.adding([wrong]), inPolicy, .forged, fails: "checkpoint")
        let onlyOther = TrustAnchors(logKeys: [otherKey])
        row(
            "only another log's line is known",
            try plain.adding([right]),
            onlyOther,
            .unknownKey,
            unchecked: "--log-key"
        )

        // A line of somebody whom the policy does not list: signed-note says to ignore it, and the report says so.
        let unlisted = try NoteSignature(name: "nobody.example", keyID: 1, bytes: [1, 2, 3])
        row("an unlisted line", try both.adding([unlisted]), try policy("all"), .issued, unchecked: "nobody.example")
        row("an unlisted line without policy", try plain.adding([unlisted]), try world.anchors(), .unknownKey)

        // Keys that are listed and can speak for no log.
        let cosigner = try VerifierKey(name: World.origin, type: .cosignature, publicKey: world.ledgerKey.publicKey)
        let asCosigner = try SignedCheckpoint(
            note: SignedNote(
                text: plain.note.text,
                signatures: [
                    try await Cosignature.sign(plain.note.text, name: World.origin, time: 1, signer: world.ledgerKey)
                ]
            )
        )
        row("a cosignature in place of the log's line", asCosigner, TrustAnchors(logKeys: [cosigner]), .unknownKey)
        let weak = try VerifierKey(
            name: World.origin,
            type: .ed25519,
            publicKey: try #require(AttackTests.smallOrder)
        )
        let forged = try NoteSignature(
            name: World.origin,
            keyID: weak.keyID,
            bytes: try #require(AttackTests.smallOrder).bytes + [UInt8](repeating: 0, count: 32)
        )
        let byAnybody = try SignedCheckpoint(note: SignedNote(text: plain.note.text, signatures: [forged]))
        row("a weak log key", byAnybody, TrustAnchors(logKeys: [weak]), .forged, fails: "checkpoint")
    }

    @Test func emptyTree() async throws {
        let world = try await World()
        let good = try await world.checkpoint(0)
        #expect(try world.anchors().verifier().verify(.checkpoint(good)).verdict == .issued)

        let text = Array("\(World.origin)\n0\n\(Base64.encode(world.tree.head.root.bytes))\n".utf8)
        let note = try await SignedNote.sign(text: text, name: World.origin, signer: world.ledgerKey)
        Attack(
            name: "size 0 with a root",
            evidence: .checkpoint(try SignedCheckpoint(note: note)),
            anchors: try world.anchors(),
            verdict: .forged,
            fails: "checkpoint"
        ).check()
    }

    @Test func tlogProofs() async throws {
        let world = try await World()
        let anchors = try world.anchors()
        let statement = world.statements[3]
        let transparent = TransparentStatement(statement, receipts: [try await world.receipt(3)])
        let wrongReceipt = TransparentStatement(statement, receipts: [try await world.receipt(4)])
        func row(
            _ name: String,
            _ proof: TLogProof,
            _ verdict: Verdict,
            anchors: TrustAnchors? = nil,
            given: Statement? = nil,
            fails: String? = nil,
            unchecked: String? = nil
        ) throws {
            Attack(
                name: name,
                evidence: .tlogProof(proof),
                anchors: try anchors ?? world.anchors(),
                statement: given,
                verdict: verdict,
                fails: fails,
                unchecked: unchecked
            ).check()
        }
        let good = try await world.tlogProof(3, extra: statement.encoded)
        let bare = try await world.tlogProof(3, extra: nil)
        try row("good", good, .issuedAndLogged)
        try row("statement apart", bare, .issuedAndLogged, given: statement)
        try row("no statement", bare, .unknownKey, unchecked: "--statement")
        try row("another statement apart", bare, .forged, given: world.statements[4], fails: "inclusion")
        try row(
            "another statement in extra",
            try await world.tlogProof(3, extra: world.statements[4].encoded),
            .forged,
            fails: "inclusion"
        )
        try row("a proof of one shown with another", good, .forged, given: world.statements[4], fails: "statement")

        try row(
            "a transparent statement in extra",
            try await world.tlogProof(3, extra: transparent.encoded()),
            .issuedAndLogged
        )
        let wrongExtra = try await world.tlogProof(3, extra: wrongReceipt.encoded())
        try row("one with a wrong receipt in extra", wrongExtra, .forged, fails: "receipt")
        let foreign = try await world.tlogProof(3, extra: Array("sigsum".utf8))
        try row("something else in extra", foreign, .unknownKey, unchecked: "extra")
        try row("the same with the statement apart", foreign, .unknownKey, given: statement, unchecked: "extra")

        let unsigned = try await world.tlogProof(
            3,
            extra: statement.encoded,
            checkpoint: world.checkpoint(by: world.strangerKey)
        )
        try row("checkpoint by an unknown key", unsigned, .unknownKey, unchecked: "--log-key")
        let other = "ledger.example/other"
        let renamed = try await world.tlogProof(
            3,
            extra: statement.encoded,
            checkpoint: world.checkpoint(origin: other, by: world.ledgerKey)
        )
        try row("the log's key under another origin", renamed, .unknownKey, unchecked: other)
        let earlier = try await world.tlogProof(3, extra: statement.encoded, checkpoint: world.checkpoint(7))
        try row("checkpoint of another size", earlier, .forged, fails: "inclusion")
        let empty = try await world.tlogProof(3, extra: statement.encoded, checkpoint: world.checkpoint(0))
        try row("checkpoint of the empty tree", empty, .forged, fails: "inclusion")
        try row("no key of the issuer", good, .unknownKey, anchors: TrustAnchors(logKeys: anchors.logKeys))
        try row("quorum unmet", good, .unknownKey, anchors: try world.anchors("any"), fails: "cosignatures")
        let unlogged = try await World.note(7, after: world.statements[7].leafHash, by: world.enterpriseKey)
        try row(
            "signed and never logged",
            try await world.tlogProof(3, extra: unlogged.encoded),
            .forged,
            fails: "inclusion"
        )
    }
}
