extension PartitionedScheme {
    /// Adds partition value and fields for an EPC URI of this scheme.
    func write(urn: [UInt8], companyPrefixLength: Int, to bits: inout BitString) throws(EPCBinaryError) {
        // "urn:epc:id:" and the name and a colon.
        var parts = urn.dropFirst(12 + name.utf8.count)
        let partition = 12 - companyPrefixLength
        guard let prefixBits = Self.companyPrefixBits(partition: partition) else {
            throw EPCBinaryError("a GS1 company prefix has 6 to 12 digits")
        }
        bits.append(UInt64(partition), bits: 3)
        try Self.append(number: Self.take(&parts), bits: prefixBits, "the company prefix", to: &bits)

        let width = self.bits - prefixBits
        // A dot may stand in the last part only, where it is text.
        let isLast = fields.allSatisfy { if case .reserved = $0 { true } else { false } }
        let value = isLast ? parts : Self.take(&parts)
        switch reference {
        case .digits:
            try Self.append(number: value, bits: width, "the reference", to: &bits)
        case .number(let most):
            try Self.append(
                plainNumber: value,
                bits: width,
                digits: partition + most,
                "the reference",
                to: &bits
            )
        case .text(let most):
            try Self.append(text: value, bits: width, atMost: partition + most, "the reference", to: &bits)
        case .sixBitText(let most):
            let characters = Self.unescaped(value)
            guard characters.count <= partition + most else {
                throw EPCBinaryError("the part number has more than \(partition + most) characters")
            }
            for character in characters { bits.append(UInt64(character), bits: 6) }
            bits.append(0, bits: 6)
        }
        for (index, field) in fields.enumerated() {
            try Self.write(field, index == fields.count - 1 ? parts : Self.take(&parts), to: &bits)
        }
    }

    private static func write(
        _ field: Field,
        _ value: ArraySlice<UInt8>,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        switch field {
        case .number(let width, let digits):
            try append(plainNumber: value, bits: width, digits: digits, "the serial number", to: &bits)
        case .digits(let width, let digits):
            guard value.count <= digits, value.allSatisfy({ $0.isDigit }) else {
                throw EPCBinaryError("the serial number is not of at most \(digits) digits")
            }
            try append(number: [0x31] + value, bits: width, "the serial number", to: &bits)
        case .pair:
            try append(number: value, bits: 7, "the number of a piece or of pieces", to: &bits)
        case .text(let width):
            try append(text: value, bits: width, atMost: width / 7, "the serial number", to: &bits)
        case .reserved(let width):
            bits.append(0, bits: width)
        }
    }

    /// What stands before the next dot, which is dropped.
    private static func take(_ parts: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let part = parts.prefix { $0 != 0x2E }
        parts = parts.dropFirst(part.count + 1)
        return part
    }

    private static func append(
        number: ArraySlice<UInt8>,
        bits width: Int,
        _ what: String,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        guard number.allSatisfy({ $0.isDigit }), bits.append(decimal: number, bits: width) else {
            throw EPCBinaryError("\(what) is no number below 2^\(width)")
        }
    }

    private static func append(
        plainNumber number: ArraySlice<UInt8>,
        bits width: Int,
        digits: Int,
        _ what: String,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        guard number.first != 0x30 || number.count == 1 else {
            throw EPCBinaryError("\(what) has a leading zero, which this scheme cannot keep; use one that writes text")
        }
        guard !number.isEmpty, number.count <= digits else {
            throw EPCBinaryError("\(what) is not of 1 to \(digits) digits")
        }
        try append(number: number, bits: width, what, to: &bits)
    }

    private static func append(
        text: ArraySlice<UInt8>,
        bits width: Int,
        atMost most: Int,
        _ what: String,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        let characters = unescaped(text)
        guard characters.count <= most else { throw EPCBinaryError("\(what) has more than \(most) characters") }
        for character in characters { bits.append(UInt64(character), bits: 7) }
        bits.append(0, bits: width - 7 * characters.count)
    }

    /// The characters of a part of an EPC URI that we wrote ourselves.
    private static func unescaped(_ part: ArraySlice<UInt8>) -> [UInt8] {
        let text = Array(part)
        var characters: [UInt8] = []
        _ = characters.append(text.span, 0..<text.count, unescapingNo: ASCIISet(low: 0, high: 0))
        return characters
    }
}
