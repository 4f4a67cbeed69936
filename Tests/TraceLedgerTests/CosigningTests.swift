import Synchronization
import TestSupport
import Testing
import TraceProof
import TraceSigning

@testable import TraceLedger

/// Checkpoints are shown with the cosignatures of those who are to cosign; where these do not answer, the older checkpoint
/// stays in public and appending goes on.
@Suite struct CosigningTests {
    /// A witness in this process that can be switched off.
    final class Witness: CheckpointCosigning {
        struct Off: Error, CustomStringConvertible { let description = "the witness is off" }

        private let isOn: Mutex<Bool>
        private let asked = Mutex<[UInt64]>([])
        private let key: SigningKey

        init(isOn: Bool = true) throws {
            self.isOn = Mutex(isOn)
            key = try LedgerWorld.key(9)
        }

        func turn(on: Bool) { isOn.withLock { $0 = on } }
        /// The sizes that it was asked for.
        var sizes: [UInt64] { asked.withLock { $0 } }

        func cosignatures(for signed: SignedCheckpoint, in ledger: LedgerReader) async throws -> [NoteSignature] {
            asked.withLock { $0.append(signed.checkpoint.head.size) }
            guard isOn.withLock({ $0 }) else { throw Off() }
            // What it is asked about is durable already: it can be proved from the directory.
            _ = try await ledger.entry(0, in: signed.checkpoint.head)
            return [
                try await Cosignature.sign(signed.note.text, name: "witness", time: LedgerWorld.time, signer: key)
            ]
        }
    }

    func configuration(_ witness: Witness) -> Ledger.Configuration {
        var configuration = LedgerWorld.onlyWhenAsked
        configuration.cosigner = witness
        return configuration
    }

    @Test func aCheckpointIsShownWithItsCosignatures() async throws {
        let world = try LedgerWorld()
        let witness = try Witness()
        let ledger = try await world.create(configuration: configuration(witness))
        _ = try await ledger.append(try await world.notes(["a", "b"], in: ledger))
        let shown = try await ledger.publish()
        #expect(shown.note.signatures.map(\.name) == [LedgerWorld.origin, "witness"])
        #expect(try world.bytes("checkpoint") == shown.bytes)
        #expect(try world.bytes("checkpoints/3") == shown.bytes)
        // What state/ keeps is what the ledger signed: nobody else's lines.
        #expect(try SignedCheckpoint(bytes: world.bytes("state/checkpoint")).note.signatures.count == 1)
        try await ledger.close()

        // Opened again, it asks nobody for what is shown already, and does not take the lines away.
        let asked = witness.sizes
        try await world.open(configuration: configuration(witness)).close()
        #expect(witness.sizes == asked)
        #expect(try world.bytes("checkpoint") == shown.bytes)
        try await world.open().close()
        #expect(try world.bytes("checkpoint") == shown.bytes)
        #expect(try await world.fsck().findings.isEmpty)
    }

    @Test func anUnmetQuorumDelaysPublicationAndNeverIntake() async throws {
        let world = try LedgerWorld()
        let witness = try Witness()
        var configuration = configuration(witness)
        // Small enough that what waits for its publication would hold commits back many times over.
        configuration.limits.unpublishedBytes = 256
        configuration.publicationDelay = .milliseconds(1)
        let ledger = try await world.create(configuration: configuration)
        let before = try await ledger.publish()
        witness.turn(on: false)
        var last = before.checkpoint.head.size
        for round in 0..<20 {
            let appended = try await ledger.append(try await world.notes((0..<10).map { "\(round) \($0)" }, in: ledger))
            last = (appended.last?.index ?? 0) + 1
        }
        await #expect(throws: LedgerError.self) { try await ledger.publish() }
        #expect(try world.bytes("checkpoint") == before.bytes)
        // What was acknowledged is in tiles under a signed checkpoint: memory and journal do not grow.
        #expect(try SignedCheckpoint(bytes: world.bytes("state/checkpoint")).checkpoint.head.size == last)
        #expect(ledger.parts.tail.byteCount == 0)

        witness.turn(on: true)
        let after = try await ledger.publish()
        #expect(after.checkpoint.head.size == last)
        #expect(try world.bytes("checkpoint") == after.bytes)
        try await ledger.close()
        #expect(try await world.fsck().findings.isEmpty)
    }

    @Test func aWriterThatClosesUnwitnessedIsOpenedAgainAndAsksAgain() async throws {
        let world = try LedgerWorld()
        let witness = try Witness()
        let ledger = try await world.create(configuration: configuration(witness))
        let before = try await ledger.publish()
        _ = try await ledger.append(try await world.notes(["a"], in: ledger))
        witness.turn(on: false)
        await #expect(throws: LedgerError.self) { try await ledger.close() }

        let again = try await world.open(configuration: configuration(witness))
        #expect(try world.bytes("checkpoint") == before.bytes)
        _ = try await again.append(try await world.notes(["b"], in: again))
        witness.turn(on: true)
        #expect(try await again.publish().checkpoint.head.size == before.checkpoint.head.size + 2)
        try await again.close()
        #expect(try await world.fsck().findings.isEmpty)
    }

    @Test func whoWaitsForThePublicationHearsWhyItIsNotMadeAndThatTheEntryStands() async throws {
        let world = try LedgerWorld()
        let witness = try Witness(isOn: false)
        let ledger = try await world.create(configuration: configuration(witness))
        let statement = try await world.note("a", in: ledger)
        do {
            _ = try await ledger.append([statement], until: .published)
            Issue.record("it was published")
        } catch LedgerError.unwitnessed(let size, let reason) {
            #expect(size == 2)
            #expect(reason == "the witness is off")
        }
        let standing = try await ledger.append([statement])
        #expect(standing.first?.isDuplicate == true)
        #expect(standing.first?.index == 1)
    }

    /// They are asked again by themselves, without anybody's appending anything.
    @Test func whoDoesNotAnswerIsAskedAgain() async throws {
        let world = try LedgerWorld()
        let witness = try Witness(isOn: false)
        var configuration = configuration(witness)
        configuration.publicationDelay = .milliseconds(1)
        let ledger = try await world.create(configuration: configuration)
        await #expect(throws: LedgerError.self) { try await ledger.publish() }
        witness.turn(on: true)
        for _ in 0..<200 where !world.exists("checkpoint") { try await Task.sleep(for: .milliseconds(20)) }
        #expect(world.exists("checkpoint"))
        try await ledger.close()
    }
}
