import TestSupport
import Testing
import TraceProof

@testable import TraceLedger

/// One row of the fault table: the workload with one fault, and the five points of engine.md.
struct FaultTrial: Sendable {
    let script: FaultScript
    let kind: FaultWorkload.Kind
    let fault: Fault

    /// Runs the row; whether the fault found its call.
    func run() async -> Bool {
        let watchdog = Task {
            guard (try? await Task.sleep(for: .seconds(60))) != nil else { return }
            print("\(kind), \(fault): hangs")
            Issue.record("\(kind), \(fault): hangs")
        }
        defer { watchdog.cancel() }
        let workload = FaultWorkload(script, kind, fault: fault)
        do { return try await run(workload) } catch {
            let calls = workload.process.trace.suffix(12).joined(separator: "\n    ")
            Issue.record("\(kind), \(fault), \(workload.disk.struck?.call ?? "no call"): \(error)\n    \(calls)")
            return true
        }
    }

    private func run(_ workload: FaultWorkload) async throws -> Bool {
        let disk = workload.disk
        var failure: (any Error)?
        do { try await workload.run() } catch { failure = error }
        if let falsified = failure as? Falsified { throw falsified }
        guard let struck = disk.struck else {
            try check(failure == nil, "without a fault: \(failure.map { "\($0)" } ?? "")")
            return false
        }
        // Points 2 and 3: what readers see right at the fault, and when the writer has given up, before anybody mends it.
        try script.inspector.seen(disk.shown, workload.model)
        // The very first checkpoint is kept before it is public, and the power may take its public name back.
        let mayBeMissing = kind == .birth && struck.shown <= 1
        for image in [struck.image, disk.image] {
            try await script.inspector.readable(image, workload.model, mayBeMissing: mayBeMissing)
        }
        if fault.kind.isError, failure != nil { try await isClosed(workload) } else { workload.process.kill() }
        guard let opened = try await reopen(workload) else { return true }
        try await goOn(workload, opened)
        return true
    }

    /// Point 4: an error closes the writer.
    private func isClosed(_ workload: FaultWorkload) async throws {
        guard let ledger = workload.ledger else { return }
        do { _ = try await ledger.append([script.chained[11]]) } catch LedgerError.closed { return }
        throw Falsified("the writer goes on after an error")
    }

    /// Points 1 and 5: somebody opens the ledger again, while the old writer still hangs around.
    private func reopen(_ workload: FaultWorkload) async throws -> Ledger? {
        let process = workload.disk.process()
        let ledger: Ledger
        do { ledger = try await openOnceLeft(process) } catch {
            let information = "\(FaultInspector.directory)/ledger.json"
            if !workload.isMade, !process.exists(information), workload.model.heads.isEmpty { return nil }
            throw Falsified("opening again: \(error)")
        }
        let second = await refused { try await script.open(on: workload.disk.process()) }
        try check(second.contains("another writer holds this ledger"), "a second writer: \(second)")
        try await script.inspector.whole(workload.disk, workload.model, known: known)
        return ledger
    }

    /// Opens the ledger. Whoever was in the middle of writing when it was closed holds the lock until he has left, and others
    /// hear that it is closed a moment before: that moment is waited for, and no longer.
    private func openOnceLeft(_ process: SimulatedProcess) async throws -> Ledger {
        for _ in 0..<200 {
            do { return try await script.open(on: process) } catch let error as FileError
                where error.operation == "lock"
            {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return try await script.open(on: process)
    }

    private var known: Set<Digest> {
        kind == .life ? script.known : script.known.union(script.baseLeaves.prefix(1))
    }

    /// The next writer goes on, and then the power is cut: nothing that it built on was only in memory.
    private func goOn(_ workload: FaultWorkload, _ ledger: Ledger) async throws {
        let disk = workload.disk
        try workload.model.acknowledge(await ledger.append(script.chained))
        workload.model.see(try await ledger.publish().checkpoint.head)
        try workload.model.acknowledge(await ledger.append(script.strangers))
        try script.inspector.seen(disk.shown, workload.model)
        disk.cutPower(fault.seed &+ 1)
        let again: Ledger
        do { again = try await script.open(on: disk.process()) } catch {
            throw Falsified("opening after a power cut behind the fault: \(error)")
        }
        try check(
            await again.size >= workload.model.acknowledged.count,
            "entries are lost in a power cut behind the fault"
        )
        try await script.inspector.whole(disk, workload.model, known: known)
        try await again.close()
    }
}
