import Synchronization
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning

/// Requests to a mirror in memory, and what becomes of them on the way.
final class MirrorTransport: PeerTransport {
    struct Broken: Error {}

    /// What happens to a request: its body may be cut, or another answer given than the mirror's.
    enum Fate: Sendable {
        case arrives
        /// So many bytes arrive, and no answer comes back.
        case isCut(Int)
        /// It arrives, and no answer comes back.
        case answerIsLost
        case isAnswered(PeerResponse)
    }

    private let service: PushService
    private let state = Mutex<(sent: [PeerRequest], fates: [Fate])>(([], []))

    init(_ service: PushService, _ fates: [Fate] = []) {
        self.service = service
        state.withLock { $0.fates = fates }
    }

    var sent: [PeerRequest] { state.withLock { $0.sent } }
    var entries: [PeerRequest] { sent.filter { $0.url.hasSuffix("/add-entries") } }

    func send(_ request: PeerRequest) async throws -> PeerResponse {
        let fate = state.withLock { state in
            state.sent.append(request)
            return state.fates.isEmpty ? .arrives : state.fates.removeFirst()
        }
        switch fate {
        case .arrives: return await answer(request, request.body)
        case .isCut(let count):
            _ = await answer(request, Array(request.body.prefix(count)))
            throw Broken()
        case .answerIsLost:
            _ = await answer(request, request.body)
            throw Broken()
        case .isAnswered(let response): return response
        }
    }

    private func answer(_ request: PeerRequest, _ body: [UInt8]) async -> PeerResponse {
        if request.url == "https://mirror.example/mirror/add-checkpoint" {
            return await service.endpoints.addCheckpoint(body).response
        }
        if request.url == "https://mirror.example/mirror/add-entries", request.contentType == "application/octet-stream"
        {
            return await service.endpoints.addEntries(Pieces(body, 5000)).response
        }
        return PeerResponse(status: 404)
    }
}

@Suite("Pushing a ledger to a mirror")
struct MirrorPushTests {
    private func client(_ world: PushWorld, _ transport: any PeerTransport, key: VerifierKey? = nil) throws
        -> MirrorPush
    {
        let mirror = try Cosigner(key: key ?? world.cosigning.key, url: "https://mirror.example/mirror/")
        let limits = CosigningLimits(now: { StatementLog.time + 120 }, sleep: { _ in })
        return MirrorPush(mirror, transport: transport, checker: StatementLog.checker, limits: limits)
    }

    /// The example: the mirror has everything, and the ledger its cosignature.
    @Test func theMirrorGetsAll() async throws {
        let log = try await StatementLog(statements: 700)
        let world = try PushWorld(log.key)
        let transport = MirrorTransport(try world.open(.statements))
        let push = try client(world, transport)
        let line = try await push.push(try await log.checkpoint(), from: try await log.reader())
        let signed = try await log.checkpoint().adding([line])
        #expect(try signed.cosignatures(by: [world.cosigning.key], checker: StatementLog.checker).count == 1)
        try await world.expect(log, 700)
        #expect(await push.status.size == 700)
        #expect(await push.status.failure == nil)
        #expect(transport.sent.count == 3, "a question first, where nothing is known of the mirror")
    }

    /// A ledger that grows needs two requests a checkpoint, and its own packages are those of the standard.
    @Test func itGrows() async throws {
        let log = try StatementLog.short(1300)
        let world = try PushWorld(log.key)
        let transport = MirrorTransport(try world.open())
        let push = try client(world, transport)
        var held = 0
        for size in [1, 255, 256, 300, 301, 1290, 1300] {
            _ = try await push.push(try await log.checkpoint(size), from: try await log.reader(size))
            #expect(transport.entries.last?.body == (try log.body(held, size)))
            try await world.expect(log, size)
            held = size
        }
        #expect(transport.sent.count == 15)
        // Once more, and by somebody who does not know that it was done.
        _ = try await push.push(try await log.checkpoint(), from: try await log.reader())
        let other = try client(world, transport)
        _ = try await other.push(try await log.checkpoint(), from: try await log.reader())
        #expect(transport.sent.count == 21)
    }

    @Test func noRequestIsLargerThanItMayBe() async throws {
        let many = try StatementLog.short(20_000)
        let world = try PushWorld(many.key)
        let transport = MirrorTransport(try world.open())
        _ = try await client(world, transport).push(try await many.checkpoint(), from: try await many.reader())
        try await world.expect(many, 20_000)
        #expect(transport.entries.count == 4)
        let large = try StatementLog(opaque: (0..<600).map { [UInt8](repeating: UInt8($0 & 255), count: 60_000) })
        let other = try PushWorld(large.key)
        let second = MirrorTransport(try other.open())
        _ = try await client(other, second).push(try await large.checkpoint(), from: try await large.reader())
        #expect(await other.size() == 600)
        #expect(second.entries.count == 4 && second.entries.allSatisfy { $0.body.count < 24 << 20 })
    }

    /// Whatever is lost on the way, the next push goes on from what the mirror has.
    @Test func resumes() async throws {
        let log = try StatementLog.short(9000)
        let size = try log.body(0, 9000, first: 32).count
        for fate in [
            MirrorTransport.Fate.isCut(0), .isCut(20), .isCut(2000), .isCut(size - 1), .isCut(size / 2), .answerIsLost,
        ] {
            for place in 0..<3 {
                let world = try PushWorld(log.key)
                let fates = [MirrorTransport.Fate](repeating: .arrives, count: place) + [fate]
                let transport = MirrorTransport(try world.open(), fates)
                let push = try client(world, transport)
                await #expect(throws: CosignerFailure.self) {
                    try await push.push(try await log.checkpoint(), from: try await log.reader())
                }
                #expect(await push.status.failure != nil)
                _ = try await push.push(try await log.checkpoint(), from: try await log.reader())
                #expect(await world.size() == 9000)
            }
        }
    }

    /// Two ledgers' writers with one key would be a fork; two processes that push one ledger are not.
    @Test func twoPushersOfOneLedger() async throws {
        let log = try StatementLog.short(2000)
        let world = try PushWorld(log.key)
        let service = try world.open()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    do {
                        let push = try client(world, MirrorTransport(service))
                        for size in stride(from: 200 + number * 7, through: 1900, by: 431) {
                            _ = try? await push.push(try await log.checkpoint(size), from: try await log.reader(size))
                        }
                        _ = try await push.push(try await log.checkpoint(), from: try await log.reader())
                    } catch { Issue.record(error) }
                }
            }
        }
        try await world.expect(log, 2000)
    }

    @Test func aSmallerCheckpointIsSuperseded() async throws {
        let log = try StatementLog.short(600)
        let world = try PushWorld(log.key)
        let transport = MirrorTransport(try world.open())
        let push = try client(world, transport)
        _ = try await push.push(try await log.checkpoint(), from: try await log.reader())
        await #expect(throws: CosignerFailure.superseded(size: 600)) {
            try await push.push(try await log.checkpoint(300), from: try await log.reader())
        }
        #expect(await push.status.failure == nil)
        // Who never signed so much has a stranger with its key, or a past that it does not remember.
        await #expect(throws: CosignerFailure.ahead(size: 600)) {
            try await client(world, transport).push(try await log.checkpoint(300), from: try await log.reader(300))
        }
    }

    @Test func aMirrorOfAnotherHistory() async throws {
        let (log, other) = (try StatementLog.short(600), try StatementLog.short(600, salt: 1))
        let world = try PushWorld(log.key)
        let transport = MirrorTransport(try world.open())
        _ = try await client(world, transport).push(try await other.checkpoint(300), from: try await other.reader(300))
        await #expect {
            try await client(world, transport).push(try await log.checkpoint(), from: try await log.reader())
        } throws: { ($0 as? CosignerFailure)?.isAlarm ?? false }
    }

    /// Mirrors that answer what they should not.
    @Test func lyingMirrors() async throws {
        let log = try StatementLog.short(600)
        let good = try await log.checkpoint()
        func info(_ status: Int, _ size: Int, _ next: Int) throws -> MirrorTransport.Fate {
            let body = try MirrorInfo(size: UInt64(size), next: UInt64(next)).bytes
            return .isAnswered(PeerResponse(status: status, contentType: MirrorInfo.contentType, body: body))
        }
        func text(_ status: Int, _ body: String = "", _ type: String = "text/plain") -> MirrorTransport.Fate {
            .isAnswered(PeerResponse(status: status, contentType: type, body: Array(body.utf8)))
        }
        let line = String(decoding: good.note.signatures[0].line, as: UTF8.self)
        // The checkpoint is taken, and no entry is there.
        let taken = [text(200), try info(409, 600, 0)]
        func again(_ fates: MirrorTransport.Fate...) -> [MirrorTransport.Fate] { (0..<9).flatMap { _ in fates } }
        let table: [([MirrorTransport.Fate], String)] = [
            ([text(404)], "refused: 404"), (taken + [text(200, line)], "no line is of the key"),
            (taken + [text(200, "x")], "no cosignature"), (taken + [text(422, "why\u{1B}[0m")], "422 why [0m"),
            (taken + [text(500)], "refused: 500"), (taken + [text(409)], "refused: 409"),
            (taken + [text(202)], "refused: 202"),
            (taken + [text(202, "1\n2\n", MirrorInfo.contentType)], "mirror info"),
            ([text(200), try info(409, 9999, 0)], "never signed"),
            ([text(409, "700\n", "text/x.tlog.size")], "never signed"),
            ([try info(202, 600, 0)], "refused: 202"), (taken + again(try info(202, 600, 0)), "again and again"),
            (taken + again(try info(202, 600, 256), try info(202, 600, 0)), "again and again"),
            (taken + again(try info(409, 300, 0), text(200)), "again and again"),
        ]
        for (fates, words) in table {
            let world = try PushWorld(log.key)
            let push = try client(world, MirrorTransport(try world.open(), fates))
            do {
                _ = try await push.push(good, from: try await log.reader())
                Issue.record("\(words): accepted")
            } catch { #expect("\(error)".contains(words), "\(error)") }
        }
        // A cosignature by another key, or of another time.
        let world = try PushWorld(log.key)
        let stranger = try VerifierKey(
            name: PushWorld.name,
            type: .cosignature,
            publicKey: try StatementLog.signer(91).publicKey
        )
        let push = try client(world, MirrorTransport(try world.open()), key: stranger)
        await #expect(throws: CosignerFailure.self) { try await push.push(good, from: try await log.reader()) }
    }

    /// A ledger whose own files are damaged sends nothing wrong.
    @Test func aDamagedLedgerSendsNothingWrong() async throws {
        let log = try StatementLog.short(600)
        for file in ["tile/entries/001", "tile/0/000", "tile/1/000.p/2"] {
            let world = try PushWorld(log.key)
            var source = try await log.source()
            source.files[file]?[40] ^= 1
            let reader = LedgerReader(source, key: log.key, checker: StatementLog.checker)
            let transport = MirrorTransport(try world.open())
            await #expect {
                try await client(world, transport).push(try await log.checkpoint(), from: reader)
            } throws: { error in
                if case .unproved? = error as? CosignerFailure { return true }
                return false
            }
            #expect(transport.entries.allSatisfy { $0.body == log.header(0, 0) })
        }
    }
}
