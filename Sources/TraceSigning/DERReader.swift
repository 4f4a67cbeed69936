internal import TraceProof

/// Reads the few DER elements that key files are made of (ITU-T X.690): one-byte tags, definite lengths in their shortest
/// form, each element wholly inside the one around it.
struct DERReader {
    /// The name of the format in errors.
    let format: String
    private(set) var position: Int
    private let end: Int

    /// A reader of `range` of the bytes that are handed to each call.
    init(_ format: String, _ range: Range<Int>) {
        self.format = format
        (position, end) = (range.lowerBound, range.upperBound)
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { position == end }

    /// Whether the next element has this tag.
    func isNext(_ tag: UInt8, in bytes: borrowing Span<UInt8>) -> Bool { position < end && bytes[position] == tag }

    /// Takes one element with this tag and gives a reader of its content.
    mutating func enter(_ tag: UInt8, _ name: String, in bytes: borrowing Span<UInt8>) throws(FormatError) -> DERReader
    {
        DERReader(format, try content(tag, name, in: bytes))
    }

    /// Takes one element with this tag and gives where its content stands.
    mutating func content(
        _ tag: UInt8,
        _ name: String,
        in bytes: borrowing Span<UInt8>
    ) throws(FormatError) -> Range<Int> {
        guard isNext(tag, in: bytes) else { throw error("\(name) is missing here") }
        let start = position
        var next = position + 1
        guard next < end else { throw error("\(name) is cut off") }
        var length = Int(bytes[next])
        next += 1
        if length >= 0x80 {
            // Key files stay below 64 KiB: two length bytes are enough.
            let count = length - 0x80
            guard count == 1 || count == 2, end - next >= count else {
                throw error("\(name) has a length that DER or a key file cannot have")
            }
            length = 0
            for _ in 0..<count {
                length = length << 8 | Int(bytes[next])
                next += 1
            }
            guard length >= (count == 1 ? 0x80 : 0x100) else {
                throw error("\(name)'s length is not in its shortest form")
            }
        }
        guard length <= end - next else { throw error("\(name) is longer than what is around it") }
        position = next + length
        guard position > start else { throw error("\(name) does not end") }
        return next..<position
    }

    /// Demands that nothing is left.
    func finish(_ name: String) throws(FormatError) {
        guard isAtEnd else { throw error("bytes follow where \(name) should end") }
    }

    /// An error at the next byte.
    func error(_ reason: String) -> FormatError { FormatError(format, at: .offset(position), reason) }
}
