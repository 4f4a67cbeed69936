extension EPCBinary {
    /// The AIs of the date of a DSGTIN by their indicator (TDS 14.5.3).
    static let prioritisedDates = [11, 13, 15, 16, 17, 7006, 7007]

    /// Reads a `+` or `++` scheme from behind the header to the last bit that is not padding (TDS 14.6, 15.3).
    static func read(
        plus scheme: Scheme,
        _ reader: inout BitReader,
        _ content: inout Content
    ) throws(EPCBinaryError) -> UInt64 {
        let toggle = reader.position
        let hasData = try reader.read(1, "the +AIDC data toggle bit") == 1
        let filter = try reader.read(3, "the filter value")
        var date: Element?
        if scheme.hasDate {
            let start = reader.position
            let indicator = Int(try reader.read(4, "the date type indicator"))
            guard indicator < prioritisedDates.count else {
                throw EPCBinaryError(bit: start, "the date type indicator \(indicator) is reserved")
            }
            let digits = try CalendarBits.readDate(&reader, "the date")
            date = Element(ai: prioritisedDates[indicator], value: String(decoding: digits, as: UTF8.self))
        }
        let start = reader.position
        for ai in scheme.applicationIdentifiers {
            let element = try AIEncoding.read(ai: ai, &reader)
            guard !element.isNoExtension else { continue }
            content.elements.append(element)
        }
        try check(key: content.elements, scheme, bit: start)
        if let date { content.elements.append(date) }
        if scheme.hasHostname { content.hostname = try Hostname.read(&reader) }
        if hasData {
            try readData(&reader, &content)
            guard !content.data.isEmpty else {
                throw EPCBinaryError(bit: toggle, "the toggle bit announces +AIDC data, but none follow")
            }
        }
        return filter
    }

    /// Reads +AIDC data until only padding is left.
    private static func readData(_ reader: inout BitReader, _ content: inout Content) throws(EPCBinaryError) {
        // An SSCC, the only element that begins with eight zeros, is longer than any padding.
        while reader.rest > mostPadding || reader.firstSetBit != nil {
            let start = reader.position
            let ai = try readApplicationIdentifier(&reader)
            let element = try AIEncoding.read(ai: ai, &reader)
            guard !content.elements.contains(where: { $0.ai == ai }), !content.data.contains(where: { $0.ai == ai })
            else { throw EPCBinaryError(bit: start, "(\(element.aiText)) occurs twice") }
            content.data.append(element)
        }
    }

    private static func readApplicationIdentifier(_ reader: inout BitReader) throws(EPCBinaryError) -> Int {
        let start = reader.position
        let what = "the header of the +AIDC data"
        var ai = 0
        var digits = 2
        var position = 0
        while position < digits {
            let digit = Int(try reader.read(4, what))
            guard digit < 10 else { throw EPCBinaryError(bit: start, "\(what) is reserved") }
            ai = ai * 10 + digit
            position += 1
            guard position == 2 else { continue }
            guard let length = AIEncoding.digits(ofAIBeginningWith: ai) else {
                throw EPCBinaryError(bit: start, "\(what) begins no application identifier")
            }
            digits = length
        }
        return ai
    }

    /// Throws unless these elements are the key of the scheme, with what makes an EPC of it.
    static func check(key elements: [Element], _ scheme: Scheme, bit: Int?) throws(EPCBinaryError) {
        let expected = scheme.applicationIdentifiers
        var ais = elements.map { $0.ai }
        // A location without extension is written with the extension 0 (TDS 6.3.3).
        if ais.count == 1, expected == [414, 254] { ais.append(254) }
        guard ais == expected, !elements.contains(where: { $0.isNoExtension }) else {
            let names = expected.map { "(\(Element(ai: $0, value: "").aiText))" }
            throw EPCBinaryError(bit: bit, "\(scheme.name) takes the elements \(names.joined(separator: " "))")
        }
        guard Identifier(elements: elements, form: .digitalLink(stem: "https://id.gs1.org")) != nil else {
            throw EPCBinaryError(bit: bit, "the elements make no GS1 key: a length, character or check digit is wrong")
        }
        let width =
            switch expected[0] {
            case 253, 255: 13
            case 8003: 14
            default: 0
            }
        guard elements[0].value.utf8.count > width else {
            throw EPCBinaryError(bit: bit, "an EPC needs the serial number of the (\(elements[0].aiText))")
        }
    }
}

extension Element {
    /// Whether this is the extension of a location that has none (TDS 6.3.3).
    fileprivate var isNoExtension: Bool { ai == 254 && value.utf8.elementsEqual(CollectionOfOne(0x30)) }
}
