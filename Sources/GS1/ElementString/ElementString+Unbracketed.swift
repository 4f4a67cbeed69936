extension ElementString {
    /// The character that a scanner transmits for FNC1 between elements: group separator, 0x1D.
    static let separator: UInt8 = 0x1D

    /// The element string that unbracketed text is, as GS1-128, GS1 DataMatrix and GS1 QR codes hold it: every AI with its
    /// value, and a group separator (FNC1) behind each value whose length is not predefined, unless it is the last. A
    /// separator at the start, at the end or behind a value of predefined length is read over.
    ///
    ///     try ElementString(unbracketed: "010950600013435210ABC123\u{1D}17261231")
    ///
    /// Values are checked in every respect. Throws ``GS1Error`` with its place in the text.
    public init(unbracketed text: String) throws(GS1Error) {
        let read = Self.read(unbracketed: text)
        if let error = read.errors.first { throw error }
        elements = read.elements
    }

    /// What is wrong with each value of an unbracketed text, with its place there; empty where ``init(unbracketed:)`` takes
    /// it. Behind an unknown AI nothing is read.
    public static func errors(unbracketed text: String) -> [GS1Error] { read(unbracketed: text).errors }

    private static func read(unbracketed text: String) -> (elements: [Element], errors: [GS1Error]) {
        let bytes = text.utf8.span
        var elements: [Element] = []
        var errors: [GS1Error] = []
        var position = bytes.count > 0 && bytes[0] == Self.separator ? 1 : 0
        while position < bytes.count {
            guard let (entry, ai, start) = Self.entry(in: bytes, at: position) else {
                errors.append(GS1Error(.unknownAI, at: position, length: Swift.min(2, bytes.count &- position)))
                return (elements, errors)
            }
            var end = bytes.firstIndex(of: Self.separator, in: start..<bytes.count)
            if entry.hasPredefinedLength { end = Swift.min(end, start &+ entry.length) }
            if let fault = entry.fault(in: bytes.extracting(start..<end)) {
                let value = String(Substring(text.utf8.dropFirst(start).prefix(end &- start)))
                errors.append(GS1Error(fault, ai: ai, value: value).moved(by: start))
            }
            var value: [UInt8] = []
            value.append(bytes, start..<end)
            elements.append(Element(ai: ai, value: String(decoding: value, as: UTF8.self)))
            position = end < bytes.count && bytes[end] == Self.separator ? end &+ 1 : end
        }
        if elements.isEmpty { errors.append(GS1Error(.noElements)) }
        return (elements, errors)
    }

    /// The text that a symbol holds, without the FNC1 at its start: ``init(unbracketed:)`` gives the same elements again.
    public var unbracketed: String {
        var bytes: [UInt8] = []
        for element in elements {
            if let last = bytes.last, last == 0 { bytes[bytes.count - 1] = Self.separator }
            bytes.append(applicationIdentifier: element.ai)
            bytes += element.value.utf8
            // 0 stands for a separator that is not needed at the end.
            if DictionaryEntry.of(element.ai)?.hasPredefinedLength != true { bytes.append(0) }
        }
        if bytes.last == 0 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The AI that begins here, and where its value begins. No AI of the dictionary begins with another.
    private static func entry(in text: Span<UInt8>, at start: Int) -> (DictionaryEntry, ai: Int, end: Int)? {
        for length in 2...4 where start &+ length <= text.count {
            guard let ai = Element.applicationIdentifier(text, start..<start &+ length) else { continue }
            if let entry = DictionaryEntry.of(ai) { return (entry, ai, start &+ length) }
        }
        return nil
    }
}

extension DictionaryEntry {
    /// The greatest length of a value, which is the only one where it is predefined.
    var length: Int {
        var length = 0
        for place in 0..<componentCount { length &+= component(place).most }
        return length
    }
}
