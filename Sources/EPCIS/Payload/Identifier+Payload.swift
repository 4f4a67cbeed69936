import GS1
import TraceProof

/// How an identifier begins in its array form.
enum IdentifierForm {
    /// `https://id.gs1.org`, the stem of canonical Digital Links.
    static let canonicalLink: UInt64 = 0
    /// `urn:epcglobal:cbv:bt:`, a business document of a GLN.
    static let bizTransaction: UInt64 = 1
    /// `https://` and any text.
    static let https: UInt64 = 2
    /// `http://` and any text.
    static let http: UInt64 = 3
    /// An EPC URN, by the length of its company prefix.
    static let urn: ClosedRange<UInt64> = 6...12
    static let canonicalStem = "https://id.gs1.org"
}

extension CBORWriter {
    mutating func identifier(_ identifier: Identifier) {
        guard identifier.isCompact else { return uri(identifier.text) }
        array(1 + 2 * identifier.elements.count)
        form(identifier.form)
        elements(identifier.elements)
    }

    /// A list in which neighbours that differ only in their last value share the rest.
    mutating func identifiers(_ identifiers: [Identifier]) {
        var runs: [Range<Int>] = []
        for (index, identifier) in identifiers.enumerated() {
            if let last = runs.last, identifier.continues(identifiers[last.lowerBound]) {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        array(runs.count)
        for run in runs {
            if run.count == 1 { identifier(identifiers[run.lowerBound]) } else { self.run(identifiers[run]) }
        }
    }

    private mutating func run(_ identifiers: ArraySlice<Identifier>) {
        guard let first = identifiers.first, let last = first.elements.last else { return }
        array(3 + identifiers.count)
        form(first.form)
        array(2 * (first.elements.count - 1))
        elements(first.elements.dropLast())
        ai(last.ai)
        for identifier in identifiers { identifier.elements.last.map { value($0) } }
    }

    private mutating func form(_ form: Identifier.Form) {
        switch form {
        case .urn(let length): integer(Int64(length))
        case .digitalLink(let stem):
            if stem.hasSameUTF8(as: IdentifierForm.canonicalStem) {
                unsigned(IdentifierForm.canonicalLink)
            } else {
                text(stem)
            }
        case .verbatim: break
        }
    }

    private mutating func elements(_ elements: some Collection<Element>) {
        for element in elements {
            ai(element.ai)
            value(element)
        }
    }

    private mutating func ai(_ ai: Int) { integer(Int64(ShortAI.code(of: ai))) }

    private mutating func value(_ element: Element) {
        switch element.packed {
        case .number(let number): compact(CheckedKey.isKey(element.ai) ? number / 10 : number)
        case .text(let value): text(value)
        }
    }

    /// A URI that holds no GS1 elements.
    private mutating func uri(_ text: String) {
        if let hash = OpaqueURI.hashBytes(text) { return bytes(hash) }
        if let uuid = OpaqueURI.uuidBytes(text) { return bytes(uuid) }
        for (prefix, form) in [("https://", IdentifierForm.https), ("http://", IdentifierForm.http)]
        where text.utf8.starts(with: prefix.utf8) {
            array(2)
            unsigned(form)
            return self.text(String(Substring(text.utf8.dropFirst(prefix.utf8.count))))
        }
        guard let (gln, document) = OpaqueURI.bizTransactionParts(text) else { return self.text(text) }
        array(3)
        unsigned(IdentifierForm.bizTransaction)
        compact(gln)
        switch document {
        case .number(let number): compact(number)
        case .text(let value): self.text(value)
        }
    }
}

extension Identifier {
    /// Whether elements and form give back the text.
    var isCompact: Bool {
        // `!=` would compare stems as strings, and link the Unicode tables into the browser's verifier.
        if case .verbatim = form { false } else { !elements.isEmpty }
    }

    /// Whether this differs from `first` in the value of the last element at most, both being compact.
    func continues(_ first: Identifier) -> Bool {
        let (ours, theirs) = (elements, first.elements)
        let last = ours.count - 1
        guard last >= 0, ours.count == theirs.count, ours[last].ai == theirs[last].ai, isCompact, first.isCompact,
            form.isSame(as: first.form)
        else { return false }
        for place in 0..<last where !ours[place].isSame(as: theirs[place]) { return false }
        return true
    }
}

// By bytes: `==` of strings would take two stems for one that differ only in Unicode normalisation.

extension Identifier.Form {
    func isSame(as other: Identifier.Form) -> Bool {
        switch (self, other) {
        case (.urn(let length), .urn(let otherLength)): length == otherLength
        case (.digitalLink(let stem), .digitalLink(let otherStem)): stem.hasSameUTF8(as: otherStem)
        case (.verbatim, .verbatim): true
        default: false
        }
    }
}

extension Element {
    func isSame(as other: Element) -> Bool { ai == other.ai && value.hasSameUTF8(as: other.value) }
}

extension [Element] {
    func isSame(as other: [Element]) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.isSame(as: $1) }
    }
}
