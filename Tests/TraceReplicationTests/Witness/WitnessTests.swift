import Synchronization
import TestSupport
import Testing
import TraceProof
import TraceReplication
import TraceSigning

@Suite("A witness") struct WitnessTests {
    /// The example: a log grows, the witness cosigns each step, and readers find the last.
    @Test func itCosignsWhatExtendsWhatItCosigned() async throws {
        let log = try TestLog(size: 20)
        let world = try WitnessWorld([log])
        #expect(await Answer(world.witness.checkpoint(of: OriginHash(log.origin).description)).status == 404)
        for (old, new) in [(0, 0), (0, 1), (1, 2), (2, 7), (7, 16), (16, 20), (20, 20)] {
            let outcome = await world.witness.addCheckpoint(try await log.request(old, new))
            #expect(outcome.response.status == 200, "\(Answer(outcome.response))")
            let lines = try NoteSignature.lines(outcome.response.body)
            #expect(lines.count == 1)
            let cosigned = try await log.checkpoint(new).adding(lines)
            let verified = try cosigned.cosignatures(by: [world.key], checker: TestLog.checker)
            #expect(verified.map(\.key) == [world.key] && verified.map(\.time) == [WitnessWorld.time])
            #expect(outcome.recorded == cosigned)

            let shown = await world.witness.checkpoint(of: OriginHash(log.origin).description)
            #expect(shown.status == 200 && shown.body == cosigned.bytes)
            #expect(shown.contentType == "text/plain; charset=utf-8")
        }
    }

    @Test func theSameCheckpointIsCosignedAgainWithTheTimeOfThen() async throws {
        let clock = TestClock(1000)
        let log = try TestLog(size: 5)
        let world = try WitnessWorld([log], time: { clock.seconds })
        let request = try await log.request(0, 5)
        let again = try await log.request(5, 5)
        #expect(await world.add(request).status == 200)
        clock.seconds = 2000
        #expect(await world.add(again).status == 200)
        let latest = try #require(try await world.witness.latest(OriginHash(log.origin)))
        let times = try latest.cosignatures(by: [world.key], checker: TestLog.checker).map(\.time)
        #expect(times == [2000], "one cosignature is kept, the newest")
        #expect(await world.add(request) == .stale(5), "from size 0 it is not the same request")
    }

    @Test func itTellsReadersOnlyOfHashes() async throws {
        let log = try TestLog(size: 5)
        let world = try WitnessWorld([log])
        #expect(await world.add(try await log.request(0, 5)).status == 200)
        let hash = OriginHash(log.origin).description
        for path in ["", "..", hash.uppercased(), "\(hash)0", String(hash.dropLast()), "/etc/passwd"] {
            #expect(await Answer(world.witness.checkpoint(of: path)) == Answer(404, "not the hash of an origin\n"))
        }
        let other = OriginHash("log.example/b").description
        #expect(await Answer(world.witness.checkpoint(of: other)) == Answer(404, "nothing was cosigned of it\n"))
    }

    // MARK: What it refuses to be

    @Test func itIsNoLogsNameOrKeyTwice() async throws {
        let (good, store) = (try TestLog(), MemoryStore())
        let sameKey = try TestLog("log.example/b", key: 200)
        let sameName = try TestLog(WitnessWorld.name, key: 3)
        let cosigner = try VerifierKey(name: "x", type: .cosignature, publicKey: good.signer.publicKey)
        let weak = try VerifierKey(
            name: "weak",
            type: .ed25519,
            publicKey: #require(PublicKey([1] + [UInt8](repeating: 0, count: 31)))
        )
        let signer = try TestLog.signer(200)
        let witness = try WitnessWorld([good]).witness
        for (logs, words) in [
            ([good.key, sameKey.key], "witness's key"), ([sameName.key], "witness's name"), ([cosigner], "type 0x01"),
            ([weak], "type 0x01"),
        ] {
            do {
                _ = try Witness(
                    name: WitnessWorld.name,
                    signer: signer,
                    logs: logs,
                    store: store,
                    checker: TestLog.checker,
                    now: { 0 }
                )
                Issue.record("accepted: \(words)")
            } catch { #expect(error.reason.contains(words), "\(error)") }
            await #expect(throws: FormatError.self) { try await witness.replaceLogs(logs) }
        }
        #expect(throws: FormatError.self) {
            try Witness(
                name: "a name",
                signer: signer,
                logs: [],
                store: store,
                checker: TestLog.checker,
                now: { 0 }
            )
        }
        // The refused lists changed nothing.
        var log = good
        log.append(3)
        #expect(await witness.addCheckpoint(try await log.request(0, 3)).response.status == 200)
    }

    // MARK: Several keys, other logs

    /// While a ledger hands over, both keys are trusted; later only the new one, and what was cosigned stays known.
    @Test func theLogsAndTheirKeysChangeAtRunTime() async throws {
        let old = try TestLog(size: 9)
        var new = try TestLog(key: 2)
        new.tree = old.tree
        let world = try WitnessWorld([old])
        #expect(await world.add(try await old.request(0, 4)).status == 200)
        #expect(await world.add(try await new.request(4, 6)).status == 403)

        try await world.witness.replaceLogs([old.key, new.key, old.key])
        #expect(await world.add(try await new.request(4, 6)).status == 200)
        #expect(await world.add(try await old.request(6, 7)).status == 200)
        try await world.witness.replaceLogs([new.key])
        #expect(await world.add(try await old.request(7, 8)).status == 403)
        #expect(await world.add(try await new.request(7, 9)).status == 200)

        try await world.witness.replaceLogs([])
        #expect(await world.add(try await new.request(9, 9)).status == 404)
        let latest = try #require(try await world.witness.latest(OriginHash(new.origin)))
        #expect(latest.checkpoint.head.size == 9, "readers still find what was cosigned")
        try await world.witness.replaceLogs([new.key])
        #expect(await world.add(try await new.request(0, 9)) == .stale(9), "nor does the log begin anew")
    }

    /// A checkpoint signed by both keys is kept with both lines: readers may know either.
    @Test func theLinesOfAllTrustedKeysAreKept() async throws {
        let old = try TestLog(size: 4)
        var new = try TestLog(key: 2)
        new.tree = old.tree
        let world = try WitnessWorld([old, new])
        let both = try await old.checkpoint(4).adding(try await new.checkpoint(4).note.signatures)
        #expect(await world.add(try old.request(old: 0, path: [], both)).status == 200)
        let latest = try #require(try await world.witness.latest(OriginHash(old.origin)))
        #expect(latest.note.signatures.prefix(2) == both.note.signatures[...])
        #expect(latest.note.signatures.count == 3)
    }

    @Test func originsAreComparedAsBytes() async throws {
        // The same to Swift's ==: é in one code point and in two.
        let (one, two) = (try TestLog("caf\u{E9}", size: 3), try TestLog("cafe\u{301}", key: 2, size: 3))
        #expect(one.origin == two.origin)
        let world = try WitnessWorld([one])
        #expect(await world.add(try await two.request(0, 3)).status == 404)
        #expect(await world.add(try await one.request(0, 3)).status == 200)
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time: Mutex<UInt64>

    init(_ seconds: UInt64) { time = Mutex(seconds) }

    var seconds: UInt64 {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
