internal import GS1

/// Makes GS1 identifiers of the texts of cells, and says what is wrong with those that are none.
enum CSVIdentifierCell {
    /// The value of an application identifier as a key has it: a GTIN of 8, 12 or 13 digits gets its zeros (GS1 General
    /// Specifications 3.3.2), everything else stays as it is.
    static func element(_ ai: Int, _ text: String) -> Element {
        let count = text.utf8.count
        let isShort = (ai == 1 || ai == 2) && (count == 8 || count == 12 || count == 13)
        return Element(ai: ai, value: isShort ? String(repeating: "0", count: 14 - count) + text : text)
    }

    /// What is wrong with an element, or `nil`.
    static func problem(_ element: Element, _ text: String) -> String? {
        let name = "(\(element.aiText))"
        let value = element.value.utf8
        let checked = checkedDigits(element.ai)
        if checked > 0 {
            if text.utf8.contains(UInt8(ascii: "+")), Double(text) != nil {
                return
                    "\"\(text)\" is no \(name): a spreadsheet has rounded the number; format the column as text and export again"
            }
            guard value.prefix(checked).allSatisfy({ (0x30...0x39).contains($0) }) else {
                return "\"\(text)\" is no \(name): it must have \(checked) digits\(stray(text))"
            }
            guard value.count >= checked else {
                let zeros = value.count + 3 >= checked ? "; a spreadsheet may have dropped zeros at its front" : ""
                return "\"\(text)\" is no \(name): it has \(value.count) digits, not \(checked)\(zeros)"
            }
            if let digit = CheckDigit.mod10(value.prefix(checked - 1)), value.dropFirst(checked - 1).first != digit {
                return
                    "the check digit of \(name) \"\(text)\" is wrong: \(Unicode.Scalar(digit)) would fit the other digits; "
                    + "look the number up, one of its digits is mistyped"
            }
        }
        guard ElementString([element]) == nil else { return nil }
        return
            "\"\(text)\" is no value of \(name): its length is wrong or it has a character that GS1 does not allow\(stray(text))"
    }

    /// How many digits at the front of the value are a number with its check digit; 0 for none.
    private static func checkedDigits(_ ai: Int) -> Int {
        switch ai {
        case 0, 8017, 8018: 18
        case 402: 17
        case 1, 2, 8003, 8006: 14
        case 253, 255, 410...417: 13
        default: 0
        }
    }

    private static func stray(_ text: String) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard text.utf8.first.map(isSpace) == true || text.utf8.last.map(isSpace) == true else { return "" }
        return "; there is a space around it, which \"trim\": true in the mapping drops"
    }

    /// What is wrong where each element is right and the identifier cannot be written.
    static func problem(_ elements: [Element], _ form: Identifier.Form) -> String {
        let text = ElementString(elements)?.text ?? ""
        guard case .urn(let length) = form else { return "\(text) is no GS1 key with its qualifiers" }
        return "\(text) cannot be written as an EPC URN with a company prefix of \(length) digits: "
            + "write it as a Digital Link, \"as\": \"https://id.gs1.org\""
    }
}
