/// The one strict pass over encoded bytes: deterministic CBOR (RFC 8949 section 4.2.1) and nothing else.
///
/// It allocates nothing while the input is good; every read is bounds-checked by the span.
enum CBORScan {
    /// The deepest nesting accepted; an array, a map and a tag count 1 each.
    static let maximumDepth = 16

    /// A decoded head: its argument and the offset after it.
    struct Head {
        let argument: UInt64
        let next: Int
    }

    static func refusal(_ offset: Int, _ reason: String) -> FormatError {
        FormatError("CBOR", at: .offset(offset), reason)
    }

    /// The head of major types 0 to 6 at `start`, which is inside the input.
    @inline(__always)
    static func head(_ bytes: Span<UInt8>, at start: Int) throws(FormatError) -> Head {
        let information = bytes[start] & 31
        if information < 24 { return Head(argument: UInt64(information), next: start + 1) }
        return try longHead(bytes, at: start, information)
    }

    static func longHead(
        _ bytes: Span<UInt8>,
        at start: Int,
        _ information: UInt8
    ) throws(FormatError) -> Head {
        guard information < 28 else {
            throw refusal(
                start,
                information == 31
                    ? "an indefinite length is not deterministic CBOR" : "the reserved additional information 28 to 30"
            )
        }
        let width = 1 << Int(information - 24)
        guard bytes.count - start > width else { throw refusal(start, "the input ends inside a head") }
        let argument = bigEndian(bytes, at: start + 1, width: width)
        let smallest: UInt64 = width == 1 ? 24 : 1 << UInt64(4 * width)
        guard argument >= smallest else {
            throw refusal(start, "a number or length is not in its shortest form")
        }
        return Head(argument: argument, next: start + 1 + width)
    }

    /// A number of 1, 2, 4 or 8 bytes; the load checks that they are inside.
    private static func bigEndian(_ bytes: Span<UInt8>, at start: Int, width: Int) -> UInt64 {
        let raw = unsafe bytes.bytes
        switch width {
        case 1: return UInt64(bytes[start])
        case 2: return unsafe UInt64(raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt16.self).bigEndian)
        case 4: return unsafe UInt64(raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self).bigEndian)
        default: return unsafe raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self).bigEndian
        }
    }

    /// Checks the item that begins at `start` and gives the offset after it.
    ///
    /// - Parameters:
    ///   - depth: how many arrays, maps and tags hold this item.
    ///   - ordered: whether map keys must ascend; only inspection of others' files asks for less.
    static func item(
        _ bytes: Span<UInt8>,
        at start: Int,
        depth: Int,
        ordered: Bool
    ) throws(FormatError) -> Int {
        guard start < bytes.count else { throw refusal(start, "the input ends where an item is expected") }
        let major = bytes[start] >> 5
        if major == 7 { return try simpleOrFloat(bytes, at: start) }
        let head = try head(bytes, at: start)
        let left = UInt64(bytes.count - head.next)
        switch major {
        case 0, 1:
            return head.next
        case 2, 3:
            guard head.argument <= left else { throw refusal(start, "a string is longer than the input") }
            let end = head.next + Int(head.argument)
            if major == 3, let fault = UTF8Scan.fault(bytes, from: head.next, to: end) {
                throw refusal(fault, "a text string is not valid UTF-8")
            }
            return end
        default:
            guard depth < maximumDepth else { throw refusal(start, "items are nested deeper than 16") }
            if major == 4 {
                guard head.argument <= left else { throw refusal(start, "an array is longer than the input") }
                return try array(bytes, at: head.next, count: Int(head.argument), depth: depth + 1, ordered: ordered)
            }
            if major == 5 {
                guard head.argument <= left / 2 else { throw refusal(start, "a map is longer than the input") }
                return try map(bytes, at: head.next, count: Int(head.argument), depth: depth + 1, ordered: ordered)
            }
            let end = try item(bytes, at: head.next, depth: depth + 1, ordered: ordered)
            if head.argument == 2 || head.argument == 3 { try bignum(bytes, at: head.next) }
            return end
        }
    }

    /// Tag 2 or 3 is for integers that no head can hold, without leading zeros (RFC 8949 section 3.4.3).
    private static func bignum(_ bytes: Span<UInt8>, at start: Int) throws(FormatError) {
        guard bytes[start] >> 5 == 2 else { throw refusal(start, "a bignum is not a byte string") }
        let head = try head(bytes, at: start)
        guard head.argument > 8, bytes[head.next] != 0 else {
            throw refusal(start, "a bignum is not in its shortest form")
        }
    }

    /// Whether a first byte is a whole item: most integers of a traceability event are, and skip a call.
    @inline(__always)
    private static func isWhole(_ byte: UInt8) -> Bool { byte < 0x40 && byte & 31 < 24 }

    private static func array(
        _ bytes: Span<UInt8>,
        at start: Int,
        count: Int,
        depth: Int,
        ordered: Bool
    ) throws(FormatError) -> Int {
        var offset = start
        for _ in 0..<count {
            if offset < bytes.count, isWhole(bytes[offset]) {
                offset += 1
            } else {
                offset = try item(bytes, at: offset, depth: depth, ordered: ordered)
            }
        }
        return offset
    }

    private static func map(
        _ bytes: Span<UInt8>,
        at start: Int,
        count: Int,
        depth: Int,
        ordered: Bool
    ) throws(FormatError) -> Int {
        var offset = start
        var previous = start..<start
        for index in 0..<count {
            let keyStart = offset
            if offset < bytes.count, isWhole(bytes[offset]) {
                offset += 1
            } else {
                offset = try item(bytes, at: offset, depth: depth, ordered: ordered)
            }
            if ordered, index > 0 { try ascending(bytes, previous, keyStart..<offset) }
            previous = keyStart..<offset
            if offset < bytes.count, isWhole(bytes[offset]) {
                offset += 1
            } else {
                offset = try item(bytes, at: offset, depth: depth, ordered: ordered)
            }
        }
        return offset
    }

    /// Neither key is a prefix of the other (both are whole items), so the first byte that differs decides.
    @inline(__always)
    private static func ascending(
        _ bytes: Span<UInt8>,
        _ previous: Range<Int>,
        _ key: Range<Int>
    ) throws(FormatError) {
        var (left, right) = (previous.lowerBound, key.lowerBound)
        while left < previous.upperBound, right < key.upperBound {
            if bytes[left] < bytes[right] { return }
            if bytes[left] > bytes[right] { throw refusal(key.lowerBound, "map keys are not in bytewise order") }
            left += 1
            right += 1
        }
        throw refusal(key.lowerBound, "a map key stands twice")
    }

    private static func simpleOrFloat(_ bytes: Span<UInt8>, at start: Int) throws(FormatError) -> Int {
        let information = bytes[start] & 31
        if information < 24 { return start + 1 }
        guard information < 28 else {
            throw refusal(
                start,
                information == 31
                    ? "a break without an indefinite length" : "the reserved additional information 28 to 30"
            )
        }
        let width = 1 << Int(information - 24)
        guard bytes.count - start > width else { throw refusal(start, "the input ends inside a simple value or float") }
        let bits = bigEndian(bytes, at: start + 1, width: width)
        let isGood =
            switch width {
            case 1: bits >= 32
            case 2: bits & 0x7C00 != 0x7C00 || bits & 0x3FF == 0 || bits == UInt64(CBORFloat.notANumber)
            case 4:
                !Float(bitPattern: UInt32(bits)).isNaN && CBORFloat.half(UInt32(bits)) == nil
            default:
                !Double(bitPattern: bits).isNaN && CBORFloat.single(bits) == nil
            }
        guard isGood else {
            throw refusal(
                start,
                width == 1
                    ? "a simple value below 32 in two bytes" : "a float is not in its shortest form, or a NaN not 7e00"
            )
        }
        return start + 1 + width
    }
}
