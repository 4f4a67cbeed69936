import TestSupport
import Testing
import TraceProof
import TraceReplication

@Suite("Reading add-entries")
struct AddEntriesReaderTests {
    /// The example: a body arrives in two pieces that no boundary knows of.
    @Test func headerThenPackages() throws {
        let log = try StatementLog.short(300)
        let body = log.header(10, 300, ticket: [1, 2, 3]) + (try log.packages(10, 300).joined())
        var reader = AddEntriesReader()
        #expect(try reader.readHeader() == nil)
        reader.append(body[..<60])
        let header = try #require(try reader.readHeader())
        #expect(header.origin == log.origin && header.start == 10 && header.end == 300 && header.ticket == [1, 2, 3])
        #expect(header.packageCount == 2 && header.bytes == Array(body[..<header.bytes.count]))
        #expect(try reader.readPackage() == nil)
        #expect(reader.isCut)
        reader.append(body[60...])
        let first = try #require(try reader.readPackage())
        #expect(first.first == 0 && first.start == 10 && first.end == 256)
        #expect(first.entries.map { Array($0) } == Array(log.entries[10..<256]))
        let second = try #require(try reader.readPackage())
        #expect(second.first == 256 && second.start == 256 && second.end == 300)
        #expect(first.bytes + second.bytes == Array(body.dropFirst(header.bytes.count)))
        #expect(reader.isFinished && !reader.isCut)
        #expect(try reader.readPackage() == nil)
    }

    /// However a body is cut into pieces, the same comes out of it.
    @Test func anyPieces() throws {
        forAll(60) { generator in
            let size = Int.random(in: 1...700, using: &generator)
            let start = Int.random(in: 0...size, using: &generator)
            var entries: [[UInt8]] = []
            for _ in 0..<size { entries.append(generator.bytes(Int.random(in: 0...9, using: &generator))) }
            let log = try StatementLog(opaque: entries)
            let body = try log.body(start, size)
            var (reader, position) = (AddEntriesReader(), 0)
            var read: [UInt8] = []
            while position < body.count {
                let length = Int.random(in: 0...90, using: &generator)
                let end = min(body.count, position + length)
                reader.append(body[position..<end])
                position = end
                if reader.header == nil, let header = try reader.readHeader() { read += header.bytes }
                while let package = try reader.readPackage() { read += package.bytes }
            }
            try check(read == body && reader.isFinished, "entries from \(start) to \(size)")
        }
    }

    @Test func theLargestPackage() throws {
        let entries = (0..<256).map { [UInt8](repeating: UInt8($0), count: 65_535) }
        let log = try StatementLog(opaque: entries)
        let body = try log.body(0, 256)
        var reader = AddEntriesReader()
        for start in stride(from: 0, to: body.count, by: 1 << 16) {
            reader.append(body[start..<min(body.count, start + 1 << 16)])
            _ = try reader.readHeader()
            let package = try reader.readPackage()
            #expect((package == nil) == (start + 1 << 16 < body.count))
        }
        #expect(reader.isFinished)
        #expect(EntryPackage.maximumByteCount == 256 * 65_537 + 1 + 63 * 32)
    }

    @Test func whatIsNoHeader() throws {
        for (start, end) in [(5, 4), (0, Int.max), (1, 0)] where end < start {
            var reader = AddEntriesReader()
            reader.append(try StatementLog.short(1).header(start, end))
            #expect(throws: FormatError.self) { try reader.readHeader() }
        }
        var reader = AddEntriesReader()
        reader.append([0, 1, 0x61] + [UInt8](repeating: 0xFF, count: 16) + [0, 0])
        #expect(throws: FormatError.self) { try reader.readHeader() }
        for (origin, start, end, ticket) in [
            ("", 0, 1, 0), (String(repeating: "a", count: 65_536), 0, 1, 0), ("a", 2, 1, 0), ("a", 0, 1 << 63, 0),
            ("a", 0, 1, 65_536),
        ] as [(String, UInt64, UInt64, Int)] {
            #expect(throws: FormatError.self) {
                try AddEntriesHeader(
                    origin: origin,
                    start: start,
                    end: end,
                    ticket: [UInt8](repeating: 0, count: ticket)
                )
            }
        }
    }

    @Test func mirrorInfo() throws {
        let info = try MirrorInfo(size: 700, next: 256, ticket: [1, 2, 3, 4])
        #expect(String(decoding: info.bytes, as: UTF8.self) == "700\n256\nAQIDBA==\n")
        #expect(try MirrorInfo(bytes: info.bytes) == info)
        #expect(try MirrorInfo(bytes: Array("0\n0\n\n".utf8)) == MirrorInfo(size: 0, next: 0))
        for bad in [
            "", "1\n", "1\n2\n", "1\n2\n3", "1\n2\n\n\n", "01\n2\n\n", "1\n-2\n\n", "1\n2\nAQ=\n", "1\n2\nAQID\nx",
            " 1\n2\n\n",
            "9223372036854775808\n2\n\n", "1\r\n2\n\n",
        ] {
            #expect(throws: FormatError.self, "\(bad)") { try MirrorInfo(bytes: Array(bad.utf8)) }
        }
        #expect(throws: FormatError.self) { try MirrorInfo(size: 1 << 63, next: 0) }
        #expect(throws: FormatError.self) {
            try MirrorInfo(size: 1, next: 0, ticket: [UInt8](repeating: 0, count: 65_536))
        }
    }
}
