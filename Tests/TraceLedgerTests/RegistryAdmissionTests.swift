import Foundation
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// A registry in a ledger of its own, beside a ledger that admits by it.
private struct RegistryLedger {
    static let origin = "registry.example/cn"
    static let authority = "9521100000000"

    let world: LedgerWorld
    var writer: RegistryWriter
    let policy: TrustPolicy

    init() async throws {
        world = try LedgerWorld()
        let ledgerKey = try LedgerWorld.key(40)
        let ledger = try await Ledger.create(
            world.directory,
            origin: RegistryLedger.origin,
            signer: ledgerKey,
            created: LedgerWorld.time,
            nonce: [UInt8](repeating: 3, count: Genesis.nonceLength),
            checker: LedgerWorld.checker
        )
        var policy = TrustPolicy()
        try policy.addLog(key: ledger.information.key)
        self.policy = policy
        writer = try await RegistryWriter(ledger, signer: try LedgerWorld.key(41), checker: LedgerWorld.checker)
        try await enrol(RegistryLedger.authority, try LedgerWorld.key(41), roles: ["authority"])
    }

    mutating func enrol(
        _ party: String,
        _ key: SigningKey,
        from: UInt64 = LedgerWorld.time,
        roles: [String] = ["producer"]
    ) async throws {
        let grant = try await KeyGrant.signed(
            registry: RegistryLedger.origin,
            party: party,
            from: from,
            use: .events,
            by: key
        )
        let data = try PartyData(
            names: [.init(language: "en", text: party)],
            roles: roles.compactMap { PartyData.Role(name: $0) }
        )
        try await record(try Enrolment(party: party, .enrol(data, [grant])))
    }

    mutating func record(_ enrolment: Enrolment) async throws {
        try await writer.record(enrolment, at: LedgerWorld.time)
    }

    func pack() async throws -> RegistryPack {
        let reader = LedgerReader(world.source, key: writer.ledger.information.key, checker: LedgerWorld.checker)
        return try await reader.registryPack()
    }

    func admission(roles: [String] = [], issuers: [String] = []) async throws -> RegistryAdmission {
        try RegistryAdmission(
            try await pack(),
            policy: policy,
            roles: roles.compactMap { PartyData.Role(name: $0) },
            issuers: issuers,
            checker: LedgerWorld.checker
        )
    }
}

/// Who may append where a registry decides.
@Suite struct RegistryAdmissionTests {
    private func create(_ world: LedgerWorld, _ admission: RegistryAdmission) async throws -> Ledger {
        var configuration = LedgerWorld.onlyWhenAsked
        configuration.now = { LedgerWorld.time + 100 }
        return try await Ledger.create(
            world.directory,
            origin: LedgerWorld.origin,
            signer: world.ledgerKey,
            registry: admission,
            created: LedgerWorld.time,
            nonce: [UInt8](repeating: 7, count: Genesis.nonceLength),
            checker: LedgerWorld.checker,
            configuration: configuration
        )
    }

    private func refusal(_ ledger: Ledger, _ statement: Statement) async throws -> String? {
        do {
            _ = try await ledger.append([statement])
            return nil
        } catch LedgerError.refused(_, .registry(let reason)) { return reason }
    }

    @Test func whoIsEnrolledMayAppendAndNobodyElse() async throws {
        var registry = try await RegistryLedger()
        let world = try LedgerWorld()
        let (carrier, late, thief) = (try LedgerWorld.key(50), try LedgerWorld.key(51), try LedgerWorld.key(52))
        try await registry.enrol(LedgerWorld.gln, world.dairy)
        try await registry.enrol("9521103000007", carrier, roles: ["carrier"])
        try await registry.enrol("9521102000008", late, from: LedgerWorld.time + 50)
        let ledger = try await create(world, try await registry.admission(roles: ["producer"]))

        #expect(try await refusal(ledger, try await world.note("good", in: ledger)) == nil)
        for (signer, issuer, reason) in [
            (thief, LedgerWorld.gln, "is not one of"), (world.dairy, "9521103000007", "is not one of"),
            (thief, "9521104000006", "is not enrolled"), (carrier, "9521103000007", "none of the roles"),
            (late, "9521102000008", "this is from before"),
        ] {
            let note = try await world.note("bad", in: ledger, by: signer, issuer: issuer)
            let found = try await refusal(ledger, note)
            #expect(found?.contains(reason) == true, "\(found ?? "admitted")")
        }
        try await ledger.close()
        // Opened again it goes by the same registry.
        let again = try await world.open()
        #expect(try await refusal(again, try await world.note("x", in: again, by: thief)) != nil)
    }

    /// Who opens a pack is enrolled nowhere; and that he may say so opens the ledger for nothing else.
    @Test func openingsOfItsOwnItemsAreAdmittedWhateverTheRegistrySays() async throws {
        var registry = try await RegistryLedger()
        let (world, batch) = (try LedgerWorld(), try ItemBatch(3))
        try await registry.enrol(LedgerWorld.gln, world.dairy)
        let admission = try await registry.admission(roles: ["producer"], issuers: [LedgerWorld.gln])
        let ledger = try await create(world, admission)
        let event = try await batch.commission(in: ledger, by: world)
        let opening = try await batch.opening(of: 0, commissioned: event.leafHash)
        #expect(try await ledger.append([event, opening]).map(\.index) == [1, 2])
        let key = try ItemBatch.key(0)
        let note = try await world.note("x", in: ledger, by: key, issuer: Activation.issuer(key.publicKey))
        #expect(try await refusal(ledger, note)?.contains("is not among the issuers") == true)
        try await ledger.close()
        let pack = try await registry.pack()
        let verifier = Verifier(anchors: TrustAnchors(policy: registry.policy), checker: LedgerWorld.checker)
        let state = try #require(verifier.registry(of: pack).registry)
        let alarms = try await RegistryAlarms.find(in: try world.reader(), rule: admission.rule, registry: state)
        #expect(alarms.isEmpty)
    }

    @Test func aNewerPackRevokesAndAnOlderOneNeverBringsBack() async throws {
        var registry = try await RegistryLedger()
        let world = try LedgerWorld()
        try await registry.enrol(LedgerWorld.gln, world.dairy)
        let old = try await registry.admission()
        let ledger = try await create(world, old)
        _ = try await ledger.append([try await world.note("good", in: ledger)])
        try await ledger.close()

        let end = try KeyEnd(key: world.dairy.publicKey, moment: LedgerWorld.time, reason: .keyCompromise)
        try await registry.record(try Enrolment(party: LedgerWorld.gln, .revoke(end)))
        let new = try await registry.admission()
        _ = try await Ledger.setAdmission(world.directory, registry: new, checker: LedgerWorld.checker)
        let again = try await world.open()
        let refused = try await refusal(again, try await world.note("stolen", in: again))
        #expect(refused?.contains("revoked") == true)
        try await again.close()
        await #expect(throws: LedgerError.self) {
            try await Ledger.setAdmission(world.directory, registry: old, checker: LedgerWorld.checker)
        }
        // Nor does a fork of the registry, longer as it may be.
        var fork = try await RegistryLedger()
        for number: UInt8 in 60..<65 {
            try await fork.enrol("uscc:91310000MA1FL000\(number)", try LedgerWorld.key(number))
        }
        let forked = try await fork.admission()
        await #expect(throws: LedgerError.self) {
            try await Ledger.setAdmission(world.directory, registry: forked, checker: LedgerWorld.checker)
        }
    }

    /// The same code tells what stands there already: alarms, with the ledger as sound as before.
    @Test func whatStandsThereRaisesAlarms() async throws {
        var registry = try await RegistryLedger()
        let world = try LedgerWorld()
        let ledger = try await world.create()
        _ = try await ledger.append(try await world.notes(["a", "b", "c"], in: ledger))
        let stranger = try LedgerWorld.key(53)
        _ = try await ledger.append([try await world.note("d", in: ledger, by: stranger, issuer: "9521104000006")])
        let last = try Statement(decoding: try #require(ledger.entry(2)))
        try await ledger.close()
        try await registry.enrol(LedgerWorld.gln, world.dairy)
        let end = try KeyEnd(
            key: world.dairy.publicKey,
            moment: LedgerWorld.time,
            lastGood: [.init(origin: LedgerWorld.origin, number: 1, hash: last.leafHash)]
        )
        try await registry.record(try Enrolment(party: LedgerWorld.gln, .revoke(end)))
        let alarms = try await RegistryAlarms.find(
            in: try world.reader(),
            rule: AdmissionRule(registry: RegistryLedger.origin),
            registry: registry.writer.registry
        )
        #expect(alarms.map(\.index) == [3, 4])
        #expect(alarms[0].reason.contains("last good entry here is number 1"))
        #expect(alarms[1].reason.contains("is not enrolled"))
        #expect(try await world.fsck().isSound)
    }

    @Test func theAuthorityRecordsNothingThatWouldNotCount() async throws {
        var registry = try await RegistryLedger()
        let key = try LedgerWorld.key(54)
        try await registry.enrol(LedgerWorld.gln, key)
        let size = registry.writer.registry.size
        await #expect(throws: RegistryWriter.Refusal.self) { try await registry.enrol(LedgerWorld.gln, key) }
        #expect(await registry.writer.ledger.size == size)
        let reopened = try await RegistryWriter(
            registry.writer.ledger,
            signer: try LedgerWorld.key(41),
            checker: LedgerWorld.checker
        )
        #expect(reopened.registry.parties == registry.writer.registry.parties)
    }
}

/// Accepts every signature: the program of an operator who slips entries into signers' chains.
private struct LaxChecker: SignatureChecker {
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool { true }
    func isValidPoint(_ bytes: [UInt8]) -> Bool { true }
}

@Suite struct SlippedEntryTests {
    /// Without the signer's key the entry does not bear its signature: the signer does not chain onto it, and `fsck` names it.
    @Test func anEntryThatAnOperatorSlippedIn() async throws {
        let world = try LedgerWorld()
        let ledger = try await Ledger.create(
            world.directory,
            origin: LedgerWorld.origin,
            signer: world.ledgerKey,
            created: LedgerWorld.time,
            nonce: [UInt8](repeating: 7, count: Genesis.nonceLength),
            checker: LaxChecker(),
            configuration: LedgerWorld.onlyWhenAsked
        )
        let good = try await world.note("good", in: ledger)
        _ = try await ledger.append([good])
        let real = try await world.note("slipped", in: ledger)
        var bytes = real.encoded
        bytes[bytes.count - 1] ^= 1
        _ = try await ledger.append([try Statement(decoding: bytes)])
        try await ledger.close()

        await #expect(throws: LedgerError.self) { try await world.reader().nextLink(for: world.dairy.publicKey) }
        #expect(try await world.fsck(.statements).findings.map(\.index) == [2])
        // The newest entry's one signature vouches for all before it, and this is the newest.
        #expect(try await world.fsck(.chains).findings.map(\.index) == [2])
    }
}
