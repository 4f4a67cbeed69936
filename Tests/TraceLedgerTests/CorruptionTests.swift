import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("One flipped byte")
struct CorruptionTests {
    /// 300 entries, published at 1, 100 and 301; the last two are of different widths of the second bundle.
    private func build() async throws -> LedgerWorld {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        var done = 0
        for size in [99, 270, 300] {
            _ = try await ledger.append(world.notes((done..<size).map { "entry \($0)" }, in: ledger))
            done = size
            _ = try await ledger.publish()
        }
        return world
    }

    /// Every public file: fsck finds the byte wherever it is, and the first finding names the file.
    @Test func fsckNamesThePublicFile() async throws {
        let world = try await build()
        let files = try world.files().filter { !$0.hasPrefix("state/") && $0 != "ledger.json" }
        #expect(files.contains("tile/1/000.p/1"))
        #expect(files.contains("tile/0/001.p/15"))
        #expect(files.contains("tile/0/001.p/45"))
        #expect(files.contains("tile/entries/000"))
        #expect(files.contains("checkpoints/271.cose"))
        for file in files {
            let good = try world.bytes(file)
            for part in 0..<8 {
                let position = (good.count - 1) * part / 7
                var bad = good
                bad[position] ^= 0x04
                try world.write(bad, file)
                let report = try await world.fsck(.tree)
                let names = report.findings.map(\.file)
                #expect(names.first == file, "\(file), byte \(position): \(report.findings.map(\.reason))")
            }
            for other in [Array(good.dropLast()), good + [0], []] {
                try world.write(other, file)
                let names = try await world.fsck(.tree).findings.map(\.file)
                #expect(names.contains(file), "\(file) of \(other.count) bytes: \(names)")
            }
            try world.write(good, file)
        }
        #expect(try await world.fsck().findings.isEmpty)
    }

    /// A file that is missing is named too, but for kept checkpoints, which nothing lists.
    @Test func fsckNamesAMissingFile() async throws {
        let world = try await build()
        for file in [
            "checkpoint", "checkpoint.cose", "tile/0/000", "tile/0/001.p/45", "tile/1/000.p/1", "tile/entries/000",
            "tile/entries/001.p/45", "checkpoints/271.cose",
        ] {
            let good = try world.bytes(file)
            try world.remove(file)
            let names = try await world.fsck(.tree).findings.map(\.file)
            #expect(names.contains(file), "\(file): \(names)")
            try world.write(good, file)
        }
    }

    /// One bad entry is one finding, with its index.
    @Test(arguments: CheckDepth.allCases) func theEntryIsNamed(_ depth: CheckDepth) async throws {
        let world = try await build()
        var bytes = try world.bytes("tile/entries/000")
        let bundle = try EntryBundle(decoding: bytes, width: 256)
        bytes[bundle[..<77].reduce(0) { $0 + 2 + $1.count } + 50] ^= 1
        try world.write(bytes, "tile/entries/000")
        let report = try await world.fsck(depth)
        #expect(report.findings.first?.index == 77)
        #expect(report.findings.first?.file == "tile/entries/000")
        if depth == .tree { #expect(report.findings.count == 1) }
        // A reader who asks for it, or for all, is refused; the others are served.
        let reader = try world.reader()
        let head = try await reader.checkpoint().checkpoint.head
        await expectRefusal("entry 77") { try await reader.entry(77, in: head) }
        _ = try await reader.entry(78, in: head)
        await expectRefusal("tile/entries/000") {
            try await reader.forEachEntry(in: 0..<head.size, of: head) { _, _ in }
        }
    }

    /// The writer's own files, which opening would refuse, are named by fsck as well.
    @Test func fsckNamesTheStateFile() async throws {
        let world = try await build()
        // Of a segment in which everything is published its header is left to be read.
        for (file, length) in [("state/checkpoint", Int.max), (try world.segment(), 56)] {
            let good = try world.bytes(file)
            for position in stride(from: 0, to: min(length, good.count), by: max(1, min(length, good.count) / 16)) {
                var bad = good
                bad[position] ^= 0x04
                try world.write(bad, file)
                #expect(try await world.fsck(.tree).findings.map(\.file) == [file], "byte \(position)")
            }
            try world.write(good, file)
        }
        let state = try world.snapshot()
        for (name, isSound) in [("state/checkpoint", true), ("state/journal", false)] {
            try world.remove(name)
            // Without a signed checkpoint it may be a copy that nobody writes into.
            #expect(try await world.fsck(.tree).isSound == isSound)
            try world.restore(state)
        }
        #expect(try await world.fsck(.tree).isSound)
    }

    /// What opening needs: it refuses, names the file and changes nothing.
    @Test func openingNamesTheFile() async throws {
        let world = try await build()
        for file in ["ledger.json", "state/checkpoint", "tile/0/001.p/45", "tile/entries/001.p/45"] {
            let good = try world.bytes(file)
            for position in stride(from: 0, to: good.count, by: max(1, good.count / 40)) {
                var bad = good
                bad[position] ^= 0x04
                try world.write(bad, file)
                let before = try world.snapshot()
                let text = await refused { try await world.open() }
                if file == "ledger.json", text == "accepted" { continue }
                #expect(text != "accepted", "\(file), byte \(position)")
                if !file.hasPrefix("tile/") { #expect(text.contains(file), "\(file), byte \(position): \(text)") }
                #expect(try world.snapshot() == before)
            }
            try world.write(good, file)
        }
        _ = try await world.open()
    }

    /// Public files that the state can write again are written again.
    @Test func openingRepairsWhatItCanSignAgain() async throws {
        let world = try await build()
        for file in ["checkpoint", "checkpoint.cose", "checkpoints/301", "checkpoints/301.cose"] {
            let good = try world.bytes(file)
            try world.remove(file)
            _ = try await world.open()
            #expect(try world.bytes(file) == good)
            // Also of one that is longer than such a file may be.
            for damage in [[1, 2, 3], [UInt8](repeating: 0x61, count: 2 << 20)] {
                try world.write(damage, file)
                _ = try await world.open()
                #expect(try world.bytes(file) == good)
            }
        }
        for file in ["checkpoint.cose", "checkpoints/301.cose"] {
            try world.write([UInt8](repeating: 0x61, count: 2 << 20), file)
        }
        _ = try await world.open()
        #expect(try world.bytes("checkpoint.cose").count < 4096)
    }

    @Test func aDirectoryFromTheFuture() async throws {
        let world = try await build()
        try world.write(Array(#"{"version": 2, "of": ["which", "we", "know", "nothing"]}"#.utf8), "ledger.json")
        await expectRefusal("layout version 2, and this program knows 1") { try await world.open() }
        try world.write(Array(#"{"version": 1}"#.utf8), "ledger.json")
        await expectRefusal("ledger.json: not the ledger.json of a ledger") { try await world.open() }
    }

    @Test func theOriginAndTheKeyBelongTogether() async throws {
        let world = try await build()
        let text = String(decoding: try world.bytes("ledger.json"), as: UTF8.self)
        try world.write(
            Array(
                text.replacing("\"origin\" : \"example.com/ledger\"", with: "\"origin\" : \"example.com/other\"").utf8
            ),
            "ledger.json"
        )
        await expectRefusal("the vkey is not an Ed25519 key named as the origin") { try await world.open() }
    }

    @Test func anotherKeyMissingStateAndNoLedger() async throws {
        let world = try await build()
        let state = try world.snapshot()
        let other = try LedgerWorld.key(9)
        await expectRefusal("and another one was given: name it with --key") { try await world.open(signer: other) }
        for (file, words) in [("state/checkpoint", "missing"), ("state/journal", "the journal is missing")] {
            try world.remove(file)
            await expectRefusal("\(file): \(words)") { try await world.open() }
            try world.restore(state)
        }
        try world.remove("state/checkpoint")
        try world.remove("checkpoint")
        await expectRefusal("state/checkpoint: missing") { try await world.open() }
        await expectRefusal("the directory is not empty") { try await world.create() }
        await expectRefusal("there is no ledger here") { try await LedgerWorld().open() }
    }

    /// The one thing that would fork a ledger without anybody's ill will: a backup of state/ put back.
    @Test func aStateThatWasRolledBack() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        _ = try await ledger.append([world.note("one", in: ledger)])
        _ = try await ledger.publish()
        let backup = try world.snapshot().filter { $0.key.hasPrefix("state/") }
        _ = try await ledger.append([world.note("two", in: ledger)])
        let head = try await ledger.publish().checkpoint.head
        var files = try world.snapshot()
        files.merge(backup) { $1 }
        try world.restore(files)
        await expectRefusal("state/ was rolled back") { try await world.open() }
        #expect(try await world.reader().checkpoint().checkpoint.head == head)
    }
}
