import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// What somebody brings who wants a better verdict than the evidence deserves; each row with the anchors it is checked
/// under, the verdict, and a failing step (`name`) or a piece of an unchecked entry that must say why.
struct Attack {
    let name: String
    let evidence: Evidence
    let anchors: TrustAnchors
    var statement: Statement?
    var old: SignedCheckpoint?
    let verdict: Verdict
    var fails: String?
    var unchecked: String?

    func check() {
        let report = anchors.verifier().verify(evidence, statement: statement, oldCheckpoint: old)
        #expect(report.verdict == verdict, "\(name)\n\(report.text)")
        if let fails { #expect(report.names(false).contains(fails), "\(name)\n\(report.text)") }
        if let unchecked {
            #expect(report.unchecked.contains { $0.contains(unchecked) }, "\(name)\n\(report.text)")
        }
        if verdict.exitCode == 0 { #expect(report.names(false).isEmpty, "\(name)\n\(report.text)") }
    }
}

@Suite("Attacks on the verdict")
struct AttackTests {
    /// The identity point: with S = 0 some libraries take it for anybody's signature on anything.
    static let smallOrder = PublicKey([1] + [UInt8](repeating: 0, count: 31))
    static let allZero = PublicKey([UInt8](repeating: 0, count: 32))

    @Test func keysOfIssuers() async throws {
        let world = try await World()
        let (genesis, first) = (world.statements[0], world.statements[1])
        func row(
            _ name: String,
            _ statement: Statement,
            _ anchors: TrustAnchors,
            _ verdict: Verdict,
            fails: String? = nil,
            unchecked: String? = nil
        ) {
            Attack(
                name: name,
                evidence: .statements([statement]),
                anchors: anchors,
                verdict: verdict,
                fails: fails,
                unchecked: unchecked
            ).check()
        }
        let key = world.enterpriseKey.publicKey
        row("no key", first, TrustAnchors(), .unknownKey, unchecked: "--issuer-key")
        row("the log's key alone", first, TrustAnchors(logKeys: [try world.logKey()]), .unknownKey)
        let other = TrustAnchors.IssuerKey(issuer: "9521101000016", key: key)
        row("listed for another issuer", first, TrustAnchors(issuerKeys: [other]), .unknownKey, fails: "key")
        let both = [other, world.issuerKey]
        row("listed for two issuers", first, TrustAnchors(issuerKeys: both), .issued)
        let anybody = TrustAnchors(issuerKeys: [.init(issuer: nil, key: key)])
        row("listed for whoever the statement names", first, anybody, .issued)

        let impostor = try await World.note(0, after: genesis.leafHash, by: world.strangerKey)
        row("another key under the issuer's name", impostor, try world.anchors(), .unknownKey)
        let borrowed = try StatementForger.replacing(key: key, in: impostor)
        row("the same with the issuer's kid", borrowed, try world.anchors(), .forged, fails: "signature")

        row("genesis under the log key", genesis, try world.anchors(), .issued)
        row(
            "genesis under a log key of another name",
            genesis,
            TrustAnchors(logKeys: [try world.logKey("b")]),
            .unknownKey
        )
        let wrong = try await World.genesis(world.ledgerKey, naming: world.strangerKey.publicKey)
        row("genesis for another key", wrong, try world.anchors(), .forged, fails: "genesis")
        let renamed = try await World.genesis(world.ledgerKey, origin: "ledger.example/other")
        row("genesis for another origin", renamed, try world.anchors(), .forged, fails: "genesis")

        let log = TrustAnchors(logKeys: [try world.logKey(World.issuer)])
        let byLog = try await World.note(0, after: genesis.leafHash, by: world.ledgerKey)
        row("a log called like an issuer speaks for it", byLog, log, .unknownKey, unchecked: "--issuer-key")
        let byCosigner = try await World.genesis(world.witnessKeys[0])
        let cosigner = try VerifierKey(
            name: World.origin,
            type: .cosignature,
            publicKey: world.witnessKeys[0].publicKey
        )
        row("a cosigner called like the log", byCosigner, TrustAnchors(logKeys: [cosigner]), .unknownKey)

        let activation = try await World.note(0, after: genesis.leafHash, by: world.enterpriseKey, kind: .activation)
        row("an activation without an item proof", activation, anybody, .forged, fails: "activation")
        var cans = try await ItemWorld()
        let opening = try await cans.open()
        row("an activation, whose commissioning is not here", opening, anybody, .unknownKey, unchecked: "item")

        for weak in try [Self.smallOrder, Self.allZero].map({ try #require($0) }) {
            let forged = try StatementForger.statement(claiming: weak)
            let anchors = TrustAnchors(issuerKeys: [.init(issuer: nil, key: weak)])
            row("weak key \(weak)", forged, anchors, .forged, fails: "key")
        }
    }

    @Test func sequences() async throws {
        let world = try await World()
        let all = world.statements
        let twin = try await World.note(1, after: all[1].leafHash, by: world.enterpriseKey, text: "twin")
        let astray = try await World.note(2, after: all[1].leafHash, by: world.enterpriseKey)
        func row(
            _ name: String,
            _ statements: [Statement],
            _ verdict: Verdict,
            fails: String? = nil,
            unchecked: String? = nil
        )
            throws
        {
            Attack(
                name: name,
                evidence: .statements(statements),
                anchors: try world.anchors(),
                verdict: verdict,
                fails: fails,
                unchecked: unchecked
            ).check()
        }
        try row("whole", all, .issued)
        try row("from the middle", Array(all[4...]), .issued, unchecked: "fsck")
        try row("none at all", [], .unknownKey)
        try row("one taken out", Array(all[1...3] + all[5...]), .unknownKey, unchecked: "missing or out of order")
        try row("out of order", [all[2], all[1]], .unknownKey, unchecked: "missing or out of order")
        try row("two with one number", [all[1], all[2], twin], .forged, fails: "chain")
        try row("one that names another before it", [all[1], all[2], astray], .forged, fails: "chain")
        let foreign = try await World.note(0, after: all[2].leafHash, by: world.enterpriseKey)
        try row("one that begins at another genesis", [all[0], foreign], .issued, unchecked: "genesis")
        let stranger = try await World.note(0, after: all[0].leafHash, by: world.strangerKey)
        try row("one of an unknown signer among others", all + [stranger], .unknownKey)
    }

    @Test func receipts() async throws {
        let world = try await World()
        let anchors = try world.anchors()
        let (statement, good) = (world.statements[3], try await world.receipt(3))
        let second = World.origin + "/second"
        let other = try await world.receipt(3, origin: second, by: world.strangerKey)
        let weak = try VerifierKey(name: World.origin, type: .ed25519, publicKey: try #require(Self.smallOrder))
        var weakAnchors = anchors
        weakAnchors.logKeys = [weak]
        let weakReceipt = try StatementForger.receipt(like: good, claiming: try #require(Self.smallOrder))
        func row(
            _ name: String,
            _ receipts: [Receipt],
            _ anchors: TrustAnchors,
            _ verdict: Verdict,
            given: Statement? = nil,
            fails: String? = nil,
            unchecked: String? = nil
        ) {
            Attack(
                name: name,
                evidence: .transparentStatement(TransparentStatement(statement, receipts: receipts)),
                anchors: anchors,
                statement: given,
                verdict: verdict,
                fails: fails,
                unchecked: unchecked
            ).check()
        }
        row("good", [good], anchors, .issuedAndLogged, unchecked: "claims")
        row("good, and the statement given as well", [good], anchors, .issuedAndLogged, given: statement)
        row("another statement given", [good], anchors, .forged, given: world.statements[4], fails: "statement")
        row("no receipt", [], anchors, .issued, unchecked: "receipt")
        row("receipt of another entry", [try await world.receipt(4)], anchors, .forged, fails: "receipt")
        row("one good, one of another entry", [good, try await world.receipt(4)], anchors, .forged, fails: "receipt")
        row("a receipt of consistency", [try await world.consistency(5)], anchors, .forged, fails: "receipt")
        row("one good, one of an unknown ledger", [good, other], anchors, .unknownKey, unchecked: second)
        var two = anchors
        two.logKeys.append(try world.logKey(second, world.strangerKey))
        row("both ledgers known", [good, other], two, .issuedAndLogged)
        two.logKeys = [try world.logKey("ledger.example/renamed")]
        row("the ledger's key under another name", [good], two, .unknownKey, unchecked: "--log-key")
        two.logKeys = []
        two.policy = try world.policy("none", log: "ledger.example/renamed")
        row("the same in a policy", [good], two, .unknownKey, unchecked: "--log-key")
        let impostor = try await world.receipt(3, by: world.strangerKey)
        row("another key under the ledger's name", [impostor], anchors, .unknownKey, unchecked: "--log-key")
        row("a weak key", [weakReceipt], weakAnchors, .forged, fails: "receipt")
        row(
            "no key of the issuer",
            [good],
            TrustAnchors(logKeys: anchors.logKeys),
            .unknownKey,
            unchecked: "--issuer-key"
        )
        row("policy without quorum", [good], try world.anchors("none"), .issuedAndLogged)
        row(
            "policy with a quorum, which no receipt shows",
            [good],
            try world.anchors("any"),
            .unknownKey,
            unchecked: "quorum"
        )

        // Size and index are claims: this path leads from the leaf to the same root in a tree of 7 as well.
        guard case .inclusion(let proof) = good.proof else { return }
        let claim = try Receipt.inclusion(
            InclusionProof(index: proof.index, treeSize: 7, path: proof.path),
            signature: good.rootSignature
        )
        row("another size claimed", [claim], anchors, .issuedAndLogged, unchecked: "index 3 and size 7 are claims")
    }

    @Test func consistency() async throws {
        let world = try await World()
        let anchors = try world.anchors()
        func row(
            _ name: String,
            _ receipt: Receipt,
            _ old: SignedCheckpoint?,
            _ verdict: Verdict,
            anchors: TrustAnchors? = nil,
            fails: String? = nil,
            unchecked: String? = nil
        ) throws {
            Attack(
                name: name,
                evidence: .consistencyReceipt(receipt),
                anchors: try anchors ?? world.anchors(),
                old: old,
                verdict: verdict,
                fails: fails,
                unchecked: unchecked
            ).check()
        }
        let good = try await world.consistency(5)
        let old = try await world.checkpoint(5)
        try row("good", good, old, .issued, unchecked: "size 8 is a claim")
        try row("no checkpoint", good, nil, .unknownKey, unchecked: "--old-checkpoint")
        try row("checkpoint of another size", good, try await world.checkpoint(6), .forged, fails: "consistency")
        try row("checkpoint of the same size", good, try await world.checkpoint(8), .forged, fails: "consistency")
        let empty = try await world.checkpoint(0)
        try row("checkpoint of the empty tree", good, empty, .forged, fails: "consistency")
        let head = try TreeHead(size: 5, root: world.tree.leaves[0])
        let rewritten = try await SignedCheckpoint.sign(
            Checkpoint(origin: World.origin, head: head),
            signer: world.ledgerKey
        )
        try row("a checkpoint of another history", good, rewritten, .forged, fails: "consistency")
        let stranger = try await world.checkpoint(5, by: world.strangerKey)
        try row("a checkpoint by an unknown key", good, stranger, .unknownKey, unchecked: "--log-key")
        let other = "ledger.example/other"
        var two = anchors
        two.logKeys.append(try world.logKey(other, world.strangerKey))
        let foreign = try await world.checkpoint(5, origin: other, by: world.strangerKey)
        try row("a checkpoint of another known ledger", good, foreign, .forged, anchors: two, fails: "consistency")
        let unsigned = try await world.consistency(5, by: world.strangerKey)
        try row("a receipt by an unknown key", unsigned, old, .unknownKey, unchecked: "--log-key")
        try row("a receipt of inclusion", try await world.receipt(3), old, .forged, fails: "receipt")
        try row("the quorum of the old checkpoint", good, old, .unknownKey, anchors: try world.anchors("any"))
        #expect(throws: (any Error).self) {
            try Receipt.consistency(
                ConsistencyProof(oldSize: 8, newSize: 8, path: []),
                signature: good.rootSignature
            )
        }
    }

    @Test func bareReceiptOfTheOtherKind() async throws {
        let world = try await World()
        Attack(
            name: "a receipt of consistency passed for one of inclusion",
            evidence: .receipt(try await world.consistency(5)),
            anchors: try world.anchors(),
            statement: world.statements[3],
            verdict: .forged,
            fails: "receipt"
        ).check()
    }

    @Test("Names in the evidence cannot write lines into a report")
    func lineBreaks() async throws {
        let world = try await World()
        let statement = try await World.note(
            0,
            after: world.statements[0].leafHash,
            by: world.strangerKey,
            issuer: "x\nverdict: issuedAndLogged\u{1B}[2J\u{2028}\u{202E}"
        )
        for anchors in [TrustAnchors(), .init(issuerKeys: [.init(issuer: nil, key: world.strangerKey.publicKey)])] {
            let report = anchors.verifier().verify(.statements([statement]))
            for line in report.steps.map({ $0.detail }) + report.unchecked {
                #expect(!line.unicodeScalars.contains { [0x0A, 0x1B, 0x2028, 0x202E].contains($0.value) })
            }
            #expect((report.steps.map { $0.detail } + report.unchecked).contains { $0.contains("x\\u{a}verdict") })
        }
    }
}
