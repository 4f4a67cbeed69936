extension ElementString {
    /// What is wrong with the AIs as a company: an AI that stands there twice with different values, one that lacks what it
    /// needs, one beside which it may not stand, a digital signature of a key without serial (General Specifications 4.13,
    /// 4.14). Positions are those of the AI in ``text``. The rules hold for all that marks one item together: empty for one
    /// symbol of several does not yet mean wrong for the item.
    public var associationErrors: [GS1Error] {
        var errors: [GS1Error] = []
        var position = 0
        for (place, element) in elements.enumerated() {
            if let error = repetition(of: element, before: place) { errors.append(error.moved(by: position)) }
            if let error = exclusion(by: element, at: place) { errors.append(error.moved(by: position)) }
            if let error = requirement(of: element) { errors.append(error.moved(by: position)) }
            if let error = missingSerial(of: element) { errors.append(error.moved(by: position)) }
            position &+= element.bracketedLength
        }
        return errors
    }

    /// Throws the first of ``associationErrors``.
    public func checkAssociations() throws(GS1Error) {
        if let error = associationErrors.first { throw error }
    }

    private func repetition(of element: Element, before place: Int) -> GS1Error? {
        for other in elements[..<place] where other.ai == element.ai && !other.value.hasSameUTF8(as: element.value) {
            return GS1Error(.repeatedAI, ai: element.ai)
        }
        return nil
    }

    /// Each pair once: at its first member where that excludes the second, otherwise at the second.
    private func exclusion(by element: Element, at place: Int) -> GS1Error? {
        for (otherPlace, other) in elements.enumerated() where other.ai != element.ai {
            guard element.excludes(other.ai), otherPlace > place || !other.excludes(element.ai) else { continue }
            return GS1Error(.excludedAI, ai: element.ai, "(\(other.aiText)) stands beside it")
        }
        return nil
    }

    private func requirement(of element: Element) -> GS1Error? {
        guard var rules = DictionaryEntry.of(element.ai)?.rules else { return nil }
        for _ in 0..<rules.next() {
            let start = rules
            var isMet = false
            for _ in 0..<rules.next() {
                var hasAll = true
                for _ in 0..<rules.next() {
                    let pattern = rules.next()
                    let isThere = elements.contains { RuleReader.pattern(pattern, matches: $0.ai) }
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
        guard elements.contains(where: { $0.ai == 8030 }) else { return nil }
        switch element.ai {
        case 253, 255: return element.value.utf8.count > 13 ? nil : GS1Error(.serialisedKeyRequired, ai: element.ai)
        case 8003: return element.value.utf8.count > 14 ? nil : GS1Error(.serialisedKeyRequired, ai: element.ai)
        default: return nil
        }
    }
}

extension Element {
    /// Whether the dictionary forbids the other AI beside this one.
    fileprivate func excludes(_ other: Int) -> Bool {
        guard var rules = DictionaryEntry.of(ai)?.rules else { return false }
        rules.skipRequirements()
        for _ in 0..<rules.next() where RuleReader.pattern(rules.next(), matches: other) { return true }
        return false
    }

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
