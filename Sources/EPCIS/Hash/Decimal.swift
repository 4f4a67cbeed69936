/// A decimal number to the digit, as the event hash writes it: no exponent, no zeros that say nothing (rule 6).
struct Decimal {
    private var isNegative = false
    /// The digits from the first to the last that is not zero; none for zero.
    private var digits: [UInt8] = []
    /// How many digits stand before the point; negative for zeros behind it.
    private var point = 0

    /// The number that `text` is: an XML Schema `decimal`, or with `mayHaveExponent` any JSON number.
    init?(_ text: some Collection<UInt8>, mayHaveExponent: Bool) {
        var exponent = 0
        var isExponentNegative = false
        var part = 0
        var isSignAllowed = true
        var seen = (mantissa: false, exponent: false)
        for byte in text {
            switch byte {
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard isSignAllowed else { return nil }
                if part == 2 { isExponentNegative = byte == 0x2D } else { isNegative = byte == 0x2D }
                isSignAllowed = false
                continue
            case UInt8(ascii: "."):
                guard part == 0 else { return nil }
                part = 1
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard mayHaveExponent, part < 2, seen.mantissa else { return nil }
                part = 2
                isSignAllowed = true
                continue
            case 0x30...0x39:
                if part == 2 {
                    seen.exponent = true
                    // Nothing is computed with an exponent this large: it is only written again.
                    exponent = min(exponent * 10 + Int(byte - 0x30), 1_000_000_000)
                } else {
                    seen.mantissa = true
                    if part == 0 { point += 1 }
                    digits.append(byte)
                }
            default: return nil
            }
            isSignAllowed = false
        }
        guard seen.mantissa, part < 2 || seen.exponent else { return nil }
        point += isExponentNegative ? -exponent : exponent
        strip()
    }

    private mutating func strip() {
        let zeros = digits.prefix { $0 == 0x30 }.count
        digits.removeFirst(zeros)
        point -= zeros
        while digits.last == 0x30 { digits.removeLast() }
        if digits.isEmpty { (isNegative, point) = (false, 0) }
    }

    /// Whether a binary double may hold other digits, or be written with an exponent.
    var isUnsafeInDouble: Bool { digits.count > 15 || point > 15 || point < -3 }

    /// The number as it is hashed. Only one beyond the range of a double keeps an exponent.
    var bytes: [UInt8] {
        guard !digits.isEmpty else { return [0x30] }
        var bytes: [UInt8] = isNegative ? [0x2D] : []
        if point < -400 || point > digits.count + 400 {
            return bytes + digits + Array("e\(point - digits.count)".utf8)
        }
        if point <= 0 {
            bytes += [0x30, 0x2E]
            bytes += repeatElement(0x30, count: -point)
            return bytes + digits
        }
        if point >= digits.count { return bytes + digits + repeatElement(0x30, count: point - digits.count) }
        return bytes + digits[..<point] + [0x2E] + digits[point...]
    }
}
