extension EPCBinary {
    /// A binary coding scheme; the raw value is its EPC header (EPC TDS 2.3, table 14-1).
    public enum Scheme: UInt8, CaseIterable, Hashable, Sendable {
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        case gdti96 = 0x2C, gsrn96, gsrnp96
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        case sgtin96 = 0x30, sscc96, sgln96, grai96, giai96, gid96, sgtin198, grai170, giai202, sgln195, gdti113
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        case cpi96 = 0x3C, cpiVar, gdti174, sgcn96, itip110, itip212
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        case cpiPlusPlus = 0xE6, gsrnPlusPlus, gsrnpPlusPlus, sglnPlusPlus, gdtiPlusPlus, graiPlusPlus
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        case sgcnPlusPlus = 0xEC, itipPlusPlus, giaiPlusPlus, ssccPlusPlus
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        case cpiPlus = 0xF0, graiPlus, sglnPlus, itipPlus, gsrnPlus, gsrnpPlus, gdtiPlus, sgtinPlus, sgcnPlus
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        case ssccPlus = 0xF9, giaiPlus, dsgtinPlus, dsgtinPlusPlus, sgtinPlusPlus

        /// The scheme that the standard calls so, e.g. `SGTIN-96` or `SGLN++`; nil where there is none.
        public init?(name: String) {
            for scheme in Scheme.allCases where scheme.name.utf8.span.isEqual(to: name.utf8.span) {
                self = scheme
                return
            }
            return nil
        }

        /// The name in the standard, e.g. `SGTIN-96`.
        public var name: String {
            switch self {
            case .gdti96: "GDTI-96"
            case .gsrn96: "GSRN-96"
            case .gsrnp96: "GSRNP-96"
            case .sgtin96: "SGTIN-96"
            case .sscc96: "SSCC-96"
            case .sgln96: "SGLN-96"
            case .grai96: "GRAI-96"
            case .giai96: "GIAI-96"
            case .gid96: "GID-96"
            case .sgtin198: "SGTIN-198"
            case .grai170: "GRAI-170"
            case .giai202: "GIAI-202"
            case .sgln195: "SGLN-195"
            case .gdti113: "GDTI-113"
            case .cpi96: "CPI-96"
            case .cpiVar: "CPI-var"
            case .gdti174: "GDTI-174"
            case .sgcn96: "SGCN-96"
            case .itip110: "ITIP-110"
            case .itip212: "ITIP-212"
            case .cpiPlus: "CPI+"
            case .graiPlus: "GRAI+"
            case .sglnPlus: "SGLN+"
            case .itipPlus: "ITIP+"
            case .gsrnPlus: "GSRN+"
            case .gsrnpPlus: "GSRNP+"
            case .gdtiPlus: "GDTI+"
            case .sgtinPlus: "SGTIN+"
            case .sgcnPlus: "SGCN+"
            case .ssccPlus: "SSCC+"
            case .giaiPlus: "GIAI+"
            case .dsgtinPlus: "DSGTIN+"
            case .cpiPlusPlus: "CPI++"
            case .gsrnPlusPlus: "GSRN++"
            case .gsrnpPlusPlus: "GSRNP++"
            case .sglnPlusPlus: "SGLN++"
            case .gdtiPlusPlus: "GDTI++"
            case .graiPlusPlus: "GRAI++"
            case .sgcnPlusPlus: "SGCN++"
            case .itipPlusPlus: "ITIP++"
            case .giaiPlusPlus: "GIAI++"
            case .ssccPlusPlus: "SSCC++"
            case .dsgtinPlusPlus: "DSGTIN++"
            case .sgtinPlusPlus: "SGTIN++"
            }
        }

        /// The application identifiers that the scheme encodes, the key first; empty for ``gid96``, which has none. The
        /// date of a DSGTIN comes behind them with whichever AI of 11, 13, 15, 16, 17, 7006 and 7007 it has.
        public var applicationIdentifiers: [Int] {
            switch self {
            case .sgtin96, .sgtin198, .sgtinPlus, .sgtinPlusPlus, .dsgtinPlus, .dsgtinPlusPlus: [1, 21]
            case .sscc96, .ssccPlus, .ssccPlusPlus: [0]
            case .sgln96, .sgln195, .sglnPlus, .sglnPlusPlus: [414, 254]
            case .grai96, .grai170, .graiPlus, .graiPlusPlus: [8003]
            case .giai96, .giai202, .giaiPlus, .giaiPlusPlus: [8004]
            case .gsrn96, .gsrnPlus, .gsrnPlusPlus: [8018]
            case .gsrnp96, .gsrnpPlus, .gsrnpPlusPlus: [8017]
            case .gdti96, .gdti113, .gdti174, .gdtiPlus, .gdtiPlusPlus: [253]
            case .cpi96, .cpiVar, .cpiPlus, .cpiPlusPlus: [8010, 8011]
            case .sgcn96, .sgcnPlus, .sgcnPlusPlus: [255]
            case .itip110, .itip212, .itipPlus, .itipPlusPlus: [8006, 21]
            case .gid96: []
            }
        }

        /// Whether the scheme splits the key behind the GS1 company prefix, whose length must then be known.
        public var hasCompanyPrefix: Bool { partitioned != nil }

        /// Whether a hostname follows the key (the `++` schemes, TDS 2.3).
        public var hasHostname: Bool {
            (0xE6...0xEF).contains(rawValue) || self == .dsgtinPlusPlus || self == .sgtinPlusPlus
        }

        /// Whether +AIDC data may follow (the `+` and `++` schemes, TDS 2.0).
        public var hasData: Bool { rawValue >= 0xE6 }

        /// Whether a prioritised date stands before the key.
        public var hasDate: Bool { self == .dsgtinPlus || self == .dsgtinPlusPlus }
    }
}

/// How a scheme of before TDS 2.0 lays out its fields behind header and filter: partition value, company prefix and
/// reference, and what follows, in the order of the EPC URI (TDS 14.6).
struct PartitionedScheme {
    /// How the reference is written.
    enum Reference {
        /// As a number of 12 digits less those of the company prefix, and so many more.
        case digits(more: Int)
        /// As a number without leading zeros, at most so many digits beside a company prefix of 12.
        case number(atMost: Int)
        /// As 7-bit characters up to a zero, at most so many beside a company prefix of 12.
        case text(atMost: Int)
        /// As 6-bit characters up to a zero, at most so many beside a company prefix of 12; no fixed width.
        case sixBitText(atMost: Int)
    }

    /// How a field behind the reference is written.
    enum Field {
        /// A number without leading zeros in so many bits, at most so many digits.
        case number(bits: Int, digits: Int)
        /// A number behind a digit 1 that keeps leading zeros.
        case digits(bits: Int, digits: Int)
        /// Two digits in 7 bits.
        case pair
        /// 7-bit characters up to a zero.
        case text(bits: Int)
        /// So many zeros, which are no part of the URI.
        case reserved(bits: Int)
    }

    /// The name of the EPC URI scheme.
    let name: String
    /// The bits of company prefix and reference together; 0 where the reference has no fixed width.
    let bits: Int
    let reference: Reference
    let fields: [Field]

    /// The bits of the company prefix for each partition value; it has 12 digits less the value.
    static func companyPrefixBits(partition: Int) -> Int? {
        switch partition {
        case 0: 40
        case 1: 37
        case 2: 34
        case 3: 30
        case 4: 27
        case 5: 24
        case 6: 20
        default: nil
        }
    }
}

extension EPCBinary.Scheme {
    /// The layout; nil for a scheme that has no partition.
    var partitioned: PartitionedScheme? {
        let serial = PartitionedScheme.Field.number(bits: 38, digits: 12)
        let extension41 = PartitionedScheme.Field.number(bits: 41, digits: 13)
        let reserved = PartitionedScheme.Field.reserved(bits: 24)
        switch self {
        case .sgtin96: return .init(name: "sgtin", bits: 44, reference: .digits(more: 1), fields: [serial])
        case .sgtin198: return .init(name: "sgtin", bits: 44, reference: .digits(more: 1), fields: [.text(bits: 140)])
        case .sscc96: return .init(name: "sscc", bits: 58, reference: .digits(more: 5), fields: [reserved])
        case .gsrn96: return .init(name: "gsrn", bits: 58, reference: .digits(more: 5), fields: [reserved])
        case .gsrnp96: return .init(name: "gsrnp", bits: 58, reference: .digits(more: 5), fields: [reserved])
        case .sgln96: return .init(name: "sgln", bits: 41, reference: .digits(more: 0), fields: [extension41])
        case .sgln195: return .init(name: "sgln", bits: 41, reference: .digits(more: 0), fields: [.text(bits: 140)])
        case .grai96: return .init(name: "grai", bits: 44, reference: .digits(more: 0), fields: [serial])
        case .grai170: return .init(name: "grai", bits: 44, reference: .digits(more: 0), fields: [.text(bits: 112)])
        case .giai96: return .init(name: "giai", bits: 82, reference: .number(atMost: 13), fields: [])
        case .giai202: return .init(name: "giai", bits: 188, reference: .text(atMost: 18), fields: [])
        case .gdti96: return .init(name: "gdti", bits: 41, reference: .digits(more: 0), fields: [extension41])
        case .gdti113:
            return .init(name: "gdti", bits: 41, reference: .digits(more: 0), fields: [.digits(bits: 58, digits: 17)])
        case .gdti174: return .init(name: "gdti", bits: 41, reference: .digits(more: 0), fields: [.text(bits: 119)])
        case .sgcn96:
            return .init(name: "sgcn", bits: 41, reference: .digits(more: 0), fields: [.digits(bits: 41, digits: 12)])
        case .itip110:
            return .init(name: "itip", bits: 44, reference: .digits(more: 1), fields: [.pair, .pair, serial])
        case .itip212:
            return .init(name: "itip", bits: 44, reference: .digits(more: 1), fields: [.pair, .pair, .text(bits: 140)])
        case .cpi96:
            return .init(
                name: "cpi",
                bits: 51,
                reference: .number(atMost: 3),
                fields: [.number(bits: 31, digits: 10)]
            )
        case .cpiVar:
            return .init(
                name: "cpi",
                bits: 0,
                reference: .sixBitText(atMost: 18),
                fields: [.number(bits: 40, digits: 12)]
            )
        default: return nil
        }
    }
}
