/// A set of ASCII characters as two bit masks, so that asking costs a shift.
struct ASCIISet {
    /// The bits of characters 0x00 to 0x3F and 0x40 to 0x7F.
    let low, high: UInt64

    /// Whether the character is in the set; never for bytes beyond ASCII.
    func contains(_ byte: UInt8) -> Bool {
        byte < 0x80 && ((byte < 0x40 ? low : high) >> UInt64(byte & 0x3F)) & 1 == 1
    }

    /// 0 to 9.
    static let digits = ASCIISet(low: 0x03FF_0000_0000_0000, high: 0)
    /// GS1 AI encodable character set 82 (General Specifications 7.11).
    static let cset82 = ASCIISet(low: 0xFFFF_FFE6_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)
    /// GS1 AI encodable character set 39: `#-/`, digits, capitals.
    static let cset39 = ASCIISet(low: 0x03FF_A008_0000_0000, high: 0x0000_0000_07FF_FFFE)
    /// base64url without padding (General Specifications, character set 64).
    static let cset64 = ASCIISet(low: 0x03FF_2000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)
    /// Digits and capitals.
    static let capitalsAndDigits = ASCIISet(low: 0x03FF_0000_0000_0000, high: 0x0000_0000_07FF_FFFE)
    /// Every character that a value of any AI may hold: sets 82 and 39 together.
    static let value = ASCIISet(low: 0xFFFF_FFEE_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)
    /// `"#%&/<>?`, which an EPC URI must escape (EPC TDS Annex A).
    static let escapedInURN = ASCIISet(low: 0xD000_806C_0000_0000, high: 0)
    /// `!"#%&()*+,/:<>?`, which a canonical Digital Link path escapes: the list of the URI Syntax standard (`!`, space,
    /// `#%&()*+,/:`) and what RFC 3986 admits nowhere in a path. Not `'`, `;`, `=`: so do the CBV 2.0 hash vectors.
    static let escapedInDigitalLink = ASCIISet(low: 0xD400_9F6E_0000_0000, high: 0)
    /// What a URI need never escape (RFC 3986 2.3).
    static let unreserved = ASCIISet(low: 0x03FF_6000_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
    /// What a host with its port is written with; names beyond ASCII come as punycode.
    static let host = ASCIISet(low: 0x07FF_6000_0000_0000, high: 0x07FF_FFFE_2FFF_FFFE)
    /// What RFC 3986 admits before the query, `%` and brackets included.
    static let uri = ASCIISet(low: 0x2FFF_FFF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF)
    /// What RFC 3986 admits in a query or a fragment, brackets included.
    static let query = ASCIISet(low: 0xAFFF_FFF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF)
}

extension UInt8 {
    /// Whether this is one of 0 to 9 in ASCII.
    var isDigit: Bool { self &- 0x30 < 10 }
}
