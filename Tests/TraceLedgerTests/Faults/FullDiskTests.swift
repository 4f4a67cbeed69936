#if os(Linux)
import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceStatements

/// A real file system of a few hundred kilobytes; skipped where this process may not mount one.
@Suite(
    "A file system of its own",
    .enabled(if: SmallDisk.isPermitted, "skipped: mounting a tmpfs is not permitted here")
)
struct FullDiskTests {
    /// Full at whatever write it comes: the writer closes, what was acknowledged is there, and with room it goes on.
    @Test(arguments: [300, 344, 388, 432]) func full(_ kilobytes: Int) async throws {
        let disk = try SmallDisk(kilobytes)
        let world = try LedgerWorld("\(disk.path)/ledger", keep: true)
        var entries = [[UInt8]]()
        var shown: [TreeHead] = []
        do {
            let ledger = try await world.create()
            let reader = try world.reader()
            entries.append(try await reader.entry(0, in: try await reader.checkpoint().checkpoint.head).bytes)
            var failure = ""
            for number in 0..<2000 where failure.isEmpty {
                let note = try await world.note("\(number) " + String(repeating: "f", count: 1500), in: ledger)
                failure = await refused { try await ledger.append([note]) }
                if failure == "accepted" {
                    entries.append(note.encoded)
                    failure = ""
                    guard number % 16 == 15 else { continue }
                    do { shown.append(try await ledger.publish().checkpoint.head) } catch { failure = "\(error)" }
                }
            }
            #expect(failure.contains("No space left on device"), "\(failure)")
            await expectRefusal("closed") { try await ledger.publish() }
            // Readers go on as if nothing were.
            #expect(try await world.fsck().findings.isEmpty)
        }
        try disk.remount("size=8m")
        let ledger = try await world.open()
        #expect(await ledger.size >= entries.count)
        let head = try await world.reader().checkpoint().checkpoint.head
        for old in shown { _ = try await world.reader().consistencyProof(from: old, to: head) }
        for (index, entry) in entries.enumerated() { #expect(ledger.entry(UInt64(index)) == entry, "entry \(index)") }
        _ = try await ledger.append([world.note("more", in: ledger)], until: .published)
        #expect(try await world.fsck().isSound)
        try await ledger.close()
    }

    @Test func readOnly() async throws {
        let disk = try SmallDisk(4096)
        let world = try LedgerWorld("\(disk.path)/ledger", keep: true)
        let made = try await world.create()
        try await made.close()
        try disk.remount("ro")
        await expectRefusal("Read-only file system") { try await world.open() }
        await expectRefusal("Read-only file system") {
            try await LedgerWorld("\(disk.path)/other", keep: true).create()
        }
        #expect(try await world.fsck().isSound, "readers need to write nothing")
        try disk.remount("rw")
        _ = try await world.open()
    }
}

/// A tmpfs; unmounted when the test lets go of it.
final class SmallDisk: Sendable {
    let path: String

    static let isPermitted = (try? SmallDisk(64)) != nil

    init(_ kilobytes: Int) throws {
        path = "\(FileManager.default.temporaryDirectory.path)/traceledger-disk-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        do { try SmallDisk.run(["mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path]) } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    deinit {
        try? SmallDisk.run(["umount", "-l", path])
        try? FileManager.default.removeItem(atPath: path)
    }

    func remount(_ options: String) throws { try SmallDisk.run(["mount", "-o", "remount,\(options)", path]) }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try check(process.terminationStatus == 0, "\(arguments)")
    }
}
#endif
