import TestSupport
import TraceProof
import TraceStatements

@testable import TraceLedger

/// What the fault table is run over: everything that a writer does with files, once and in a fixed order.
///
/// Groups of several callers are made by holding the queue until all of them wait, so that a run makes the same system
/// calls as the one before.
final class FaultWorkload {
    enum Kind: String, CaseIterable, Sendable {
        /// A ledger is made, used, closed and opened.
        case birth
        /// One with a history goes on across the ends of a tile, of journal segments and of the index in memory.
        case life
    }

    let script: FaultScript
    let kind: Kind
    let disk: SimulatedDisk
    let process: SimulatedProcess
    let model: FaultModel
    /// The writer that was open last. It is held, so that what lets go of the lock is its failure.
    private(set) var ledger: Ledger?
    /// Whether the ledger's making returned.
    private(set) var isMade: Bool

    init(_ script: FaultScript, _ kind: Kind, fault: Fault? = nil) {
        (self.script, self.kind) = (script, kind)
        disk = SimulatedDisk(kind == .life ? script.base : DiskImage())
        process = disk.process(fault)
        model = FaultModel(kind == .life ? script.baseLeaves : [])
        isMade = kind == .life
    }

    func run() async throws {
        switch kind {
        case .birth: try await birth()
        case .life: try await life()
        }
    }

    private func birth() async throws {
        let made = try await script.create(on: process)
        ledger = made
        isMade = true
        try model.acknowledge(await made.append([script.chained[0]]))
        try await publish(made)
        try await made.close()
        ledger = try await script.open(on: process)
        guard let opened = ledger else { return }
        try model.acknowledge(await opened.append([script.chained[1]], until: .published))
        try await opened.close()
    }

    private func life() async throws {
        let (chained, long) = (script.chained, script.long)
        let first = try await script.open(on: process)
        ledger = first
        try model.acknowledge(await first.append([chained[0]]))
        try model.acknowledge(await first.append(chained[1...5] + [chained[1]]))
        let twice = try await first.append([chained[0], chained[3]]) + first.append([script.again])
        try check(twice.allSatisfy(\.isDuplicate), "what stands was taken for new")
        try model.acknowledge(twice)
        try await refuse(script.gap, first)
        try await together(script.strangers, first)
        try await publish(first)
        for (position, statement) in long[..<7].enumerated() {
            try model.acknowledge(await first.append([statement]))
            if position % 3 == 2 { try await publish(first) }
        }
        try await first.close()

        let second = try await script.open(on: process, delay: .milliseconds(1))
        ledger = second
        try model.acknowledge(await second.append([chained[6]]))
        try await waitForPublication(second)
        try model.acknowledge(await second.append([chained[0], chained[7]], until: .published))
        try await second.close()

        ledger = nil
        let third = try await script.open(on: process)
        ledger = third
        try model.acknowledge(await third.append([long[7]]))
        try model.acknowledge(await third.append([chained[8]]))
        // Nobody closes this one.
    }

    private func publish(_ ledger: Ledger) async throws { model.see(try await ledger.publish().checkpoint.head) }

    private func refuse(_ statement: Statement, _ ledger: Ledger) async throws {
        do {
            _ = try await ledger.append([statement])
            throw Falsified("a gap was accepted")
        } catch LedgerError.refused {}
    }

    /// Several callers, whose entries are one group.
    private func together(_ statements: [Statement], _ ledger: Ledger) async throws {
        let queue = ledger.parts.queue
        _ = queue.hold(true)
        let results = await withTaskGroup(of: Result<[Ledger.Appended], any Error>.self) { group in
            for (position, statement) in statements.enumerated() {
                group.addTask {
                    do { return .success(try await ledger.append([statement])) } catch { return .failure(error) }
                }
                while queue.count <= position, (try? ledger.parts.gate.checkOpen()) != nil { await Task.yield() }
            }
            if queue.hold(false) { Task { await ledger.sequencer.drain() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for case .success(let answers) in results { try model.acknowledge(answers) }
        for case .failure(let error) in results { throw error }
    }

    private func waitForPublication(_ ledger: Ledger) async throws {
        for _ in 0..<50_000 {
            try ledger.parts.gate.checkOpen()
            if ledger.parts.tail.groups(behind: 0).isEmpty { return }
            try await Task.sleep(for: .microseconds(200))
        }
        throw Falsified("nothing was published by itself within ten seconds")
    }
}
