#if os(Linux)
import Foundation
import Glibc
import TestSupport
import Testing
import TraceProof
import TraceStatements

@testable import TraceLedger

/// The order of writes, syncs, renames and answers that engine.md promises, read off the kernel's own list of real appends.
@Suite("What strace sees", .serialized)
struct TraceTests {
    private static let directory = ProcessInfo.processInfo.environment["TRACE_STRACED"]
    private static let writes: Set = ["write", "pwrite64"]
    private static let renames: Set = ["rename", "renameat", "renameat2"]

    /// The appends that are traced; this runs in the traced process only.
    @Test(.enabled(if: directory != nil, "run by theOrder()")) func theAppends() async throws {
        let world = try LedgerWorld(TraceTests.directory ?? "", keep: true)
        let ledger = try await world.create()
        func say(_ text: String) {
            let bytes = Array("trace-mark \(text)\n".utf8)
            _ = unsafe write(1, bytes, bytes.count)
        }
        say("begin")
        let notes = try await world.notes((0..<5).map { "single \($0)" }, in: ledger)
        for note in notes {
            _ = try await ledger.append([note])
            say("answer")
        }
        // Eight callers that wait together are one group.
        let together = try await world.notes((0..<8).map { "together \($0)" }, in: ledger)
        let queue = ledger.parts.queue
        _ = queue.hold(true)
        await withTaskGroup(of: Void.self) { group in
            for (position, note) in together.enumerated() {
                group.addTask { _ = try? await ledger.append([note]) }
                while queue.count <= position { await Task.yield() }
            }
            if queue.hold(false) { await ledger.sequencer.drain() }
        }
        say("answer")
        say("publish")
        _ = try await ledger.publish()
        say("published")
    }

    private static var isPermitted: Bool { (try? strace(["-o", "/dev/null", "true"])) == 0 }

    private static func strace(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/strace")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func trace() throws -> TracedCalls {
        let directory = "\(FileManager.default.temporaryDirectory.path)/traceledger-strace-\(getpid())"
        let output = directory + ".trace"
        defer { for path in [directory, output] { try? FileManager.default.removeItem(atPath: path) } }
        let calls = "write,pwrite64,fsync,fdatasync,syncfs,rename,renameat,renameat2"
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        // Started as `swift test` started this process, but for what is to be run.
        var arguments = Array(CommandLine.arguments.dropFirst()).filter {
            $0.hasPrefix("--test-bundle-path") || $0.hasSuffix(".xctest")
        }
        if !arguments.isEmpty, arguments[0] != "--test-bundle-path" { arguments.insert("--test-bundle-path", at: 0) }
        arguments += ["--testing-library", "swift-testing", "--filter", "TraceTests/theAppends"]
        let status = try TraceTests.strace(
            ["-f", "-y", "-s", "64", "-e", "trace=\(calls)", "-e", "signal=none", "-o", output, program] + arguments,
            ["TRACE_STRACED": directory]
        )
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        try check(
            status == 0 && text.contains("trace-mark published"),
            "the traced process gave \(status): \(text.suffix(500))"
        )
        return TracedCalls(text)
    }

    @Test(.enabled(if: directory == nil && isPermitted, "skipped: strace is missing, or ptrace is not permitted here"))
    func theOrder() throws {
        let traced = try trace()
        let marks = traced.calls.filter { $0.text.hasPrefix("trace-mark") }
        func mark(_ name: String) throws -> [TracedCalls.Call] {
            let found = marks.filter { $0.text.hasPrefix("trace-mark \(name)\\n") }
            try check(!found.isEmpty, "no mark \(name)")
            return found
        }
        let begin = try #require(try mark("begin").first)
        let publish = try #require(try mark("publish").first)
        let published = try #require(try mark("published").first)

        // An answer comes when the group is on the device: pwrite, then fdatasync, then the answer; one of each a group.
        let answers = try mark("answer")
        #expect(answers.count == 6)
        var start = begin.end
        for answer in answers {
            let window = { (calls: [TracedCalls.Call]) in calls.filter { $0.begin > start && $0.begin < answer.begin } }
            let writes = window(traced.all(TraceTests.writes, "/state/journal/"))
            let syncs = window(traced.all(["fdatasync"], "/state/journal/"))
            #expect(writes.count == 1 && syncs.count == 1, "\(writes) \(syncs)")
            if let write = writes.first, let sync = syncs.first {
                #expect(write.end < sync.begin && sync.end < answer.begin)
            }
            start = answer.end
        }

        // Bundles and tiles: written, synchronized, renamed, their folder synchronized, all before anything is signed.
        let signed = try #require(
            traced.all(TraceTests.writes, "/state/checkpoint.tmp").first { $0.begin > publish.begin }
        )
        let tiles = traced.all(TraceTests.renames, "/tile/").filter { $0.begin > publish.begin }
        #expect(tiles.count == 2, "a bundle and a tile: \(tiles)")
        for rename in tiles { expectDurable(rename, in: traced, before: signed) }

        // The signed checkpoint: durable in state/ before anything public says so.
        let state = try #require(traced.all(TraceTests.renames, "/state/checkpoint").last)
        let shown = traced.all(TraceTests.renames, "/checkpoint").filter {
            $0.begin > publish.begin && !$0.paths.contains { $0.contains("/state/") }
        }
        let kept = traced.all(TraceTests.renames, "/checkpoints/").filter { $0.begin > publish.begin }
        let shownFirst = try #require((shown + kept).map(\.begin).min())
        let first = try #require((shown + kept).first { $0.begin == shownFirst })
        expectDurable(state, in: traced, before: first)
        // What a receipt needs is durable before `checkpoint` moves, and `checkpoint` before the caller hears of it.
        let moved = try #require(shown.first { $0.paths.last?.hasSuffix("/checkpoint") == true })
        for rename in kept { expectDurable(rename, in: traced, before: moved) }
        expectDurable(moved, in: traced, before: published)
    }

    /// A durable write: the temporary file's bytes, its sync, the rename, the sync of its folder, and only then `next`.
    private func expectDurable(_ rename: TracedCalls.Call, in traced: TracedCalls, before next: TracedCalls.Call) {
        let (old, new) = (rename.paths.first ?? "", rename.paths.last ?? "")
        let folder = String(new[..<(new.lastIndex(of: "/") ?? new.startIndex)])
        let write = traced.calls.last {
            TraceTests.writes.contains($0.name) && $0.paths == [old] && $0.begin < rename.begin
        }
        let sync = traced.calls.contains { call in
            (call.name == "syncfs" || (call.name == "fsync" && call.paths == [old]))
                && call.begin > (write?.end ?? .max) && call.end < rename.begin
        }
        #expect(write != nil && sync, "\(new) is synchronized before it has its name")
        let named = traced.calls.contains {
            $0.name == "fsync" && $0.paths == [folder] && $0.begin > rename.end && $0.end < next.begin
        }
        #expect(named, "the name of \(new) is durable before \(next.paths.last ?? next.text)")
    }
}
#endif
