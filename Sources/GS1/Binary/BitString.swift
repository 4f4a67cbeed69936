/// Bits in the order of the EPC memory bank, the first bit of each byte the most significant.
struct BitString: Hashable, Sendable {
    /// The bits, filled up with zeros to a whole byte.
    private(set) var bytes: [UInt8] = []
    /// How many bits there are.
    private(set) var count = 0

    /// No bits.
    init() {}

    /// The bits of these bytes.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        count = 8 * bytes.count
    }

    /// The bit at this place; 0 behind the end.
    subscript(position: Int) -> UInt64 {
        guard position < count else { return 0 }
        return UInt64(bytes[position >> 3] >> UInt8(7 &- position & 7)) & 1
    }

    /// Adds the low `width` bits of a value.
    mutating func append(_ value: UInt64, bits width: Int) {
        var shift = width
        while shift > 0 {
            shift &-= 1
            if count & 7 == 0 { bytes.append(0) }
            bytes[count >> 3] |= UInt8(truncatingIfNeeded: value >> UInt64(shift) & 1) << UInt8(7 &- count & 7)
            count &+= 1
        }
    }

    /// Adds the number that these ASCII digits spell in `width` bits; false where it does not fit.
    mutating func append(decimal digits: ArraySlice<UInt8>, bits width: Int) -> Bool {
        // Halve the digits once for every bit: the remainders are the bits from the last to the first.
        var number = digits.map { $0 &- 0x30 }
        var bits: [UInt8] = []
        for _ in 0..<width {
            var carry: UInt8 = 0
            for place in number.indices {
                let digit = carry &* 10 &+ number[place]
                number[place] = digit >> 1
                carry = digit & 1
            }
            bits.append(carry)
        }
        guard number.allSatisfy({ $0 == 0 }) else { return false }
        for bit in bits.reversed() { append(UInt64(bit), bits: 1) }
        return true
    }

    /// These bits without those from `end` on, all of which are zero.
    func withoutZeros(from end: Int) -> BitString {
        var result = BitString(bytes: Array(bytes.prefix((end + 7) / 8)))
        result.count = min(end, count)
        return result
    }
}

/// Reads a ``BitString`` from its start and knows where it is.
struct BitReader {
    let bits: BitString
    private(set) var position = 0

    init(_ bits: BitString) { self.bits = bits }

    /// How many bits are left.
    var rest: Int { bits.count - position }

    /// The next bit that is 1.
    var firstSetBit: Int? {
        var place = position
        while place < bits.count {
            if bits[place] == 1 { return place }
            place &+= 1
        }
        return nil
    }

    /// The next `count` bits, at most 64, as a number.
    mutating func read(_ count: Int, _ what: String) throws(EPCBinaryError) -> UInt64 {
        try need(count, what)
        var value: UInt64 = 0
        for _ in 0..<count {
            value = value << 1 | bits[position]
            position &+= 1
        }
        return value
    }

    /// The next `count` bits as a decimal number of exactly `digits` ASCII digits, filled up with zeros.
    mutating func readDecimal(_ count: Int, digits: Int, _ what: String) throws(EPCBinaryError) -> [UInt8] {
        try need(count, what)
        let start = position
        var number = [UInt8](repeating: 0, count: digits)
        for _ in 0..<count {
            var carry = UInt8(bits[position])
            position &+= 1
            for place in number.indices.reversed() {
                let digit = number[place] << 1 | carry
                carry = digit > 9 ? 1 : 0
                number[place] = digit &- carry &* 10
            }
            guard carry == 0 else { throw EPCBinaryError(bit: start, "\(what) has more than \(digits) digits") }
        }
        return number.map { $0 &+ 0x30 }
    }

    private func need(_ count: Int, _ what: String) throws(EPCBinaryError) {
        guard count <= rest else {
            throw EPCBinaryError(bit: position, "\(what) needs \(count) bits, but the EPC ends after \(rest)")
        }
    }
}
