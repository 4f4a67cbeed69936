import GS1
import TraceProof

/// How an identifier begins in its array form.
private enum Form {
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
            if stem.hasSameUTF8(as: Form.canonicalStem) { unsigned(Form.canonicalLink) } else { text(stem) }
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
        for (prefix, form) in [("https://", Form.https), ("http://", Form.http)]
        where text.utf8.starts(with: prefix.utf8) {
            array(2)
            unsigned(form)
            return self.text(String(Substring(text.utf8.dropFirst(prefix.utf8.count))))
        }
        guard let (gln, document) = OpaqueURI.bizTransactionParts(text) else { return self.text(text) }
        array(3)
        unsigned(Form.bizTransaction)
        compact(gln)
        switch document {
        case .number(let number): compact(number)
        case .text(let value): self.text(value)
        }
    }
}

extension Identifier {
    /// Whether elements and form give back the text.
    var isCompact: Bool { form != .verbatim && !elements.isEmpty }

    /// Whether this differs from `first` in the value of the last element at most, both being compact.
    func continues(_ first: Identifier) -> Bool {
        isCompact && first.isCompact && form.isSame(as: first.form) && elements.last?.ai == first.elements.last?.ai
            && elements.dropLast().isSame(as: first.elements.dropLast())
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

extension Collection<Element> {
    func isSame(as other: some Collection<Element>) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.ai == $1.ai && $0.value.hasSameUTF8(as: $1.value) }
    }
}

extension CBORReader {
    mutating func identifier() throws(FormatError) -> Identifier {
        let start = offset
        switch try peek() {
        case .text: return Identifier(try text())
        case .bytes: return Identifier(try opaque())
        default:
            let count = try array()
            return try identifier(count, at: start, form: try peek() == .text ? nil : try unsigned())
        }
    }

    mutating func identifiers() throws(FormatError) -> [Identifier] {
        var identifiers: [Identifier] = []
        for _ in 0..<(try array()) {
            let start = offset
            let previous = identifiers.last
            let first = identifiers.count
            if try peek() == .array {
                try arrayItem(&identifiers)
            } else {
                identifiers.append(try identifier())
            }
            if let previous, identifiers[first].continues(previous) {
                throw FormatError(
                    payloadFormat,
                    at: .offset(start),
                    "an identifier of the same class as the one before is not grouped with it"
                )
            }
        }
        return identifiers
    }

    /// An array in a list of identifiers: one identifier, or a run of them whose second item is an array.
    private mutating func arrayItem(_ identifiers: inout [Identifier]) throws(FormatError) {
        let start = offset
        let count = try array()
        if try peek() == .text {
            let stem = try stem()
            if count > 1, try peek() == .array {
                return try run(count, .digitalLink(stem: stem), at: start, &identifiers)
            }
            return identifiers.append(try links(count, stem, at: start))
        }
        let form = try unsigned()
        if count > 1, try peek() == .array {
            return try run(count, try known(form, at: start), at: start, &identifiers)
        }
        identifiers.append(try identifier(count, at: start, form: form))
    }

    /// What follows the head of an identifier's array; `form` is `nil` where a stem comes next.
    private mutating func identifier(_ count: Int, at start: Int, form: UInt64?) throws(FormatError) -> Identifier {
        guard let form else { return try links(count, try stem(), at: start) }
        switch form {
        case Form.bizTransaction: return try bizTransaction(count, at: start)
        case Form.https: return try prefixed("https://", count, at: start)
        case Form.http: return try prefixed("http://", count, at: start)
        default: break
        }
        return try single(count, try known(form, at: start), at: start)
    }

    private mutating func links(_ count: Int, _ stem: String, at start: Int) throws(FormatError) -> Identifier {
        try single(count, .digitalLink(stem: stem), at: start)
    }

    private mutating func stem() throws(FormatError) -> String {
        let start = offset
        let stem = try text()
        guard !stem.hasSameUTF8(as: Form.canonicalStem) else {
            throw FormatError(payloadFormat, at: .offset(start), "the stem \(stem) is written as 0")
        }
        return stem
    }

    private func known(_ form: UInt64, at start: Int) throws(FormatError) -> Identifier.Form {
        if form == Form.canonicalLink { return .digitalLink(stem: Form.canonicalStem) }
        guard Form.urn.contains(form) else {
            throw FormatError(payloadFormat, at: .offset(start), newerVersion("form \(form) of an identifier"))
        }
        return .urn(companyPrefixLength: Int(form))
    }

    private mutating func single(_ count: Int, _ form: Identifier.Form, at start: Int) throws(FormatError) -> Identifier
    {
        try make(try elements(count - 1, at: start), form, at: start)
    }

    private mutating func run(
        _ count: Int,
        _ form: Identifier.Form,
        at start: Int,
        _ identifiers: inout [Identifier]
    ) throws(FormatError) {
        guard count >= 5 else {
            throw FormatError(payloadFormat, at: .offset(start), "a group of identifiers has at least two")
        }
        var elements = try elements(try array(), at: start)
        let ai = try ai()
        for _ in 0..<count - 3 {
            elements.append(try element(ai))
            identifiers.append(try make(elements, form, at: start))
            elements.removeLast()
        }
    }

    private mutating func elements(_ count: Int, at start: Int) throws(FormatError) -> [Element] {
        guard count.isMultiple(of: 2) else {
            throw FormatError(payloadFormat, at: .offset(start), "an application identifier without a value")
        }
        var elements: [Element] = []
        for _ in 0..<count / 2 { elements.append(try element(try ai())) }
        return elements
    }

    private mutating func ai() throws(FormatError) -> Int {
        let start = offset
        guard let ai = ShortAI.ai(of: try integer()) else {
            throw FormatError(payloadFormat, at: .offset(start), newerVersion("application identifier"))
        }
        return ai
    }

    private mutating func element(_ ai: Int) throws(FormatError) -> Element {
        let start = offset
        var packed = try packed()
        if case .number(let number) = packed, CheckedKey.isKey(ai) {
            guard let checked = CheckedKey.appendingCheckDigit(number) else {
                throw FormatError(payloadFormat, at: .offset(start), "the value of (\(ai)) has too many digits")
            }
            packed = .number(checked)
        }
        guard let element = Element(ai: ai, packed: packed) else {
            throw FormatError(payloadFormat, at: .offset(start), "the value of (\(ai)) is not in its smallest form")
        }
        return element
    }

    private mutating func packed() throws(FormatError) -> PackedValue {
        try peek() == .text ? .text(try text()) : .number(try compact())
    }

    private mutating func prefixed(_ prefix: String, _ count: Int, at start: Int) throws(FormatError) -> Identifier {
        guard count == 2 else {
            throw FormatError(payloadFormat, at: .offset(start), "a URI behind its scheme is one text")
        }
        let identifier = Identifier(prefix + (try text()))
        guard !identifier.isCompact else {
            throw FormatError(payloadFormat, at: .offset(start), "a GS1 identifier that is not written by its elements")
        }
        return identifier
    }

    /// The identifier that these elements spell in this form, which must be the one that reads back to them.
    private func make(_ elements: [Element], _ form: Identifier.Form, at start: Int) throws(FormatError) -> Identifier {
        // Whatever spells the same text and reads back otherwise is a second encoding of it.
        guard let identifier = Identifier(elements: elements, form: form) else {
            throw FormatError(payloadFormat, at: .offset(start), "elements that no GS1 identifier of this form has")
        }
        let readBack = Identifier(identifier.text)
        guard readBack.form.isSame(as: form), readBack.elements.isSame(as: elements) else {
            throw FormatError(payloadFormat, at: .offset(start), "elements that no GS1 identifier of this form has")
        }
        return identifier
    }

    private mutating func opaque() throws(FormatError) -> String {
        let start = offset
        let bytes = try byteString()
        guard let text = OpaqueURI.text(bytes) else {
            throw FormatError(payloadFormat, at: .offset(start), newerVersion("an identifier of \(bytes.count) bytes"))
        }
        return text
    }

    private mutating func bizTransaction(_ count: Int, at start: Int) throws(FormatError) -> Identifier {
        guard count == 3 else {
            throw FormatError(payloadFormat, at: .offset(start), "a business document has a GLN and a number")
        }
        let gln = try compact()
        guard let text = OpaqueURI.bizTransaction(gln, try packed()) else {
            throw FormatError(payloadFormat, at: .offset(start), "a business document that is not in its smallest form")
        }
        return Identifier(text)
    }
}
