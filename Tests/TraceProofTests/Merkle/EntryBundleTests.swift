import TestSupport
import Testing
import TraceProof

@Suite struct EntryBundleTests {
    @Test func holdsEntriesOneAfterAnother() throws {
        let bundle = try EntryBundle([[1, 2, 3], [], [255]])
        #expect(bundle.encoded == [0, 3, 1, 2, 3, 0, 0, 0, 1, 255])
        let read = try EntryBundle(decoding: bundle.encoded, width: 3)
        #expect(read.map { Array($0) } == [[1, 2, 3], [], [255]])
        #expect(TreeHash.leaf(read[0]) == TreeHash.leaf([1, 2, 3]))
    }

    @Test func holdsTheLongestEntryAndNoLonger() throws {
        let longest = [UInt8](repeating: 7, count: EntryBundle.maximumEntryLength)
        let bundle = try EntryBundle([[UInt8]](repeating: longest, count: 256))
        #expect(try EntryBundle(decoding: bundle.encoded, width: 256).count == 256)
        #expect(throws: FormatError.self) { try EntryBundle([longest + [7]]) }
        #expect(throws: FormatError.self) { try EntryBundle([]) }
        #expect(throws: FormatError.self) { try EntryBundle([[UInt8]](repeating: [], count: 257)) }
    }

    @Test(
        arguments: [
            ([], 1), ([0], 1), ([0, 1], 1), ([0, 2, 9], 1), ([0, 1, 9, 0], 1), ([0, 1, 9, 0, 0], 1), ([0, 1, 9], 2),
            ([255, 255], 1),
            ([0, 0], 0), ([], 0), ([0, 0], -1), ([0, 0], 257), ([0, 0], Int.max),
        ] as [([UInt8], Int)]
    )
    func refuses(bytes: [UInt8], width: Int) {
        #expect(throws: FormatError.self) { try EntryBundle(decoding: bytes, width: width) }
    }

    @Test func errorsSayWhichEntry() {
        let error = FormatError("entry bundle", at: .offset(3), "entry 1 has 5 bytes, 1 are left")
        #expect(throws: error) { try EntryBundle(decoding: [0, 1, 9, 0, 5, 1], width: 2) }
    }

    @Test func mutatedBytesAreRefusedOrCanonical() {
        forAll(1500) { generator in
            let entries = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                generator.bytes(Int.random(in: 0...9, using: &generator))
            }
            var bytes = try EntryBundle(entries).encoded
            try check(try EntryBundle(decoding: bytes, width: entries.count).map { Array($0) } == entries, "round trip")
            let at = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0...3, using: &generator) {
            case 0: bytes.remove(at: at)
            case 1: bytes.insert(UInt8.random(in: 0...3, using: &generator), at: at)
            case 2: bytes[at] = UInt8.random(in: .min ... .max, using: &generator)
            default: bytes.removeLast(at)
            }
            for width in entries.count - 1...entries.count + 1 {
                guard let read = try? EntryBundle(decoding: bytes, width: width) else { continue }
                try check(read.count == width, "count")
                try check(try EntryBundle(read.map { Array($0) }).encoded == bytes, "\(bytes) is not canonical")
            }
        }
    }
}
