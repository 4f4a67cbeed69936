internal import TraceProof

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// One file of the journal, open for writing: a header and groups, in blocks that are on the device already.
///
/// Header, integers big-endian: `TLJRNL2\n`, u64 index of the first entry, u64 epoch, SHA-256 of these 24 bytes. The file has its full
/// length, of zeros or of what an earlier use left, before anything is committed to it: a commit then writes over blocks that
/// are there, and its fdatasync waits for its own bytes and not for the file system's journal, which waits for the data of
/// every tile written meanwhile.
struct JournalSegment: ~Copyable, Sendable {
    static let magic = Array("TLJRNL2\n".utf8)
    static let headerLength = 24 + Digest.byteCount

    private let file: Descriptor
    /// What tells this use of the file from the one before.
    private let epoch: UInt64
    /// The index of the first entry.
    let base: UInt64
    private let capacity: Int
    private var length = headerLength

    /// Puts a segment in place at `path`, durably, in the blocks of `spare` where that is long enough.
    static func create(
        _ path: String,
        base: UInt64,
        epoch: UInt64,
        capacity: Int,
        spare: String?,
        on system: any FileSystem
    ) throws(FileError) -> JournalSegment {
        let directory = try Descriptor.directory(DurableFiles.parent(of: path), on: system)
        let start = magic + base.bigEndianBytes + epoch.bigEndianBytes
        let header = start + SHA256.hash(start).bytes
        var temporary = path + DurableFiles.temporary
        var file: Descriptor
        if let spare, let old = try Descriptor.open(spare, O_RDWR, on: system), try old.length() >= capacity {
            temporary = spare
            file = old
            // Or a power cut could bring back the spare's earlier name, with this header under it.
            try directory.synchronize()
            try file.write(header)
            // The file has another name still: a header that is torn here is nobody's.
            try file.synchronizeData()
        } else {
            let bytes = header + [UInt8](repeating: 0, count: capacity - header.count)
            let flags = O_RDWR | O_CREAT | O_TRUNC
            guard let new = try Descriptor.open(temporary, flags, mode: 0o600, on: system) else {
                throw FileError("open", temporary, code: ENOENT)
            }
            file = new
            try file.write(bytes)
            // Real zeros, with the length and the blocks: from now on an fdatasync has no metadata to wait for.
            try file.synchronize()
        }
        let actual = try file.length()
        try DurableFiles.rename(temporary, to: path, on: system)
        file.path = path
        // The name must be durable before the first group in the file is acknowledged.
        try directory.synchronize()
        return JournalSegment(file: file, epoch: epoch, base: base, capacity: actual)
    }

    private init(file: consuming Descriptor, epoch: UInt64, base: UInt64, capacity: Int) {
        self.file = file
        (self.epoch, self.base, self.capacity) = (epoch, base, capacity)
    }

    /// Whether a group of so many bytes has its place here.
    func fits(_ count: Int) -> Bool { capacity - length >= count }

    /// Commits a group: when this returns it survives a power cut.
    mutating func commit(
        _ entries: [[UInt8]],
        leaves: [Digest],
        first: UInt64,
        buffer: inout [UInt8]
    ) throws(FileError) {
        buffer.removeAll(keepingCapacity: true)
        guard
            JournalGroup.encode(entries, leaves: leaves, first: first, epoch: epoch, at: length, into: &buffer)
        else { throw FileError("write", file.path, detail: "too many bytes for one commit: append them in parts") }
        try file.write(buffer, at: length)
        // The one wait of a commit. fdatasync: the length does not change.
        try file.synchronizeData()
        length += buffer.count
    }
}

extension JournalSegment {
    /// What stands in a segment's file.
    struct Contents {
        let base: UInt64
        /// The groups in their order, those in front of `wanted` left out.
        var groups: [JournalGroup] = []
        /// The index behind the last entry.
        var end: UInt64
        /// The bytes up to the end of the last whole group.
        var length = JournalSegment.headerLength
        /// What stands behind the last whole group, where that is not zeros only.
        var torn: [UInt8]?
    }

    /// Reads a segment; nothing is changed.
    ///
    /// A crash while a group is written leaves it incomplete or with another digest, and since nobody was told of it, it
    /// counts as not there. A bad group with a good one behind it is damage and no crash, since the next commit only began
    /// when this one was whole; that is refused, unless everything up to the good one is published (`wanted` is behind it).
    static func read(_ bytes: [UInt8], _ path: String, wanted: UInt64) throws(FileError) -> Contents {
        let start = bytes.prefix(24)
        guard bytes.count >= headerLength, bytes.starts(with: magic),
            SHA256.hash(start).bytes.elementsEqual(bytes[24..<headerLength]),
            UInt64(bigEndianBytes: start[8..<16]) <= TreeSize.maximum
        else {
            throw FileError(
                "read",
                path,
                detail: "not a journal of this version; restore state/ from a backup or a mirror"
            )
        }
        let base = UInt64(bigEndianBytes: start[8..<16])
        let epoch = UInt64(bigEndianBytes: start[16..<24])
        var contents = Contents(base: base, end: base)
        var position = headerLength
        while position < bytes.count {
            var group = JournalGroup(bytes, at: position, epoch: epoch)
            if group == nil || group?.first != contents.end {
                let next = JournalGroup.find(in: bytes, from: position, epoch: epoch)
                guard let next else { break }
                group = JournalGroup(bytes, at: next, epoch: epoch)
                guard let first = group?.first, first >= contents.end, first <= wanted else {
                    throw FileError(
                        "read",
                        path,
                        detail: "the journal is damaged at byte \(position), with acknowledged entries behind it; "
                            + "restore state/journal from a backup, or the ledger from a mirror"
                    )
                }
                position = next
            }
            guard let group else { break }
            contents.end = group.first + UInt64(group.entries.count)
            position += group.length
            contents.length = position
            if contents.end > wanted { contents.groups.append(group) }
        }
        // Behind the last group stand zeros, or what an earlier use of the file left, or a torn group of this use.
        if position + 16 <= bytes.count, UInt64(bigEndianBytes: bytes[position + 8..<position + 16]) == epoch {
            contents.torn = Array(bytes[position...])
        }
        return contents
    }
}
