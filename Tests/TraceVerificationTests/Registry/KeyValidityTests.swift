import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Which entries a key counts for: the rule of Docs/Trust.md and what a thief or a backdater gets by it.
///
/// Entry `n` of ``World`` is number `n - 1` of the enterprise's key, signed at 1 767 225 600 + `n - 1`; its checkpoint of
/// size 8 is cosigned at 1 767 225 700 and 1 767 225 701, so a quorum of both is reached at 1 767 225 701.
@Suite struct KeyValidityTests {
    private static let quorumTime: UInt64 = 1_767_225_701

    private func report(
        _ index: Int,
        _ action: (World) throws -> Enrolment.Action,
        quorum: String = "all",
        cosigners: [Int] = [0, 1]
    ) async throws -> VerificationReport {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        try await registry.record(try Enrolment(party: RegistryWorld.dairy, try action(world)))
        let proof = try await world.tlogProof(index, extra: world.statements[index].encoded, cosigners: cosigners)
        return try await registry.anchors(world, quorum).verifier().verify(.tlogProof(proof))
    }

    private func end(_ world: World, at moment: UInt64, lastGood: Int? = nil) throws -> KeyEnd {
        try KeyEnd(
            key: world.enterpriseKey.publicKey,
            moment: moment,
            reason: .keyCompromise,
            lastGood: lastGood.map {
                [.init(origin: World.origin, number: UInt64($0 - 1), hash: world.statements[$0].leafHash)]
            } ?? []
        )
    }

    @Test func whatCosignersSawBeforeTheRevocationCounts() async throws {
        let after = try await report(3) { .revoke(try end($0, at: Self.quorumTime + 1)) }
        #expect(after.verdict == .issuedAndLogged, "\(after.text)")
        // The k-th smallest timestamp of a quorum of k: one cosignature in time is not enough for two.
        let same = try await report(3) { .revoke(try end($0, at: Self.quorumTime)) }
        #expect(same.verdict == .keyRevoked, "\(same.text)")
        let one = try await report(3, { .revoke(try end($0, at: Self.quorumTime)) }, quorum: "any")
        #expect(one.verdict == .issuedAndLogged, "\(one.text)")
    }

    @Test func withoutAQuorumNothingIsShownToBeFromBefore() async throws {
        let report = try await report(3, { .revoke(try end($0, at: .init(Int64.max))) }, quorum: "none")
        #expect(report.verdict == .keyRevoked, "\(report.text)")
    }

    @Test func retirementIsJudgedLikewise() async throws {
        let before = try await report(3) { .retire(try end($0, at: Self.quorumTime + 1)) }
        #expect(before.verdict == .issuedAndLogged)
        let after = try await report(3) { .retire(try end($0, at: 1)) }
        #expect(after.verdict == .keyRevoked)
        let withdrawn = try await report(3) { _ in .withdraw(1) }
        #expect(withdrawn.verdict == .keyRevoked)
    }

    @Test(arguments: [(2, Verdict.issuedAndLogged), (4, .issuedAndLogged), (5, .keyRevoked), (7, .keyRevoked)])
    func aListedLedgerCountsUpToItsLastGoodEntry(_ index: Int, _ verdict: Verdict) async throws {
        // Revoked from the beginning of time on: the list alone decides.
        let report = try await report(index) { .revoke(try end($0, at: 1, lastGood: 4)) }
        #expect(report.verdict == verdict, "\(report.text)")
    }

    @Test func aThiefCannotBackdate() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        try await registry.record(
            try Enrolment(party: RegistryWorld.dairy, .revoke(try end(world, at: 1, lastGood: 4)))
        )
        let anchors = try await registry.anchors(world)
        // Backdated by its iat and numbered as a good one: it was in no checkpoint before the revocation, and its number
        // is another's. Nobody's ledger shows it.
        for number: UInt64 in [2, 3, 4] {
            let forged = try await World.note(
                number,
                after: world.statements[Int(number)].leafHash,
                by: world.enterpriseKey,
                text: "stolen"
            )
            let report = anchors.verifier().verify(.statements([forged]))
            #expect(report.verdict == .keyRevoked, "\(report.text)")
        }
        // In the place of the last good entry it has another leaf hash, wherever it is logged.
        let fork = try await World.note(3, after: world.statements[3].leafHash, by: world.enterpriseKey, text: "stolen")
        let proof = try await world.proof(logging: fork)
        #expect(anchors.verifier().verify(.tlogProof(proof)).verdict == .keyRevoked)
    }

    @Test func theSignersChainUpToTheLastGoodEntryShowsIt() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        try await registry.record(
            try Enrolment(party: RegistryWorld.dairy, .revoke(try end(world, at: 1, lastGood: 4)))
        )
        let anchors = try await registry.anchors(world)
        func verdict(_ range: ClosedRange<Int>) -> Verdict {
            anchors.verifier().verify(.statements(Array(world.statements[range]))).verdict
        }
        #expect(verdict(4...4) == .issued)
        #expect(verdict(2...4) == .issued)
        #expect(verdict(2...3) == .keyRevoked)
        #expect(verdict(2...5) == .keyRevoked)
    }

    @Test func anEntryFromBeforeTheEnrolmentIsOfAnUnknownKey() async throws {
        let world = try await World()
        for (from, verdict): (UInt64, Verdict) in [
            (1_767_225_602, .issuedAndLogged), (1_767_225_603, .unknownKey), (Self.quorumTime + 1, .unknownKey),
        ] {
            var registry = try await RegistryWorld(world: world)
            let late = try World.key(21)
            try await registry.record(try await registry.enrolment("9521102000008", late, from: from))
            let statement = try await World.note(
                2,
                after: .init(TreeHash.leaf([1]).bytes) ?? TreeHash.empty,
                by: late,
                issuer: "9521102000008"
            )
            let proof = try await world.proof(logging: statement)
            let report = try await registry.anchors(world).verifier().verify(.tlogProof(proof))
            #expect(report.verdict == verdict, "\(from): \(report.text)")
        }
    }

    @Test func aReceiptNamesTheLedgerOfTheLastGoodEntry() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        try await registry.record(
            try Enrolment(party: RegistryWorld.dairy, .revoke(try end(world, at: 1, lastGood: 4)))
        )
        let anchors = try await registry.anchors(world, "none")
        for (index, verdict): (Int, Verdict) in [(2, .issuedAndLogged), (6, .keyRevoked)] {
            let transparent = TransparentStatement(world.statements[index], receipts: [try await world.receipt(index)])
            let report = anchors.verifier().verify(.transparentStatement(transparent))
            #expect(report.verdict == verdict, "\(report.text)")
        }
    }

    @Test func aRevokedLedgerKeySignsNothingThatCounts() async throws {
        let world = try await World()
        for (moment, verdict): (UInt64, Verdict) in [(Self.quorumTime + 1, .issuedAndLogged), (5, .keyRevoked)] {
            var registry = try await RegistryWorld(world: world)
            let use = KeyGrant.Use.ledger(origin: World.origin)
            let grant = try await registry.grant(RegistryWorld.dairy, world.ledgerKey, use: use)
            try await registry.record(try Enrolment(party: RegistryWorld.dairy, .addKey(grant)))
            let end = try KeyEnd(key: world.ledgerKey.publicKey, moment: moment, reason: .keyCompromise)
            try await registry.record(try Enrolment(party: RegistryWorld.dairy, .revoke(end)))
            var policy = try world.policy("all", log: nil)
            try policy.addLog(key: try registry.logKey)
            var anchors = TrustAnchors(policy: policy)
            anchors.registry = anchors.verifier().registry(of: try await registry.pack(world)).registry
            let proof = try await world.tlogProof(3, extra: world.statements[3].encoded, cosigners: [0, 1])
            let report = anchors.verifier().verify(.tlogProof(proof))
            #expect(report.verdict == verdict, "\(report.text)")
        }
    }

    /// Where a ledger's key was handed over both keys sign one checkpoint, and the new one's signature is enough.
    @Test func aHandedOverLedgerKeyDoesNotSpoilTheNewOnes() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let use = KeyGrant.Use.ledger(origin: World.origin)
        let (old, new) = (world.ledgerKey, try World.key(22))
        let grant = try await registry.grant(RegistryWorld.dairy, old, use: use)
        try await registry.record(try Enrolment(party: RegistryWorld.dairy, .addKey(grant)))
        try await registry.record(
            try await Enrolment.rotation(
                registry: RegistryWorld.origin,
                party: RegistryWorld.dairy,
                from: old,
                to: new,
                use: use,
                moment: 5
            )
        )
        var policy = try world.policy("all", log: nil)
        try policy.addLog(key: try registry.logKey)
        var anchors = TrustAnchors(policy: policy)
        anchors.registry = anchors.verifier().registry(of: try await registry.pack(world)).registry
        let text = try await world.checkpoint().note.text
        let line = try await SignedNote.sign(text: text, name: World.origin, signer: new).signatures[0]
        let both = try await world.checkpoint(cosigners: [0, 1]).adding([line])
        #expect(anchors.verifier().verify(.checkpoint(both)).verdict == .issued)
        #expect(
            anchors.verifier().verify(.checkpoint(try await world.checkpoint(cosigners: [0, 1]))).verdict == .keyRevoked
        )
    }

    /// What was said of the end of a key stays said: a later end tightens it and never widens it.
    @Test func aLaterRevocationCanOnlyBeStricter() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let actions: [Enrolment.Action] = [
            .retire(try end(world, at: 5, lastGood: 4)), .revoke(try end(world, at: .init(Int64.max))),
            .withdraw(1), .revoke(try end(world, at: 3, lastGood: 2)),
        ]
        for (action, last) in zip(actions, [4, 4, 4, 2]) {
            try await registry.record(try Enrolment(party: RegistryWorld.dairy, action))
            #expect(try registry.registry().findings.isEmpty)
            let anchors = try await registry.anchors(world)
            for index in 1...7 {
                let extra = world.statements[index].encoded
                let proof = try await world.tlogProof(index, extra: extra, cosigners: [0, 1])
                let verdict = anchors.verifier().verify(.tlogProof(proof)).verdict
                #expect(verdict == (index <= last ? .issuedAndLogged : .keyRevoked), "\(action.name), entry \(index)")
            }
        }
    }

    /// A policy is older than a revocation: that it names a ledger's key does not keep the key alive.
    @Test func theRegistryRevokesALedgersKeyThatThePolicyNames() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let use = KeyGrant.Use.ledger(origin: World.origin)
        let grant = try await registry.grant(RegistryWorld.dairy, world.ledgerKey, use: use)
        try await registry.record(try Enrolment(party: RegistryWorld.dairy, .addKey(grant)))
        let end = try KeyEnd(key: world.ledgerKey.publicKey, moment: 5, reason: .keyCompromise)
        try await registry.record(try Enrolment(party: RegistryWorld.dairy, .revoke(end)))
        let proof = try await world.tlogProof(3, extra: world.statements[3].encoded, cosigners: [0, 1])
        let report = try await registry.anchors(world).verifier().verify(.tlogProof(proof))
        #expect(report.verdict == .keyRevoked, "\(report.text)")
    }
}
