import Synchronization
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

/// What the fault table and reading the engine found, each as a test of its own.
@Suite("Faults that were found once")
struct EngineFaultTests {
    /// Opens the base of the fault table with a fault at the first call of a name on a path after `before`.
    private func failing(
        _ name: String,
        _ path: String,
        _ kind: Fault.Kind = .inputOutput,
        _ script: FaultScript,
        _ steps: (Ledger) async throws -> Void
    ) async throws -> (disk: SimulatedDisk, ledger: Ledger) {
        let probe = SimulatedDisk(script.base).process()
        let rehearsal = try await script.open(on: probe)
        let opened = probe.calls
        try? await steps(rehearsal)
        let position = probe.trace.indices.first {
            $0 >= opened && probe.trace[$0].contains("\(name) \(FaultInspector.directory)/\(path)")
        }
        let call = try #require(position) + 1
        let disk = SimulatedDisk(script.base)
        return (disk, try await script.open(on: disk.process(Fault(kind, call: call, seed: 1))))
    }

    /// A commit that failed left its chains and hashes behind: `standing` looked for an entry that is not there.
    @Test(arguments: [Fault.Kind.inputOutput, .inputOutputButDone])
    func afterACommitThatFailed(_ kind: Fault.Kind) async throws {
        let script = try await FaultScript()
        let first = script.chained[0]
        let steps = { (ledger: Ledger) in _ = try await ledger.append([first]) }
        let (disk, ledger) = try await failing("fdatasync", "state/journal/", kind, script, steps)
        await #expect(throws: LedgerError.self) { try await steps(ledger) }
        #expect(await ledger.standing(kind: .note, issuer: LedgerWorld.gln, payload: first.payload) == nil)
        let key = try LedgerWorld.key(2).publicKey
        #expect(await ledger.nextLink(for: key)?.sequence == 0)
        let taken = await ledger.sequencer.takeRecent(atLeast: 0)
        #expect(taken?.records.contains { $0.index >= FaultScript.baseSize } != true)
        let again = try await script.open(on: disk.process())
        #expect(try await again.append([first]).map(\.index) == [UInt64(FaultScript.baseSize)])
    }

    /// A process that is killed behind the rename of the signed checkpoint leaves a name that only the page cache has. The next
    /// one showed that checkpoint, and a power cut then took the signed one back and not the shown one.
    @Test func aKillAndThenACut() async throws {
        let script = try await FaultScript()
        let steps = { (ledger: Ledger) in
            _ = try await ledger.append([script.chained[0]])
            _ = try await ledger.publish()
        }
        let (disk, ledger) = try await failing("rename", Layout.signedCheckpoint, .killedAfter, script, steps)
        try? await steps(ledger)
        #expect(disk.struck != nil)
        let killed = disk.image
        let probe = SimulatedDisk(killed).process()
        _ = try await script.open(on: probe)
        for call in 1...probe.calls {
            for seed: UInt64 in 1...4 {
                let disk = SimulatedDisk(killed)
                _ = try? await script.open(on: disk.process(Fault(.powerAfter, call: call, seed: seed)))
                await #expect(throws: Never.self, "call \(call), seed \(seed), \(disk.struck?.call ?? "")") {
                    _ = try await script.open(on: disk.process())
                }
            }
        }
    }

    /// An entry that cannot be read may be the duplicate: nothing is appended, and the writer closes.
    @Test func aDuplicateThatCannotBeRead() async throws {
        let script = try await FaultScript()
        let base = script.chained[0]
        let disk = SimulatedDisk(script.base)
        let first = try await script.open(on: disk.process())
        _ = try await first.append([base])
        try await first.close()
        let prepared = disk.image
        let probe = SimulatedDisk(prepared).process()
        let rehearsal = try await script.open(on: probe)
        let opened = probe.calls
        #expect(try await rehearsal.append([script.again]).map(\.isDuplicate) == [true])
        #expect(probe.calls > opened, "the bundle was read")
        for call in opened + 1...probe.calls {
            let disk = SimulatedDisk(prepared)
            let ledger = try await script.open(on: disk.process(Fault(.inputOutput, call: call, seed: 1)))
            await #expect(throws: LedgerError.self, "call \(call)") { try await ledger.append([script.again]) }
            await expectRefusal("closed") { try await ledger.append([script.again]) }
            let reopened = try await script.open(on: disk.process())
            #expect(try await reopened.append([script.again]).map(\.isDuplicate) == [true])
        }
    }

    /// Callers that are held back until a publication makes room hear of it when that publication fails.
    @Test(.timeLimit(.minutes(10))) func callersThatAreHeldBack() async throws {
        let script = try await FaultScript()
        let disk = SimulatedDisk(script.base)
        let process = disk.process()
        let ledger = try await script.open(on: process)
        _ = ledger.parts.queue.hold(true)
        async let answer = refused { try await ledger.append([script.chained[0]]) }
        while ledger.parts.queue.count == 0 { await Task.yield() }
        process.kill()
        _ = ledger.parts.gate.close(.file(FileError("fsync", "there")))
        await #expect(throws: (any Error).self) { try await ledger.publish() }
        #expect(await answer.contains("closed"))
    }

    /// Files from which everything can be made again: whatever became of them, the same answers.
    @Test func derivedFilesThatAreDamaged() async throws {
        let script = try await FaultScript()
        let disk = SimulatedDisk(script.base)
        let first = try await script.open(on: disk.process())
        _ = try await first.append(Array(script.chained[...9]))
        try await first.close()
        let image = disk.image
        let derived = image.files(below: FaultInspector.directory).filter {
            $0.key.contains("/state/index/") || $0.key.hasSuffix("/state/chains")
        }
        #expect(derived.count >= 2)
        for (path, bytes) in derived {
            var versions: [[UInt8]?] = [nil, [], [0], Array(bytes.dropLast()), bytes + [0], bytes.reversed()]
            // Of a run of the index only the header is covered: nobody reads all of it when a ledger is opened.
            let covered = path.hasSuffix("chains") ? bytes.count : 40
            for position in 0..<covered {
                var bad = bytes
                bad[position] ^= 1 << UInt8(position % 8)
                versions.append(bad)
            }
            for version in versions {
                var damaged = image
                try damaged.replace(path, version)
                let disk = SimulatedDisk(damaged)
                let ledger = try await script.open(on: disk.process())
                let answers = try await ledger.append([script.again, script.chained[9], script.chained[10]])
                let size = UInt64(FaultScript.baseSize)
                #expect(answers.map(\.index) == [size, size + 9, size + 10], "\(path): \(version?.count ?? -1) bytes")
            }
        }
    }

    /// A clock that goes backwards, by hours: kept checkpoints stay true, and nothing else asks for the time.
    @Test func theClockGoesBackwards() async throws {
        let world = try LedgerWorld()
        let time = Mutex(LedgerWorld.time)
        let configuration = Ledger.Configuration(
            publicationDelay: .milliseconds(1),
            now: {
                time.withLock { time in
                    time -= 5000
                    return time
                }
            }
        )
        let ledger = try await world.create(configuration: configuration)
        var shown: [TreeHead] = []
        for part in 0..<12 {
            _ = try await ledger.append(world.notes(["\(part)"], in: ledger))
            if part % 3 == 0 { shown.append(try await ledger.publish().checkpoint.head) }
            try await Task.sleep(for: .milliseconds(3))
        }
        try await ledger.close()
        let head = try await world.reader().checkpoint().checkpoint.head
        #expect(head.size == 13)
        for old in shown { _ = try await world.reader().consistencyProof(from: old, to: head) }
        #expect(try await world.fsck().isSound)
    }
}
