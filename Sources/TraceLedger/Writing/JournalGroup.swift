internal import TraceProof

/// One group of the journal: what was committed together.
///
/// Bytes: u32 BE length of the body, its complement, the index of the first entry (u64 BE), the body (for each entry a
/// u16 BE length and its bytes), and SHA-256(position of the group in the file, u64 BE || all before). The complement is
/// what makes it cheap to look for a group at every position of a damaged file; the position in the digest is why a copy
/// of a group inside an entry is none.
struct JournalGroup {
    private static let headerLength = 16

    /// The index of the first entry.
    let first: UInt64
    /// The number of bytes.
    let length: Int
    /// The entries.
    let entries: [[UInt8]]

    /// The whole group at `position`; `nil` where none stands.
    init?(_ bytes: [UInt8], at position: Int) {
        guard bytes.count - position >= JournalGroup.headerLength + Digest.byteCount else { return nil }
        let bodyLength = UInt32(bigEndianBytes: bytes[position..<position + 4])
        guard ~bodyLength == UInt32(bigEndianBytes: bytes[position + 4..<position + 8]) else { return nil }
        length = JournalGroup.headerLength + Int(bodyLength) + Digest.byteCount
        guard bytes.count - position >= length else { return nil }
        let end = position + length - Digest.byteCount
        let digest = JournalGroup.digest(Array(bytes[position..<end]), at: position)
        guard digest.bytes.elementsEqual(bytes[end..<position + length]),
            let entries = JournalGroup.split(bytes[position + JournalGroup.headerLength..<end])
        else { return nil }
        first = UInt64(bigEndianBytes: bytes[position + 8..<position + 16])
        self.entries = entries
    }

    /// The bytes of the group of `entries` at `position` of the journal at `path`.
    static func encode(
        _ entries: [[UInt8]],
        first: UInt64,
        at position: Int,
        _ path: String
    ) throws(FileError) -> [UInt8] {
        let count = entries.reduce(0) { $0 + 2 + $1.count }
        guard let length = UInt32(exactly: count) else {
            throw FileError("write", path, detail: "\(count) bytes are too many for one commit: append them in parts")
        }
        var group = length.bigEndianBytes + (~length).bigEndianBytes + first.bigEndianBytes
        group.reserveCapacity(headerLength + count + Digest.byteCount)
        for entry in entries {
            group.append(UInt8(truncatingIfNeeded: entry.count >> 8))
            group.append(UInt8(truncatingIfNeeded: entry.count))
            group += entry
        }
        return group + digest(group, at: position).bytes
    }

    private static func digest(_ group: [UInt8], at position: Int) -> Digest {
        SHA256.hash(UInt64(position).bigEndianBytes + group)
    }

    private static func split(_ body: ArraySlice<UInt8>) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var rest = body
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
