import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Evidence in one file, as a regulator meets it.
@Suite("A bundle is checked with a policy and nothing else")
struct BundleExampleTests {
    @Test func everyStatementHasItsVerdict() async throws {
        let world = try await World()
        let bundle = try EvidenceBundle(decoding: try await world.bundle().encoded)
        let result = try world.anchors("all").verifier().verify(bundle)
        #expect(result.report.verdict == .issuedAndLogged, "\(result.report.text)")
        #expect(result.report.asOf?.size == 8)
        #expect(result.rows.map(\.index) == [1, 2, 5])
        #expect(result.rows.allSatisfy { $0.verdict == .issuedAndLogged && $0.reason == nil })
        #expect(result.rows.map(\.seen) == [1_767_225_701, 1_767_225_701, 1_767_225_701], "the later of the two")
        #expect(result.report.names(false).isEmpty)
        #expect(bundle.ledgers[0].hashes.count == 4, "and three single proofs would have 9")
    }

    @Test func theRegistryMayComeAlongAndIsNamed() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world)
        let bundle = try await world.bundle(policy: registry.policy(world), registry: registry.pack(world))
        var anchors = TrustAnchors(policy: try registry.policy(world))
        #expect(anchors.verifier().verify(bundle).report.verdict == .unknownKey, "nobody said that it counts")
        anchors.registryOrigin = RegistryWorld.origin
        let result = anchors.verifier().verify(bundle)
        #expect(result.report.verdict == .issuedAndLogged, "\(result.report.text)")
        #expect(result.report.registry?.origin == RegistryWorld.origin)
        #expect(result.report.asOf?.origin == World.origin)
        #expect(result.rows.first?.party?.names.first?.text == RegistryWorld.dairy)
        anchors.registryOrigin = World.origin
        #expect(anchors.verifier().verify(bundle).report.verdict == .unknownKey)
    }

    @Test func thePolicyInsideCountsForNothing() async throws {
        let world = try await World()
        let policy = try world.policy("all")
        let bundle = try await world.bundle(policy: policy)
        let report = TrustAnchors(issuerKeys: [world.issuerKey]).verifier().verify(bundle).report
        #expect(report.verdict == .unknownKey)
        #expect(report.unchecked.contains { $0.contains("\(SHA256.hash(policy.bytes))") })
    }

    @Test func anOlderCheckpointShowsWhatWasThereBeforeARevocation() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let moment: UInt64 = 1_767_225_650
        let end = try KeyEnd(
            key: world.enterpriseKey.publicKey,
            moment: moment,
            reason: .keyCompromise,
            lastGood: []
        )
        try await registry.record(try Enrolment(party: World.issuer, .revoke(end)))
        let anchors = try await registry.anchors(world)
        // The checkpoint of the bundle was seen after the moment.
        let without = anchors.verifier().verify(try await world.bundle())
        #expect(without.report.verdict == .keyRevoked, "\(without.report.text)")
        let anchor = try await world.anchor(3, time: moment - 10)
        let with = anchors.verifier().verify(try await world.bundle(anchors: [anchor]))
        #expect(with.rows.map(\.verdict) == [.issuedAndLogged, .issuedAndLogged, .keyRevoked], "\(with.report.text)")
        #expect(with.rows.map(\.seen) == [moment - 10, moment - 10, 1_767_225_701])
        #expect(with.report.verdict == .keyRevoked)
        // One that was seen too late, or by nobody, does not help; and neither does one of another history.
        let late = try await world.anchor(3, time: moment)
        #expect(anchors.verifier().verify(try await world.bundle(anchors: [late])).rows[0].verdict == .keyRevoked)
        let unseen = EvidenceBundle.Anchor(
            checkpoint: try await world.checkpoint(3),
            consistency: anchor.consistency
        )
        #expect(anchors.verifier().verify(try await world.bundle(anchors: [unseen])).rows[0].verdict == .keyRevoked)
        let other = EvidenceBundle.Anchor(
            checkpoint: anchor.checkpoint,
            consistency: anchor.consistency.map { _ in TreeHash.empty }
        )
        #expect(anchors.verifier().verify(try await world.bundle(anchors: [other])).report.verdict == .forged)
    }

    @Test func theSignaturesCanBeCheckedBeforehand() async throws {
        let world = try await World()
        let bundle = try await world.bundle([1, 2, 3, 4])
        let questions = try world.anchors("all").verifier().signatures(in: bundle)
        #expect(questions.count == 4)
        #expect(questions.allSatisfy { World.checker.admits($0.signature, for: $0.message, by: $0.key) })
    }

    @Test func severalLedgersAreOneFile() async throws {
        let world = try await World()
        let other = try await world.checkpoint(origin: "ledger.example/other", cosigners: [0, 1])
        let bundle = try EvidenceBundle(
            policy: nil,
            registry: nil,
            ledgers: [
                try world.ledger([1, 2], try await world.checkpoint(cosigners: [0, 1])), try world.ledger([4], other),
            ]
        )
        #expect(try EvidenceBundle(decoding: bundle.encoded) == bundle)
        var anchors = try world.anchors("all")
        let one = anchors.verifier().verify(bundle)
        #expect(one.rows.map(\.verdict) == [.issuedAndLogged, .issuedAndLogged, .unknownKey])
        #expect(one.report.verdict == .unknownKey)
        anchors.logKeys = [try world.logKey("ledger.example/other")]
        let both = anchors.verifier().verify(bundle)
        #expect(both.report.verdict == .issuedAndLogged, "\(both.report.text)")
        #expect(both.ledgers.map(\.origin) == [World.origin, "ledger.example/other"])
    }
}
