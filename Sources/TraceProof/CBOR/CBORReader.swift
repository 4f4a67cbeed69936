/// Reads deterministic CBOR (RFC 8949 section 4.2.1), refusing everything else before the first value is handed out.
///
/// ```swift
/// var reader = try CBORReader(validating: bytes, format: "receipt")
/// try reader.array(count: 2)
/// let size = try reader.unsigned()
/// let name = try reader.text()
/// try reader.finish()
/// ```
///
/// The initialiser checks the whole input in one pass: well-formed, shortest heads and floats, definite lengths, map
/// keys strictly ascending (so none twice), valid UTF-8, nesting at most ``maximumDepth``, one item, nothing after it.
/// The reads that follow can therefore only meet an item of another kind than the caller expects, and say so with its
/// offset. A reader is a value: a copy is a bookmark.
public struct CBORReader: Sendable {
    /// The deepest nesting accepted; an array, a map and a tag count 1 each.
    public static let maximumDepth = CBORScan.maximumDepth

    private let bytes: [UInt8]
    private let format: String
    private let end: Int

    /// The offset of the next item in the input.
    ///
    /// Stored last: a copy of the reader loads fields in pairs, and a pair with a word just stored stalls.
    public private(set) var offset: Int

    /// A reader at the start of `bytes`, which hold exactly one deterministic item.
    ///
    /// - Parameter format: the name that errors carry.
    /// - Throws: ``FormatError`` at the first offset that breaks a rule.
    public init(validating bytes: [UInt8], format: String = "CBOR") throws(FormatError) {
        try self.init(bytes, 0, bytes.count, format, ordered: true)
    }

    /// A reader of the one item that begins at `start`; the input may go on after it (a CBOR sequence, RFC 8742).
    ///
    /// ``endOffset`` then says where the item ends. Precondition: `start` is not negative.
    public init(
        validatingItemOf bytes: [UInt8],
        at start: Int,
        format: String = "CBOR"
    ) throws(FormatError) {
        do {
            end = try CBORScan.item(bytes.span, at: start, depth: 0, ordered: true)
        } catch {
            throw FormatError(format, at: error.place, error.reason)
        }
        (self.bytes, self.format, offset) = (bytes, format, start)
    }

    /// A reader at the item at `offset` of bytes that have been validated before, for a caller who kept the place.
    ///
    /// Every read checks its bounds all the same: over other bytes it throws.
    package init(rereading bytes: [UInt8], at offset: Int, format: String) {
        (self.bytes, self.format, end, self.offset) = (bytes, format, bytes.count, offset)
    }

    /// As ``init(validating:format:)`` but map keys may stand in any order: to look at others' files, never to decide.
    init(inspecting bytes: [UInt8], format: String) throws(FormatError) {
        try self.init(bytes, 0, bytes.count, format, ordered: false)
    }

    private init(
        _ bytes: [UInt8],
        _ start: Int,
        _ end: Int,
        _ format: String,
        ordered: Bool
    ) throws(FormatError) {
        (self.bytes, self.format, self.end, offset) = (bytes, format, end, start)
        let itemEnd: Int
        do {
            itemEnd = try CBORScan.item(bytes.span.extracting(0..<end), at: start, depth: 0, ordered: ordered)
        } catch {
            throw FormatError(format, at: error.place, error.reason)
        }
        guard itemEnd == end else {
            throw FormatError(format, at: .offset(itemEnd), "\(end - itemEnd) bytes follow the item")
        }
    }

    /// The offset after the validated item.
    public var endOffset: Int { end }

    /// Whether everything has been read.
    public var isAtEnd: Bool { offset >= end }

    #if TRACE_TERSE
    /// A ``FormatError`` at the current offset, for the caller to throw; without its reason.
    @inline(__always)
    public func refuse(_ reason: @autoclosure () -> String) -> FormatError {
        FormatError(format, at: .offset(offset), telling: "")
    }
    #else
    /// A ``FormatError`` at the current offset, for the caller to throw.
    public func refuse(_ reason: String) -> FormatError { FormatError(format, at: .offset(offset), reason) }
    #endif

    private func mismatch(_ expected: String) -> FormatError {
        offset < end
            ? refuse("expected \(expected), found \(CBORKind(initialByte: bytes[offset]).name)")
            : refuse("expected \(expected), found the end")
    }

    /// Reads a head of this major type.
    @inline(__always)
    private mutating func head(_ major: UInt8, _ expected: CBORKind) throws(FormatError) -> UInt64 {
        guard offset < end, bytes[offset] >> 5 == major else { throw mismatch(expected.name) }
        let information = bytes[offset] & 31
        if information < 24 {
            offset += 1
            return UInt64(information)
        }
        let head = try CBORScan.longHead(bytes.span, at: offset, information)
        offset = head.next
        return head.argument
    }

    /// Reads the head of a string and steps over its bytes, whose place it returns.
    @inline(__always)
    private mutating func string(_ major: UInt8, _ expected: CBORKind) throws(FormatError) -> Range<Int> {
        let start = offset
        let length = try head(major, expected)
        guard length <= UInt64(end - offset) else {
            offset = start
            throw refuse("a string is longer than the input")
        }
        let range = offset..<offset + Int(length)
        offset = range.upperBound
        return range
    }

    /// Reads the head of an array or a map.
    private mutating func count(_ major: UInt8, _ expected: CBORKind) throws(FormatError) -> Int {
        let start = offset
        let count = try head(major, expected)
        guard count <= UInt64(end - offset) else {
            offset = start
            throw refuse("\(expected.name) is longer than the input")
        }
        return Int(count)
    }

}

extension CBORReader {
    /// The kind of the next item, which is not consumed. Throws at the end.
    public func peek() throws(FormatError) -> CBORKind {
        guard offset < end else { throw mismatch("an item") }
        return CBORKind(initialByte: bytes[offset])
    }

    /// An integer from 0 to 2^64-1.
    public mutating func unsigned() throws(FormatError) -> UInt64 { try head(0, .unsigned) }

    /// An integer that fits in 64 bits with sign.
    public mutating func integer() throws(FormatError) -> Int64 {
        guard offset < end, bytes[offset] >> 5 <= 1 else { throw mismatch("an integer") }
        let start = offset
        let isNegative = bytes[offset] >> 5 == 1
        let argument = try head(isNegative ? 1 : 0, .unsigned)
        guard let value = Int64(exactly: argument) else {
            offset = start
            throw refuse("an integer outside -2^63 to 2^63-1")
        }
        return isNegative ? ~value : value
    }

    /// The `n` of the negative integer -1-n, down to -2^64.
    public mutating func negative() throws(FormatError) -> UInt64 { try head(1, .negative) }

    /// A byte string.
    public mutating func byteString() throws(FormatError) -> [UInt8] { [UInt8](bytes[try string(2, .bytes)]) }

    /// A byte string of exactly `count` bytes.
    public mutating func byteString(count: Int) throws(FormatError) -> [UInt8] {
        let start = offset
        let range = try string(2, .bytes)
        guard range.count == count else {
            offset = start
            throw refuse("expected a byte string of \(count) bytes, found \(range.count)")
        }
        return [UInt8](bytes[range])
    }

    /// A byte string of 32 bytes.
    public mutating func digest() throws(FormatError) -> Digest {
        let start = offset
        let range = try string(2, .bytes)
        guard let digest = Digest(bytes[range]) else {
            offset = start
            throw refuse("expected a byte string of 32 bytes, found \(range.count)")
        }
        return digest
    }

    /// A text string.
    public mutating func text() throws(FormatError) -> String {
        String(decoding: bytes[try string(3, .text)], as: UTF8.self)
    }

    /// The head of an array: how many items follow.
    public mutating func array() throws(FormatError) -> Int { try count(4, .array) }

    /// The head of an array of exactly `count` items.
    public mutating func array(count expected: Int) throws(FormatError) {
        let start = offset
        let found = try count(4, .array)
        guard found == expected else {
            offset = start
            throw refuse("expected an array of \(expected) items, found \(found)")
        }
    }

    /// The head of a map: how many pairs follow, in ascending order of their keys.
    public mutating func map() throws(FormatError) -> Int { try count(5, .map) }

    /// The next key of a map whose keys are all known.
    package mutating func expectKey(_ expected: Int64) throws(FormatError) {
        let place = self
        guard try integer() == expected else { throw place.refuse("key \(expected) is missing") }
    }

    /// The number of a tag; the next item is its content.
    public mutating func tag() throws(FormatError) -> UInt64 { try head(6, .tag) }

    /// Exactly this tag.
    public mutating func expectTag(_ number: UInt64) throws(FormatError) {
        let start = offset
        guard offset < end, bytes[offset] >> 5 == 6 else { throw mismatch("tag \(number)") }
        let found = try tag()
        guard found == number else {
            offset = start
            throw refuse("expected tag \(number), found tag \(found)")
        }
    }

    /// `false` or `true`.
    public mutating func boolean() throws(FormatError) -> Bool {
        guard offset < end, bytes[offset] & 0xFE == 0xF4 else { throw mismatch("a boolean") }
        offset += 1
        return bytes[offset - 1] == 0xF5
    }

    /// `null`.
    public mutating func null() throws(FormatError) { try one(0xF6, "null") }

    /// `undefined`.
    public mutating func undefined() throws(FormatError) { try one(0xF7, "undefined") }

    private mutating func one(_ byte: UInt8, _ name: String) throws(FormatError) {
        guard offset < end, bytes[offset] == byte else { throw mismatch(name) }
        offset += 1
    }

    /// Any simple value, `false` (20) to `undefined` (23) included.
    public mutating func simple() throws(FormatError) -> UInt8 {
        guard offset < end, bytes[offset] >= 0xE0, bytes[offset] <= 0xF8 else { throw mismatch("a simple value") }
        let start = offset
        offset = try itemEnd()
        return offset - start == 1 ? bytes[start] & 31 : bytes[start + 1]
    }

    /// A float of any width.
    public mutating func float() throws(FormatError) -> Double {
        guard try peek() == .float else { throw mismatch("a float") }
        let start = offset
        offset = try itemEnd()
        var bits: UInt64 = 0
        for byte in bytes[start + 1..<offset] { bits = bits << 8 | UInt64(byte) }
        return switch offset - start {
        case 3: CBORFloat.value(half: UInt16(truncatingIfNeeded: bits))
        case 5: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        default: Double(bitPattern: bits)
        }
    }

    private func itemEnd() throws(FormatError) -> Int {
        guard offset < end else { throw mismatch("an item") }
        return try CBORScan.item(bytes.span, at: offset, depth: 0, ordered: false)
    }

    /// Steps over one item with all that it holds.
    public mutating func skip() throws(FormatError) { offset = try itemEnd() }

    /// One item with all that it holds, as encoded.
    public mutating func item() throws(FormatError) -> [UInt8] {
        let start = offset
        try skip()
        return [UInt8](bytes[start..<offset])
    }

    /// A byte string that holds one deterministic item (`bstr .cbor` in CDDL), as a reader of its own over the same
    /// input, whose offsets go on counting from the start of the outer one.
    public mutating func embedded() throws(FormatError) -> CBORReader {
        let range = try string(2, .bytes)
        return try CBORReader(bytes, range.lowerBound, range.upperBound, format, ordered: true)
    }

    /// Checks that everything has been read.
    public func finish() throws(FormatError) {
        guard isAtEnd else { throw refuse("expected the end, found \(CBORKind(initialByte: bytes[offset]).name)") }
    }
}
