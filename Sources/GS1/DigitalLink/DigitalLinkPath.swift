/// The path of a Digital Link URI: what ``Identifier`` and ``DigitalLink`` read alike.
struct DigitalLinkPath {
    /// The key and its qualifiers, unchecked, in the order of the path.
    var elements: [Element] = []
    /// Where each value stands in the text.
    var places: [Range<Int>] = []
    /// Where the stem ends: in front of the slash before the key.
    var stemEnd = 0

    /// Reads pairs of AI and value from the end of the path to the nearest primary key, since the stem may hold anything.
    /// Throws ``GS1Error`` where there is none or an escape is broken.
    init(_ text: Span<UInt8>, _ path: Range<Int>, allowing leniency: DigitalLink.Leniency) throws(GS1Error) {
        elements.reserveCapacity(2)
        stemEnd = path.upperBound
        while true {
            guard let behindAI = text.lastIndex(of: 0x2F, in: path.lowerBound..<stemEnd),
                let beforeAI = text.lastIndex(of: 0x2F, in: path.lowerBound..<behindAI),
                let ai = Self.applicationIdentifier(text, beforeAI &+ 1..<behindAI, allowing: leniency)
            else { throw GS1Error(.noPrimaryKey, at: path.lowerBound, length: stemEnd &- path.lowerBound) }
            let range = behindAI &+ 1..<stemEnd
            elements.insert(Element(ai: ai, value: try Self.value(text, range, ai, allowing: leniency)), at: 0)
            places.insert(range, at: 0)
            stemEnd = beforeAI
            if Identifier.isPrimaryKey(ai) { return }
            // No key has more than three qualifiers.
            guard elements.count < 4 else { throw GS1Error(.qualifierOrder, at: beforeAI, length: 1) }
        }
    }

    /// Where the path begins, behind `http://` or `https://` and a host that is not empty.
    static func start(in text: Span<UInt8>) throws(GS1Error) -> Int {
        var position = 0
        guard
            text.skip("https://", &position) || text.skip("http://", &position)
                || text.skip("HTTPS://", &position) || text.skip("HTTP://", &position)
        else { throw GS1Error(.uriScheme, length: Swift.min(text.count, 8)) }
        let start = position
        while position < text.count, text[position] != 0x2F {
            guard ASCIISet.host.contains(text[position]) else { throw GS1Error(.uriHost, at: position, length: 1) }
            position &+= 1
        }
        guard position > start else { throw GS1Error(.uriHost, at: start) }
        return position
    }

    /// One value without escapes; in a query `+` stands for a space. Where allowed, a GTIN of 8, 12 or 13 digits is filled
    /// up to 14.
    static func value(
        _ text: Span<UInt8>,
        _ range: Range<Int>,
        _ ai: Int,
        isQuery: Bool = false,
        allowing leniency: DigitalLink.Leniency
    ) throws(GS1Error) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(range.count, 14))
        if ai == 1, leniency.contains(.shortGTINs), range.count == 8 || range.count == 12 || range.count == 13 {
            for _ in range.count..<14 { bytes.append(0x30) }
        }
        guard bytes.append(text, range, unescapingNo: ASCIISet(low: 0, high: 0), isQuery: isQuery) else {
            throw GS1Error(.wrongEscape, ai: ai, at: range.lowerBound, length: range.count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The AI that a path segment names: two to four digits or, where allowed, a short name of before version 1.3.
    private static func applicationIdentifier(
        _ text: Span<UInt8>,
        _ range: Range<Int>,
        allowing leniency: DigitalLink.Leniency
    ) -> Int? {
        guard (2...5).contains(range.count) else { return nil }
        if let ai = Element.applicationIdentifier(text, range) { return ai }
        guard leniency.contains(.shortNames) else { return nil }
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
            ("party", 417), ("grai", 8003), ("giai", 8004), ("itip", 8006), ("cpid", 8010), ("cpsn", 8011),
            ("gdti", 253),
            ("gcn", 255), ("ginc", 401), ("gsin", 402), ("gsrn", 8018), ("gsrnp", 8017), ("srin", 8019), ("gmn", 8013),
            ("payTo", 415), ("refno", 8020),
        ]
    }
}
