extension PartitionedScheme {
    /// Reads what stands behind the filter as the text of an EPC URI.
    func read(_ reader: inout BitReader) throws(EPCBinaryError) -> (urn: [UInt8], companyPrefixLength: Int) {
        var urn = Array("urn:epc:id:".utf8)
        urn += name.utf8
        urn.append(0x3A)
        let start = reader.position
        let partition = Int(try reader.read(3, "the partition value"))
        guard let prefixBits = Self.companyPrefixBits(partition: partition) else {
            throw EPCBinaryError(bit: start, "the partition value 7 is reserved")
        }
        urn += try reader.readDecimal(prefixBits, digits: 12 - partition, "the company prefix")
        urn.append(0x2E)

        let width = bits - prefixBits
        switch reference {
        case .digits(let more):
            urn += try reader.readDecimal(width, digits: partition + more, "the reference")
        case .number(let most):
            urn += try reader.readNumber(width, digits: partition + most, "the reference")
        case .text(let most):
            urn += try reader.readText(width, atMost: partition + most, "the reference")
        case .sixBitText(let most):
            urn += try reader.readSixBitText(atMost: partition + most)
        }
        for field in fields { try Self.read(field, &reader, to: &urn) }
        return (urn, 12 - partition)
    }

    private static func read(
        _ field: Field,
        _ reader: inout BitReader,
        to urn: inout [UInt8]
    ) throws(EPCBinaryError) {
        switch field {
        case .number(let bits, let digits):
            urn.append(0x2E)
            urn += try reader.readNumber(bits, digits: digits, "the serial number")
        case .digits(let bits, let digits):
            let start = reader.position
            let number = try reader.readNumber(bits, digits: digits + 1, "the serial number")
            guard number.count > 1, number.first == 0x31 else {
                throw EPCBinaryError(bit: start, "the serial number does not stand behind a digit 1")
            }
            urn.append(0x2E)
            urn += number.dropFirst()
        case .pair:
            urn.append(0x2E)
            urn += try reader.readDecimal(7, digits: 2, "the number of a piece or of pieces")
        case .text(let bits):
            urn.append(0x2E)
            urn += try reader.readText(bits, atMost: bits / 7, "the serial number")
        case .reserved(let bits):
            let start = reader.position
            guard try reader.read(bits, "the reserved field") == 0 else {
                throw EPCBinaryError(bit: start, "the reserved field is not zero")
            }
        }
    }
}

extension BitReader {
    /// A number without leading zeros.
    mutating func readNumber(_ count: Int, digits: Int, _ what: String) throws(EPCBinaryError) -> [UInt8] {
        let number = try readDecimal(count, digits: digits, what)
        let significant = number.drop { $0 == 0x30 }
        return significant.isEmpty ? [0x30] : Array(significant)
    }

    /// 7-bit characters of set 82 up to a zero or the end of the field, escaped as in an EPC URI (TDS 14.3.2).
    mutating func readText(_ count: Int, atMost most: Int, _ what: String) throws(EPCBinaryError) -> [UInt8] {
        let end = position + count
        var text: [UInt8] = []
        var length = 0
        while end - position >= 7 {
            let start = position
            let character = UInt8(truncatingIfNeeded: try read(7, what))
            if character == 0 { break }
            guard ASCIISet.cset82.contains(character) else {
                throw EPCBinaryError(bit: start, "\(what) has a character that is not in set 82")
            }
            guard length < most else { throw EPCBinaryError(bit: start, "\(what) is longer than \(most) characters") }
            text.append([character].span, 0..<1, escaping: .escapedInURN)
            length &+= 1
        }
        guard length > 0 else { throw EPCBinaryError(bit: end - count, "\(what) is empty") }
        try skipZeros(to: end, what)
        return text
    }

    /// 6-bit characters of set 39 up to a zero, escaped as in an EPC URI (TDS 14.3.7).
    mutating func readSixBitText(atMost most: Int) throws(EPCBinaryError) -> [UInt8] {
        var text: [UInt8] = []
        var length = 0
        while true {
            let start = position
            let code = UInt8(truncatingIfNeeded: try read(6, "the part number"))
            if code == 0 {
                guard length > 0 else { throw EPCBinaryError(bit: start, "the part number is empty") }
                return text
            }
            let character = code < 0x20 ? code | 0x40 : code
            guard ASCIISet.cset39.contains(character) else {
                throw EPCBinaryError(bit: start, "the part number has a character that is not in set 39")
            }
            guard length < most else {
                throw EPCBinaryError(bit: start, "the part number is longer than \(most) characters")
            }
            text.append([character].span, 0..<1, escaping: .escapedInURN)
            length &+= 1
        }
    }

    /// Moves to `end` over zeros.
    mutating func skipZeros(to end: Int, _ what: String) throws(EPCBinaryError) {
        while position < end {
            let start = position
            guard try read(1, what) == 0 else {
                throw EPCBinaryError(bit: start, "there is a 1 in the padding behind \(what)")
            }
        }
    }
}
