/// A scheme of EPC URIs (EPC TDS 6 and 7) and how its parts make up the value of an application identifier.
enum EPCScheme: UInt8, CaseIterable {
    // The frequent ones first: a scheme is found by trying them in this order.
    case sgtin, sgln, sscc, lgtin, pgln, grai, giai, gdti, itip, upui, cpi, gsrn, gsrnp, sgcn, ginc, gsin

    /// The name in the URI.
    var name: String {
        switch self {
        case .sgtin: "sgtin"
        case .sgln: "sgln"
        case .sscc: "sscc"
        case .lgtin: "lgtin"
        case .pgln: "pgln"
        case .grai: "grai"
        case .giai: "giai"
        case .gdti: "gdti"
        case .itip: "itip"
        case .upui: "upui"
        case .cpi: "cpi"
        case .gsrn: "gsrn"
        case .gsrnp: "gsrnp"
        case .sgcn: "sgcn"
        case .ginc: "ginc"
        case .gsin: "gsin"
        }
    }

    /// The application identifier of the key.
    var key: Int {
        switch self {
        case .sgtin, .lgtin, .upui: 1
        case .sgln: 414
        case .sscc: 0
        case .pgln: 417
        case .grai: 8003
        case .giai: 8004
        case .gdti: 253
        case .itip: 8006
        case .cpi: 8010
        case .gsrn: 8018
        case .gsrnp: 8017
        case .sgcn: 255
        case .ginc: 401
        case .gsin: 402
        }
    }

    /// How many digits company prefix and reference have together, the check digit apart; 0 where the reference is text.
    var referenceDigits: Int {
        switch self {
        case .sgtin, .lgtin, .upui, .itip: 13
        case .sscc, .gsrn, .gsrnp: 17
        case .sgln, .pgln, .grai, .gdti, .sgcn: 12
        case .gsin: 16
        case .giai, .ginc, .cpi: 0
        }
    }

    /// Whether the reference begins with a digit that the key has in front of the company prefix (indicator, extension).
    var hasIndicator: Bool { self == .sscc || referenceDigits == 13 }

    /// What stands behind the reference.
    enum Tail: Equatable {
        /// Nothing.
        case none
        /// A serial that the key's own value ends with.
        case appended
        /// A serial, lot or extension that is a qualifier with this application identifier.
        case qualifier(Int)
    }

    /// What stands behind the reference.
    var tail: Tail {
        switch self {
        case .sgtin, .itip: .qualifier(21)
        case .lgtin: .qualifier(10)
        case .upui: .qualifier(235)
        case .sgln: .qualifier(254)
        case .cpi: .qualifier(8011)
        case .grai, .gdti, .sgcn: .appended
        case .sscc, .pgln, .giai, .gsrn, .gsrnp, .ginc, .gsin: .none
        }
    }

    /// What stands between `urn:epc:` and the scheme's name.
    var kind: String { self == .lgtin ? "class:" : "id:" }

    /// Whether `urn:epc:idpat:` with `*` for the serial names the class of this scheme's objects.
    var hasPattern: Bool {
        switch self {
        case .sgtin, .grai, .gdti, .sgcn, .cpi, .itip, .upui: true
        default: false
        }
    }

    /// The scheme that spells these elements, and whether it must be a pattern; nil where no EPC URI does.
    static func spelling(_ elements: [Element]) -> (EPCScheme, isPattern: Bool)? {
        guard let key = elements.first, elements.count <= 2 else { return nil }
        let qualifier = elements.count == 2 ? elements[1].ai : nil
        for scheme in allCases where scheme.key == key.ai {
            switch scheme.tail {
            case .qualifier(let ai) where ai == qualifier: return (scheme, false)
            case .qualifier where qualifier == nil && scheme.hasPattern: return (scheme, true)
            // A location without extension is spelt with the extension 0.
            case .qualifier where qualifier == nil && scheme == .sgln: return (scheme, false)
            case .appended where qualifier == nil:
                return (scheme, key.value.utf8.count == scheme.referenceDigits + (scheme == .grai ? 2 : 1))
            case .none where qualifier == nil: return (scheme, false)
            default: continue
            }
        }
        return nil
    }
}
