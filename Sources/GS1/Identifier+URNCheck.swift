extension Identifier {
    /// Throws unless the text is the EPC URI of a GS1 key, right in every respect: pure identities, lots and the patterns of a
    /// class (EPC TDS 2.3 sections 6.3, 7 and 8).
    ///
    ///     try Identifier.checkURN("urn:epc:id:sgtin:95060.00013435.1")
    ///     // the company prefix is not 6 to 12 digits long: it has 5 (character 18)
    ///
    /// Asks more than ``init(_:)``, which takes what a value of the key may look like, and not e.g. the third of two pieces.
    /// Throws ``GS1Error`` with its place in the text.
    public static func checkURN(_ text: String) throws(GS1Error) {
        var reader = EPCURNReader(text)
        try reader.check()
    }
}

/// Reads an EPC URI part by part to say what is wrong with it; ``Identifier/init(_:)`` reads faster and says nothing.
private struct EPCURNReader {
    private let text: [UInt8]
    private var position = 0
    private var scheme = EPCScheme.sgtin
    private var isPattern = false
    private var key = LocatedValue()

    init(_ text: String) { self.text = Array(text.utf8) }

    mutating func check() throws(GS1Error) {
        try readHead()
        let parts = try parts()
        try readCompanyPrefix(parts[0])
        try readReference(parts[1], behind: parts[0].count)
        if scheme == .itip {
            try readPair(parts[2])
            try readPair(parts[3])
        }
        guard let tail = parts.last, scheme.tail != .none else { return try key.check(ai: scheme.key) }
        if isPattern {
            guard tail.count == 1, text[tail.lowerBound] == 0x2A else {
                throw GS1Error(.patternWithoutStar, at: tail.lowerBound, length: tail.count)
            }
            return try key.check(ai: scheme.key)
        }
        try readTail(tail)
    }

    /// `urn:epc:`, the kind and the scheme.
    private mutating func readHead() throws(GS1Error) {
        var start = 0
        guard text.span.skip("urn:epc:", &start) else { throw GS1Error(.notAnEPCURI, length: min(8, text.count)) }
        let kind = start..<text.span.firstIndex(of: 0x3A, in: start..<text.count)
        isPattern = text.span.skip("idpat:", &start)
        let isClass = !isPattern && text.span.skip("class:", &start)
        guard isPattern || isClass || text.span.skip("id:", &start) else {
            throw GS1Error(.unknownEPCKind, at: kind.lowerBound, length: kind.count)
        }
        let name = start..<text.span.firstIndex(of: 0x3A, in: start..<text.count)
        let found = try Self.scheme(text.span.extracting(name), at: start)
        guard isClass == (found == .lgtin), !isPattern || found.hasPattern else {
            let right = "\(found.name) stands behind urn:epc:\(found.kind)"
            throw GS1Error(.wrongEPCKind, at: kind.lowerBound, length: kind.count, right)
        }
        scheme = found
        position = min(name.upperBound + 1, text.count)
    }

    private static func scheme(_ name: Span<UInt8>, at start: Int) throws(GS1Error) -> EPCScheme {
        for scheme in EPCScheme.allCases where scheme.name.utf8.span.isEqual(to: name) { return scheme }
        // The other schemes of EPC TDS 6.3: general identifiers, military, aviation, containers, ships.
        for other in ["gid", "usdod", "adi", "bic", "imovn"] where other.utf8.span.isEqual(to: name) {
            throw GS1Error(.notAGS1Scheme, at: start, length: name.count)
        }
        throw GS1Error(.unknownEPCScheme, at: start, length: name.count)
    }

    /// What stands between the points; the last part keeps its own points where it is text.
    private func parts() throws(GS1Error) -> [Range<Int>] {
        let count = (scheme == .itip ? 4 : 2) + (scheme.tail == .none ? 0 : 1)
        let isText = scheme.referenceDigits == 0 || scheme.tail != .none
        var parts: [Range<Int>] = []
        var start = position
        while start <= text.count {
            let isLast = isText && parts.count == count - 1
            let end = isLast ? text.count : text.span.firstIndex(of: 0x2E, in: start..<text.count)
            parts.append(start..<end)
            start = end + 1
        }
        guard parts.count == count else {
            let place = parts.count > count ? parts[count].lowerBound - 1 : text.count
            let detail = "\(parts.count) between points where \(scheme.name) has \(count)"
            throw GS1Error(.epcPartCount, at: place, length: text.count - place, detail)
        }
        return parts
    }

    private mutating func readCompanyPrefix(_ part: Range<Int>) throws(GS1Error) {
        try checkDigits(part)
        guard (6...12).contains(part.count) else {
            throw GS1Error(.companyPrefixLength, at: part.lowerBound, length: part.count, "it has \(part.count)")
        }
        if scheme == .grai { key.append(0x30, at: part.lowerBound..<part.lowerBound) }
        if !scheme.hasIndicator { key.append(text, part) }
    }

    private mutating func readReference(_ part: Range<Int>, behind prefix: Int) throws(GS1Error) {
        guard scheme.referenceDigits > 0 else {
            guard !part.isEmpty else { throw GS1Error(.emptyValue, ai: scheme.key, at: part.lowerBound) }
            return try key.append(text, unescaping: part, ai: scheme.key)
        }
        try checkDigits(part)
        let wanted = scheme.referenceDigits - prefix
        guard part.count == wanted else {
            let detail = "\(part.count) digits behind \(prefix) of the company prefix, where \(wanted) are needed"
            throw GS1Error(.epcReferenceLength, ai: scheme.key, at: part.lowerBound, length: part.count, detail)
        }
        if scheme.hasIndicator {
            key.append(text, part.lowerBound..<part.lowerBound + 1)
            key.append(text, part.lowerBound - 1 - prefix..<part.lowerBound - 1)
            key.append(text, part.lowerBound + 1..<part.upperBound)
        } else {
            key.append(text, part)
        }
        if let digit = CheckDigit.mod10(key.bytes) { key.append(digit, at: part.upperBound..<part.upperBound) }
    }

    /// The number of a piece, or of all pieces.
    private mutating func readPair(_ part: Range<Int>) throws(GS1Error) {
        try checkDigits(part)
        guard part.count == 2 else {
            let detail = "\(part.count) digits for a piece, where 2 are needed"
            throw GS1Error(.epcReferenceLength, ai: scheme.key, at: part.lowerBound, length: part.count, detail)
        }
        key.append(text, part)
    }

    /// The serial, lot or extension.
    private mutating func readTail(_ part: Range<Int>) throws(GS1Error) {
        var ai = scheme.key
        if case .qualifier(let own) = scheme.tail { ai = own }
        guard !part.isEmpty else { throw GS1Error(.emptyValue, ai: ai, at: part.lowerBound) }
        guard ai != scheme.key else {
            try key.append(text, unescaping: part, ai: ai)
            return try key.check(ai: ai)
        }
        try key.check(ai: scheme.key)
        var value = LocatedValue()
        try value.append(text, unescaping: part, ai: ai)
        try value.check(ai: ai)
    }

    private func checkDigits(_ part: Range<Int>) throws(GS1Error) {
        for place in part where !text[place].isDigit { throw GS1Error(.nonDigitCharacter, at: place, length: 1) }
    }
}

/// A value that is put together from parts of a text, with the place of each of its bytes there.
private struct LocatedValue {
    private(set) var bytes: [UInt8] = []
    private var places: [Range<Int>] = []
    private var end = 0

    mutating func append(_ byte: UInt8, at place: Range<Int>) {
        bytes.append(byte)
        places.append(place)
        end = place.upperBound
    }

    mutating func append(_ text: [UInt8], _ part: Range<Int>) {
        for place in part { append(text[place], at: place..<place + 1) }
    }

    /// Adds a part with its percent escapes decoded (EPC TDS 6.3 and Annex A).
    mutating func append(_ text: [UInt8], unescaping part: Range<Int>, ai: Int) throws(GS1Error) {
        var start = part.lowerBound
        while start < part.upperBound {
            let place = start..<(text[start] == 0x25 ? min(start + 3, part.upperBound) : start + 1)
            var decoded: [UInt8] = []
            guard decoded.append(text.span, place, unescapingNo: .escapedInURN), let byte = decoded.first else {
                let isBare = text[start] != 0x25
                throw GS1Error(isBare ? .mustBeEscaped : .wrongEscape, ai: ai, at: start, length: place.count)
            }
            append(byte, at: place)
            start = place.upperBound
        }
    }

    /// Throws what is wrong with the value, with its place in the text.
    func check(ai: Int) throws(GS1Error) {
        do throws(GS1Error) { try Element(ai: ai, value: String(decoding: bytes, as: UTF8.self)).check() } catch {
            let last = min(error.position + error.length, places.count) - 1
            let start = error.position < places.count ? places[error.position].lowerBound : end
            let stop = error.length > 0 && last >= 0 ? places[last].upperBound : start
            throw GS1Error(error.code, ai: error.ai, at: start, length: max(0, stop - start), error.detail)
        }
    }
}
