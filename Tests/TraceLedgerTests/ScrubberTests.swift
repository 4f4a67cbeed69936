import Synchronization
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

@Suite("A scrub in the background")
struct ScrubberTests {
    let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    private func scrub(
        passes: Int? = 1,
        pace: @escaping @Sendable (Scrubber.Amount) async throws -> Void = { _ in }
    ) async throws -> [FsckReport.Finding] {
        let found = Mutex<[FsckReport.Finding]>([])
        let scrubber = Scrubber(world.directory, key: try world.vkey, checker: LedgerWorld.checker)
        do {
            try await scrubber.run(passes: passes, pace: pace) { finding in found.withLock { $0.append(finding) } }
        } catch is Stop {}
        return found.withLock { $0 }
    }

    private struct Stop: Error {}

    private func build(_ size: Int) async throws {
        let ledger = try await world.create()
        _ = try await ledger.append(world.notes((1..<size).map { "entry \($0)" }, in: ledger))
        _ = try await ledger.publish()
    }

    @Test func aSoundLedgerIsPacedAndHasNoFindings() async throws {
        try await build(600)
        let read = Mutex<(bytes: Int, entries: Int)>((0, 0))
        let found = try await scrub(passes: 2) { amount in
            read.withLock { $0 = ($0.bytes + amount.bytes, $0.entries + amount.entries) }
        }
        #expect(found.isEmpty)
        #expect(read.withLock { $0.entries } == 1200)
        #expect(read.withLock { $0.bytes } > 1200 * 200)
        #expect(try ScrubPosition.load(world.directory) == ScrubPosition(bundle: 0, passes: 2))
    }

    @Test func whatTheDiskLostIsFoundAtOnce() async throws {
        try await build(600)
        var bytes = try world.bytes("tile/entries/001")
        bytes[bytes.count - 1] ^= 1
        try world.write(bytes, "tile/entries/001")
        let found = try await scrub()
        #expect(found.map(\.file) == ["tile/entries/001"])
        #expect(found.first?.index == 511)
    }

    /// Cut off in a pass, it goes on behind what it has checked, and still knows the keys and chains from before.
    @Test func itGoesOnWhereItWas() async throws {
        try await build(257 * 70)
        let count = Mutex(0)
        _ = try await scrub { _ in
            try count.withLock { count in
                count += 1
                if count == 67 { throw Stop() }
            }
        }
        #expect(try ScrubPosition.load(world.directory) == ScrubPosition(bundle: 64, passes: 0))
        // Bad since, in front of the position and behind it: by its signature alone, which only the second is asked for.
        #expect(try await scrub().isEmpty)
        #expect(try ScrubPosition.load(world.directory) == ScrubPosition(bundle: 0, passes: 1))
        try world.write(Array("nonsense".utf8), "state/scrub")
        #expect(try ScrubPosition.load(world.directory) == ScrubPosition())
    }

    @Test func aBudgetIsTime() async throws {
        let slept = Mutex<[Double]>([])
        let budget = ScrubBudget(bytesPerSecond: 1000, entriesPerSecond: 50) { seconds in
            slept.withLock { $0.append(seconds) }
        }
        for (bytes, entries) in [(2000, 1), (10, 100), (0, 0)] {
            try await budget.spend(Scrubber.Amount(bytes: bytes, entries: entries))
        }
        #expect(slept.withLock { $0 } == [2, 2, 1])
    }
}
