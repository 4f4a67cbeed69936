internal import TraceProof

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The commit path: entries are acknowledged when they stand here, and leave when they are durable in tiles.
///
/// Bytes: the header `TLJRNL1\n`, then the index of the first entry (u64 BE), then groups. A group is a u32 BE length of
/// its body, the body (an entry bundle: u16 BE length and bytes, each), and SHA-256(index of its first entry, u64 BE ||
/// body). One group is one commit: a crash while it is written leaves it incomplete or with another digest, and since
/// nobody was told of it, it is cut off.
struct Journal: ~Copyable {
    private static let magic = Array("TLJRNL1\n".utf8)
    private static let headerLength = 16
    /// More than any journal that a release keeps back: what bounds the allocation when it is read.
    private static let maximumLength = 1 << 32

    private let file: Descriptor
    private var length: Int
    /// The index that the next entry gets.
    private(set) var next: UInt64

    /// Puts an empty journal in place that begins at index `base`, durably.
    static func create(_ path: String, base: UInt64) throws(FileError) -> Journal {
        try DurableFiles.write(magic + base.bigEndianBytes, to: path, mode: 0o600)
        guard let file = try Descriptor.open(path, O_RDWR) else { throw FileError("open", path, code: ENOENT) }
        return try Journal(file: file, length: headerLength, next: base)
    }

    /// What stood in a journal when it was opened.
    struct Contents {
        /// The index of the first entry.
        var base: UInt64 = 0
        /// The entries that were acknowledged.
        var entries: [[UInt8]] = []
    }

    /// Opens the journal, cuts off an incomplete last group and puts what stands in it into `contents`.
    static func open(_ path: String, contents: inout Contents) throws(FileError) -> Journal? {
        guard let file = try Descriptor.open(path, O_RDWR) else { return nil }
        let bytes = try file.readAll(limit: maximumLength)
        let base = UInt64(bigEndianBytes: bytes.dropFirst(8).prefix(8))
        guard bytes.count >= headerLength, bytes.starts(with: magic), base <= TreeSize.maximum else {
            throw FileError(
                "read",
                path,
                detail: "not a journal of this version; restore state/ from a backup or a mirror"
            )
        }
        var entries: [[UInt8]] = []
        var end = headerLength
        while let group = Group(bytes[end...], first: base + UInt64(entries.count)) {
            guard let read = group.entries else {
                // A group with bytes behind it was complete when the next one was begun: this is damage, not a torn write.
                if end + group.length < bytes.count {
                    throw FileError(
                        "read",
                        path,
                        detail: "the journal is damaged at byte \(end): acknowledged entries may be lost; "
                            + "restore state/journal from a backup or run fsck --repair-from a mirror"
                    )
                }
                break
            }
            entries += read
            end += group.length
        }
        if end < bytes.count {
            // The cut is made durable before anything is written behind it, or a torn group could come back.
            try file.truncate(to: end)
            try file.synchronize()
        }
        contents = Contents(base: base, entries: entries)
        return try Journal(file: file, length: end, next: base + UInt64(entries.count))
    }

    private init(file: consuming Descriptor, length: Int, next: UInt64) throws(FileError) {
        guard lseek(file.number, off_t(length), SEEK_SET) >= 0 else { throw .last("lseek", file.path) }
        self.file = file
        self.length = length
        self.next = next
    }

    /// Commits `entries` as one group: when this returns they survive a power cut, with these indices.
    mutating func commit(_ entries: [[UInt8]]) throws(FileError) {
        var body: [UInt8] = []
        for entry in entries {
            body += [UInt8(truncatingIfNeeded: entry.count >> 8), UInt8(truncatingIfNeeded: entry.count)]
            body += entry
        }
        let group = UInt32(body.count).bigEndianBytes + body + Group.digest(first: next, body: body).bytes
        try file.write(group)
        // The one fsync of a commit. fdatasync suffices: it also writes the file length that reading needs.
        try file.synchronizeData()
        length += group.count
        next += UInt64(entries.count)
    }
}

/// One group as read: its whole length, and its entries where it is complete and its digest right.
private struct Group {
    let length: Int
    let entries: [[UInt8]]?

    init?(_ bytes: ArraySlice<UInt8>, first: UInt64) {
        guard bytes.count >= 4 else {
            if bytes.isEmpty { return nil }
            (length, entries) = (bytes.count, nil)
            return
        }
        let bodyLength = Int(UInt32(bigEndianBytes: bytes.prefix(4)))
        length = 4 + bodyLength + Digest.byteCount
        guard bytes.count >= length else {
            entries = nil
            return
        }
        let body = Array(bytes.dropFirst(4).prefix(bodyLength))
        let stored = bytes.dropFirst(4 + bodyLength).prefix(Digest.byteCount)
        guard Group.digest(first: first, body: body).bytes.elementsEqual(stored) else {
            entries = nil
            return
        }
        entries = Group.split(body)
    }

    static func digest(first: UInt64, body: [UInt8]) -> Digest { SHA256.hash(first.bigEndianBytes + body) }

    private static func split(_ body: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var rest = body[...]
        while !rest.isEmpty {
            guard rest.count >= 2 else { return nil }
            let length = Int(UInt16(bigEndianBytes: rest.prefix(2)))
            rest = rest.dropFirst(2)
            guard rest.count >= length else { return nil }
            entries.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return entries
    }
}

extension FixedWidthInteger {
    /// The value, most significant byte first.
    var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> Self($0)) }
    }

    /// The value of bytes, most significant first; bytes beyond the width are the caller's mistake and fall off the top.
    init(bigEndianBytes bytes: some Sequence<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Self($1) }
    }
}
