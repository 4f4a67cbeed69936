import Testing
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning
import TraceVerification

@Suite("A mirror that is pushed to")
struct PushedMirrorTests {
    /// The example: a checkpoint, the entries, and the mirror's cosignature.
    @Test func aLogPushesItself() async throws {
        let log = try await StatementLog(statements: 300)
        let world = try PushWorld(log.key)
        let service = try world.open(.statements)
        #expect(try await service.checkpoint(log, 0, 300) == Answer(200, ""))
        #expect(await world.size() == nil, "nothing is shown before every entry is here")
        let answer = await service.entries(try log.body(0, 300))
        #expect(answer.status == 200)
        let lines = try NoteSignature.lines(Array(answer.body.utf8))
        let signed = try await log.checkpoint().adding(lines)
        #expect(try signed.cosignatures(by: [world.cosigning.key], checker: StatementLog.checker).count == 1)
        try await world.expect(log, 300)
    }

    @Test func itGrowsThroughManySizes() async throws {
        let log = try StatementLog.short(1400)
        let world = try PushWorld(log.key)
        let service = try world.open()
        var held = 0
        for size in [1, 2, 255, 256, 257, 511, 512, 600, 1280, 1300, 1400] {
            #expect(try await service.checkpoint(log, held, size).status == 200)
            #expect(await service.entries(try log.body(held, size)).status == 200, "\(size)")
            try await world.expect(log, size)
            held = size
        }
        // The second level has its tile too, and partial files gave way to full ones.
        #expect(try !world.files().contains { $0.hasPrefix("tile/entries/000.p") || $0.hasSuffix(".tmp") })
    }

    /// What a client may send in every state, and what it is told.
    @Test func statuses() async throws {
        let log = try StatementLog.short(900)
        let world = try PushWorld(log.key)
        let service = try world.open()
        func send(_ body: [UInt8]) async -> Answer { await service.entries(body) }
        #expect(await send(log.header(0, 0)) == .info(409, 0, 0), "nothing is pending")
        #expect(await send(log.header(0, 600)) == .info(409, 0, 0))
        #expect(try await service.checkpoint(log, 0, 600).status == 200)
        #expect(try await service.checkpoint(log, 0, 700) == .stale(600))
        #expect(await send(log.header(0, 600, origin: "other.example")).status == 404)
        #expect(await send(log.header(0, 599)) == .info(409, 600, 0))
        #expect(await send(log.header(0, 0)) == .info(409, 600, 0))
        #expect(await send(log.header(1, 600)) == .info(409, 600, 0), "behind the next entry")
        #expect(await send(log.header(0, 600)).status == 400, "no package")
        #expect(await send(log.header(601, 600)).status == 400)
        #expect(await send([]).status == 400)
        #expect(await send([0, 0] + log.header(0, 600).dropFirst(2)).status == 400, "an empty origin")
        #expect(await send([0, 1, 0xFF] + log.header(0, 600).dropFirst(2 + log.origin.utf8.count)).status == 400)
        #expect(await send(try log.body(0, 600, first: 1)) == .info(202, 600, 256))
        #expect(await send(try log.body(0, 600, first: 1)) == .info(202, 600, 256), "again")
        #expect(await send(try log.body(100, 600, first: 2)) == .info(202, 600, 512))
        #expect(await send(log.header(600, 600)) == .info(409, 600, 512), "not everything is here")
        // A newer checkpoint; the older one still counts.
        #expect(try await service.checkpoint(log, 600, 900).status == 200)
        #expect(await send(try log.body(512, 600)).status == 200)
        try await world.expect(log, 600)
        #expect(await send(log.header(600, 600)).status == 200, "the cosignature once more")
        #expect(await send(try log.body(599, 600)).status == 200)
        #expect(await send(log.header(0, 1)) == .info(409, 900, 600))
        #expect(await send(try log.body(600, 900) + [1, 2, 3]).status == 200, "what follows is thrown away")
        #expect(await send(log.header(600, 600)) == .info(409, 900, 900), "below what is shown")
        try await world.expect(log, 900)
    }

    @Test func tooFarBelowTheNextEntry() async throws {
        let log = try StatementLog.short(9000)
        let world = try PushWorld(log.key)
        let service = try world.open()
        #expect(try await service.checkpoint(log, 0, 9000).status == 200)
        #expect(await service.entries(try log.body(0, 9000, first: 35)) == .info(202, 9000, 8960))
        #expect(await service.entries(log.header(767, 9000)) == .info(409, 9000, 8960))
        #expect(await service.entries(try log.body(768, 9000)).status == 200)
        try await world.expect(log, 9000)
    }

    /// Whoever has somebody else's entries, or none, gets nowhere.
    @Test func aLyingPusher() async throws {
        let log = try StatementLog.short(700)
        let other = try StatementLog.short(700, salt: 1)
        let world = try PushWorld(log.key)
        let service = try world.open()
        #expect(try await service.checkpoint(log, 0, 700).status == 200)
        let good = try log.packages(0, 700)
        let wrong = try other.packages(0, 700)
        let header = log.header(0, 700)
        func expect(_ status: Int, _ body: [UInt8], _ what: Comment) async {
            let answer = await service.entries(body)
            #expect(answer.status == status, what)
        }
        await expect(422, header + wrong[0], "other entries with their own proof")
        await expect(422, header + good[0].prefix(1281) + wrong[0].dropFirst(1281), "another proof")
        await expect(422, header + good[1], "a package at another place")
        await expect(422, header + good[0].prefix(1280) + [0], "no hashes")
        await expect(422, header + good[0].prefix(1280) + [63] + [UInt8](repeating: 7, count: 63 * 32), "63 hashes")
        await expect(400, header + good[0].prefix(1280) + [64] + [UInt8](repeating: 7, count: 64 * 32), "64 hashes")
        var flipped = good[0]
        flipped[603] ^= 1
        await expect(422, header + flipped, "one bit")
        #expect(try world.files().allSatisfy { !$0.hasPrefix("tile/") }, "nothing of it is kept")
        // What was good before the lie stays.
        await expect(422, header + good[0] + wrong[1], "a good package first")
        #expect(await service.entries(log.header(300, 700)) == .info(409, 700, 256))
        #expect(
            await service.entries(log.header(256, 700) + good[1] + good[2].prefix(564) + [99]) == .info(202, 700, 512)
        )
        await expect(200, log.header(512, 700) + good[2], "the rest")
        try await world.expect(log, 700)
    }

    /// A log that signs two histories is refused the second one, and the answer's outcome has the proof.
    @Test func aForkedCheckpointIsNotPending() async throws {
        let log = try StatementLog.short(700)
        let other = try StatementLog.short(900, salt: 1)
        let world = try PushWorld(log.key)
        let service = try world.open()
        #expect(try await service.checkpoint(log, 0, 300).status == 200)
        let request = try await WitnessRequest(
            oldSize: 300,
            path: other.path(300, 900),
            checkpoint: other.checkpoint(900)
        )
        let outcome = await service.endpoints.addCheckpoint(request.bytes)
        #expect(outcome.response.status == 422)
        let evidence = try #require(outcome.finding?.evidence)
        let verifier = Verifier(anchors: TrustAnchors(logKeys: [log.key]), checker: StatementLog.checker)
        #expect(verifier.verify(.forkEvidence(evidence)).verdict == .notInLedger)
        let folder = try evidence.keep(in: world.directory, reason: "pushed")
        #expect(folder == (try evidence.keep(in: world.directory, reason: "pushed")))
        #expect(try world.files().count { $0.hasPrefix("evidence/") } == 4)
        #expect(await service.endpoints.addCheckpoint([1, 2, 3]).response.status == 400)
        let stranger = try StatementLog(opaque: [[1]], origin: "other.example")
        #expect(try await service.checkpoint(stranger, 0, 1).status == 404)
    }

    @Test func aMirrorNeedsANameOfItsOwn() async throws {
        let log = try StatementLog.short(1)
        let mirror = Mirror("/nowhere", key: log.key, depth: .tree, checker: StatementLog.checker)
        let named = try VerifierKey(
            name: log.origin,
            type: .cosignature,
            publicKey: try StatementLog.signer(90).publicKey
        )
        for key in [log.key, named] {
            #expect(throws: FormatError.self) {
                try PushedMirror(
                    mirror,
                    origin: log.origin,
                    cosigner: key,
                    store: MemoryStore(),
                    checker: StatementLog.checker
                )
            }
        }
    }
}
