import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

/// Power cuts and kills at any moment while several callers append and publications go on behind them.
///
/// `TRACE_CUTS=200` is how many; `TRACE_SEED` repeats the choices, though not how the threads fell.
@Suite("The power is cut under load", .serialized)
struct TornWriteTests {
    /// So many cuts one ledger lives through: then a new one begins, or checking it would take longer and longer.
    private static let lives = 12

    @Test func cutAfterCut() async throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["TRACE_SEED"].flatMap { UInt64($0) } ?? .random(in: .min ... .max)
        let count = environment["TRACE_CUTS"].flatMap { Int($0) } ?? 200
        let script = try await FaultScript()
        var random = SeededGenerator(seed: seed)
        // The first ledger has the seed of the run, so that the printed seed of any repeats that one alone.
        let seeds = [seed] + (0..<(count - 1) / Self.lives).map { _ in random.next() }
        let clock = ContinuousClock()
        var entries = 0
        let time = await clock.measure {
            for seed in seeds {
                do { entries += try await oneLedger(script, seed) } catch {
                    Issue.record("TRACE_SEED=\(seed) TRACE_CUTS=\(Self.lives): \(error)")
                }
            }
        }
        print(
            "torn writes: \(seeds.count * Self.lives) cuts in \(time), \(entries) entries acknowledged, TRACE_SEED=\(seed)"
        )
    }

    /// How many entries were acknowledged.
    private func oneLedger(_ script: FaultScript, _ first: UInt64) async throws -> Int {
        var random = SeededGenerator(seed: first)
        let disk = SimulatedDisk(script.base)
        let model = FaultModel(script.baseLeaves)
        for life in 0..<Self.lives {
            let kinds: [Fault.Kind] = [.powerBefore, .powerAfter, .powerBefore, .killedAfter]
            let kind = kinds.randomElement(using: &random) ?? .powerBefore
            let fault = Fault(kind, call: .random(in: 1...300, using: &random), seed: random.next())
            do {
                try await load(script, disk, model, fault, &random)
                let image = disk.image
                try script.inspector.seen(disk.shown, model)
                try await script.inspector.readable(image, model)
                try await check(script, disk, model)
            } catch { throw Falsified("life \(life), \(fault), \(disk.struck?.call ?? ""): \(error)") }
        }
        return model.acknowledged.count
    }

    /// Several callers append and some publish until the fault strikes.
    private func load(
        _ script: FaultScript,
        _ disk: SimulatedDisk,
        _ model: FaultModel,
        _ fault: Fault,
        _ random: inout SeededGenerator
    ) async throws {
        let process = disk.process(fault)
        guard let ledger = try? await script.open(on: process, delay: .milliseconds(2)) else { return }
        let world = try LedgerWorld()
        let seeds = (0..<4).map { _ in random.next() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, seed) in seeds.enumerated() {
                group.addTask {
                    var random = SeededGenerator(seed: seed)
                    let key = try LedgerWorld.key(UInt8(50 + number))
                    for _ in 0..<25 {
                        let texts = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                            "\(random.next())" + String(repeating: "y", count: Int.random(in: 0...900, using: &random))
                        }
                        let notes = try await world.notes(texts, in: ledger, by: key)
                        guard let answers = try? await ledger.append(notes) else { return }
                        try model.acknowledge(answers)
                        if Int.random(in: 0..<4, using: &random) == 0 {
                            guard let signed = try? await ledger.publish() else { return }
                            model.see(signed.checkpoint.head)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        process.kill()
    }

    private func check(_ script: FaultScript, _ disk: SimulatedDisk, _ model: FaultModel) async throws {
        let process = disk.process()
        _ = try await script.open(on: process)
        process.kill()
        try await script.inspector.whole(disk, model, known: nil)
    }
}
