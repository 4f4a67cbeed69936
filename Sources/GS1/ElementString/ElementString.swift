/// Elements in brackets, as people read them: `(01)09506000134352(10)ABC123`.
///
/// A bracket within a value is escaped as the GS1 Syntax Engine does, `\(`, so that every text means one thing:
/// `ElementString(x.text) == x`, and `ElementString(text)?.text == text` where the text is an element string at all.
public struct ElementString: Hashable, Sendable {
    /// The elements in the order of the text; at least one.
    public let elements: [Element]

    /// The element string of these elements; nil where there are none, an AI is not within 0 to 9999, or a value is empty,
    /// longer than 90, has a character that no AI allows, or has a wrong length or check digit.
    public init?(_ elements: [Element]) {
        guard !elements.isEmpty else { return nil }
        for element in elements {
            guard (0...9999).contains(element.ai), (1...90).contains(element.value.utf8.count),
                element.isWellFormed ?? element.value.utf8.allSatisfy(ASCIISet.value.contains)
            else { return nil }
        }
        self.elements = elements
    }

    /// The element string that `text` is; nil where it is none. ``init(bracketed:)`` says why, and checks more.
    public init?(_ text: String) {
        guard let parts = try? Self.split(text.utf8.span) else { return nil }
        self.init(parts.map { $0.element })
    }

    /// Elements that are known to be right.
    init(unchecked elements: [Element]) { self.elements = elements }

    /// The text, e.g. `(01)09506000134352(21)A\(B`.
    public var text: String {
        var bytes: [UInt8] = []
        for element in elements {
            bytes.append(0x28)
            bytes.append(applicationIdentifier: element.ai)
            bytes.append(0x29)
            for byte in element.value.utf8 {
                if byte == 0x28 { bytes.append(0x5C) }
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ElementString {
    /// An element of a text, and where its AI and its value begin there.
    struct Part {
        var element: Element
        var start: Int
        var valueStart: Int
    }

    /// The elements of a bracketed text, unchecked.
    static func split(_ bytes: Span<UInt8>) throws(GS1Error) -> [Part] {
        var parts: [Part] = []
        var position = 0
        while position < bytes.count {
            let start = position
            let end = bytes.firstIndex(of: 0x29, in: position..<bytes.count)
            guard bytes[position] == 0x28, end < bytes.count,
                let ai = Element.applicationIdentifier(bytes, position &+ 1..<end)
            else { throw GS1Error(.malformedElementString, at: start, length: 1) }
            position = end &+ 1
            var value: [UInt8] = []
            while position < bytes.count, bytes[position] != 0x28 {
                if bytes[position] == 0x5C {
                    position &+= 1
                    guard position < bytes.count, bytes[position] == 0x28 else {
                        throw GS1Error(.malformedElementString, at: position &- 1, length: 1)
                    }
                }
                value.append(bytes[position])
                position &+= 1
            }
            let element = Element(ai: ai, value: String(decoding: value, as: UTF8.self))
            parts.append(Part(element: element, start: start, valueStart: end &+ 1))
        }
        guard !parts.isEmpty else { throw GS1Error(.noElements) }
        return parts
    }

    /// The element string that a bracketed text is, its values checked in every respect: format, check digits, dates, codes.
    /// Which AIs may stand together is asked of ``associationErrors``. Throws ``GS1Error`` with its place in the text.
    ///
    ///     try ElementString(bracketed: "(01)09506000134352(17)261231(10)ABC123")
    public init(bracketed text: String) throws(GS1Error) {
        let parts = try Self.split(text.utf8.span)
        for part in parts { if let error = part.error { throw error } }
        elements = parts.map { $0.element }
    }

    /// What is wrong with each value of a bracketed text, with its place there; empty where ``init(bracketed:)`` takes it.
    public static func errors(bracketed text: String) -> [GS1Error] {
        do throws(GS1Error) { return try split(text.utf8.span).compactMap { $0.error } } catch { return [error] }
    }
}

extension ElementString.Part {
    /// What is wrong with the element, with its place in the text.
    fileprivate var error: GS1Error? {
        do throws(GS1Error) { try element.check() } catch {
            // Each bracket in front of the place has its escape.
            let escapes = element.value.utf8.prefix(error.position).reduce(0) { $0 &+ ($1 == 0x28 ? 1 : 0) }
            return error.moved(by: error.code == .unknownAI ? start : valueStart &+ escapes)
        }
        return nil
    }
}

extension Element {
    /// Throws ``GS1Error`` unless the AI is in the dictionary and the value is right for it in every respect.
    public func check() throws(GS1Error) {
        guard let identifier = ApplicationIdentifier(ai) else { throw GS1Error(.unknownAI, ai: ai) }
        try identifier.check(value)
    }

    /// The AI that two, three or four digits name, each AI in its one spelling; nil for anything else.
    static func applicationIdentifier(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard (2...4).contains(range.count), range.count == 2 || text[range.lowerBound] != 0x30 else { return nil }
        var ai = 0
        for position in range {
            guard text[position].isDigit else { return nil }
            ai = ai * 10 + Int(text[position] - 0x30)
        }
        return ai
    }
}
