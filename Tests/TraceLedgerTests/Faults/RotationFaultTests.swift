import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

/// Every system call of a rotation fails once, with every fault: the ledger is the old key's or the new one's, never neither's.
@Suite("A rotation that is cut off", .serialized)
struct RotationFaultTests {
    private let script: FaultScript
    private let new: SigningKey
    private let keys: LedgerKeys

    init() async throws {
        script = try await FaultScript()
        new = try RotatedWorld.key(0)
        keys = LedgerKeys(current: script.inspector.key)
    }

    /// A ledger at rest, `more` entries longer than the script's.
    private func base(_ more: Int) async throws -> DiskImage {
        let disk = SimulatedDisk(script.base)
        let ledger = try await script.open(on: disk.process())
        if more > 0 { _ = try await ledger.append(Array(script.chained[..<more])) }
        try await ledger.close()
        return disk.image
    }

    private func rotate(on process: SimulatedProcess) async throws -> Ledger {
        try await script.open(on: process).rotateKey(to: new, keyPath: "/new.pem")
    }

    /// In the middle of a tile, and where the succession completes one.
    @Test(arguments: [0, 4]) func atEachCall(_ more: Int) async throws {
        let base = try await base(more)
        let size = UInt64(FaultScript.baseSize + more)
        let process = SimulatedDisk(base).process()
        _ = try await rotate(on: process)
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["TRACE_SEED"].flatMap { UInt64($0) } ?? .random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        var faults: [Fault] = []
        for call in 1...process.calls {
            for kind in Fault.Kind.allCases { faults.append(Fault(kind, call: call, seed: random.next())) }
        }
        let all = faults.count
        let count = environment["TRACE_FAULTS"].map { $0 == "all" ? all : (Int($0) ?? 0) / 16 } ?? 120
        if let fault = environment["TRACE_FAULT"].flatMap({ Fault($0) }) {
            faults = [fault]
        } else if count < all {
            faults = Array(faults.shuffled(using: &random).prefix(count))
        }
        var (old, new) = (0, 0)
        for fault in faults {
            do {
                if try await trial(base, fault, size) { new += 1 } else { old += 1 }
            } catch { Issue.record("\(fault), size \(size), \(process.trace[fault.call - 1]): \(error)") }
        }
        print(
            "rotation at \(size): \(faults.count) faults of \(all), \(old) left it to the old key, \(new) to the new one, "
                + "TRACE_SEED=\(seed)"
        )
        guard faults.count > 50 else { return }
        #expect(old > 0 && new > 0)
    }

    /// One fault; whether the new key has the ledger afterwards.
    private func trial(_ base: DiskImage, _ fault: Fault, _ size: UInt64) async throws -> Bool {
        let disk = SimulatedDisk(base)
        let process = disk.process(fault)
        do { _ = try await rotate(on: process) } catch { process.kill() }
        for image in [disk.struck?.image, disk.image].compactMap({ $0 }) { try await readable(image, size) }
        process.kill()
        let isNew = try await reopened(disk, size)
        disk.cutPower(fault.seed &+ 1)
        try check(try await reopened(disk, size) == isNew, "a power cut after the opening changed the key")
        let rotated = keys.handedOver(to: try RotatedWorld.vkey(new), until: size + 1)
        try seen(disk.shown, isNew ? rotated : keys)
        return isNew
    }

    /// Whatever was shown bears the signatures of its time.
    private func seen(_ shown: [[UInt8]], _ keys: LedgerKeys) throws {
        for bytes in shown {
            let signed = try SignedCheckpoint(bytes: bytes)
            try check(keys.signed(signed, checker: script.inspector.checker), "shown: \(signed.checkpoint.head)")
        }
    }

    /// Readers who take the key from `ledger.json`, and who trust the first one.
    private func readable(_ image: DiskImage, _ size: UInt64) async throws {
        let source = DirectorySource(FaultInspector.directory, on: SimulatedDisk(image).process())
        let checker = script.inspector.checker
        for reader in [
            try await LedgerReader(source, checker: checker),
            try await LedgerReader(source, key: keys.current, checker: checker).following(),
        ] {
            let signed = try await reader.checkpoint().checkpoint
            try check([size, size + 1].contains(signed.head.size), "size \(signed.head.size) is shown")
            _ = try await reader.rootSignature(for: signed)
            try await reader.forEachEntry(in: 0..<signed.head.size, of: signed.head) { _, _ in }
        }
    }

    /// The ledger is opened with the key that it says, goes on, and is sound under the key that it began with.
    private func reopened(_ disk: SimulatedDisk, _ size: UInt64) async throws -> Bool {
        let process = disk.process()
        let checker = script.inspector.checker
        try await Ledger.finishRotation(FaultInspector.directory, checker: checker, on: process)
        let source = DirectorySource(FaultInspector.directory, on: process)
        let isNew = try await LedgerReader.information(source).key.publicKey == new.publicKey
        let ledger = try await Ledger.open(
            FaultInspector.directory,
            signer: isNew ? new : script.signer,
            checker: checker,
            configuration: FaultScript.configuration(),
            on: process
        )
        try check(await ledger.size >= size + (isNew ? 1 : 0), "entries are lost")
        _ = try await ledger.append([script.strangers[0]], until: .published)
        try await ledger.close()
        let report = await Fsck.run(source, key: keys.current, depth: .statements, checker: checker)
        try check(report.isSound, "fsck: \(report.findings.map { "\($0.file): \($0.reason)" })")
        process.kill()
        return isNew
    }
}
