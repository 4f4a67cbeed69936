/// An element's value in its smallest form: what a compact encoding stores.
public enum PackedValue: Hashable, Sendable {
    /// A number; the leading zeros of a fixed-width AI are left out.
    case number(UInt64)
    /// Text that is not the decimal spelling of a number below 2^63.
    case text(String)
}

extension Element {
    /// The value, packed. A number if the AI is of fixed width and the value has that width, or if the AI is not of fixed
    /// width and the value is a decimal below 2^63 without leading zeros; otherwise text.
    public var packed: PackedValue {
        let utf8 = value.utf8
        let width = Element.fixedNumericWidth(ofAI: ai)
        guard utf8.count == width ?? utf8.count, utf8.count <= 19, let first = utf8.first,
            width != nil || first != 0x30 || utf8.count == 1
        else { return .text(value) }
        var number: UInt64 = 0
        let bytes = utf8.span
        for position in 0..<bytes.count {
            let byte = bytes[position]
            guard byte.isDigit else { return .text(value) }
            number = number &* 10 &+ UInt64(byte &- 0x30)
        }
        return number < 1 << 63 ? .number(number) : .text(value)
    }

    /// The element whose ``packed`` value is `packed`; nil where there is none, so that one element has one packing.
    public init?(ai: Int, packed: PackedValue) {
        guard (0...9999).contains(ai) else { return nil }
        switch packed {
        case .number(let number):
            guard let value = Element.decimal(number, width: Self.fixedNumericWidth(ofAI: ai)) else { return nil }
            self.init(ai: ai, value: value)
        case .text(let text):
            self.init(ai: ai, value: text)
            guard case .text = self.packed else { return nil }
        }
    }

    /// The digits of a number below 2^63, filled up with zeros to `width`; nil where there are more.
    private static func decimal(_ number: UInt64, width: Int?) -> String? {
        guard number < 1 << 63 else { return nil }
        var count = 1
        var rest = number
        while rest > 9 {
            rest /= 10
            count += 1
        }
        guard count <= width ?? count else { return nil }
        count = width ?? count
        rest = number
        return unsafe String(unsafeUninitializedCapacity: count) { digits in
            for place in stride(from: count - 1, through: 0, by: -1) {
                unsafe digits[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return count
        }
    }
}
