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

    /// The element string that `text` is; nil where it is none.
    public init?(_ text: String) {
        let bytes = text.utf8.span
        var elements: [Element] = []
        var position = 0
        while position < bytes.count {
            let end = bytes.firstIndex(of: 0x29, in: position..<bytes.count)
            guard bytes[position] == 0x28, end < bytes.count,
                let ai = Element.applicationIdentifier(bytes, position + 1..<end)
            else { return nil }
            position = end + 1
            var value: [UInt8] = []
            while position < bytes.count, bytes[position] != 0x28 {
                if bytes[position] == 0x5C {
                    position &+= 1
                    guard position < bytes.count, bytes[position] == 0x28 else { return nil }
                }
                value.append(bytes[position])
                position &+= 1
            }
            elements.append(Element(ai: ai, value: String(decoding: value, as: UTF8.self)))
        }
        self.init(elements)
    }

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

extension Element {
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
