public import TraceProof

/// The beginning of a body of `add-entries` (C2SP tlog-mirror): which entries of which log the packages behind it bring.
///
///     u16 length, log origin · u64 upload_start · u64 upload_end · u16 length, ticket
///
/// All numbers are big-endian.
public struct AddEntriesHeader: Hashable, Sendable {
    /// The media type of the body.
    public static let contentType = "application/octet-stream"

    /// The log.
    public let origin: String
    /// The first entry that is uploaded.
    public let start: UInt64
    /// The entry behind the last: the size of the pending checkpoint that the packages are proved against.
    public let end: UInt64
    /// What the mirror gave with its last answer; empty at first.
    public let ticket: [UInt8]

    /// A header of these parts.
    ///
    /// - Throws: for an origin or a ticket of more than 65,535 bytes, an empty origin, a start above the end, and an end above
    ///   2^63 - 1.
    public init(origin: String, start: UInt64, end: UInt64, ticket: [UInt8] = []) throws(FormatError) {
        (self.origin, self.start, self.end, self.ticket) = (origin, start, end, ticket)
        guard (1...Int(UInt16.max)).contains(origin.utf8.count), ticket.count <= Int(UInt16.max) else {
            throw AddEntriesHeader.refusal("an origin has 1 to 65535 bytes, and a ticket at most as many")
        }
        guard start <= end, end <= TreeSize.maximum else {
            throw AddEntriesHeader.refusal("entries from \(start) to \(end) cannot be uploaded")
        }
    }

    /// The bytes at the beginning of the body.
    public var bytes: [UInt8] {
        var bytes = UInt16(truncatingIfNeeded: origin.utf8.count).bigEndianBytes + origin.utf8
        bytes += start.bigEndianBytes + end.bigEndianBytes
        return bytes + UInt16(truncatingIfNeeded: ticket.count).bigEndianBytes + ticket
    }

    /// The number of packages in the whole sequence from ``start`` to ``end``.
    public var packageCount: UInt64 { start == end ? 0 : (end + 255) >> 8 - start >> 8 }

    /// The part of the log that a package of the sequence covers: as a subtree from the multiple of 256 on, and the first
    /// entry that it brings of that.
    ///
    /// - Parameter number: below ``packageCount``.
    func package(_ number: UInt64) -> (first: UInt64, start: UInt64, end: UInt64) {
        let first = (start >> 8 + number) << 8
        return (first, max(start, first), min(end, first + 256))
    }

    static func refusal(_ reason: String) -> FormatError { FormatError("add-entries header", at: .whole, reason) }
}

extension FixedWidthInteger {
    var bigEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
    }

    /// The number whose big-endian bytes these are.
    init(bigEndianBytes bytes: some Collection<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}
