import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("A crash at every point")
struct CrashTests {
    let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    /// 250 entries published, 10 more committed, then published: the states before and after, the entries, the heads.
    private func beforeAndAfter() async throws -> (
        before: [String: [UInt8]], after: [String: [UInt8]], entries: [[UInt8]], old: TreeHead
    ) {
        let ledger = try await world.create()
        let genesis = try await world.reader().entry(0, in: try await world.reader().checkpoint().checkpoint.head)
        let first = try await world.notes((1..<250).map { "entry \($0)" }, in: ledger)
        _ = try await ledger.append(first)
        let old = try await ledger.publish().checkpoint.head
        let second = try await world.notes((250..<260).map { "entry \($0)" }, in: ledger)
        _ = try await ledger.append(Array(second[..<4]))
        _ = try await ledger.append(Array(second[4...]))
        let before = try world.snapshot()
        _ = try await ledger.publish()
        return (before, try world.snapshot(), [genesis.bytes] + (first + second).map(\.encoded), old)
    }

    /// The files that a publication changes, in the order in which they must appear.
    private func order(_ before: [String: [UInt8]], _ after: [String: [UInt8]]) throws -> [String] {
        let changed = after.keys.filter { after[$0] != before[$0] }
        let order = [
            changed.filter { $0.hasPrefix("tile/entries") }.sorted(),
            changed.filter { $0.hasPrefix("tile/0") }.sorted(),
            changed.filter { $0.hasPrefix("tile/1") }, ["state/checkpoint"], ["checkpoints/260"],
            ["checkpoints/260.cose"], ["checkpoint.cose"], ["checkpoint"],
        ].flatMap { $0 }
        #expect(Set(order) == Set(changed))
        return order
    }

    /// Each write of a publication fails once: the error names the file, everything that must come before it is there,
    /// nothing that must come after it is, and opening again goes on.
    @Test func eachWriteFailsOnce() async throws {
        let (before, after, entries, old) = try await beforeAndAfter()
        let order = try order(before, after)
        for (position, file) in order.enumerated() {
            try world.restore(before)
            try world.write([], "\(file).tmp/in-the-way")
            await expectRefusal("\(file).tmp") { try await world.open() }
            try world.remove("\(file).tmp")
            // What one batch writes appears in any order, and not before all of it is durable under its temporary names.
            let stage = { (name: String) in
                name.hasPrefix("tile/")
                    ? "tile" : name.hasPrefix("checkpoints/") || name.hasSuffix(".cose") ? "kept" : name
            }
            for earlier in order[..<position] where stage(earlier) != stage(file) {
                #expect(try world.bytes(earlier) == after[earlier], "\(earlier) comes before \(file)")
            }
            for later in order[position...] where stage(later) != stage(file) || later == file {
                let now = world.exists(later) ? try world.bytes(later) : nil
                #expect(now == before[later], "\(later) comes after \(file)")
            }
            #expect(try await world.fsck().findings.isEmpty)
            _ = try await world.open()
            try await world.checkHolds(entries, shown: [old])
        }
    }

    @Test func withinAPublication() async throws {
        let (before, after, entries, old) = try await beforeAndAfter()
        let order = try order(before, after)
        #expect(order.contains("tile/1/000.p/1"))
        for done in 0...order.count {
            for leftover in [false, true] {
                var state = before
                for file in order[..<done] { state[file] = after[file] }
                if leftover, done < order.count { state["\(order[done]).tmp"] = [0xFF, 0xFF] }
                try world.restore(state)
                // Before anybody repairs anything, what readers see is whole.
                let seen = try await world.fsck()
                #expect(seen.findings.isEmpty, "after \(order[..<done].last ?? "nothing")")
                #expect(seen.size == (order[..<done].contains("checkpoint") ? 260 : 250))
                let ledger = try await world.open()
                #expect(await ledger.size == 260)
                try await world.checkHolds(entries, shown: [old])
                #expect(!world.exists("tile/0/000.p"), "what the full tile superseded is removed")
                let more = try await ledger.append([world.note("more", in: ledger)])
                #expect(more.map(\.index) == [260])
                _ = try await ledger.publish()
                #expect(try await world.fsck().isSound)
            }
        }
    }

    @Test func aPartialRemovalOfWhatIsSuperseded() async throws {
        let (before, after, entries, old) = try await beforeAndAfter()
        var state = after
        for file in before.keys where file.hasPrefix("tile/") && state[file] == nil && file.hasSuffix("/250") {
            state[file] = before[file]
        }
        try world.restore(state)
        #expect(try await world.fsck().isSound)
        _ = try await world.open()
        try await world.checkHolds(entries, shown: [old])
        #expect(!world.exists("tile/0/000.p"))
    }

    @Test func aTornJournal() async throws {
        let ledger = try await world.create()
        let genesis = try await world.reader().entry(0, in: try await world.reader().checkpoint().checkpoint.head)
        let notes = try await world.notes(["one", "two", "three"], in: ledger)
        _ = try await ledger.append([notes[0]])
        let whole = try world.journal().count
        _ = try await ledger.append(Array(notes[1...]))
        let state = try world.snapshot()
        let segment = try world.segment()
        let journal = try world.journal()
        let length = try #require(state[segment]).count
        for cut in whole..<journal.count {
            var torn = state
            torn[segment] = Array(journal[..<cut])
            // The blocks were there before: what was not written yet is zeros. On a damaged disk even the length may be lost.
            if cut % 2 == 1 { torn[segment]? += [UInt8](repeating: 0, count: length - cut) }
            try world.restore(torn)
            let again = try await world.open()
            #expect(await again.size == 2, "cut at \(cut)")
            if cut % 2 == 1, cut > whole + 16 { #expect(world.exists("state/journal.cut")) }
            guard cut % 16 == 0 else { continue }
            #expect(try await again.append(Array(notes[1...])).map(\.index) == [2, 3])
            _ = try await again.publish()
            try await world.checkHolds([genesis.bytes] + notes.map(\.encoded))
        }
    }

    @Test func damageInTheJournalIsNotACrash() async throws {
        let ledger = try await world.create()
        let notes = try await world.notes(["one", "two", "three"], in: ledger)
        let published = try world.journal().count
        _ = try await ledger.append([notes[0]])
        _ = try await ledger.append([notes[1]])
        let acknowledged = try world.journal().count
        _ = try await ledger.append([notes[2]])
        let state = try world.snapshot()
        let segment = try world.segment()
        for position in 0..<acknowledged {
            var files = state
            files[segment]?[position] ^= position % 2 == 0 ? 1 : 0x80
            try world.restore(files)
            let text = await refused { try await world.open() }
            if position >= JournalBytes.header, position < published {
                #expect(text == "accepted", "byte \(position), of a group that is published: \(text)")
            } else {
                #expect(text.contains("state/journal"), "byte \(position): \(text)")
                #expect(try world.bytes(segment) == files[segment], "nothing is cut off")
            }
        }
    }

    /// What an earlier use of a file left behind the last group is not taken for a group of this use.
    @Test func aFileThatIsUsedAgain() async throws {
        var ledger: Ledger? = try await world.create()
        var model = [try await world.reader().entry(0, in: try await world.reader().checkpoint().checkpoint.head).bytes]
        for round in 0..<12 {
            let open = try #require(ledger)
            for part in 0..<6 {
                let texts = (0..<40).map { "\(round) \(part) \($0) " + String(repeating: "x", count: 400) }
                let notes = try await world.notes(texts, in: open)
                _ = try await open.append(notes)
                model += notes.map(\.encoded)
            }
            if round % 3 < 2 { _ = try await open.publish() }
            if round % 4 == 3 {
                let files = try world.snapshot()
                ledger = nil
                try world.restore(files)
                ledger = try await world.open()
            }
        }
        let segments = try world.files().filter { $0.hasPrefix("state/journal/") }
        #expect(segments.contains { $0.hasSuffix(".spare") } || segments.count > 1)
        _ = try await ledger?.publish()
        try await world.checkHolds(model)
        try await ledger?.close()
        #expect(try world.files().filter { $0.hasPrefix("state/journal/") }.isEmpty, "at rest the journal is empty")
        ledger = nil
        ledger = try await world.open()
        #expect(await ledger?.size == UInt64(model.count))
    }

    @Test func anInitThatStopped() async throws {
        // The genesis is the first signature, the checkpoint the second, the COSE root the third.
        for stop in 1...3 {
            let world = try LedgerWorld()
            let signer = StoppingSigner(world.ledgerKey, after: stop - 1)
            await #expect(throws: StoppingSigner.Stopped.self) { try await world.create(signer: signer) }
            #expect(!world.exists("checkpoint"))
            if stop == 1 {
                await expectRefusal("there is no ledger here") { try await world.open() }
                await expectRefusal("an earlier init did not finish") { try await world.create() }
                continue
            }
            let journal = try world.journal()
            let ledger = try await world.open()
            #expect(await ledger.size == 1)
            let genesis = try await world.reader().entry(0, in: try await world.reader().checkpoint().checkpoint.head)
            #expect(journal.count > genesis.bytes.count)
            #expect(Array(journal.dropLast(32).suffix(genesis.bytes.count)) == genesis.bytes, "no second genesis")
            try await world.checkHolds([genesis.bytes])
        }
    }

    @Test func aSignerThatFailsLeavesTheLedgerOpen() async throws {
        let signer = StoppingSigner(world.ledgerKey, after: 4)
        let ledger = try await world.create(signer: signer)
        _ = try await ledger.append([world.note("one", in: ledger)])
        await #expect(throws: StoppingSigner.Stopped.self) { try await ledger.publish() }
        #expect(try await world.reader().checkpoint().checkpoint.head.size == 1)
        await signer.goOn()
        _ = try await ledger.append([world.note("two", in: ledger)])
        #expect(try await ledger.publish().checkpoint.head.size == 3)
        #expect(try await world.fsck().isSound)
    }
}

private enum JournalBytes {
    /// The header of a segment.
    static let header = 56
}

/// A signing service that stops answering after some signatures.
actor StoppingSigner: Signer {
    struct Stopped: Error {}

    nonisolated let publicKey: PublicKey
    private let key: SigningKey
    private var left: Int

    init(_ key: SigningKey, after count: Int) {
        (self.key, publicKey, left) = (key, key.publicKey, count)
    }

    func goOn() { left = .max }

    func signature(for message: [UInt8]) async throws -> Signature {
        guard left > 0 else { throw Stopped() }
        left -= 1
        return key.signature(for: message)
    }
}
