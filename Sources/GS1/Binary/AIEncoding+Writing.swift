extension AIEncoding {
    /// Adds the value of an element, in the fewest bits (TDS 15.3).
    static func write(_ element: Element, to bits: inout BitString) throws(EPCBinaryError) {
        let what = "(\(element.aiText))"
        guard let parts = parts(ofAI: element.ai) else {
            throw EPCBinaryError("\(what) has no encoding in the Tag Data Standard")
        }
        guard ElementString([element]) != nil else {
            throw EPCBinaryError("\(what) has a wrong length, character or check digit: \(element.value)")
        }
        var rest = Array(element.value.utf8)[...]
        try parts.first.write(&rest, isOptional: false, what, to: &bits)
        if let second = parts.second {
            try second.write(&rest, isOptional: parts.isSecondOptional, what, to: &bits)
        }
        guard rest.isEmpty else { throw EPCBinaryError("\(what) is longer than its encoding allows") }
    }

    private func write(
        _ rest: inout ArraySlice<UInt8>,
        isOptional: Bool,
        _ what: String,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        switch self {
        case .nibbles(let count):
            for digit in try Self.take(count, &rest, what) { bits.append(UInt64(digit - 0x30), bits: 4) }
        case .integer(let digits, let width):
            guard bits.append(decimal: try Self.take(digits, &rest, what), bits: width) else {
                throw EPCBinaryError("\(what) is too large")
            }
        case .text(let lengthBits, let most):
            try Self.writeText(&rest, lengthBits, most, isOptional: isOptional, what, to: &bits)
        case .digits(let lengthBits, let most):
            guard rest.count <= most, isOptional || !rest.isEmpty else {
                throw EPCBinaryError("\(what) is not of 1 to \(most) digits")
            }
            bits.append(UInt64(rest.count), bits: lengthBits)
            let digits = try Self.take(rest.count, &rest, what)
            _ = bits.append(decimal: digits, bits: TextEncoding.bits(ofDigits: digits.count))
        case .delimited:
            let digits = rest.prefix(while: { $0.isDigit })
            for digit in digits { bits.append(UInt64(digit - 0x30), bits: 4) }
            rest = rest.dropFirst(digits.count)
            bits.append(rest.isEmpty ? 0xF : 0xE, bits: 4)
            if !rest.isEmpty { try Self.writeText(&rest, 5, 30, isOptional: false, what, to: &bits) }
        case .bit:
            guard let digit = try Self.take(1, &rest, what).first, digit < 0x32 else {
                throw EPCBinaryError("\(what) is neither 0 nor 1")
            }
            bits.append(UInt64(digit - 0x30), bits: 1)
        case .country:
            let letters = rest.prefix(2)
            guard letters.count == 2, letters.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw EPCBinaryError("\(what) is not of two capitals")
            }
            for letter in letters { bits.append(UInt64(letter - 0x41), bits: 6) }
            rest = rest.dropFirst(2)
        case .minus:
            bits.append(rest.first == 0x2D ? 1 : 0, bits: 1)
            if rest.first == 0x2D { rest = rest.dropFirst() }
        case .sequence:
            guard let number = try Self.take(1, &rest, what).first, rest.first == 0x2F else {
                throw EPCBinaryError("\(what) is not written n/m")
            }
            rest = rest.dropFirst()
            bits.append(UInt64(number - 0x30), bits: 4)
            for digit in try Self.take(1, &rest, what) { bits.append(UInt64(digit - 0x30), bits: 4) }
        case .date, .dateTime, .dates, .time: try writeTime(&rest, what, to: &bits)
        }
    }

    private func writeTime(
        _ rest: inout ArraySlice<UInt8>,
        _ what: String,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        let count = rest.count
        let digits = try Self.take(count, &rest, what)
        switch (self, count) {
        case (.date, 6), (.dateTime, 10): break
        case (.dates, 6), (.dates, 12): bits.append(count == 6 ? 0 : 1, bits: 1)
        case (.time(let precisions), 6), (.time(let precisions), 8), (.time(let precisions), 10),
            (.time(let precisions), 12):
            let precision = count == 6 ? 3 : (count - 8) / 2
            guard precisions >> UInt8(precision) & 1 == 1 else {
                throw EPCBinaryError("\(what) cannot have this precision of time")
            }
            bits.append(UInt64(precision), bits: 2)
        default: throw EPCBinaryError("\(what) is no date or time of the right length")
        }
        try CalendarBits.write(date: digits.prefix(6), what, to: &bits)
        if case .dates = self {
            if count == 12 { try CalendarBits.write(date: digits.dropFirst(6), what, to: &bits) }
        } else {
            try CalendarBits.write(time: digits.dropFirst(6), what, to: &bits)
        }
    }

    private static func writeText(
        _ rest: inout ArraySlice<UInt8>,
        _ lengthBits: Int,
        _ most: Int,
        isOptional: Bool,
        _ what: String,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        guard rest.count <= most, isOptional || !rest.isEmpty, let encoding = TextEncoding.shortest(for: rest) else {
            throw EPCBinaryError("\(what) is not of 1 to \(most) characters of a GS1 set")
        }
        bits.append(UInt64(encoding.rawValue), bits: 3)
        bits.append(UInt64(rest.count), bits: lengthBits)
        encoding.write(rest, to: &bits)
        rest = []
    }

    private static func take(
        _ count: Int,
        _ rest: inout ArraySlice<UInt8>,
        _ what: String
    ) throws(EPCBinaryError) -> ArraySlice<UInt8> {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ $0.isDigit }) else {
            throw EPCBinaryError("\(what) does not have the digits that its encoding needs")
        }
        rest = rest.dropFirst(count)
        return digits
    }
}
