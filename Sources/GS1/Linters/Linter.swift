/// A check of a component's content, by the name that the GS1 Barcode Syntax Dictionary gives it.
///
/// Each is a pure function of the characters: the codes of countries, currencies and packages are tables of this module, and
/// no linter asks a network. So ``gcppos1`` and ``gcppos2``, which stand for a look-up of the GS1 company prefix, accept
/// everything: the length of a prefix is not in the key, and this package does not guess it.
public enum Linter: UInt8, CaseIterable, Sendable {
    // The order is that of LINTERS in scripts/gs1-table.
    /// North American coupon code, AI (8110).
    case couponcode = 1
    /// Positive offer file coupon, AI (8112).
    case couponposoffer
    /// Character set 39.
    case cset39
    /// Character set 64: base64url, padded or not.
    case cset64
    /// Character set 82.
    case cset82
    /// Digits.
    case csetnumeric
    /// Mod-10 check digit at the end (General Specifications 7.9.1).
    case csum
    /// Pair of check characters at the end (General Specifications 7.9.5).
    case csumalpha
    /// GS1 company prefix from the first character.
    case gcppos1
    /// GS1 company prefix from the second character.
    case gcppos2
    /// At least one character that is no digit.
    case hasnondigit
    /// Hour, 00 to 23.
    case hh
    /// Hour and minute.
    case hhmi
    /// One hyphen.
    case hyphen
    /// International bank account number (ISO 13616).
    case iban
    /// Importer index: one character of set 64.
    case importeridx
    /// Country (ISO 3166-1 num-3).
    case iso3166
    /// Country, or 999.
    case iso3166999
    /// Country in two letters (ISO 3166-1 alpha-2).
    case iso3166alpha2
    /// Currency (ISO 4217 numeric).
    case iso4217
    /// Biological sex (ISO 5218): 0, 1, 2 or 9.
    case iso5218
    /// Latitude in ten millionths of a degree from the South Pole, ten digits.
    case latitude
    /// Longitude in ten millionths of a degree, ten digits.
    case longitude
    /// AIDC media type: 01 to 10, or 80 to 99.
    case mediatype
    /// Minute, 00 to 59.
    case mi
    /// Digits that are not all zero.
    case nonzero
    /// Digits without a leading zero.
    case nozeroprefix
    /// Package type (UN/ECE Recommendation 21, with the codes of GS1).
    case packagetype
    /// Percent escapes, each of two hex digits.
    case pcenc
    /// Number of a piece, then number of all pieces.
    case pieceoftotal
    /// Position in a sequence and its end, with a slash between.
    case posinseqslash
    /// Second, 00 to 59.
    case ss
    /// Winding direction of a roll: 0, 1 or 9.
    case winding
    /// 0 or 1.
    case yesno
    /// Date of six digits; the day may be 00.
    case yymmd0
    /// Date of six digits.
    case yymmdd
    /// Date of eight digits; the day may be 00.
    case yyyymmd0
    /// Date of eight digits.
    case yyyymmdd
    /// Zeros only.
    case zero

    /// Throws ``GS1Error`` unless the text passes.
    public func check(_ text: String) throws(GS1Error) {
        guard let fault = fault(in: text.utf8.span) else { return }
        throw GS1Error(fault, ai: nil, value: text)
    }

    /// What is wrong with these characters; nil where nothing is.
    func fault(in text: Span<UInt8>) -> Fault? {
        switch self {
        case .couponcode: text.faultOfCouponCode
        case .couponposoffer: text.faultOfCouponOffer
        case .cset39: text.fault(.invalidCSET39Character, outside: .cset39)
        case .cset64: text.faultOfCSET64
        case .cset82: text.fault(.invalidCSET82Character, outside: .cset82)
        case .csetnumeric: text.fault(.nonDigitCharacter, outside: .digits)
        case .csum: text.faultOfCheckDigit
        case .csumalpha: text.faultOfCheckPair
        case .gcppos1, .gcppos2: nil
        case .hasnondigit: text.areDigits(0..<text.count) ? text.fault(.requiresNonDigitCharacter) : nil
        case .hh: text.faultOfTime(below: 24, .hourTooShort, .hourTooLong, .illegalHour)
        case .hhmi: text.faultOfHourAndMinute
        case .hyphen: text.isEqual(to: "-".utf8.span) ? nil : text.fault(.notHyphen)
        case .iban: text.faultOfIBAN
        case .importeridx: text.faultOfImporterIndex
        case .iso3166: text.isCode(in: CodeLists.countries) ? nil : text.fault(.notISO3166)
        case .iso3166999:
            text.isCode(in: CodeLists.countries) || text.isEqual(to: "999".utf8.span)
                ? nil : text.fault(.notISO3166Or999)
        case .iso3166alpha2: text.isCountry ? nil : text.fault(.notISO3166Alpha2)
        case .iso4217: text.isCode(in: CodeLists.currencies) ? nil : text.fault(.notISO4217)
        case .iso5218: text.isOne(of: "0129") ? nil : text.fault(.invalidBiologicalSexCode)
        case .latitude: text.faultOfDegrees(most: "1800000000", .latitudeInvalidLength, .invalidLatitude)
        case .longitude: text.faultOfDegrees(most: "3600000000", .longitudeInvalidLength, .invalidLongitude)
        case .mediatype: text.isMediaType ? nil : text.fault(.invalidMediaType)
        case .mi: text.faultOfTime(below: 60, .minuteTooShort, .minuteTooLong, .illegalMinute)
        case .nonzero:
            text.fault(.nonDigitCharacter, outside: .digits) ?? (text.areZeros ? text.fault(.illegalZeroValue) : nil)
        case .nozeroprefix: text.faultOfZeroPrefix
        case .packagetype: text.isPackageType ? nil : text.fault(.invalidPackageType)
        case .pcenc: text.faultOfPercentEscapes
        case .pieceoftotal: text.faultOfPieceOfTotal
        case .posinseqslash: text.faultOfPositionInSequence
        case .ss: text.faultOfTime(below: 60, .secondTooShort, .secondTooLong, .illegalSecond)
        case .winding: text.isOne(of: "019") ? nil : text.fault(.invalidWindingDirection)
        case .yesno: text.isOne(of: "01") ? nil : text.fault(.notZeroOrOne)
        case .yymmd0: text.faultOfDate(yearDigits: 2, mayLackDay: true)
        case .yymmdd: text.faultOfDate(yearDigits: 2, mayLackDay: false)
        case .yyyymmd0: text.faultOfDate(yearDigits: 4, mayLackDay: true)
        case .yyyymmdd: text.faultOfDate(yearDigits: 4, mayLackDay: false)
        case .zero: text.count > 0 && text.areZeros ? nil : text.fault(.notZero)
        }
    }

    /// The name, e.g. `csum`.
    public var name: String {
        switch self {
        case .couponcode: "couponcode"
        case .couponposoffer: "couponposoffer"
        case .cset39: "cset39"
        case .cset64: "cset64"
        case .cset82: "cset82"
        case .csetnumeric: "csetnumeric"
        case .csum: "csum"
        case .csumalpha: "csumalpha"
        case .gcppos1: "gcppos1"
        case .gcppos2: "gcppos2"
        case .hasnondigit: "hasnondigit"
        case .hh: "hh"
        case .hhmi: "hhmi"
        case .hyphen: "hyphen"
        case .iban: "iban"
        case .importeridx: "importeridx"
        case .iso3166: "iso3166"
        case .iso3166999: "iso3166999"
        case .iso3166alpha2: "iso3166alpha2"
        case .iso4217: "iso4217"
        case .iso5218: "iso5218"
        case .latitude: "latitude"
        case .longitude: "longitude"
        case .mediatype: "mediatype"
        case .mi: "mi"
        case .nonzero: "nonzero"
        case .nozeroprefix: "nozeroprefix"
        case .packagetype: "packagetype"
        case .pcenc: "pcenc"
        case .pieceoftotal: "pieceoftotal"
        case .posinseqslash: "posinseqslash"
        case .ss: "ss"
        case .winding: "winding"
        case .yesno: "yesno"
        case .yymmd0: "yymmd0"
        case .yymmdd: "yymmdd"
        case .yyyymmd0: "yyyymmd0"
        case .yyyymmdd: "yyyymmdd"
        case .zero: "zero"
        }
    }
}
