/// Why text is not what GS1 defines: what is wrong, with which AI, where, and what to do about it.
///
///     do { try ApplicationIdentifier(1)?.check("09506000134351") } catch {
///         error.code      // .incorrectCheckDigit
///         error.position  // 13
///         error.reason    // "(01) the check digit is wrong: it should be 2"
///         error.remedy    // "Compare with the label: a digit is mistyped or two are swapped."
///     }
public struct GS1Error: Error, Hashable, Sendable {
    /// What is wrong.
    public let code: Code
    /// The application identifier; nil where no one AI is wrong.
    public let ai: Int?
    /// Where it is wrong: bytes from the start of the value where a value is checked alone, otherwise of the text.
    public let position: Int
    /// How many bytes from there are wrong; 0 where something is missing.
    public let length: Int
    /// What the sentence needs beyond the code, e.g. the AI that is missing.
    let detail: String

    /// An error at a place.
    init(_ code: Code, ai: Int? = nil, at position: Int = 0, length: Int = 0, _ detail: String = "") {
        self.code = code
        self.ai = ai
        self.position = position
        self.length = length
        self.detail = detail
    }

    /// The error that a fault of a value is.
    init(_ fault: Fault, ai: Int?, value: String) {
        self.init(
            fault.code,
            ai: ai,
            at: fault.position,
            length: fault.length,
            Self.expectation(fault, in: value.utf8.span)
        )
    }

    /// The same error where the value begins at `start` of a text.
    func moved(by start: Int) -> GS1Error {
        GS1Error(code, ai: ai, at: position &+ start, length: length, detail)
    }

    /// What is wrong, in a sentence.
    public var reason: String {
        var text = ""
        if let ai { text += "(\(Element(ai: ai, value: "").aiText)) " }
        text += code.reason
        if !detail.isEmpty { text += ": " + detail }
        return text
    }

    /// What to do about it, in a sentence.
    public var remedy: String { code.remedy }

    /// The right check digit or characters, where they are wrong.
    private static func expectation(_ fault: Fault, in value: Span<UInt8>) -> String {
        switch fault.code {
        case .incorrectCheckDigit:
            // The checked number ends here; where it begins, leading digits in front of it aside, only its AI knows, and
            // of all AIs only (8003) has any: a zero, which weighs nothing.
            var digits: [UInt8] = []
            digits.append(value, 0..<fault.position)
            guard let digit = CheckDigit.mod10(digits) else { return "" }
            return "it should be \(digit &- 0x30)"
        case .incorrectCheckPair:
            let pair = CheckDigit.mod1021(of: value.extracting(0..<fault.position))
            return "they should be " + String(decoding: [pair.0, pair.1], as: UTF8.self)
        default: return ""
        }
    }
}

extension GS1Error: CustomStringConvertible {
    /// `(01) the check digit is wrong: it should be 2 (character 14). Compare with the label: ...`
    public var description: String { "\(reason) (character \(position &+ 1)). \(remedy)" }
}
