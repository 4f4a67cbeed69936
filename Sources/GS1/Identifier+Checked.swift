extension Identifier {
    /// As ``init(elements:form:)`` for elements that ``PackedKey`` has admitted in this form, which are not looked at again.
    package init?(checked elements: [Element], form: Form) {
        guard let bytes = Identifier.spellChecked(elements, form) else { return nil }
        self.init(text: String(decoding: bytes, as: UTF8.self), elements, form)
    }

    /// The text of checked elements; the stem is good too.
    fileprivate static func spellChecked(_ elements: [Element], _ form: Form) -> [UInt8]? {
        switch form {
        case .urn(let length): return spellURN(elements, companyPrefixLength: length)
        case .digitalLink(let stem):
            var bytes: [UInt8] = []
            bytes.reserveCapacity(stem.utf8.count + 64)
            bytes.append(stem)
            spellPath(elements, to: &bytes)
            return bytes
        case .verbatim: return nil
        }
    }
}

/// Checked identifiers that differ in the value of their last qualifier alone: what stands in front of it is spelt once.
package struct IdentifierSeries {
    private let shared: [Element]
    private let ai: Int
    private let form: Identifier.Form
    private let prefix: String
    private let escaped: ASCIISet

    /// The series of these elements, at least the key, and a qualifier; nil where the form does not spell them.
    package init?(_ shared: [Element], ai: Int, form: Identifier.Form) {
        // In every form the qualifier's value ends the text.
        guard !shared.isEmpty, let bytes = Identifier.spellChecked(shared + [Element(ai: ai, value: "1")], form) else {
            return nil
        }
        (self.shared, self.ai, self.form) = (shared, ai, form)
        prefix = String(decoding: bytes.dropLast(), as: UTF8.self)
        if case .urn = form { escaped = .escapedInURN } else { escaped = .escapedInDigitalLink }
    }

    /// The identifier with this value, which ``PackedKey`` has admitted.
    package func identifier(_ value: String) -> Identifier? {
        var elements: [Element] = []
        elements.reserveCapacity(shared.count + 1)
        for element in shared { elements.append(element) }
        elements.append(Element(ai: ai, value: value))
        let utf8 = value.utf8.span
        guard !utf8.hasAny(of: escaped, in: 0..<utf8.count) else { return Identifier(checked: elements, form: form) }
        var text = ""
        text.reserveCapacity(prefix.utf8.count + utf8.count)
        text += prefix
        text += value
        return Identifier(text: text, elements, form)
    }
}
