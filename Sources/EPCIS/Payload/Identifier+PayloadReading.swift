import GS1
import TraceProof

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
        let count = try array()
        identifiers.reserveCapacity(count)
        for _ in 0..<count {
            let start = offset
            let first = identifiers.count
            if try peek() == .array {
                try arrayItem(&identifiers)
            } else {
                identifiers.append(try identifier())
            }
            if first > 0, identifiers[first].continues(identifiers[first - 1]) {
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
        case IdentifierForm.bizTransaction: return try bizTransaction(count, at: start)
        case IdentifierForm.https: return try prefixed("https://", count, at: start)
        case IdentifierForm.http: return try prefixed("http://", count, at: start)
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
        guard !stem.hasSameUTF8(as: IdentifierForm.canonicalStem) else {
            throw FormatError(payloadFormat, at: .offset(start), "the stem \(stem) is written as 0")
        }
        return stem
    }

    private func known(_ form: UInt64, at start: Int) throws(FormatError) -> Identifier.Form {
        if form == IdentifierForm.canonicalLink { return .digitalLink(stem: IdentifierForm.canonicalStem) }
        guard IdentifierForm.urn.contains(form) else {
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
        elements.reserveCapacity(count / 2 + 1)
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
        // It reads back to them by construction (IdentifierPropertyTests): no second encoding of its text gets here.
        guard let identifier = Identifier(elements: elements, form: form) else {
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
