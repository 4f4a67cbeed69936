internal import TraceProof

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The commit path: entries are acknowledged when they stand here, and leave when they are durable in tiles.
///
/// Bytes: the header `TLJRNL1\n` and the index of the first entry (u64 BE), then groups (``JournalGroup``). One group is
/// one commit. A crash while it is written leaves it incomplete or with another digest, and since nobody was told of it,
/// it is cut off; the bytes cut off are kept in `state/journal.cut`. A bad group with a good one behind it is damage and
/// no crash: the next commit only began when this one was whole. Then nothing is cut and opening fails.
///
/// What cannot be told here: the last group of all, whole and acknowledged, and damaged later, looks like a torn one. Up
/// to the last signed checkpoint the ledger notices, since entries are missing; beyond it, that is for at most the entries
/// of one group that were committed and never published, only `journal.cut` is left to tell.
struct Journal: ~Copyable {
    private static let magic = Array("TLJRNL1\n".utf8)
    private static let headerLength = 16
    /// The most bytes that a journal may have: what bounds the allocation when it is read.
    private static let maximumLength = 1 << 32

    private let file: Descriptor
    private var length: Int
    /// The index that the next entry gets.
    private(set) var next: UInt64

    /// Puts a journal in place that begins at index `base` with `entries`, durably.
    static func create(_ path: String, base: UInt64, entries: [[UInt8]] = []) throws(FileError) -> Journal {
        var bytes = magic + base.bigEndianBytes
        if !entries.isEmpty { bytes += try JournalGroup.encode(entries, first: base, at: bytes.count, path) }
        try DurableFiles.write(bytes, to: path, mode: 0o600)
        guard let file = try Descriptor.open(path, O_RDWR) else { throw FileError("open", path, code: ENOENT) }
        return try Journal(file: file, length: bytes.count, next: base + UInt64(entries.count))
    }

    /// What stood in a journal when it was opened.
    struct Contents {
        /// The index of the first entry.
        var base: UInt64 = 0
        /// The entries that were acknowledged.
        var entries: [[UInt8]] = []
        /// Where the last whole group ends.
        fileprivate var end = headerLength
    }

    /// Opens the journal, cuts off an incomplete last group and puts what stands in it into `contents`.
    static func open(_ path: String, contents: inout Contents) throws(FileError) -> Journal? {
        guard let file = try Descriptor.open(path, O_RDWR) else { return nil }
        let bytes = try file.readAll(limit: maximumLength)
        contents = try read(bytes, path)
        if contents.end < bytes.count {
            try DurableFiles.write(Array(bytes[contents.end...]), to: path + ".cut", mode: 0o600)
            // The cut is made durable before anything is written behind it, or a torn group could come back.
            try file.truncate(to: contents.end)
            try file.synchronize()
        }
        return try Journal(file: file, length: contents.end, next: contents.base + UInt64(contents.entries.count))
    }

    /// Reads the journal as ``open(_:contents:)`` does and changes nothing; throws where opening it behind `size` published
    /// entries would be refused.
    static func check(_ path: String, published size: UInt64) throws(FileError) {
        guard let bytes = try DurableFiles.read(path, limit: maximumLength) else {
            throw FileError("read", path, detail: "the journal is missing: restore state/ from a backup or a mirror")
        }
        let contents = try read(bytes, path)
        guard contents.base <= size, contents.base + UInt64(contents.entries.count) >= size else {
            throw FileError("read", path, detail: "it begins at entry \(contents.base) or ends before entry \(size)")
        }
    }

    private static func read(_ bytes: [UInt8], _ path: String) throws(FileError) -> Contents {
        let base = UInt64(bigEndianBytes: bytes.dropFirst(8).prefix(8))
        guard bytes.count >= headerLength, bytes.starts(with: magic), base <= TreeSize.maximum else {
            throw FileError(
                "read",
                path,
                detail: "not a journal of this version; restore state/ from a backup or a mirror"
            )
        }
        var contents = Contents(base: base)
        while let group = JournalGroup(bytes, at: contents.end), group.first == base + UInt64(contents.entries.count) {
            contents.entries += group.entries
            contents.end += group.length
        }
        if (contents.end..<bytes.count).contains(where: { JournalGroup(bytes, at: $0) != nil }) {
            throw FileError(
                "read",
                path,
                detail: "the journal is damaged at byte \(contents.end), with acknowledged entries behind it; "
                    + "restore state/journal from a backup, or the ledger from a mirror"
            )
        }
        return contents
    }

    private init(file: consuming Descriptor, length: Int, next: UInt64) throws(FileError) {
        guard lseek(file.number, off_t(length), SEEK_SET) >= 0 else { throw .last("lseek", file.path) }
        self.file = file
        self.length = length
        self.next = next
    }

    /// Commits `entries` as one group: when this returns they survive a power cut, with these indices.
    mutating func commit(_ entries: [[UInt8]]) throws(FileError) {
        let group = try JournalGroup.encode(entries, first: next, at: length, file.path)
        guard length + group.count <= Journal.maximumLength else {
            throw FileError(
                "write",
                file.path,
                detail: "the journal is full; open the ledger again, which publishes it"
            )
        }
        try file.write(group)
        // The one fsync of a commit. fdatasync suffices: it also writes the file length that reading needs.
        try file.synchronizeData()
        length += group.count
        next += UInt64(entries.count)
    }

    /// The journal without what came before index `base`, which is durable elsewhere: a new file takes the old one's place.
    borrowing func released(upTo base: UInt64) throws(FileError) -> Journal {
        guard base < next else { return try Journal.create(file.path, base: base) }
        let contents = try Journal.read(try file.readAll(limit: Journal.maximumLength), file.path)
        let later = contents.entries.dropFirst(Int(clamping: base - min(base, contents.base)))
        return try Journal.create(file.path, base: base, entries: Array(later))
    }
}
