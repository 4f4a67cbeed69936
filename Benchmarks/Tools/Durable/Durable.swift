import Foundation
import RawSodium
import TraceLedger
import TraceProof
import TraceStatements

/// The rows of goals.md under "Durable append" and "Signatures" that are no matter of one function: each beside its baseline
/// in the same run, in turns, as a Markdown table.
///
/// `Durable [--rounds N]`, or `Durable --large ENTRIES DIRECTORY` for a ledger of that size, which is kept.
@main
struct Durable {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if let position = arguments.firstIndex(of: "--large"), position + 2 < arguments.count {
            return try await Large(entries: Int(arguments[position + 1]) ?? 10_000_000, arguments[position + 2]).run()
        }
        let rounds = arguments.firstIndex(of: "--rounds").flatMap { Int(arguments[$0 + 1]) } ?? 7
        let here = URL(filePath: FileManager.default.currentDirectoryPath)
        let bench = try Bench(here.appending(path: ".artifacts/durable"))
        defer { bench.remove() }
        print("| work | baseline | ours | baseline's | ratio | goal |\n|---|---|---|---|---|---|")
        try await batches(bench, rounds)
        try await oneCaller(bench, rounds)
        try await manyCallers(bench, rounds)
        try await admission(bench, rounds)
        try await disk(bench)
        print("\n| callers, one entry each | committed: entries/s | p50 | p99 | published: entries/s | p50 | p99 |")
        print("|---|---|---|---|---|---|---|")
        for callers in [1, 16, 256, 4096] { try await latencies(bench, callers) }
    }

    private static func row(_ work: String, _ baseline: String, _ ours: [Double], _ theirs: [Double], goal: String) {
        let ratio = zip(ours, theirs).map { $0 / $1 }.median
        print(
            "| \(work) | \(baseline) | \(format(ours.median))/s | \(format(theirs.median))/s | \(format(ratio)) | \(goal) |"
        )
    }

    /// Batches of 1,024 in one call, against SQLite's of as many in a transaction.
    private static func batches(_ bench: Bench, _ rounds: Int) async throws {
        let (batch, count) = (1024, 64)
        let ledger = try await bench.ledger()
        let sqlite = SQLite(bench.folder.appending(path: "batches.sqlite").path())
        var (committed, published, theirs): ([Double], [Double], [Double]) = ([], [], [])
        for round in 0..<rounds + 1 {
            let entries = Bench.entries(batch * count, from: round * batch * count)
            let theirTime = await seconds {
                for start in stride(from: 0, to: entries.count, by: batch) {
                    sqlite.append(entries[start..<start + batch])
                }
            }
            let parts = stride(from: 0, to: entries.count, by: batch).map { Array(entries[$0..<$0 + batch]) }
            let start = ContinuousClock.now
            for part in parts { _ = try await ledger.append(entries: part) }
            let commitTime = (ContinuousClock.now - start) / .seconds(1)
            _ = try await ledger.publish()
            let allTime = (ContinuousClock.now - start) / .seconds(1)
            // The first round touches fresh memory.
            guard round > 0 else { continue }
            let total = Double(entries.count)
            committed.append(total / commitTime)
            published.append(total / allTime)
            theirs.append(total / theirTime)
        }
        row("batches of 1,024, committed", "SQLite, 1,024 a transaction", committed, theirs, goal: "0.8")
        row("the same, published too", "the same", published, theirs, goal: "")
    }

    /// One caller, one entry at a time: how long an append takes.
    private static func oneCaller(_ bench: Bench, _ rounds: Int) async throws {
        let ledger = try await bench.ledger()
        let sqlite = SQLite(bench.folder.appending(path: "single.sqlite").path())
        var (ours, theirs): ([Double], [Double]) = ([], [])
        for round in 0..<rounds {
            for entry in Bench.entries(200, from: round * 200) {
                theirs.append(await seconds { sqlite.append(entry) })
                ours.append(try await seconds { _ = try await ledger.append(entries: [entry]) })
            }
        }
        print(
            "| one caller, one entry: latency p50 | SQLite, one insert a transaction | \(time(ours.median)) | "
                + "\(time(theirs.median)) | \(format(ours.median / theirs.median)) | at most 1.5 |"
        )
    }

    /// 4,096 callers, one entry each, against SQLite's one insert a transaction.
    private static func manyCallers(_ bench: Bench, _ rounds: Int) async throws {
        let callers = 4096
        let ledger = try await bench.ledger()
        let sqlite = SQLite(bench.folder.appending(path: "many.sqlite").path())
        var (ours, theirs): ([Double], [Double]) = ([], [])
        for round in 0..<rounds + 1 {
            let entries = Bench.entries(callers * 16, from: round * callers * 16)
            let theirTime = await seconds { for entry in entries.prefix(500) { sqlite.append(entry) } }
            let ourTime = try await seconds { try await append(entries, to: ledger, callers: callers) }
            guard round > 0 else { continue }
            ours.append(Double(entries.count) / ourTime)
            theirs.append(500 / theirTime)
        }
        row("4,096 callers, one entry each, committed", "SQLite, one insert a transaction", ours, theirs, goal: "60")
    }

    private static func append(
        _ entries: [[UInt8]],
        to ledger: Ledger,
        callers: Int,
        until milestone: Ledger.Milestone = .committed,
        latencies: (([Double]) -> Void)? = nil
    ) async throws {
        let each = entries.count / callers
        let isTimed = latencies != nil
        try await withThrowingTaskGroup(of: [Double].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var times: [Double] = []
                    for position in caller * each..<(caller + 1) * each {
                        let start = isTimed ? ContinuousClock.now : nil
                        _ = try await ledger.append(entries: [entries[position]], until: milestone)
                        if let start { times.append((ContinuousClock.now - start) / .seconds(1)) }
                    }
                    return times
                }
            }
            for try await times in group { latencies?(times) }
        }
    }

    private static func latencies(_ bench: Bench, _ callers: Int) async throws {
        var cells = "| \(callers) |"
        for milestone in [Ledger.Milestone.committed, .published] {
            let ledger = try await bench.ledger()
            let count = max(milestone == .committed ? 512 : 64, callers * (milestone == .committed ? 16 : 4))
            try await append(Bench.entries(count / 2), to: ledger, callers: min(callers, count / 2), until: milestone)
            var times: [Double] = []
            let entries = Bench.entries(count, from: count)
            let total = try await seconds {
                try await append(entries, to: ledger, callers: callers, until: milestone) { times += $0 }
            }
            cells +=
                " \(format(Double(count) / total)) | \(time(times.quantile(0.5))) | \(time(times.quantile(0.99))) |"
        }
        print(cells)
    }

    /// Signed statements with every signature verified, against libsodium on as many cores.
    private static func admission(_ bench: Bench, _ rounds: Int) async throws {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let count = 4096
        let ledger = try await bench.ledger(any: false)
        let message = [UInt8](repeating: 0x5A, count: 250)
        let signature = bench.key.signature(for: message).bytes
        let key = bench.key.publicKey.bytes
        var (ours, theirs): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            let statements = try await bench.statements(count, for: ledger)
            let theirTime = await seconds {
                DispatchQueue.concurrentPerform(iterations: cores) { _ in
                    for _ in 0..<count / cores {
                        precondition(crypto_sign_verify_detached(signature, message, UInt64(message.count), key) == 0)
                    }
                }
            }
            ours.append(Double(count) / (try await seconds { _ = try await ledger.append(statements) }))
            theirs.append(Double(count / cores * cores) / theirTime)
        }
        let name = "4,096 statements in one call, signatures verified"
        row(name, "libsodium verify on \(cores) cores", ours, theirs, goal: "0.9")
    }

    /// Bytes on disk beyond the entry.
    private static func disk(_ bench: Bench) async throws {
        let ledger = try await bench.ledger()
        let count = 1 << 17
        for part in 0..<count / 4096 {
            _ = try await ledger.append(entries: Bench.entries(4096, from: part * 4096))
        }
        try await ledger.close()
        let tiles = Double(Bench.byteCount("\(ledger.directory)/tile")) / Double(count + 1)
        let index = Double(Bench.byteCount("\(ledger.directory)/state")) / Double(count + 1)
        print(
            "| disk, an entry of 250 B | | \(format(tiles)) B | 250 B | + \(format(tiles - 250)) B | + 40 B |\n"
                + "| the index of duplicates, derived | | \(format(index)) B | | | |"
        )
    }
}
