import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// What somebody could try with a registry, and what comes of it.
@Suite struct RegistryAttackTests {
    private let stranger = "9521102000008"

    /// What the registry finds wrong with the last entry.
    private func finding(_ change: (World, inout RegistryWorld) async throws -> Void) async throws -> String? {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let before = try registry.registry()
        try await change(world, &registry)
        let after = try registry.registry()
        let isAlone = after.size == before.size + 1
        #expect(
            !isAlone || after.findings.isEmpty || after.parties == before.parties,
            "what does not count changes nothing"
        )
        return after.findings.last?.reason
    }

    @Test func onlyTheAuthorityEnrols() async throws {
        let reason = try await finding { _, registry in
            let thief = try World.key(30)
            try await registry.record(try await registry.enrolment(stranger, thief), by: thief)
        }
        #expect(reason?.contains("none of the authority's") == true, "\(reason ?? "-")")
        let other = try await finding { _, registry in
            let thief = try World.key(30)
            try await registry.record(try await registry.enrolment(stranger, thief), by: thief, as: stranger)
        }
        #expect(other?.contains("is not the authority") == true, "\(other ?? "-")")
    }

    @Test func oneEnrolmentAGLN() async throws {
        let reason = try await finding { _, registry in
            try await registry.record(try await registry.enrolment(RegistryWorld.dairy, try World.key(30)))
        }
        #expect(reason?.contains("is enrolled already") == true, "\(reason ?? "-")")
    }

    @Test func aKeyBelongsToOneParty() async throws {
        let reason = try await finding { world, registry in
            try await registry.record(try await registry.enrolment(stranger, world.enterpriseKey))
        }
        #expect(reason?.contains("is enrolled already") == true)
    }

    @Test func aPrefixBelongsToOneParty() async throws {
        let reason = try await finding { _, registry in
            try await registry.record(
                try await registry.enrolment(stranger, try World.key(30), prefixes: ["9521101"])
            )
        }
        #expect(reason?.contains("prefix") == true)
    }

    @Test func aLedgerBelongsToOneParty() async throws {
        for origin in [World.origin, RegistryWorld.origin] {
            let reason = try await finding { world, registry in
                let use = KeyGrant.Use.ledger(origin: origin)
                if origin == World.origin {
                    let grant = try await registry.grant(RegistryWorld.dairy, world.ledgerKey, use: use)
                    try await registry.record(try Enrolment(party: RegistryWorld.dairy, .addKey(grant)))
                }
                try await registry.record(try await registry.enrolment(stranger, try World.key(30)))
                let forked = try await registry.grant(stranger, try World.key(31), use: use)
                try await registry.record(try Enrolment(party: stranger, .addKey(forked)))
                #expect(try registry.registry().party(stranger)?.keys.count == 1)
            }
            #expect(reason?.contains("the ledger \(origin) is that of") == true, "\(reason ?? "-")")
        }
    }

    @Test func nobodyEnrolsAKeyThatHeDoesNotHave() async throws {
        let reason = try await finding { _, registry in
            let honest = try await registry.grant(stranger, try World.key(30))
            let grant = KeyGrant(
                key: try World.key(31).publicKey,
                from: honest.from,
                use: .events,
                possession: honest.possession
            )
            try await registry.record(try Enrolment(party: RegistryWorld.dairy, .addKey(grant)))
        }
        #expect(reason?.contains("possession") == true)
        // Nor does a proof for one party, registry or use serve another.
        let moved = try await finding { _, registry in
            let grant = try await registry.grant(stranger, try World.key(30))
            try await registry.record(try Enrolment(party: RegistryWorld.dairy, .addKey(grant)))
        }
        #expect(moved?.contains("possession") == true)
    }

    @Test func aRotationNeedsTheOldKeysConsent() async throws {
        let reason = try await finding { world, registry in
            let (old, new, thief) = (world.enterpriseKey, try World.key(30), try World.key(31))
            let forged = try await Enrolment.rotation(
                registry: RegistryWorld.origin,
                party: RegistryWorld.dairy,
                from: thief,
                to: new,
                moment: RegistryWorld.start
            )
            guard case .rotate(_, let grant, let consent) = forged.action else { return }
            let end = try KeyEnd(key: old.publicKey, moment: RegistryWorld.start)
            try await registry.record(
                try Enrolment(party: RegistryWorld.dairy, .rotate(end, grant, consent: consent))
            )
        }
        #expect(reason?.contains("consent") == true, "\(reason ?? "-")")
    }

    @Test func theAuthoritysOldKeySaysNothingMore() async throws {
        var registry = try await RegistryWorld(world: try await World())
        let (old, new) = (registry.authorityKey, try World.key(30))
        try await registry.record(
            try await Enrolment.rotation(
                registry: RegistryWorld.origin,
                party: RegistryWorld.authority,
                from: old,
                to: new,
                moment: RegistryWorld.start
            )
        )
        try await registry.record(try await registry.enrolment(stranger, try World.key(31)), by: old)
        #expect(try registry.registry().findings.map(\.reason).contains { $0.contains("had ended") })
        #expect(try registry.registry().party(stranger) == nil)
        try await registry.record(try await registry.enrolment(stranger, try World.key(31)), by: new)
        #expect(try registry.registry().party(stranger) != nil)
    }

    @Test func whatIsNoEnrolmentChangesNothing() async throws {
        let reason = try await finding { _, registry in try await registry.record(payload: [0xA0], subject: stranger) }
        #expect(reason?.contains("enrolment") == true)
    }

    @Test func theFirstEnrolmentIsTheAuthoritysOwn() async throws {
        let world = try await World()
        let honest = try await RegistryWorld(world: world)
        var registry = Registry(origin: RegistryWorld.origin)
        try registry.append(honest.entries[0].encoded, checker: World.checker)
        #expect(registry.authority == nil)
        // Another party's enrolment cannot stand first, and a gap in the authority's chain cannot stand at all.
        #expect(throws: FormatError.self) {
            try registry.append(honest.entries[2].encoded, checker: World.checker)
        }
    }

    // MARK: Packs

    @Test func aPackCannotBeCutShortOrAltered() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world)
        let pack = try await registry.pack(world)
        let verifier = TrustAnchors(policy: try registry.policy(world)).verifier()
        #expect(throws: FormatError.self) {
            try RegistryPack(checkpoint: pack.checkpoint, entries: Array(pack.entries.dropLast()))
        }
        // A revocation replaced by something harmless of the same number of entries.
        var entries = pack.entries
        entries[2] = entries[1]
        let swapped = try RegistryPack(checkpoint: pack.checkpoint, entries: entries)
        let report = verifier.registry(of: swapped)
        #expect(report.registry == nil)
        #expect(report.report.verdict == .forged, "\(report.report.text)")
        for place in 0..<pack.encoded.count {
            #expect(throws: FormatError.self) { try RegistryPack(decoding: Array(pack.encoded[..<place])) }
        }
    }

    @Test func noBitOfAPackCanBeFlippedUnnoticed() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world)
        let bytes = try await registry.pack(world).encoded
        let verifier = TrustAnchors(policy: try registry.policy(world)).verifier()
        for place in bytes.indices {
            var flipped = bytes
            flipped[place] ^= 1 << UInt8(place % 8)
            guard let pack = try? RegistryPack(decoding: flipped) else { continue }
            #expect(verifier.registry(of: pack).registry == nil, "byte \(place)")
        }
    }

    @Test func aPackOfAnUnknownRegistryIsNotBelieved() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world)
        let pack = try await registry.pack(world)
        let report = TrustAnchors(policy: try world.policy("all")).verifier().registry(of: pack)
        #expect(report.registry == nil)
        #expect(report.report.verdict == .unknownKey)
        // Nor one that too few cosigners have seen.
        let lonely = try await registry.pack(world, cosigners: [0])
        let few = TrustAnchors(policy: try registry.policy(world)).verifier().registry(of: lonely)
        #expect(few.registry == nil)
        #expect(few.report.verdict == .unknownKey)
    }

    @Test func aForkedRegistryIsNoUpdate() async throws {
        let world = try await World()
        let honest = try await RegistryWorld(world: world)
        let old = try await honest.pack(world)
        // The same registry, in which another key was enrolled in the place of the dairy's.
        var forked = try await RegistryWorld(world: try await World())
        try await forked.record(try await forked.enrolment(stranger, try World.key(30)))
        let other = MerkleTree(leaves: [forked.entries[0], forked.entries[1], forked.entries[3]].map(\.leafHash))
        let longer = MerkleTree(leaves: other.leaves + [forked.entries[2].leafHash])
        let signed = try await SignedCheckpoint.sign(
            try Checkpoint(origin: RegistryWorld.origin, head: longer.head),
            signer: honest.ledgerKey
        )
        let update = try RegistryUpdate(
            from: 3,
            checkpoint: signed,
            entries: [forked.entries[2].encoded],
            consistency: try ConsistencyProof.make(oldSize: 3, newSize: 4, from: longer).path
        )
        #expect(throws: FormatError.self) { try old.applying(update) }
        let anchors = TrustAnchors(policy: try honest.policy(world, "none"))
        let report = anchors.verifier().verify(.registryUpdate(update), oldCheckpoint: old.checkpoint)
        #expect(report.verdict == .forged, "\(report.text)")
    }

    // MARK: Statements

    @Test func aKeySpeaksForItsPartyAlone() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        try await registry.record(try await registry.enrolment(stranger, try World.key(30)))
        let anchors = try await registry.anchors(world)
        let lie = try await World.note(
            0,
            after: world.statements[0].leafHash,
            by: world.enterpriseKey,
            issuer: stranger
        )
        let report = anchors.verifier().verify(.statements([lie]))
        #expect(report.verdict == .unknownKey, "\(report.text)")
        #expect(report.names(false) == ["key"])
    }

    @Test func aKeyForAnotherUseSignsNoEvents() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let key = try World.key(30)
        for use in [KeyGrant.Use.ledger(origin: "a"), .witness(name: "b"), .mirror(name: "c")] {
            let grant = try await registry.grant(RegistryWorld.dairy, key, use: use)
            try await registry.record(try Enrolment(party: RegistryWorld.dairy, .addKey(grant)))
            let anchors = try await registry.anchors(world)
            let note = try await World.note(0, after: world.statements[0].leafHash, by: key)
            #expect(anchors.verifier().verify(.statements([note])).verdict == .unknownKey)
            registry = try await RegistryWorld(world: world)
        }
    }
}
