extension ElementString {
    /// What is wrong with the AIs as a company: an AI that stands there twice with different values, one that lacks what it
    /// needs, one beside which it may not stand, a digital signature of a key without serial (General Specifications 4.13,
    /// 4.14). Positions are those of the AI in ``text``. The rules hold for all that marks one item together: empty for one
    /// symbol of several does not yet mean wrong for the item.
    public var associationErrors: [GS1Error] {
        // A symbol may hold thousands of elements, but only so many different AIs: each element is held against these.
        var company: [Companion] = []
        for (place, element) in elements.enumerated() {
            if let known = company.firstIndex(where: { $0.ai == element.ai }) {
                company[known].last = place
            } else {
                company.append(Companion(ai: element.ai, last: place, value: element.value))
            }
        }
        let isSigned = company.contains { $0.ai == 8030 }
        var errors: [GS1Error] = []
        var position = 0
        for (place, element) in elements.enumerated() {
            let found = [
                repetition(of: element, in: &company), exclusion(by: element, at: place, in: company),
                requirement(of: element, in: company), isSigned ? missingSerial(of: element) : nil,
            ]
            for case let error? in found { errors.append(error.moved(by: position)) }
            position &+= element.bracketedLength
        }
        return errors
    }

    /// An AI of the element string.
    private struct Companion {
        let ai: Int
        /// The place of its last element.
        var last: Int
        /// The value of its first element.
        let value: String
        /// Whether an element behind the first had another value.
        var hasOthers = false
    }

    /// Throws the first of ``associationErrors``.
    public func checkAssociations() throws(GS1Error) {
        if let error = associationErrors.first { throw error }
    }

    private func repetition(of element: Element, in company: inout [Companion]) -> GS1Error? {
        guard let known = company.firstIndex(where: { $0.ai == element.ai }) else { return nil }
        if !company[known].value.hasSameUTF8(as: element.value) { company[known].hasOthers = true }
        return company[known].hasOthers ? GS1Error(.repeatedAI, ai: element.ai) : nil
    }

    /// Each pair once: at its first member where that excludes the second, otherwise at the second.
    private func exclusion(by element: Element, at place: Int, in company: [Companion]) -> GS1Error? {
        guard let exclusions = Exclusions(of: element.ai) else { return nil }
        for other in company where other.ai != element.ai && exclusions.contain(other.ai) {
            guard other.last > place || Exclusions(of: other.ai)?.contain(element.ai) != true else { continue }
            return GS1Error(
                .excludedAI,
                ai: element.ai,
                "(\(Element(ai: other.ai, value: "").aiText)) stands beside it"
            )
        }
        return nil
    }

    private func requirement(of element: Element, in company: [Companion]) -> GS1Error? {
        guard var rules = DictionaryEntry.of(element.ai)?.rules else { return nil }
        for _ in 0..<rules.next() {
            let start = rules
            var isMet = false
            for _ in 0..<rules.next() {
                var hasAll = true
                for _ in 0..<rules.next() {
                    let pattern = rules.next()
                    let isThere = company.contains { RuleReader.pattern(pattern, matches: $0.ai) }
                    hasAll = hasAll && isThere
                }
                isMet = isMet || hasAll
            }
            if !isMet { return GS1Error(.requiredAI, ai: element.ai, Self.alternatives(start)) }
        }
        return nil
    }

    /// `it needs (01) with (21), or (00)`.
    private static func alternatives(_ rules: RuleReader) -> String {
        var rules = rules
        var text = "it needs "
        for alternative in 0..<rules.next() {
            if alternative > 0 { text += ", or " }
            for member in 0..<rules.next() {
                if member > 0 { text += " with " }
                text += "(\(ApplicationIdentifier.Pattern(word: rules.next()).text))"
            }
        }
        return text
    }

    private func missingSerial(of element: Element) -> GS1Error? {
        switch element.ai {
        case 253, 255: return element.value.utf8.count > 13 ? nil : GS1Error(.serialisedKeyRequired, ai: element.ai)
        case 8003: return element.value.utf8.count > 14 ? nil : GS1Error(.serialisedKeyRequired, ai: element.ai)
        default: return nil
        }
    }
}

/// The AIs that the dictionary forbids beside one AI.
private struct Exclusions {
    private let rules: RuleReader
    private let count: Int

    /// Nil where there are none.
    init?(of ai: Int) {
        guard var rules = DictionaryEntry.of(ai)?.rules else { return nil }
        rules.skipRequirements()
        count = rules.next()
        self.rules = rules
        if count == 0 { return nil }
    }

    func contain(_ ai: Int) -> Bool {
        var rules = rules
        for _ in 0..<count where RuleReader.pattern(rules.next(), matches: ai) { return true }
        return false
    }
}

extension Element {
    /// How long the element is in ``ElementString/text``.
    fileprivate var bracketedLength: Int {
        let brackets = value.utf8.reduce(0) { $0 &+ ($1 == 0x28 ? 1 : 0) }
        return aiText.utf8.count &+ 2 &+ value.utf8.count &+ brackets
    }
}

extension String {
    /// Whether both are the same bytes; `==` would compare them as Unicode.
    func hasSameUTF8(as other: String) -> Bool { utf8.span.isEqual(to: other.utf8.span) }
}
