#if os(Linux)
import Foundation
import Glibc
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// kill -9 at any moment, of a real process on a real disk, while several callers append and publications go on behind them:
/// what was acknowledged is there, in its order, under heads that agree. `TRACE_KILLS=200` is how often.
@Suite("Killed under load", .serialized)
struct KillTests {
    @Test func killAfterKill() async throws {
        let kills = ProcessInfo.processInfo.environment["TRACE_KILLS"].flatMap { Int($0) } ?? 200
        let world = try LedgerWorld("\(FileManager.default.temporaryDirectory.path)/traceledger-kill-\(getpid())")
        let log = world.directory + ".log"
        _ = unsafe setenv("TRACE_KILL_DIRECTORY", world.directory, 1)
        defer { try? FileManager.default.removeItem(atPath: log) }
        _ = try await world.create()
        var shown = [try await world.reader().checkpoint().checkpoint.head]
        let clock = ContinuousClock()
        let start = clock.now
        for round in 1...kills {
            await #expect(processExitsWith: .signal(SIGKILL)) { try await killedProcess() }
            // Before anybody opens it again, readers see a whole ledger.
            let head = try await world.reader().checkpoint().checkpoint.head
            if head != shown.last { shown.append(head) }
            guard round % 20 == 0 || round == kills else { continue }
            #expect(try await world.fsck(.tree).findings.isEmpty, "round \(round)")
            _ = try await world.open()
        }
        let count = try await verify(world, shown, log)
        print("killed \(kills) times in \(clock.now - start): \(count) acknowledged, \(shown.count) heads seen")
    }

    private func verify(_ world: LedgerWorld, _ shown: [TreeHead], _ log: String) async throws -> Int {
        let head = try await world.reader().checkpoint().checkpoint.head
        var leaves: [Digest] = []
        try await world.reader().forEachEntry(in: 0..<head.size, of: head) { leaves.append(TreeHash.leaf($1)) }
        var grown = CompactRange()
        for old in shown {
            try grown.append(contentsOf: leaves[Int(grown.size)..<Int(old.size)])
            #expect(grown.head == old, "the head of size \(old.size) was shown")
        }
        let lines = String(decoding: try Data(contentsOf: URL(filePath: log)), as: UTF8.self)
            .split(separator: "\n").map { $0.split(separator: " ") }
        for line in lines where line.count == 2 {
            let found = Int(line[0]).flatMap { leaves.indices.contains($0) ? "\(leaves[$0])" : nil }
            #expect(found.map { $0 == line[1] } == true, "entry \(line) was acknowledged")
        }
        #expect(Set(leaves).count == leaves.count, "none twice")
        #expect(try await world.fsck().isSound)
        return lines.count
    }
}

/// What the process that is killed does: four callers, entries of any size, publications by themselves and when asked.
private func killedProcess() async throws {
    let world = try LedgerWorld(ProcessInfo.processInfo.environment["TRACE_KILL_DIRECTORY"] ?? "", keep: true)
    let ledger = try await world.open(configuration: .init(publicationDelay: .milliseconds(5)))
    Thread.detachNewThread {
        usleep(UInt32.random(in: 1000...90_000))
        kill(getpid(), SIGKILL)
    }
    let log = unsafe open(world.directory + ".log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in UInt8(0)..<4 {
            group.addTask {
                let key = try LedgerWorld.key(60 + caller)
                while true {
                    let texts = (0..<Int.random(in: 1...6)).map { _ in
                        "\(UInt64.random(in: .min ... .max))" + String(repeating: "z", count: Int.random(in: 0...2000))
                    }
                    let notes = try await world.notes(texts, in: ledger, by: key)
                    // One write: what is in the file when the process is gone was acknowledged.
                    let lines = try await ledger.append(notes).map { "\($0.index) \($0.leafHash)\n" }.joined()
                    let bytes = Array(lines.utf8)
                    _ = unsafe write(log, bytes, bytes.count)
                    if Int.random(in: 0..<8) == 0 { _ = try await ledger.publish() }
                }
            }
        }
        try await group.waitForAll()
    }
}
#endif
