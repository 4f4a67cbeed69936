extension DigitalLink {
    /// The Digital Link that a URI is, every value checked, the order of the qualifiers, and that every numeric key of the
    /// query is an attribute. What AIs may stand together is asked of ``ElementString/associationErrors``.
    ///
    /// Throws ``GS1Error`` with its place in the text.
    public init(parsing text: String, allowing leniency: Leniency = []) throws(GS1Error) {
        let bytes = text.utf8.span
        let start = try DigitalLinkPath.start(in: bytes)
        let hash = bytes.firstIndex(of: 0x23, in: start..<bytes.count)
        let mark = bytes.firstIndex(of: 0x3F, in: start..<hash)
        for position in start..<bytes.count where position != hash && !ASCIISet.query.contains(bytes[position]) {
            throw GS1Error(.uriCharacter, at: position, length: 1)
        }
        guard start < mark else { throw GS1Error(.uriHost, at: start) }

        let read = try DigitalLinkPath(bytes, start..<mark, allowing: leniency)
        try Self.check(read, bytes)
        var query = Query(key: read.elements)
        var position = mark &+ 1
        while position < hash {
            let end = bytes.firstIndex(of: 0x26, in: position..<hash)
            try query.read(bytes, position..<end, allowing: leniency)
            position = end &+ 1
        }
        self.init(
            unchecked: String(decoding: Array(text.utf8.prefix(read.stemEnd)), as: UTF8.self),
            read.elements,
            query.attributes,
            query.parameters,
            hash < bytes.count ? String(decoding: Array(text.utf8.dropFirst(hash &+ 1)), as: UTF8.self) : nil
        )
    }

    private static func check(_ read: DigitalLinkPath, _ text: Span<UInt8>) throws(GS1Error) {
        for (element, place) in zip(read.elements, read.places) {
            guard !place.isEmpty else { throw GS1Error(.emptyValue, ai: element.ai, at: place.lowerBound) }
            try check(element, at: place)
        }
        guard let key = read.elements.first, let entry = DictionaryEntry.of(key.ai),
            entry.admitsPath(read.elements.dropFirst().map { $0.ai })
        else {
            throw GS1Error(.qualifierOrder, ai: read.elements.first?.ai, at: read.stemEnd &+ 1, length: 2)
        }
    }

    /// Checks a value; where it has escapes or was filled up, the error is of all of it.
    fileprivate static func check(_ element: Element, at place: Range<Int>) throws(GS1Error) {
        do throws(GS1Error) { try element.check() } catch {
            guard element.value.utf8.count == place.count else {
                throw GS1Error(error.code, ai: error.ai, at: place.lowerBound, length: place.count, error.detail)
            }
            throw error.moved(by: place.lowerBound)
        }
    }
}

extension Element {
    /// Whether the AI has two to four digits and is in no dictionary.
    var isUnknown: Bool { (0...9999).contains(ai) && DictionaryEntry.of(ai) == nil }

    /// Throws unless the value of an AI of no dictionary could be one: 1 to 90 characters that some AI allows.
    func checkUnknown(at position: Int, length: Int) throws(GS1Error) {
        guard !value.isEmpty else { throw GS1Error(.emptyValue, ai: ai, at: position) }
        guard value.utf8.count <= 90 else { throw GS1Error(.valueTooLong, ai: ai, at: position, length: length) }
        guard value.utf8.allSatisfy(ASCIISet.value.contains) else {
            throw GS1Error(.invalidCSET82Character, ai: ai, at: position, length: length)
        }
    }
}

/// What the query of a Digital Link says.
private struct Query {
    let key: [Element]
    var attributes: [Element] = []
    var parameters: [DigitalLink.Parameter] = []

    init(key: [Element]) { self.key = key }

    /// Reads what stands between two `&`.
    mutating func read(_ text: Span<UInt8>, _ range: Range<Int>, allowing leniency: DigitalLink.Leniency)
        throws(GS1Error)
    {
        guard !range.isEmpty else { return }
        let equals = text.firstIndex(of: 0x3D, in: range)
        let name = range.lowerBound..<equals
        guard equals < range.upperBound, !name.isEmpty, text.areDigits(name) else {
            let value = equals < range.upperBound ? equals &+ 1..<range.upperBound : nil
            parameters.append(.init(name: Self.string(text, name), value: value.map { Self.string(text, $0) }))
            return
        }
        guard let ai = Element.applicationIdentifier(text, name),
            DictionaryEntry.of(ai) != nil || leniency.contains(.unknownAttributes)
        else { throw GS1Error(.unknownAI, at: name.lowerBound, length: name.count) }
        let place = equals &+ 1..<range.upperBound
        guard !place.isEmpty else { throw GS1Error(.emptyValue, ai: ai, at: place.lowerBound) }
        let value = try DigitalLinkPath.value(text, place, ai, isQuery: true, allowing: leniency)
        let element = Element(ai: ai, value: value)
        try check(element, name: name, place: place)
        attributes.append(element)
    }

    private func check(_ element: Element, name: Range<Int>, place: Range<Int>) throws(GS1Error) {
        func error(_ code: GS1Error.Code) -> GS1Error {
            GS1Error(code, ai: element.ai, at: name.lowerBound, length: name.count)
        }
        for other in key where other.ai == element.ai { throw error(.repeatedAI) }
        for other in attributes where other.ai == element.ai { throw error(.repeatedAI) }
        guard let entry = DictionaryEntry.of(element.ai) else {
            return try element.checkUnknown(at: place.lowerBound, length: place.count)
        }
        guard !belongsInPath(element.ai) else { throw error(.belongsInPath) }
        guard entry.isDigitalLinkAttribute else { throw error(.notAnAttribute) }
        try DigitalLink.check(element, at: place)
    }

    /// Whether the AI at some place behind the key would make a path that the key admits.
    private func belongsInPath(_ ai: Int) -> Bool {
        guard let first = key.first, let entry = DictionaryEntry.of(first.ai) else { return false }
        let qualifiers = key.dropFirst().map { $0.ai }
        for place in 0...qualifiers.count {
            var more = qualifiers
            more.insert(ai, at: place)
            if entry.admitsPath(more) { return true }
        }
        return false
    }

    private static func string(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        bytes.append(text, range)
        return String(decoding: bytes, as: UTF8.self)
    }
}
