import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning
import TraceStatements

/// Several at once, and what a mirror is told otherwise than by a push.
@Suite("A mirror that is pushed to by many")
struct PushTogetherTests {
    /// Pushers that know nothing of each other: some slow, some with an older checkpoint, some that give up.
    @Test func manyAtOnce() async throws {
        let log = try StatementLog.short(1200)
        for seed in 0..<6 as Range<UInt64> {
            let world = try PushWorld(log.key)
            let service = try world.open()
            #expect(try await service.checkpoint(log, 0, 700).status == 200)
            #expect(try await service.checkpoint(log, 700, 1200).status == 200)
            await withTaskGroup(of: Void.self) { group in
                for pusher in 0..<8 as Range<UInt64> {
                    group.addTask { await push(log, to: service, seed: seed << 8 | pusher) }
                }
            }
            try await world.expect(log, 1200)
        }
    }

    /// Goes on as a client does until its checkpoint is shown, or a larger one.
    private func push(_ log: StatementLog, to service: PushService, seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let end = seed.isMultiple(of: 2) ? 1200 : 700
        var start = 0
        for _ in 0..<60 {
            do {
                let count = Int.random(in: 1...3, using: &generator)
                var body = try log.body(start, end, first: count)
                if Int.random(in: 0..<4, using: &generator) == 0 { body.removeLast(3) }
                let pieces = Int.random(in: 20...700, using: &generator)
                let answer = await service.entries(body, pieces: pieces)
                if answer.status == 200 { return }
                guard [202, 400, 409].contains(answer.status) else {
                    Issue.record("\(answer)")
                    return
                }
                guard let info = try? MirrorInfo(bytes: Array(answer.body.utf8)) else { continue }
                if info.next > UInt64(end), answer.status == 409, start == end { return }
                start = min(end, Int(info.next))
            } catch {
                Issue.record(error)
                return
            }
        }
        Issue.record("seed \(seed): it never came to an end")
    }

    /// One that stops in the middle holds up nobody.
    @Test func aPausedUploadBlocksNobody() async throws {
        let log = try StatementLog.short(600)
        let world = try PushWorld(log.key)
        let service = try world.open()
        #expect(try await service.checkpoint(log, 0, 600).status == 200)
        let body = try log.body(0, 600)
        let (chunks, source) = AsyncStream.makeStream(of: [UInt8].self)
        let paused = Task { await service.endpoints.addEntries(chunks) }
        source.yield(Array(body[..<700]))
        #expect(await service.entries(body).status == 200)
        source.yield(Array(body[700...]))
        source.finish()
        #expect(await paused.value.response.status == 200)
        try await world.expect(log, 600)
    }

    /// A mirror that also pulls: what came the one way counts for the other.
    @Test func pullAndPush() async throws {
        let log = try StatementLog.short(900)
        let world = try PushWorld(log.key)
        let service = try world.open()
        func pull(_ size: Int) async throws -> Mirror.Outcome {
            try await service.mirror.update(from: [try await log.source(size)])
        }
        #expect(try await service.checkpoint(log, 0, 800).status == 200)
        #expect(await service.entries(try log.body(0, 800, first: 1)) == .info(202, 800, 256))
        #expect(try await pull(300) == .advanced(from: 0, to: log.tree.head(at: 300)))
        try await world.expect(log, 300)
        #expect(await service.entries(log.header(0, 0)) == .info(409, 800, 300))
        #expect(await service.entries(try log.body(300, 800)).status == 200)
        try await world.expect(log, 800)
        // The ledger shows a checkpoint only when its mirrors have it: its public one is behind, and that is no rollback.
        #expect(try await pull(300) == .unchanged(log.tree.head(at: 800)))
        #expect(try await pull(800) == .unchanged(log.tree.head(at: 800)))
        // But this is.
        await #expect { try await pull(300) } throws: { ($0 as? MirrorStop)?.kind == .rollback }
        #expect(try await pull(900) == .advanced(from: 800, to: log.tree.head(at: 900)))
        #expect(await service.entries(log.header(0, 0)) == .info(409, 900, 900))
        #expect(try await service.checkpoint(log, 800, 900) == .stale(900))
        try await world.expect(log, 900)
    }

    /// The mirror's checkpoint may move while an upload is under way, below what that has brought and above it.
    @Test(arguments: [300, 900, 1100]) func aPullInTheMiddleOfAnUpload(_ pulled: Int) async throws {
        let log = try StatementLog.short(1200)
        let world = try PushWorld(log.key)
        let service = try world.open()
        #expect(try await service.checkpoint(log, 0, 1000).status == 200)
        let packages = try log.packages(0, 1000)
        let (chunks, source) = AsyncStream.makeStream(of: [UInt8].self)
        let upload = Task { await service.endpoints.addEntries(chunks) }
        source.yield(log.header(0, 1000) + packages[0] + packages[1] + packages[2].prefix(100))
        // Whichever comes first, the same must come of it; mostly two packages are kept by now.
        try await Task.sleep(for: .milliseconds(50))
        _ = try await service.mirror.update(from: [try await log.source(pulled)])
        // Another client makes the mirror notice.
        _ = await service.entries(log.header(0, 0))
        source.yield(packages[2].dropFirst(100) + packages[3])
        source.finish()
        let answer = await Answer(upload.value.response)
        if pulled > 1000 { #expect(answer == .info(409, 1100, 1100)) } else { #expect(answer.status == 200) }
        try await world.expect(log, max(pulled, 1000))
    }

    /// What was pushed of one history does not become part of the other.
    @Test func aPullOfAnotherHistory() async throws {
        let log = try StatementLog.short(900)
        let other = try StatementLog.short(900, salt: 1)
        let world = try PushWorld(log.key)
        let service = try world.open()
        #expect(try await service.checkpoint(other, 0, 800).status == 200)
        #expect(await service.entries(try other.body(0, 800, first: 2)) == .info(202, 800, 512))
        _ = try await service.mirror.update(from: [try await log.source(256)])
        // The checkpoint that is pending cannot be reached from what is shown.
        #expect(await service.entries(try other.body(512, 800)) == .info(409, 256, 256))
        try await world.expect(log, 256)
        #expect(try await service.checkpoint(other, 256, 800).status == 422)
        #expect(try await service.checkpoint(log, 256, 800).status == 200)
        #expect(await service.entries(try log.body(256, 800)).status == 200)
        try await world.expect(log, 800)
    }

    /// A statement that its signer did not sign: the tree is right, and the mirror goes no further.
    @Test(arguments: [CheckDepth.chains, .statements]) func aBadStatementStopsIt(_ depth: CheckDepth) async throws {
        var log = try await StatementLog(statements: 40)
        let world = try PushWorld(log.key)
        let service = try world.open(depth)
        #expect(try await service.checkpoint(log, 0, 40).status == 200)
        #expect(await service.entries(try log.body(0, 40)).status == 200)
        try await log.append(10)
        let sound = log.size
        log.append(entry: try await log.note("gap", ChainLink(sequence: 99, previous: TreeHash.empty)).encoded)
        try await log.append(5)
        #expect(try await service.checkpoint(log, 40, sound).status == 200)
        #expect(try await service.checkpoint(log, sound, log.size).status == 200)
        let answer = await service.entries(try log.body(40, log.size))
        #expect(answer.status == 422 && answer.body.contains("entry \(sound): gap"), "\(answer)")
        #expect(await service.pushed.stop?.kind == .statement)
        try await world.expect(log, 40)
        let kept = try world.files().filter { $0.hasPrefix("evidence/statement-") }
        #expect(kept.contains { $0.hasSuffix("/statement.cose") })
        // It is not looked at again; what is sound before it is taken.
        #expect(await service.entries(log.header(log.size, log.size)) == answer)
        #expect(await service.entries(log.header(sound, sound)).status == 200)
        try await world.expect(log, sound)
    }

    /// What a mirror shows already gets its cosignature at the first update after it was given a key.
    @Test func aCheckpointThatIsShownAlready() async throws {
        let log = try StatementLog.short(300)
        let world = try PushWorld(log.key)
        let plain = Mirror(world.directory, key: log.key, depth: .tree, checker: StatementLog.checker)
        _ = try await plain.update(from: [try await log.source()])
        _ = consume plain
        #expect(try await world.shown() == log.checkpoint())
        let outcome = try await world.open().mirror.update(from: [try await log.source()])
        #expect(outcome == .unchanged(log.tree.head))
        try await world.expect(log, 300)
        let cosigned = try await world.shown()
        #expect(world.bytes("checkpoints/300") == cosigned.bytes)
        // Again in another process, and once in each.
        let service = try world.open()
        _ = try await service.mirror.update(from: [try await log.source()])
        #expect(try await service.checkpoint(log, 300, 300).status == 200)
        #expect(await service.entries(log.header(300, 300)).status == 200)
        #expect(try await world.shown().note.signatures.count == 2)
    }

    /// A source that puts a line in the mirror's own name gets no farther than that.
    @Test func aForgedLineInTheMirrorsName() async throws {
        let log = try StatementLog.short(300)
        let world = try PushWorld(log.key)
        let service = try world.open()
        var source = try await log.source()
        let key = world.cosigning.key
        let forged = try (0..<99).map { number in
            try NoteSignature(
                name: number == 0 ? key.name : "n\(number)",
                keyID: key.keyID,
                bytes: [UInt8](repeating: 1, count: 72)
            )
        }
        source.files["checkpoint"] = try await log.checkpoint().adding(forged).bytes
        _ = try await service.mirror.update(from: [source])
        try await world.expect(log, 300)
        #expect(try await world.shown().note.signatures.count == SignedNote.maximumSignatureCount)
    }

    /// Nothing is shown without the cosignature, and all of it is there when it can be made.
    @Test func withoutACosignatureNothingIsShown() async throws {
        struct Broken: CheckpointCosigning {
            struct Locked: Error {}
            func cosignatures(for signed: SignedCheckpoint, in ledger: LedgerReader) async throws -> [NoteSignature] {
                throw Locked()
            }
        }
        let log = try StatementLog.short(300)
        let world = try PushWorld(log.key)
        let broken = Mirror(
            world.directory,
            key: log.key,
            depth: .tree,
            checker: StatementLog.checker,
            cosigning: Broken()
        )
        await #expect(throws: Broken.Locked.self) { try await broken.update(from: [try await log.source()]) }
        #expect(await world.size() == nil)
        _ = consume broken
        let service = try world.open()
        _ = try await service.mirror.update(from: [try await log.source()])
        try await world.expect(log, 300)
    }
}
