internal import TraceProof

/// One group of the journal: what was committed together.
///
/// Bytes, integers big-endian:
///
///     u32 length of the body, u32 its complement, u64 epoch of the segment, u64 index of the first entry
///     the body: for each entry a u16 length and its bytes
///     SHA-256(u64 position in the file || the 24 bytes above || the leaf hashes of the entries)
///
/// The digest covers the entries by their leaf hashes, which the tree needs anyway, so that a commit hashes its bytes once.
/// The complement makes it cheap to look for a group at every position of a damaged file; epoch and position are why
/// neither what an earlier use of the file left nor a copy of a group inside an entry is one.
struct JournalGroup {
    static let headerLength = 24

    /// The index of the first entry.
    let first: UInt64
    /// The number of bytes.
    let length: Int
    /// The entries.
    let entries: [[UInt8]]
    /// Their leaf hashes.
    let leaves: [Digest]

    /// The whole group of a segment's `epoch` at `position`; `nil` where none stands.
    init?(_ bytes: [UInt8], at position: Int, epoch: UInt64) {
        guard let bodyLength = JournalGroup.bodyLength(bytes, at: position) else { return nil }
        let body = position + JournalGroup.headerLength
        let end = body + bodyLength
        length = JournalGroup.headerLength + bodyLength + Digest.byteCount
        guard UInt64(bigEndianBytes: bytes[position + 8..<position + 16]) == epoch,
            let entries = JournalGroup.split(bytes[body..<end])
        else { return nil }
        let leaves = TreeHash.leaves(entries)
        let digest = JournalGroup.digest(header: bytes[position..<body], leaves: leaves, at: position)
        guard digest.bytes.elementsEqual(bytes[end..<end + Digest.byteCount]) else { return nil }
        first = UInt64(bigEndianBytes: bytes[position + 16..<position + 24])
        (self.entries, self.leaves) = (entries, leaves)
    }

    /// The length of the body of a group at `position`, where its header may be one and the file is long enough.
    private static func bodyLength(_ bytes: [UInt8], at position: Int) -> Int? {
        guard bytes.count - position > headerLength + Digest.byteCount else { return nil }
        let length = UInt32(bigEndianBytes: bytes[position..<position + 4])
        guard length > 0, ~length == UInt32(bigEndianBytes: bytes[position + 4..<position + 8]),
            bytes.count - position - headerLength - Digest.byteCount >= Int(length)
        else { return nil }
        return Int(length)
    }

    /// The first position from `start` on where a whole group of `epoch` stands.
    static func find(in bytes: [UInt8], from start: Int, epoch: UInt64) -> Int? {
        var position = start
        while let next = nextHeader(bytes, from: position) {
            if JournalGroup(bytes, at: next, epoch: epoch) != nil { return next }
            position = next + 1
        }
        return nil
    }

    /// The first position from `start` on where a length other than 0 stands before its complement.
    private static func nextHeader(_ bytes: [UInt8], from start: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { buffer in
            var position = start
            while position + 8 <= buffer.count {
                let length = unsafe buffer.loadUnaligned(fromByteOffset: position, as: UInt32.self)
                if length != 0, unsafe buffer.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self) == ~length {
                    return position
                }
                position += 1
            }
            return nil
        }
    }

    /// The bytes that a group of these entries takes.
    static func length(of entries: [[UInt8]]) -> Int {
        entries.reduce(headerLength + Digest.byteCount) { $0 + 2 + $1.count }
    }

    /// Appends a group to `output`; `nil` and nothing appended where the body is too long for one.
    static func encode(
        _ entries: [[UInt8]],
        leaves: [Digest],
        first: UInt64,
        epoch: UInt64,
        at position: Int,
        into output: inout [UInt8]
    ) -> Bool {
        let length = length(of: entries)
        guard let bodyLength = UInt32(exactly: length - headerLength - Digest.byteCount) else { return false }
        let start = output.count
        output.reserveCapacity(start + length)
        output += bodyLength.bigEndianBytes
        output += (~bodyLength).bigEndianBytes
        output += epoch.bigEndianBytes
        output += first.bigEndianBytes
        let header = output[start...]
        let digest = digest(header: header, leaves: leaves, at: position)
        for entry in entries {
            output.append(UInt8(truncatingIfNeeded: entry.count >> 8))
            output.append(UInt8(truncatingIfNeeded: entry.count))
            output += entry
        }
        output += digest.bytes
        return true
    }

    private static func digest(header: ArraySlice<UInt8>, leaves: [Digest], at position: Int) -> Digest {
        var input: [UInt8] = []
        input.reserveCapacity(8 + headerLength + Digest.byteCount * leaves.count)
        input += UInt64(position).bigEndianBytes
        input += header
        for leaf in leaves { unsafe leaf.withUnsafeBytes { unsafe input.append(contentsOf: $0) } }
        return SHA256.hash(input)
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
