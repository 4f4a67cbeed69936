/// What the value of an application identifier looks like, for those that occur in keys and their qualifiers.
struct AIFormat {
    /// How many digits the value begins with.
    var digits = 0
    /// How many of them, from the first, are a number with its mod-10 check digit at the end.
    var checked = 0
    /// The characters of the rest.
    var rest = ASCIISet.cset82
    /// How long the rest may be.
    var restLength = 0...0

    /// The format; nil for an AI that is neither a key, a qualifier nor of fixed width.
    static func of(_ ai: Int) -> AIFormat? {
        switch ai {
        case 0, 8017, 8018: AIFormat(digits: 18, checked: 18)
        case 1, 2: AIFormat(digits: 14, checked: 14)
        case 402: AIFormat(digits: 17, checked: 17)
        case 410...417: AIFormat(digits: 13, checked: 13)
        case 11, 12, 13, 15, 16, 17: AIFormat(digits: 6)
        case 10, 21, 22, 254: AIFormat(restLength: 1...20)
        case 235: AIFormat(restLength: 1...28)
        case 253: AIFormat(digits: 13, checked: 13, restLength: 0...17)
        case 255: AIFormat(digits: 13, checked: 13, rest: .digits, restLength: 0...12)
        case 401, 8004: AIFormat(restLength: 1...30)
        case 7040: AIFormat(digits: 1, restLength: 3...3)
        case 8003: AIFormat(digits: 14, checked: 14, restLength: 0...16)
        case 8006: AIFormat(digits: 18, checked: 14)
        case 8010: AIFormat(rest: .cset39, restLength: 1...30)
        case 8011: AIFormat(rest: .digits, restLength: 1...12)
        case 8013: AIFormat(restLength: 3...25)
        case 8019: AIFormat(rest: .digits, restLength: 1...10)
        case 8020: AIFormat(restLength: 1...25)
        default: nil
        }
    }

    /// Whether the value has this length, these characters and a right check digit.
    func accepts(_ value: String) -> Bool {
        let bytes = value.utf8.span
        guard restLength.contains(bytes.count - digits) else { return false }
        var odd = 0, even = 0
        for position in 0..<digits {
            let byte = bytes[position]
            guard byte.isDigit else { return false }
            if position < checked { (odd, even) = (even &+ Int(byte &- 0x30), odd) }
        }
        for position in digits..<bytes.count where !rest.contains(bytes[position]) { return false }
        // Places from the right: the check digit stands in the first and weighs 1, its neighbour 3, and so on.
        return (odd &+ 3 &* even) % 10 == 0
    }
}

extension Element {
    /// The width of the AIs whose value is digits and of one width only, e.g. 14 for `(01)`; nil for all others.
    public static func fixedNumericWidth(ofAI ai: Int) -> Int? {
        guard let format = AIFormat.of(ai), format.restLength.upperBound == 0 else { return nil }
        return format.digits
    }

    /// Whether the value is right for its AI: length, characters, check digits. Nil where the AI is not in our table.
    var isWellFormed: Bool? {
        guard let format = AIFormat.of(ai) else { return nil }
        guard format.accepts(value) else { return false }
        switch ai {
        case 8003: return value.utf8.first == 0x30
        case 8013: return hasCheckPair
        default: return true
        }
    }

    private var hasCheckPair: Bool {
        guard let pair = CheckDigit.mod1021(value.utf8.dropLast(2)) else { return false }
        let end = value.utf8.suffix(2)
        return end.first == pair.0 && end.last == pair.1
    }
}
