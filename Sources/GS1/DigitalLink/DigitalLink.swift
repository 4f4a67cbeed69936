/// A GS1 Digital Link URI (URI Syntax 1.6): a key with its qualifiers in the path, attributes in the query, and what else
/// its owner put there.
///
///     let link = try DigitalLink(parsing: "https://brand.example/01/09506000134352/10/L1?17=261231&linkType=gs1:pip")
///     link.path        // (01)09506000134352, (10)L1
///     link.attributes  // (17)261231
///     link.parameters  // linkType=gs1:pip
///     link.canonical   // "https://id.gs1.org/01/09506000134352/10/L1?17=261231"
public struct DigitalLink: Hashable, Sendable {
    /// The stem of canonical Digital Links.
    public static let canonicalStem = "https://id.gs1.org"

    /// What stands in front of the key, e.g. `https://id.gs1.org`; without the slash at its end.
    public let stem: String
    /// The primary key, then its qualifiers in their order.
    public let path: [Element]
    /// The attributes of the query: elements that say more about what the path identifies.
    public let attributes: [Element]
    /// The parameters of the query that are no elements, in their order.
    public let parameters: [Parameter]
    /// What stands behind `#`, with its escapes; nil where there is no `#`.
    public let fragment: String?

    /// Path and attributes together.
    public var elements: [Element] { path + attributes }

    /// The key and its qualifiers as events name them; nil for a payment (415) without its reference.
    public var identifier: Identifier? { Identifier(elements: path, form: .digitalLink(stem: stem)) }

    /// A parameter that is no element: an extension key, or `linkType` and `context` of a resolver.
    public struct Parameter: Hashable, Sendable {
        /// The name with its escapes. Not digits only, unless there is no value.
        public let name: String
        /// The value with its escapes; nil where there is no `=`.
        public let value: String?

        /// The parameter `name=value`, both with their escapes.
        public init(name: String, value: String?) {
            self.name = name
            self.value = value
        }
    }

    /// What a reader lets pass that version 1.6 of the syntax does not.
    public struct Leniency: OptionSet, Sendable {
        /// The bits.
        public let rawValue: UInt8

        /// The leniency of these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Short names of before version 1.3: `/gtin/` for `/01/`.
        public static let shortNames = Leniency(rawValue: 1)
        /// GTINs of 8, 12 or 13 digits, which are filled up to 14.
        public static let shortGTINs = Leniency(rawValue: 2)
        /// Numeric keys of the query that are in no dictionary; they become attributes whose values are not checked but for
        /// their characters.
        public static let unknownAttributes = Leniency(rawValue: 4)
    }

    init(
        unchecked stem: String,
        _ path: [Element],
        _ attributes: [Element],
        _ parameters: [Parameter],
        _ fragment: String?
    ) {
        self.stem = stem
        self.path = path
        self.attributes = attributes
        self.parameters = parameters
        self.fragment = fragment
    }
}

extension DigitalLink {
    /// The Digital Link of these elements: the first primary key with its qualifiers in the path, all else in the query, AIs
    /// of predefined length first. A repetition of an element is left out. With ``Leniency/unknownAttributes`` elements whose
    /// AI is in no dictionary go into the query.
    ///
    /// Throws ``GS1Error`` where there is no key, a value is wrong, an AI stands there with two values or may not be an
    /// attribute, or stem, parameters or fragment cannot stand in a URI.
    public init(
        _ elements: [Element],
        stem: String = canonicalStem,
        parameters: [Parameter] = [],
        fragment: String? = nil,
        allowing leniency: Leniency = []
    ) throws(GS1Error) {
        let takesUnknown = leniency.contains(.unknownAttributes)
        var different: [Element] = []
        for element in elements {
            if takesUnknown, element.isUnknown {
                try element.checkUnknown(at: 0, length: 0)
            } else {
                try element.check()
            }
            if let other = different.first(where: { $0.ai == element.ai }) {
                guard other.value.hasSameUTF8(as: element.value) else { throw GS1Error(.repeatedAI, ai: element.ai) }
            } else {
                different.append(element)
            }
        }
        guard let key = different.first(where: { Identifier.isPrimaryKey($0.ai) }) else {
            throw GS1Error(.noPrimaryKey)
        }
        var path = [key]
        for ai in Self.qualifiers(of: key, in: different) { path += different.filter { $0.ai == ai } }
        let rest = different.filter { element in !path.contains { $0.ai == element.ai } }
        for element in rest where !element.isUnknown && DictionaryEntry.of(element.ai)?.isDigitalLinkAttribute != true {
            throw GS1Error(.notAnAttribute, ai: element.ai)
        }
        let isFixed = { (element: Element) in DictionaryEntry.of(element.ai)?.hasPredefinedLength == true }
        self.init(
            unchecked: try Self.checkedStem(stem),
            path,
            rest.filter(isFixed) + rest.filter { !isFixed($0) },
            parameters,
            fragment
        )
        try checkExtensions()
    }

    /// The sequence of qualifiers of which the most are there.
    private static func qualifiers(of key: Element, in elements: [Element]) -> [Int] {
        var best: [Int] = [], most = 0
        for sequence in ApplicationIdentifier(key.ai)?.qualifiers ?? [] {
            let count = sequence.filter { ai in elements.contains { $0.ai == ai } }.count
            if count > most { (best, most) = (sequence, count) }
        }
        return best
    }

    /// The stem without a slash at its end.
    private static func checkedStem(_ stem: String) throws(GS1Error) -> String {
        let bytes = stem.utf8.span
        guard let path = try? DigitalLinkPath.start(in: bytes) else { throw GS1Error(.invalidStem) }
        for position in path..<bytes.count where !ASCIISet.uri.contains(bytes[position]) {
            throw GS1Error(.invalidStem, at: position, length: 1)
        }
        guard bytes[bytes.count &- 1] == 0x2F else { return stem }
        return String(Substring(stem.utf8.dropLast()))
    }

    private func checkExtensions() throws(GS1Error) {
        let isQuery = { (text: String) in text.utf8.allSatisfy(ASCIISet.query.contains) }
        for parameter in parameters {
            let name = parameter.name.utf8.span
            let isNumber = name.areDigits(0..<name.count)
            guard isQuery(parameter.name), isQuery(parameter.value ?? ""), parameter.value == nil || !isNumber,
                parameter.value != nil || name.count > 0, !parameter.name.utf8.contains(0x26),
                !parameter.name.utf8.contains(0x3D), parameter.value?.utf8.contains(0x26) != true
            else { throw GS1Error(.invalidParameter) }
        }
        guard isQuery(fragment ?? "") else { throw GS1Error(.invalidParameter) }
    }
}
