extension EPCBinary {
    /// The EPC that these bytes hold: from the header to the end, filled up with zeros to a byte or to a 16-bit word.
    ///
    /// Throws ``EPCBinaryError`` with the bit and the reason for a reserved header or partition value, a value out of
    /// its range, a wrong check digit, padding that is not zero, bits missing and bits behind the end.
    public init(bytes: [UInt8]) throws(EPCBinaryError) {
        try self.init(BitString(bytes: bytes), unit: 8)
    }

    /// As ``init(bytes:)`` from hexadecimal digits of either case; the last zeros may also fill up to one digit only.
    public init(hexadecimal text: String) throws(EPCBinaryError) {
        try self.init(try Self.bits(hexadecimal: text.utf8, allowsCapitals: true), unit: 4)
    }

    /// More than the longest EPC with all +AIDC data that 8-kilobit tags can hold.
    static let mostBytes = 1024

    static func bits(
        hexadecimal text: some Collection<UInt8>,
        allowsCapitals: Bool
    ) throws(EPCBinaryError) -> BitString {
        var bits = BitString()
        guard text.count <= 2 * mostBytes else { throw EPCBinaryError("the text is too long for an EPC") }
        for character in text {
            let encoding: TextEncoding = allowsCapitals && character < 0x60 ? .upperHex : .lowerHex
            guard let nibble = encoding.code(of: character) else {
                throw EPCBinaryError(
                    bit: bits.count,
                    "this is no hexadecimal digit" + (allowsCapitals ? "" : " in lower case")
                )
            }
            bits.append(UInt64(nibble), bits: 4)
        }
        return bits
    }

    /// Reads an EPC whose padding fills up the last `unit` bits, perhaps after those of a byte or a word.
    init(_ padded: BitString, unit: Int) throws(EPCBinaryError) {
        guard padded.count <= 8 * Self.mostBytes else { throw EPCBinaryError("there is more than any tag holds") }
        var reader = BitReader(padded)
        let header = UInt8(try reader.read(8, "the header"))
        guard let scheme = Scheme(rawValue: header) else {
            throw EPCBinaryError(bit: 0, Self.reason(unknownHeader: header))
        }
        var content = Content()
        var filter: UInt64 = 0
        if scheme == .gid96 {
            content.generalIdentifier = GeneralIdentifier(
                manager: try reader.read(28, "the general manager number"),
                objectClass: try reader.read(24, "the object class"),
                serial: try reader.read(36, "the serial number")
            )
        } else if let partitioned = scheme.partitioned {
            filter = try reader.read(3, "the filter value")
            let (urn, length) = try partitioned.read(&reader)
            let identifier = Identifier(String(decoding: urn, as: UTF8.self))
            guard !identifier.elements.isEmpty else {
                throw EPCBinaryError(bit: 11, "the fields make no GS1 key: \(identifier.text)")
            }
            content.elements = identifier.elements
            content.companyPrefixLength = length
        } else {
            filter = try Self.read(plus: scheme, &reader, &content)
        }
        try Self.checkPadding(reader, unit)
        self.init(scheme: scheme, filter: UInt8(filter), content, bits: padded.withoutZeros(from: reader.position))
    }

    /// The longest padding: to a 16-bit word, then to a unit.
    static let mostPadding = 20

    private static func checkPadding(_ reader: BitReader, _ unit: Int) throws(EPCBinaryError) {
        if let bit = reader.firstSetBit {
            throw EPCBinaryError(
                bit: bit,
                "the EPC ends before bit \(reader.position), and what follows is neither padding nor announced"
            )
        }
        let count = reader.position
        let fill = { (size: Int, count: Int) in (count + size - 1) / size * size }
        let allowed = [fill(unit, count), fill(unit, fill(8, count)), fill(unit, fill(16, count))]
        guard allowed.contains(reader.bits.count) else {
            throw EPCBinaryError(
                bit: count,
                "\(reader.rest) zeros follow the EPC, which fill up neither a byte nor a 16-bit word"
            )
        }
    }

    private static func reason(unknownHeader header: UInt8) -> String {
        switch header {
        case 0x00: "the header 00 says that the tag is not programmed"
        case 0x2F: "the header 2F is USDOD-96, which has no GS1 identifier"
        case 0x3B: "the header 3B is ADI-var, which has no GS1 identifier"
        case 0xE2: "the header E2 belongs to a tag identifier (TID), not to an EPC"
        default: "this header is reserved by the Tag Data Standard"
        }
    }
}
