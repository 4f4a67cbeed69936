import TestSupport
import Testing
import TraceProof
import TraceReplication
import TraceSigning

/// What clients, logs and stores may do to a witness.
@Suite("A witness under attack") struct WitnessAttackTests {
    // MARK: Signature lines

    /// What wedged Sunlight's witness in 2026: a line under the witness's own name and key ID that it never made, kept with
    /// the checkpoint, failed its own check of what it had kept, and no checkpoint of that log was taken any more.
    @Test func aForgedLineInTheWitnesssOwnNameIsNeitherKeptNorRepeated() async throws {
        let log = try TestLog(size: 9)
        let world = try WitnessWorld([log])
        let forged = try NoteSignature(
            name: WitnessWorld.name,
            keyID: world.key.keyID,
            bytes: [UInt8](repeating: 7, count: Cosignature.byteCount)
        )
        let stranger = try NoteSignature(name: "stranger.example", keyID: 7, bytes: [1, 2, 3])
        for (old, new) in [(0, 4), (4, 9), (9, 9)] {
            let signed = try await log.checkpoint(new)
            let poisoned = try SignedCheckpoint(
                note: SignedNote(text: signed.note.text, signatures: [forged, stranger] + signed.note.signatures)
            )
            let outcome = await world.witness.addCheckpoint(
                try log.request(old: old, path: log.path(old, new), poisoned)
            )
            #expect(outcome.response.status == 200, "\(Answer(outcome.response))")
            let lines = try NoteSignature.lines(outcome.response.body)
            #expect(lines.count == 1 && lines != [forged])

            let latest = try #require(try await world.witness.latest(OriginHash(log.origin)))
            #expect(latest.note.signatures == signed.note.signatures + lines)
            #expect(try latest.cosignatures(by: [world.key], checker: TestLog.checker).count == 1)
        }
    }

    /// A log can sign one text in any number of ways; a witness that kept them all could not add its own line in the end.
    @Test func oneLineOfEachKeyIsKept() async throws {
        let log = try TestLog(size: 3)
        let world = try WitnessWorld([log])
        let signed = try await log.checkpoint(3)
        let line = try #require(signed.note.signatures.first)
        let many = try SignedCheckpoint(
            note: SignedNote(
                text: signed.note.text,
                signatures: [NoteSignature](repeating: line, count: SignedNote.maximumSignatureCount)
            )
        )
        #expect(await world.add(try log.request(old: 0, path: [], many)).status == 200)
        #expect(try await world.witness.latest(OriginHash(log.origin))?.note.signatures.count == 2)
    }

    /// Extension lines are cosigned as they are, and a request full of them still has room for the cosignature.
    @Test func theLongestCheckpointIsCosigned() async throws {
        let log = try TestLog(size: 1)
        let world = try WitnessWorld([log])
        var text = try await log.checkpoint(1).note.text
        text += [UInt8](repeating: 0x78, count: WitnessRequest.maximumByteCount - text.count - 300) + [0x0A]
        let note = try await SignedNote.sign(text: text, name: log.origin, signer: log.signer)
        let body = try log.request(old: 0, path: [], SignedCheckpoint(note: note))
        #expect(await world.add(body).status == 200)
        #expect(try await world.witness.latest(OriginHash(log.origin))?.note.text == text)
    }

    // MARK: Races

    /// Two checkpoints that extend the same one arrive together: one is cosigned, the other told the new size.
    @Test func ofTwoAtOnceOneIsCosigned() async throws {
        for round in 0..<50 {
            let log = try TestLog(size: 20)
            let world = try WitnessWorld([log])
            #expect(await world.add(try await log.request(0, 5)).status == 200)
            let sizes = [6, 8, 13, 20]
            let bodies = try await sizes.asyncMap { try await log.request(5, $0) }
            let answers = await bodies.concurrentMap { await world.add($0) }
            let taken = zip(sizes, answers).filter { $0.1.status == 200 }.map(\.0)
            #expect(taken.count == 1, "round \(round): \(answers)")
            let size = try #require(taken.first)
            #expect(answers.filter { $0.status != 200 } == [Answer](repeating: .stale(size), count: 3))
            #expect(await world.store.replacements == 2)
        }
    }

    /// The signer is slow, and meanwhile another request is faster: the cosignature that was made is thrown away.
    @Test func aCosignatureOfWhatIsNotRecordedNeverLeaves() async throws {
        let log = try TestLog(size: 9)
        let signer = HeldSigner(try TestLog.signer(200))
        let store = MemoryStore()
        let witness = try Witness(
            name: WitnessWorld.name,
            signer: signer,
            logs: [log.key],
            store: store,
            checker: TestLog.checker,
            now: { 1 }
        )
        let (first, second) = (try await log.request(0, 4), try await log.request(0, 9))
        await signer.hold()
        async let slow = witness.addCheckpoint(first)
        await signer.waitUntilAsked()
        let fast = await witness.addCheckpoint(second)
        #expect(fast.response.status == 200)
        await signer.release()
        #expect(await Answer(slow.response) == .stale(9))
    }

    /// The same checkpoint asked for by many at once is cosigned for all who say that it is the one that is held.
    @Test func theSameAtOnceIsCosignedForAll() async throws {
        let log = try TestLog(size: 5)
        let world = try WitnessWorld([log])
        #expect(await world.add(try await log.request(0, 5)).status == 200)
        let body = try await log.request(5, 5)
        let answers = await [[UInt8]](repeating: body, count: 20).concurrentMap { await world.add($0) }
        #expect(answers.allSatisfy { $0.status == 200 }, "\(answers)")
    }

    // MARK: Stores

    @Test func whatIsNotRecordedIsNotAnswered() async throws {
        let log = try TestLog(size: 9)
        let world = try WitnessWorld([log])
        let body = try await log.request(0, 4)
        await world.store.fail(.notWritten)
        let outcome = await world.witness.addCheckpoint(body)
        let words = "the checkpoint could not be recorded, so it is not cosigned; try again later\n"
        #expect(Answer(outcome.response) == Answer(500, words))
        #expect(outcome.recorded == nil)
        #expect("\(try #require(outcome.refusal))".contains("Failed"), "the operator is told what the client is not")
        #expect(try await world.witness.latest(OriginHash(log.origin)) == nil)
        await world.store.fail(nil)
        #expect(await world.add(body).status == 200)
    }

    /// A crash between the record and the answer: the client does not know, asks again, and is not locked out; a rollback
    /// stays refused.
    @Test func aCrashBehindTheRecordLosesTheAnswerOnly() async throws {
        let log = try TestLog(size: 9)
        let fork = try TestLog(size: 9, salt: 1)
        let world = try WitnessWorld([log])
        #expect(await world.add(try await log.request(0, 4)).status == 200)
        await world.store.fail(.written)
        #expect(await world.add(try await log.request(4, 7)).status == 500)
        await world.store.fail(nil)

        // A new process over the same store.
        let again = try Witness(
            name: WitnessWorld.name,
            signer: world.signer,
            logs: [log.key],
            store: world.store,
            checker: TestLog.checker,
            now: { WitnessWorld.time }
        )
        #expect(await Answer(again.addCheckpoint(try await log.request(4, 7)).response) == .stale(7))
        #expect(await Answer(again.addCheckpoint(try await fork.request(4, 7)).response) == .stale(7))
        #expect(await again.addCheckpoint(try await log.request(7, 7)).response.status == 200)
        #expect(await again.addCheckpoint(try await log.request(7, 9)).response.status == 200)
    }

    /// A record that is damaged must not pass for none, nor for a smaller one: the log could begin a second history.
    @Test func aDamagedRecordStopsTheLog() async throws {
        let log = try TestLog(size: 90)
        let fork = try TestLog(size: 90, salt: 1)
        let world = try WitnessWorld([log])
        #expect(await world.add(try await log.request(0, 77)).status == 200)
        let hash = OriginHash(log.origin)
        let good = try #require(await world.store.notes[hash])
        let other = try TestLog("log.example/b", size: 3)
        // Signed by this log's key, but kept in another one's place.
        let elsewhere = try await SignedNote.sign(
            text: other.checkpoint(3).note.text,
            name: log.origin,
            signer: log.signer
        )
        let text = String(decoding: good, as: UTF8.self)
        for damaged in [
            [], Array(good.dropLast()), Array(text.replacing("\n77\n", with: "\n7\n").utf8),
            Array(text.replacing("\n77\n", with: "\n0\n").utf8), elsewhere.bytes,
        ] {
            await world.store.put(damaged, for: hash)
            for body in [try await log.request(77, 90), try await fork.request(0, 90), try await fork.request(7, 90)] {
                let outcome = await world.witness.addCheckpoint(body)
                #expect(outcome.response.status == 500)
                #expect("\(try #require(outcome.refusal))".contains("damaged"))
            }
            #expect(await Answer(world.witness.checkpoint(of: hash.description)).status == 500)
            #expect(await world.store.notes[hash] == damaged)
        }
        await world.store.put(good, for: hash)
        #expect(await world.add(try await log.request(77, 90)).status == 200)
        // Nor is one log's good record shown as another's.
        let theirs = OriginHash(other.origin)
        await world.store.put(good, for: theirs)
        #expect(await Answer(world.witness.checkpoint(of: theirs.description)).status == 500)
    }

    @Test func aSignerThatFailsRecordsNothing() async throws {
        struct Refuses: Signer {
            struct Refused: Error {}
            let publicKey: PublicKey
            func signature(for message: [UInt8]) async throws -> Signature { throw Refused() }
        }
        let log = try TestLog(size: 3)
        let store = MemoryStore()
        let witness = try Witness(
            name: WitnessWorld.name,
            signer: Refuses(publicKey: TestLog.signer(200).publicKey),
            logs: [log.key],
            store: store,
            checker: TestLog.checker,
            now: { 1 }
        )
        #expect(await witness.addCheckpoint(try await log.request(0, 3)).response.status == 500)
        #expect(await store.notes.isEmpty)
    }

    // MARK: Without cosigning

    /// The pending checkpoint of a mirror is taken by the same rules, and answered with nothing.
    @Test func aRegisterWithoutAKeyTakesCheckpointsAndSignsNone() async throws {
        let log = try TestLog(size: 9)
        let logs = try WitnessedLogs([log.key], checker: TestLog.checker)
        let register = CheckpointRegister(MemoryStore(), checker: TestLog.checker)
        let taken = await register.add(try await log.request(0, 4), logs: logs)
        #expect(Answer(taken.response) == Answer(200, ""))
        #expect(try await taken.recorded == log.checkpoint(4))
        #expect(await Answer(register.add(try await log.request(0, 9), logs: logs).response) == .stale(4))
        #expect(await register.add(try await log.request(4, 9), logs: logs).response.status == 200)
        #expect(try await register.latest(OriginHash(log.origin), logs: logs) == log.checkpoint(9))
    }
}

/// A signer whose first signature waits until the test lets it go.
actor HeldSigner: Signer {
    nonisolated let publicKey: PublicKey
    private let signer: SigningKey
    private var isHeld = false
    private var held: CheckedContinuation<Void, Never>?
    private var asked: [CheckedContinuation<Void, Never>] = []

    init(_ signer: SigningKey) { (self.signer, publicKey) = (signer, signer.publicKey) }

    func hold() { isHeld = true }

    func waitUntilAsked() async {
        if held == nil { await withCheckedContinuation { asked.append($0) } }
    }

    func release() {
        held?.resume()
        held = nil
    }

    func signature(for message: [UInt8]) async throws -> Signature {
        if isHeld {
            isHeld = false
            await withCheckedContinuation { continuation in
                held = continuation
                for waiting in asked { waiting.resume() }
                asked = []
            }
        }
        return signer.signature(for: message)
    }
}

extension Sequence where Element: Sendable {
    func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }

    /// All at once; the results in order.
    func concurrentMap<Value: Sendable>(_ body: @escaping @Sendable (Element) async -> Value) async -> [Value] {
        await withTaskGroup(of: (Int, Value).self) { group in
            for (place, element) in enumerated() { group.addTask { (place, await body(element)) } }
            var values: [(Int, Value)] = []
            for await value in group { values.append(value) }
            return values.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
