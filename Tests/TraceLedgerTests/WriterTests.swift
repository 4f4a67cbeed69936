import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

#if canImport(Glibc)
import Glibc
#endif

@Suite("One writer, and what stops it")
struct WriterTests {
    let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    @Test func aSecondWriterInThisProcess() async throws {
        var ledger: Ledger? = try await world.create()
        let words = "another writer holds this ledger: process \(getpid())"
        await expectRefusal(words) { try await world.open() }
        // Readers need no lock.
        #expect(try await world.fsck().isSound)
        #expect(await ledger?.size == 1)
        ledger = nil
        _ = try await world.open()
    }

    @Test func aSecondWriterInAnotherProcess() async throws {
        var ledger: Ledger? = try await world.create()
        #expect(try flockExit() == 1, "another process does not get the lock")
        #expect(await ledger?.size == 1)
        ledger = nil
        #expect(try flockExit() == 0)
    }

    private func flockExit() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/flock")
        process.arguments = ["-n", world.path("state/lock"), "true"]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test func whereNothingMayBeWritten() async throws {
        await expectRefusal("/proc/traceledger") {
            try await Ledger.create(
                "/proc/traceledger",
                origin: LedgerWorld.origin,
                signer: world.ledgerKey,
                created: 1,
                nonce: [UInt8](repeating: 1, count: 16),
                checker: LedgerWorld.checker
            )
        }
    }

    /// A name that cannot be made: the publication fails, the writer is closed, and opening again goes on.
    @Test func aFailureClosesTheWriter() async throws {
        let ledger = try await world.create()
        let notes = try await world.notes(["one", "two"], in: ledger)
        _ = try await ledger.append([notes[0]])
        try world.write([], "tile/entries/000.p/2.tmp/in-the-way")
        await expectRefusal("tile/entries/000.p/2.tmp") { try await ledger.publish() }
        await expectRefusal("the ledger's writer was closed by an earlier failure") {
            try await ledger.append([notes[1]])
        }
        await expectRefusal("open it again") { try await ledger.publish() }
        try world.remove("tile/entries/000.p/2.tmp")
        // The lock went with the failure: the same process opens it again.
        let again = try await world.open()
        #expect(await again.size == 2)
        #expect(try await again.append(notes).map(\.index) == [1, 2])
        _ = try await again.publish()
        #expect(try await world.fsck().isSound)
        await expectRefusal("closed") { try await ledger.publish() }
    }

    /// A device that is full in the middle of a commit: refused, closed, and the torn group is gone afterwards.
    @Test func aFullDisk() async throws {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            let world = try LedgerWorld()
            let ledger = try await world.create()
            let small = try await world.note("small", in: ledger)
            _ = try await ledger.append([small])
            let unlimited = try limitFiles(to: 4096)
            let large = try await world.note(String(repeating: "x", count: 8000), in: ledger)
            let text = await refused { try await ledger.append([large]) }
            try check(text.contains("write \(world.path(try world.segment())): File too large"), text)
            try check(await refused { try await ledger.append([large]) }.contains("closed"), "not closed")
            try check(try world.journal().count == 4096, "a torn group stands")
            _ = try limitFiles(to: unlimited)
            let again = try await world.open()
            try check(await again.size == 2, "the acknowledged one stands, the refused one does not")
            try check(try await again.append([large]).map(\.index) == [2], "and goes in now")
            _ = try await again.publish()
            try check(try await world.fsck().isSound, "not sound")
        }
    }
}

/// Lets no file of this process grow beyond so many bytes; gives back what it was before.
private func limitFiles(to count: rlim_t) throws -> rlim_t {
    var limit = rlimit()
    try check(unsafe getrlimit(__rlimit_resource_t(1), &limit) == 0, "no limit")
    let before = limit.rlim_cur
    limit.rlim_cur = count
    try check(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0, "no limit")
    return before
}
