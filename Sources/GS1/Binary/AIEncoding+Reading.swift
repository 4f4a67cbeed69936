extension AIEncoding {
    /// Reads the value of an AI (TDS 15.3).
    static func read(ai: Int, _ reader: inout BitReader) throws(EPCBinaryError) -> Element {
        let start = reader.position
        let what = "(\(Element(ai: ai, value: "").aiText))"
        guard let parts = parts(ofAI: ai) else {
            throw EPCBinaryError(bit: start, "\(what) has no encoding in the Tag Data Standard")
        }
        var value: [UInt8] = []
        try parts.first.read(&reader, isOptional: false, what, to: &value)
        if let second = parts.second { try second.read(&reader, isOptional: parts.isSecondOptional, what, to: &value) }
        let element = Element(ai: ai, value: String(decoding: value, as: UTF8.self))
        guard ElementString([element]) != nil else {
            throw EPCBinaryError(bit: start, "\(what) has a wrong length, character or check digit: \(element.value)")
        }
        return element
    }

    private func read(
        _ reader: inout BitReader,
        isOptional: Bool,
        _ what: String,
        to value: inout [UInt8]
    ) throws(EPCBinaryError) {
        let start = reader.position
        switch self {
        case .nibbles(let count):
            for _ in 0..<count { value.append(try Self.readDigit(&reader, what)) }
        case .integer(let digits, let bits): value += try reader.readDecimal(bits, digits: digits, what)
        case .text(let lengthBits, let most):
            value += try Self.readText(&reader, lengthBits, most, isOptional: isOptional, what)
        case .digits(let lengthBits, let most):
            let length = try Self.readLength(&reader, lengthBits, most, isOptional: isOptional, what)
            value += try reader.readDecimal(TextEncoding.bits(ofDigits: length), digits: length, what)
        case .delimited: try Self.readDelimited(&reader, what, to: &value)
        case .bit: value.append(0x30 + UInt8(try reader.read(1, what)))
        case .date: value += try CalendarBits.readDate(&reader, what)
        case .dateTime:
            value += try CalendarBits.readDate(&reader, what)
            value += try CalendarBits.readTime(&reader, parts: 2, what)
        case .dates:
            let isRange = try reader.read(1, what) == 1
            value += try CalendarBits.readDate(&reader, what)
            if isRange { value += try CalendarBits.readDate(&reader, what) }
        case .time(let precisions):
            let precision = Int(try reader.read(2, what))
            guard precisions >> UInt8(precision) & 1 == 1 else {
                throw EPCBinaryError(bit: start, "\(what) cannot have this precision of time")
            }
            value += try CalendarBits.readDate(&reader, what)
            if precision < 3 { value += try CalendarBits.readTime(&reader, parts: precision + 1, what) }
        case .country:
            for _ in 0..<2 {
                let letter = UInt8(try reader.read(6, what))
                guard letter < 26 else { throw EPCBinaryError(bit: start, "\(what) is not of two capitals") }
                value.append(letter + 0x41)
            }
        case .minus: if try reader.read(1, what) == 1 { value.append(0x2D) }
        case .sequence:
            value.append(try Self.readDigit(&reader, what))
            value.append(0x2F)
            value.append(try Self.readDigit(&reader, what))
        }
    }

    private static func readDigit(_ reader: inout BitReader, _ what: String) throws(EPCBinaryError) -> UInt8 {
        let start = reader.position
        let digit = UInt8(try reader.read(4, what))
        guard digit < 10 else { throw EPCBinaryError(bit: start, "\(what) has four bits that are no digit") }
        return digit + 0x30
    }

    private static func readLength(
        _ reader: inout BitReader,
        _ bits: Int,
        _ most: Int,
        isOptional: Bool,
        _ what: String
    ) throws(EPCBinaryError) -> Int {
        let start = reader.position
        let length = Int(try reader.read(bits, what))
        guard length <= most, length > 0 || isOptional else {
            throw EPCBinaryError(bit: start, "\(what) says a length of \(length), but has 1 to \(most) characters")
        }
        return length
    }

    private static func readText(
        _ reader: inout BitReader,
        _ lengthBits: Int,
        _ most: Int,
        isOptional: Bool,
        _ what: String
    ) throws(EPCBinaryError) -> [UInt8] {
        let start = reader.position
        let indicator = UInt8(try reader.read(3, what))
        guard let encoding = TextEncoding(rawValue: indicator) else {
            throw EPCBinaryError(bit: start, "the encoding indicator \(indicator) is reserved")
        }
        let length = try readLength(&reader, lengthBits, most, isOptional: isOptional, what)
        guard length > 0 || encoding == .number else {
            throw EPCBinaryError(bit: start, "an absent part has the encoding indicator 0")
        }
        return try encoding.read(length, &reader, what)
    }

    private static func readDelimited(
        _ reader: inout BitReader,
        _ what: String,
        to value: inout [UInt8]
    ) throws(EPCBinaryError) {
        while true {
            let start = reader.position
            let nibble = UInt8(try reader.read(4, what))
            switch nibble {
            case 0...9: value.append(nibble + 0x30)
            case 0xE:
                let text = try readText(&reader, 5, 30, isOptional: false, what)
                guard text.first?.isDigit == false else {
                    throw EPCBinaryError(bit: start, "\(what) has a digit behind the delimiter")
                }
                value += text
                return
            case 0xF: return
            default: throw EPCBinaryError(bit: start, "\(what) has four bits that are no digit")
            }
            guard value.count <= 30 else { throw EPCBinaryError(bit: start, "\(what) is longer than 30 characters") }
        }
    }
}
