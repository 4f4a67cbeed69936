import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// From a registry to a verdict: what a verifier needs is a policy and a pack.
@Suite struct RegistryExampleTests {
    @Test func anEnrolledKeyIsBelieved() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world)
        let pack = try RegistryPack(decoding: try await registry.pack(world).encoded)

        // The pack is verified under the policy alone, with no network.
        var anchors = TrustAnchors(policy: try registry.policy(world))
        let (verified, packReport) = anchors.verifier().registry(of: pack)
        #expect(packReport.verdict == .issuedAndLogged, "\(packReport.text)")
        anchors.registry = verified

        // And then says whose key signed an event that is proved to be in a ledger.
        let proof = try await world.tlogProof(3, extra: world.statements[3].encoded, cosigners: [0, 1])
        let report = anchors.verifier().verify(.tlogProof(proof))
        #expect(report.verdict == .issuedAndLogged, "\(report.text)")
        #expect(report.names(true).contains("validity"))
        #expect(report.registry?.origin == RegistryWorld.origin)
        #expect(report.registry?.size == 3)
    }

    @Test func theRegistryKnowsItsParties() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world).registry()
        #expect(registry.authority?.identifier == RegistryWorld.authority)
        #expect(registry.parties.count == 2)
        let dairy = try #require(registry.party(RegistryWorld.dairy))
        #expect(dairy.keys.map(\.grant.key) == [world.enterpriseKey.publicKey])
        #expect(registry.party(prefixOf: "9521101530018")?.identifier == RegistryWorld.dairy)
        #expect(registry.party(prefixOf: "4006381333931") == nil)
        #expect(registry.findings.isEmpty)
    }

    @Test func aPackIsUpdatedByDifference() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let old = try await registry.pack(world)
        let oldHead = registry.tree.head
        try await registry.record(try await registry.enrolment("9521102000008", try World.key(20)))
        let new = try await registry.pack(world)
        let proof = try ConsistencyProof.make(
            oldSize: oldHead.size,
            newSize: registry.tree.size,
            from: registry.tree
        )
        let update = try RegistryUpdate(
            from: oldHead.size,
            checkpoint: new.checkpoint,
            entries: Array(new.entries.suffix(1)),
            consistency: proof.path,
            rootSignature: new.rootSignature
        )
        let decoded = try RegistryUpdate(decoding: update.encoded)
        #expect(try old.applying(decoded) == new)

        let anchors = TrustAnchors(policy: try registry.policy(world))
        let report = anchors.verifier().verify(.registryUpdate(decoded), oldCheckpoint: old.checkpoint)
        #expect(report.verdict == .issued, "\(report.text)")
        #expect(anchors.verifier().verify(.registryUpdate(decoded)).verdict == .unknownKey)
    }

    @Test func freshnessIsShownAndCanBeRequired() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world)
        let pack = try await registry.pack(world)
        var anchors = TrustAnchors(policy: try registry.policy(world))
        // Cosigned by both at 1 767 225 701; checked three days later.
        let now: UInt64 = 1_767_225_701 + 3 * 86_400
        var verifier = Verifier(anchors: anchors, checker: World.checker, now: now)
        let shown = verifier.registry(of: pack).report
        #expect(shown.steps.contains { $0.name == "freshness" && $0.detail.contains("3 days ago") }, "\(shown.text)")

        anchors.maximumRegistryAge = 86_400
        verifier = Verifier(anchors: anchors, checker: World.checker, now: now)
        let stale = verifier.registry(of: pack)
        #expect(stale.registry == nil)
        #expect(stale.report.verdict == .unknownKey, "\(stale.report.text)")
        #expect(stale.report.names(false) == ["freshness"])

        // Without a quorum nobody says when it was seen.
        anchors.policy = try registry.policy(world, "none")
        let timeless = Verifier(anchors: anchors, checker: World.checker, now: now).registry(of: pack)
        #expect(timeless.registry == nil)
        #expect(timeless.report.verdict == .unknownKey)
    }

    @Test func aRegistryVouchesForLedgersToo() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let grant = try await registry.grant(
            RegistryWorld.dairy,
            world.ledgerKey,
            use: .ledger(origin: World.origin)
        )
        try await registry.record(try Enrolment(party: RegistryWorld.dairy, .addKey(grant)))
        var policy = try world.policy("all", log: nil)
        try policy.addLog(key: try registry.logKey)
        var anchors = TrustAnchors(policy: policy)
        anchors.registry = anchors.verifier().registry(of: try await registry.pack(world)).registry
        let proof = try await world.tlogProof(3, extra: world.statements[3].encoded, cosigners: [0, 1])
        let report = anchors.verifier().verify(.tlogProof(proof))
        #expect(report.verdict == .issuedAndLogged, "\(report.text)")
    }

    @Test func requestsProvePossession() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world)
        let key = try World.key(20)
        let request = try await EnrolmentRequest.signed(
            registry: RegistryWorld.origin,
            created: RegistryWorld.start,
            try await registry.enrolment("9521102000008", key),
            by: key
        )
        let decoded = try EnrolmentRequest(decoding: request.encoded)
        #expect(decoded == request)
        #expect(decoded.problem(checker: World.checker) == nil)
        // That it is whose it says, only the authority can find out.
        let report = TrustAnchors().verifier().verify(.enrolmentRequest(decoded))
        #expect(report.verdict == .unknownKey)
    }

    @Test func whoWasWithdrawnMayComeBackWithNewKeys() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        try await registry.record(try Enrolment(party: RegistryWorld.dairy, .withdraw(RegistryWorld.start + 5)))
        #expect(try registry.registry().party(prefixOf: "9521101530018") == nil)
        try await registry.record(
            try await registry.enrolment(RegistryWorld.dairy, try World.key(23), prefixes: ["9521101"])
        )
        let dairy = try #require(try registry.registry().party(RegistryWorld.dairy))
        #expect(dairy.withdrawn == nil)
        #expect(dairy.keys.map { $0.end == nil } == [false, true])
        #expect(dairy.history == [2, 3, 4])
        #expect(try registry.registry().findings.isEmpty)
    }
}
