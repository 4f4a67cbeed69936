extension Identifier {
    /// What the path of a Digital Link URI means. Pairs of AI and value are read from the end of the path to the nearest
    /// primary key, since the stem may hold anything; query and fragment are not part of what is identified.
    static func readDigitalLink(_ text: String) -> (elements: [Element], form: Form)? {
        let bytes = text.utf8.span
        guard let path = pathStart(bytes) else { return nil }
        var end = path
        while end < bytes.count, bytes[end] != 0x3F, bytes[end] != 0x23 {
            guard ASCIISet.uri.contains(bytes[end]) else { return nil }
            end &+= 1
        }
        var elements: [Element] = []
        elements.reserveCapacity(2)
        var isKeyFound = false
        while !isKeyFound {
            guard elements.count < 4, let behindAI = bytes.lastIndex(of: 0x2F, in: path..<end),
                let beforeAI = bytes.lastIndex(of: 0x2F, in: path..<behindAI),
                let ai = applicationIdentifier(bytes, beforeAI + 1..<behindAI),
                let value = value(bytes, behindAI + 1..<end, ai)
            else { return nil }
            elements.insert(Element(ai: ai, value: value), at: 0)
            isKeyFound = isPrimaryKey(ai)
            end = beforeAI
        }
        guard isKey(elements) else { return nil }
        return (elements, .digitalLink(stem: String(Substring(text.utf8.prefix(end)))))
    }

    /// Where the path begins, behind `http://` or `https://` and a host that is not empty.
    private static func pathStart(_ text: Span<UInt8>) -> Int? {
        var position = 0
        guard
            text.skip("https://", &position) || text.skip("http://", &position)
                || text.skip("HTTPS://", &position) || text.skip("HTTP://", &position)
        else { return nil }
        let start = position
        while position < text.count, text[position] != 0x2F {
            guard ASCIISet.host.contains(text[position]) else { return nil }
            position &+= 1
        }
        return position > start ? position : nil
    }

    /// The value of one path segment without escapes; a GTIN of 8, 12 or 13 digits is filled up to 14.
    private static func value(_ text: Span<UInt8>, _ range: Range<Int>, _ ai: Int) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(range.count, 14))
        if ai == 1, range.count == 8 || range.count == 12 || range.count == 13 {
            for _ in range.count..<14 { bytes.append(0x30) }
        }
        guard bytes.append(text, range, unescapingNo: ASCIISet(low: 0, high: 0)) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The AI that a path segment names: two to four digits, or a short name of before version 1.3.
    private static func applicationIdentifier(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard (2...6).contains(range.count) else { return nil }
        if let ai = Element.applicationIdentifier(text, range) { return ai }
        for (name, ai) in shortNames where name.utf8.count == range.count {
            var position = range.lowerBound
            if text.skip(name, &position) { return ai }
        }
        return nil
    }

    /// Names of keys and qualifiers in Digital Link 1.0 to 1.2, which EPCIS documents of that time still have.
    private static var shortNames: [(String, Int)] {
        [
            ("gtin", 1), ("lot", 10), ("ser", 21), ("cpv", 22), ("sscc", 0), ("gln", 414), ("glnx", 254),
            ("party", 417),
            ("grai", 8003), ("giai", 8004), ("itip", 8006), ("cpid", 8010), ("cpsn", 8011), ("gdti", 253), ("gcn", 255),
            ("ginc", 401), ("gsin", 402), ("gsrn", 8018), ("gsrnp", 8017), ("srin", 8019), ("gmn", 8013),
            ("payTo", 415),
            ("refno", 8020),
        ]
    }

    /// The canonical Digital Link URI of a well-formed key behind this stem; nil where the stem cannot carry one.
    static func spellDigitalLink(_ elements: [Element], stem: String) -> [UInt8]? {
        let stemBytes = stem.utf8.span
        guard let path = pathStart(stemBytes) else { return nil }
        for position in path..<stemBytes.count {
            guard ASCIISet.uri.contains(stemBytes[position]) else { return nil }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stemBytes.count + 64)
        bytes.append(stemBytes, 0..<stemBytes.count)
        for element in elements {
            bytes.append(0x2F)
            bytes.append(applicationIdentifier: element.ai)
            bytes.append(0x2F)
            bytes.append(element.value.utf8.span, 0..<element.value.utf8.count, escaping: .escapedInDigitalLink)
        }
        return bytes
    }
}
