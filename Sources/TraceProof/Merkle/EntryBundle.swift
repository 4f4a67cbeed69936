/// Up to 256 entries in the bytes of C2SP tlog-tiles: for each a 16-bit big-endian length and the entry.
///
/// A collection of the entries, none of them copied:
/// ```swift
/// let bundle = try EntryBundle(decoding: bytes, width: coordinate.width)
/// let leaves = bundle.map { TreeHash.leaf($0) }
/// ```
public struct EntryBundle: RandomAccessCollection, Sendable {
    /// The longest entry in bytes.
    public static let maximumEntryLength = 65_535

    /// The bytes of the bundle.
    public let encoded: [UInt8]
    // Where each entry ends; it begins two bytes after the one before it.
    private let ends: [Int]

    /// The bundle in `bytes`, which holds exactly `width` entries and nothing behind them.
    ///
    /// Throws ``FormatError`` otherwise, and for a width outside 1...256.
    public init(decoding bytes: [UInt8], width: Int) throws(FormatError) {
        guard (1...256).contains(width) else {
            throw FormatError("entry bundle", at: .whole, "a bundle holds 1 to 256 entries, not \(width)")
        }
        var ends: [Int] = []
        ends.reserveCapacity(width)
        var position = 0
        for number in 0..<width {
            guard bytes.count - position >= 2 else {
                throw FormatError("entry bundle", at: .offset(position), "it ends before entry \(number) of \(width)")
            }
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            position += 2
            guard bytes.count - position >= length else {
                throw FormatError(
                    "entry bundle",
                    at: .offset(position - 2),
                    "entry \(number) has \(length) bytes, \(bytes.count - position) are left"
                )
            }
            position += length
            ends.append(position)
        }
        guard position == bytes.count else {
            throw FormatError("entry bundle", at: .offset(position), "bytes follow the last of \(width) entries")
        }
        encoded = bytes
        self.ends = ends
    }

    /// The bundle of these entries.
    ///
    /// Throws ``FormatError`` for none or more than 256, and for an entry above ``maximumEntryLength``.
    public init(_ entries: some Collection<[UInt8]>) throws(FormatError) {
        guard (1...256).contains(entries.count) else {
            throw FormatError("entry bundle", at: .whole, "a bundle holds 1 to 256 entries, not \(entries.count)")
        }
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for entry in entries {
            guard let length = UInt16(exactly: entry.count) else {
                throw FormatError(
                    "entry bundle",
                    at: .offset(bytes.count),
                    "entry \(ends.count) has \(entry.count) bytes, \(EntryBundle.maximumEntryLength) are the most"
                )
            }
            bytes.append(UInt8(length >> 8))
            bytes.append(UInt8(length & 0xFF))
            bytes += entry
            ends.append(bytes.count)
        }
        encoded = bytes
        self.ends = ends
    }

    /// The first position, 0.
    public var startIndex: Int { 0 }
    /// The number of entries.
    public var endIndex: Int { ends.count }
    /// The entry at a position.
    public subscript(position: Int) -> ArraySlice<UInt8> {
        encoded[(position == 0 ? 0 : ends[position - 1]) + 2..<ends[position]]
    }
}
