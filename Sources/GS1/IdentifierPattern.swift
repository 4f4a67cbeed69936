/// A pure identity pattern: an EPC URI whose last parts are `*`, which stands for every identifier that begins so
/// (EPC TDS 2.3 section 8).
///
///     let pattern = IdentifierPattern("urn:epc:idpat:sgtin:9506000.*.*")
///     pattern?.key    // 1
///     pattern?.start  // "9506000"
///
/// What a key's value must begin with is said of ``Element/companyPrefixFirst``, so that it is one run of characters.
public struct IdentifierPattern: Hashable, Sendable {
    /// What makes an instance of what the pattern's key identifies.
    public enum Instance: Hashable, Sendable {
        /// A qualifier with this application identifier.
        case qualifier(Int)
        /// A serial at the end of the key's own value.
        case appended
        /// Nothing: the key is an instance itself.
        case key
    }

    /// The application identifier of the key.
    public let key: Int
    /// What makes an instance.
    public let instance: Instance
    /// What the key's value begins with, company prefix first; empty where the pattern leaves even that open.
    public let start: String

    /// The pattern that `text` is; nil where it is none: an identifier without `*`, a part behind a `*`, a reference of the
    /// wrong length, or a scheme that has no patterns.
    public init?(_ text: String) {
        let utf8 = text.utf8
        guard utf8.starts(with: "urn:epc:idpat:".utf8) else { return nil }
        let body = utf8.dropFirst("urn:epc:idpat:".utf8.count)
        guard let colon = body.firstIndex(of: 0x3A),
            let scheme = EPCScheme.allCases.first(where: { $0.name.utf8.elementsEqual(body[..<colon]) }),
            scheme != .lgtin
        else { return nil }
        let parts = body[body.index(after: colon)...].split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == scheme.partCount else { return nil }
        let isStar = { (part: Substring.UTF8View) in part.elementsEqual(CollectionOfOne(0x2A)) }
        let given = parts.prefix { !isStar($0) }
        guard given.count < parts.count, parts.dropFirst(given.count).allSatisfy(isStar),
            let start = Self.start(scheme, Array(given))
        else { return nil }
        key = scheme.key
        self.start = String(decoding: start, as: UTF8.self)
        instance =
            switch scheme.tail {
            case .none: .key
            case .appended: .appended
            case .qualifier(let ai): .qualifier(ai)
            }
    }

    /// The parts in front of the first `*`, put together as ``Element/companyPrefixFirst`` has them.
    private static func start(_ scheme: EPCScheme, _ parts: [Substring.UTF8View]) -> [UInt8]? {
        guard let prefix = parts.first else { return [] }
        guard (6...12).contains(prefix.count), prefix.allSatisfy({ $0.isDigit }) else { return nil }
        // A GRAI begins with a zero that is not the company's.
        var start: [UInt8] = scheme == .grai ? [0x30] : []
        start += prefix
        guard parts.count > 1 else { return start }
        var reference = Array(parts[1])
        if scheme.referenceDigits > 0 {
            guard reference.count == scheme.referenceDigits - prefix.count, reference.allSatisfy({ $0.isDigit }) else {
                return nil
            }
            if scheme.hasIndicator { reference.append(reference.removeFirst()) }
            start += reference
        } else {
            guard !reference.isEmpty, start.append(parts[1], unescapingNo: .escapedInURN) else { return nil }
        }
        guard parts.count > 2 else { return start }
        // The number of a piece, and of all pieces, behind the check digit (ITIP).
        guard scheme == .itip, let indicator = reference.last,
            let checkDigit = CheckDigit.mod10([indicator] + prefix + reference.dropLast())
        else { return nil }
        start.append(checkDigit)
        for part in parts[2...] {
            guard part.count == 2, part.allSatisfy({ $0.isDigit }) else { return nil }
            start += part
        }
        return start
    }
}

extension Element {
    /// The value of a key with the company prefix in front, as EPC URIs have it: the indicator of a GTIN or ITIP and the
    /// extension digit of an SSCC stand behind the reference, before the check digit. Other values as they are.
    ///
    ///     Element(ai: 1, value: "09506000134352").companyPrefixFirst  // "95060001343502"
    public var companyPrefixFirst: String {
        let place: Int
        switch ai {
        case 0: place = 16
        case 1, 8006: place = 12
        default: return value
        }
        var bytes = Array(value.utf8)
        guard bytes.count > place else { return value }
        bytes.insert(bytes.removeFirst(), at: place)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension EPCScheme {
    /// How many parts stand between the points of a URI of this scheme.
    fileprivate var partCount: Int {
        switch self {
        case .itip: 5
        default: tail == .none ? 2 : 3
        }
    }
}

extension [UInt8] {
    /// Adds a part of a URI with its escapes decoded; false where one is broken or a character in `forbidden` stands bare.
    fileprivate mutating func append(_ part: Substring.UTF8View, unescapingNo forbidden: ASCIISet) -> Bool {
        let bytes = Array(part)
        return append(bytes.span, 0..<bytes.count, unescapingNo: forbidden)
    }
}
