internal import TraceProof

/// An immutable part of the index: the records of a range of entries, sorted by fingerprint, and a filter over them.
///
/// `state/index/<first>-<end>`, words least significant byte first: `TLINDX1\n`, first entry, end, number of records, number of filter words, the
/// records, the filter. Derived from the entries; a run that is not what its name says is thrown away and made again.
struct IndexRun: Sendable {
    fileprivate static let magic = Array("TLINDX1\n".utf8)
    private static let headerLength = 40

    /// The entries whose records are here.
    let range: Range<UInt64>
    let path: String
    private let count: Int
    private let filterCount: Int
    private let file: MappedFile

    /// Opens a run; `nil` where the file is not one, or not that of its name.
    init?(_ path: String, on system: any FileSystem) throws(FileError) {
        guard let range = IndexRun.range(ofName: path.split(separator: "/").last ?? ""),
            let file = try IndexRun.map(path, on: system), file.count >= IndexRun.headerLength,
            file.copy(0..<8) == IndexRun.magic, file.word(at: 8) == range.lowerBound,
            file.word(at: 16) == range.upperBound,
            let count = Int(exactly: file.word(at: 24)), let filterCount = Int(exactly: file.word(at: 32)),
            count < 1 << 40, filterCount == BloomFilter.wordCount(for: count),
            file.count == IndexRun.headerLength + IndexRecord.byteCount * count + 8 * filterCount
        else { return nil }
        (self.range, self.path, self.count, self.filterCount, self.file) = (range, path, count, filterCount, file)
    }

    private static func map(_ path: String, on system: any FileSystem) throws(FileError) -> MappedFile? {
        do { return try system.map(path) } catch { throw FileError("mmap", path, error) }
    }

    private static func range(ofName name: Substring) -> Range<UInt64>? {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        guard parts.count == 2, let first = parts[0], let end = parts[1], first < end else { return nil }
        return first..<end
    }

    static func name(_ range: Range<UInt64>) -> String { "\(range.lowerBound)-\(range.upperBound)" }

    /// The number of records.
    var recordCount: Int { count }

    /// The record at a position.
    func record(_ position: Int) -> IndexRecord {
        let offset = IndexRun.headerLength + IndexRecord.byteCount * position
        return IndexRecord(fingerprint: file.word(at: offset), index: file.word(at: offset + 8))
    }

    /// Where entries with this fingerprint stand, lowest first.
    func indices(of fingerprint: UInt64) -> [UInt64] {
        let filter = IndexRun.headerLength + IndexRecord.byteCount * count
        guard
            BloomFilter.mayContain(fingerprint, count: filterCount, word: { file.word(at: filter + 8 * $0) })
        else { return [] }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if record(middle).fingerprint < fingerprint { low = middle + 1 } else { high = middle }
        }
        var found: [UInt64] = []
        while low < count, record(low).fingerprint == fingerprint {
            found.append(record(low).index)
            low += 1
        }
        return found
    }
}

/// Writes one run, record by record in sorted order, on bounded memory but for the filter.
struct IndexRunWriter: ~Copyable {
    private static let bufferLength = 1 << 20

    private let path: String
    private let file: Descriptor
    private let system: any FileSystem
    private var filter: [UInt64]
    private var buffer: [UInt8] = []
    private var offset = 0

    /// Begins the run of `range`, which will have `count` records.
    init(_ range: Range<UInt64>, count: Int, in directory: String, on system: any FileSystem) throws(FileError) {
        let path = "\(directory)/\(IndexRun.name(range))"
        file = try DurableFiles.writeTemporary([], for: path, mode: 0o600, on: system)
        (self.path, self.system) = (path, system)
        filter = [UInt64](repeating: 0, count: BloomFilter.wordCount(for: count))
        buffer = IndexRun.magic
        for word in [range.lowerBound, range.upperBound, UInt64(count), UInt64(filter.count)] {
            buffer += word.bigEndianBytes.reversed()
        }
    }

    mutating func append(_ record: IndexRecord) throws(FileError) {
        try append(record.fingerprint)
        try append(record.index)
        BloomFilter.insert(record.fingerprint, into: &filter)
    }

    private mutating func append(_ word: UInt64) throws(FileError) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe buffer.append(contentsOf: $0) }
        if buffer.count >= IndexRunWriter.bufferLength { try flush() }
    }

    private mutating func flush() throws(FileError) {
        try file.write(buffer, at: offset)
        offset += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Puts the run in place, durably: derived, and still synchronized, since nobody checks a run byte by byte when a ledger
    /// is opened after a power cut.
    consuming func finish() throws(FileError) -> IndexRun? {
        for word in filter { try append(word) }
        try flush()
        let directory = try Descriptor.directory(DurableFiles.parent(of: path), on: system)
        try file.synchronize()
        try DurableFiles.rename(path + DurableFiles.temporary, to: path, on: system)
        try directory.synchronize()
        return try IndexRun(path, on: system)
    }
}
