/// Why text is not what GS1 defines: what is wrong, with which AI, where, and what to do about it.
///
///     do { try ApplicationIdentifier(1)?.check("09506000134351") } catch {
///         error.code      // .incorrectCheckDigit
///         error.position  // 13
///         error.reason    // "(01) the check digit is wrong: it should be 2"
///         error.remedy    // "Compare with the label: a digit is mistyped or two are swapped."
///     }
public struct GS1Error: Error, Hashable, Sendable {
    /// One reference: every `try` hands the error on, and what it hands on is code in each of these places.
    private let content: Content

    private final class Content: Sendable {
        let code: Code
        let ai: Int?
        let position: Int
        let length: Int
        let detail: String

        init(_ code: Code, _ ai: Int?, _ position: Int, _ length: Int, _ detail: String) {
            (self.code, self.ai, self.position, self.length, self.detail) = (code, ai, position, length, detail)
        }
    }

    /// What is wrong.
    public var code: Code { content.code }
    /// The application identifier; nil where no one AI is wrong.
    public var ai: Int? { content.ai }
    /// Where it is wrong: bytes from the start of the value where a value is checked alone, otherwise of the text.
    public var position: Int { content.position }
    /// How many bytes from there are wrong; 0 where something is missing.
    public var length: Int { content.length }
    /// What the sentence needs beyond the code, e.g. the AI that is missing.
    var detail: String { content.detail }

    /// An error at a place.
    init(_ code: Code, ai: Int? = nil, at position: Int = 0, length: Int = 0, _ detail: String = "") {
        content = Content(code, ai, position, length, detail)
    }

    /// Whether both say the same.
    public static func == (left: GS1Error, right: GS1Error) -> Bool {
        left.code == right.code && left.ai == right.ai && left.position == right.position
            && left.length == right.length && left.detail.hasSameUTF8(as: right.detail)
    }

    /// Hashes all but the detail.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(ai)
        hasher.combine(position)
        hasher.combine(length)
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
