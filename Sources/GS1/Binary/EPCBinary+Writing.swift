extension EPCBinary {
    /// The EPC of these elements in this scheme, written in the fewest bits.
    ///
    /// - Parameters:
    ///   - elements: the AIs of ``Scheme/applicationIdentifiers`` in that order, and behind them the date of a DSGTIN.
    ///     The (254) of a location may be absent.
    ///   - filter: the filter value, 0 to 7.
    ///   - companyPrefixLength: 6 to 12, needed exactly where ``Scheme/hasCompanyPrefix``; it is never guessed.
    ///   - hostname: needed exactly where ``Scheme/hasHostname``; it keeps its spelling.
    ///   - data: +AIDC data, allowed where ``Scheme/hasData``; the toggle bit is set when there are any.
    ///
    /// Throws ``EPCBinaryError`` where the scheme cannot hold a value, e.g. a serial with a leading zero in SGTIN-96.
    public init(
        scheme: Scheme,
        elements: [Element],
        filter: UInt8 = 0,
        companyPrefixLength: Int? = nil,
        hostname: String? = nil,
        data: [Element] = []
    ) throws(EPCBinaryError) {
        guard filter < 8 else { throw EPCBinaryError("a filter value is 0 to 7") }
        guard scheme.hasCompanyPrefix == (companyPrefixLength != nil) else {
            throw EPCBinaryError(
                scheme.hasCompanyPrefix
                    ? "\(scheme.name) needs the length of the GS1 company prefix, which the key does not tell"
                    : "\(scheme.name) has no place for the length of the GS1 company prefix"
            )
        }
        guard scheme.hasHostname == (hostname != nil) else {
            throw EPCBinaryError("\(scheme.name) \(scheme.hasHostname ? "needs a hostname" : "has no hostname")")
        }
        guard scheme.hasData || data.isEmpty else { throw EPCBinaryError("\(scheme.name) has no +AIDC data") }

        var bits = BitString()
        bits.append(UInt64(scheme.rawValue), bits: 8)
        if let partitioned = scheme.partitioned, let length = companyPrefixLength {
            try Self.check(key: elements, scheme, bit: nil)
            guard let urn = Identifier(elements: elements, form: .urn(companyPrefixLength: length))?.text else {
                throw EPCBinaryError("the key has no EPC URI with a GS1 company prefix of \(length) digits")
            }
            bits.append(UInt64(filter), bits: 3)
            try partitioned.write(urn: Array(urn.utf8), companyPrefixLength: length, to: &bits)
        } else if scheme.hasData {
            try Self.write(plus: scheme, elements, filter, hostname, data, to: &bits)
        } else {
            throw EPCBinaryError("a \(scheme.name) is made of three numbers, not of elements")
        }
        let content = Content(
            elements: elements,
            companyPrefixLength: companyPrefixLength,
            hostname: hostname,
            data: data
        )
        self.init(scheme: scheme, filter: filter, content, bits: bits)
    }

    /// The GID-96 of these numbers; throws where one is too large for its field.
    public init(_ identifier: GeneralIdentifier) throws(EPCBinaryError) {
        guard identifier.manager < 1 << 28, identifier.objectClass < 1 << 24, identifier.serial < 1 << 36 else {
            throw EPCBinaryError("a GID-96 has numbers below 2^28, 2^24 and 2^36")
        }
        var bits = BitString()
        bits.append(UInt64(Scheme.gid96.rawValue), bits: 8)
        bits.append(identifier.manager, bits: 28)
        bits.append(identifier.objectClass, bits: 24)
        bits.append(identifier.serial, bits: 36)
        self.init(scheme: .gid96, filter: 0, Content(generalIdentifier: identifier), bits: bits)
    }

    private static func write(
        plus scheme: Scheme,
        _ elements: [Element],
        _ filter: UInt8,
        _ hostname: String?,
        _ data: [Element],
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        bits.append(data.isEmpty ? 0 : 1, bits: 1)
        bits.append(UInt64(filter), bits: 3)
        var key = elements
        if scheme.hasDate {
            guard let date = key.popLast(), let indicator = prioritisedDates.firstIndex(of: date.ai),
                date.value.utf8.count == 6, date.value.utf8.allSatisfy({ $0.isDigit })
            else {
                throw EPCBinaryError("\(scheme.name) ends with a date: (11), (13), (15), (16), (17), (7006) or (7007)")
            }
            bits.append(UInt64(indicator), bits: 4)
            try CalendarBits.write(date: Array(date.value.utf8)[...], "the date", to: &bits)
        }
        try check(key: key, scheme, bit: nil)
        for element in key { try AIEncoding.write(element, to: &bits) }
        if key.count < scheme.applicationIdentifiers.count {
            try AIEncoding.write(Element(ai: 254, value: "0"), to: &bits)
        }
        if let hostname { try Hostname.write(hostname, to: &bits) }

        var seen = elements.map { $0.ai }
        for element in data {
            guard !seen.contains(element.ai) else { throw EPCBinaryError("(\(element.aiText)) occurs twice") }
            seen.append(element.ai)
            for digit in element.aiText.utf8 { bits.append(UInt64(digit &- 0x30), bits: 4) }
            try AIEncoding.write(element, to: &bits)
        }
    }

    /// How the last bits of an EPC are filled up with zeros.
    public enum Alignment: Int, Hashable, Sendable, CaseIterable {
        /// To one hexadecimal digit.
        case digit = 4
        /// To a byte.
        case byte = 8
        /// To a 16-bit word, as tags are written.
        case word = 16
    }

    /// The bits in capital hexadecimal digits.
    public func hexadecimal(alignedTo alignment: Alignment = .word) -> String {
        String(decoding: digits(.upperHex, alignedTo: alignment.rawValue), as: UTF8.self)
    }

    /// The bits as bytes, filled up with zeros to a byte or a 16-bit word.
    public func bytes(alignedTo alignment: Alignment = .word) -> [UInt8] {
        bits.bytes + (alignment == .word && bits.bytes.count % 2 == 1 ? [0] : [])
    }

    /// The bits in characters of 4 or 6 bits.
    func digits(_ encoding: TextEncoding, alignedTo alignment: Int) -> [UInt8] {
        let width = encoding.bits(ofCharacters: 1)
        let count = (bits.count + alignment - 1) / alignment * alignment
        var text: [UInt8] = []
        var position = 0
        while position < count {
            var code: UInt8 = 0
            for _ in 0..<width {
                code = code << 1 | UInt8(bits[position])
                position += 1
            }
            text.append(encoding.character(of: code) ?? 0)
        }
        return text
    }
}
