import Foundation
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// The map of subjects in a ledger: logged, proved, computed again.
@Suite struct MapRootTests {
    private func proof(_ world: LedgerWorld, of subject: String = "(01)09521101000007") async throws -> SubjectProof {
        let reader = try world.reader()
        return try await reader.subjectProof(of: subject, at: try await reader.checkpoint())
    }

    @Test func aLedgerLogsItsMapAndProvesWhatIsThere() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        _ = try await ledger.append(try await world.notes(["a", "b", "c"], in: ledger))
        let logged = try #require(try await ledger.logMapRoot())
        #expect(logged.index == 4)
        // Nothing new, no other root.
        #expect(try await ledger.logMapRoot() == nil)

        let proof = try await proof(world)
        #expect(proof.entries.map(\.index) == [1, 2, 3])
        let anchors = TrustAnchors(
            logKeys: [try world.vkey],
            issuerKeys: [.init(issuer: LedgerWorld.gln, key: world.dairy.publicKey)]
        )
        let report = Verifier(anchors: anchors, checker: LedgerWorld.checker).verify(.subjectProof(proof))
        #expect(report.verdict == .issuedAndLogged)
        #expect(try await self.proof(world, of: "(01)09521101000014").entries.isEmpty)
        try await ledger.close()
        #expect(try await world.fsck().isSound)
    }

    @Test func withoutARootNothingIsProvedToBeAll() async throws {
        let world = try LedgerWorld()
        _ = try await world.create()
        await #expect(throws: LedgerError.self) { try await proof(world) }
    }

    @Test func rootsComeByThemselvesInALedgerThatGrows() async throws {
        let world = try LedgerWorld()
        var configuration = LedgerWorld.onlyWhenAsked
        configuration.mapRoots = .init(entries: 4, seconds: 1 << 40)
        var ledger = try await world.create(configuration: configuration)
        for number in 0..<3 {
            if number > 0 { ledger = try await world.open(configuration: configuration) }
            _ = try await ledger.append(try await world.notes((0..<4).map { "\(number) \($0)" }, in: ledger))
            try await ledger.close()
            let size = try await world.reader().checkpoint().checkpoint.head.size
            #expect(size == UInt64(1 + 5 * (number + 1)), "one root behind four entries")
        }
    }

    /// Opened again, the ledger goes on where its map was; and also where the map was lost.
    @Test func aLostMapIsComputedAgain() async throws {
        let world = try LedgerWorld()
        // Roots that come by themselves come between.
        var configuration = LedgerWorld.onlyWhenAsked
        configuration.mapRoots = .init(entries: 4, seconds: 1 << 40)
        try await world.create().close()
        for (number, damage) in [nil, "state/map", "state/map-root"].enumerated() {
            if let damage { try FileManager.default.removeItem(atPath: "\(world.directory)/\(damage)") }
            let ledger = try await world.open(configuration: configuration)
            _ = try await ledger.append(try await world.notes((0..<4).map { "again \(number) \($0)" }, in: ledger))
            try await ledger.logMapRoot()
            try await ledger.close()
            let report = try await world.fsck()
            #expect(report.isSound, "\(report.findings)")
        }
        let found = try await proof(world).entries.map(\.index)
        #expect(found.count == 12, "\(found)")
    }

    @Test func aDamagedMapIsComputedAgain() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        _ = try await ledger.append(try await world.notes(["a", "b"], in: ledger))
        try await ledger.logMapRoot()
        try await ledger.close()
        let path = "\(world.directory)/state/map"
        let kept = try Data(contentsOf: URL(filePath: path))
        for place in stride(from: 0, to: kept.count, by: 7) {
            var damaged = kept
            damaged[place] ^= 1
            try damaged.write(to: URL(filePath: path))
            let ledger = try await world.open()
            _ = try await ledger.append(try await world.notes(["damaged \(place)"], in: ledger))
            try await ledger.logMapRoot()
            try await ledger.close()
            #expect(try await world.fsck(.chains).isSound)
            try kept.write(to: URL(filePath: path))
        }
    }

    /// The ledger's key signs a root that its entries do not give: fsck names it, and a mirror stops and keeps it.
    @Test func aWrongRootIsEvidence() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        _ = try await ledger.append(try await world.notes(["a", "b"], in: ledger))
        let statement = try await world.wrongMapRoot(in: ledger)
        _ = try await ledger.append([statement])
        try await ledger.close()

        let report = try await world.fsck(.chains)
        #expect(report.findings.map(\.index) == [3], "\(report.findings)")
        #expect(try await world.fsck(.tree).isSound)
        await #expect(throws: LedgerError.self) { try await proof(world) }

        let copy = try LedgerWorld()
        for (depth, stops) in [(CheckDepth.chains, true), (.statements, true), (.tree, false)] {
            let mirror = Mirror(
                copy.directory + "\(depth)",
                key: try world.vkey,
                depth: depth,
                checker: LedgerWorld.checker
            )
            do {
                _ = try await mirror.update(from: [world.source])
                #expect(!stops)
            } catch let stop as MirrorStop {
                #expect(stops)
                #expect(stop.kind == .statement)
                #expect(stop.reason.contains("map root"))
            }
            try? FileManager.default.removeItem(atPath: copy.directory + "\(depth)")
        }
    }

    @Test func nobodyElseLogsARoot() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        for issuer in [LedgerWorld.gln, LedgerWorld.origin] {
            let statement = try await Statement.sign(
                kind: .mapRoot,
                payload: MapRoot(size: 1, root: TreeHash.empty, subjects: 0).encoded,
                issuer: issuer,
                subject: issuer,
                issuedAt: LedgerWorld.time,
                chain: await ledger.nextLink(for: world.dairy.publicKey),
                with: world.dairy
            )
            await #expect(throws: LedgerError.self) { try await ledger.append([statement]) }
        }
    }
}
