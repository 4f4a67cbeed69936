/// What an event names: a GS1 key in any of its spellings, or any other URI.
///
/// `Identifier(text).text == text`, always: the spelling that came in is the spelling that goes out. Where the text is a
/// GS1 key, ``elements`` says what it means and ``form`` how it was spelt, which is all that a compact encoding needs:
/// unless the form is ``Form/verbatim``, ``init(elements:form:)`` gives the same text again.
///
///     let item = Identifier("urn:epc:id:sgtin:9506000.013435.ABC")
///     item.elementString  // "(01)09506000134352(21)ABC"
///     item.form           // .urn(companyPrefixLength: 7)
public struct Identifier: Hashable, Sendable {
    /// How the text spells its elements.
    public enum Form: Hashable, Sendable {
        /// An EPC URN whose GS1 company prefix has so many digits (6 to 12), which the key itself does not tell.
        case urn(companyPrefixLength: Int)
        /// A GS1 Digital Link URI in canonical spelling behind this stem, e.g. `https://id.gs1.org`.
        case digitalLink(stem: String)
        /// Text that the elements alone do not give back.
        case verbatim
    }

    /// The text as it came in.
    public let text: String
    /// The key and its qualifiers in the order of a Digital Link path; empty for an identifier that is not GS1.
    public let elements: [Element]
    /// How ``text`` spells ``elements``.
    public let form: Form

    /// The identifier that `text` is. Never fails: what is not GS1 is kept as it is.
    ///
    /// EPC URNs (EPC TDS 6 and 7) and Digital Link URIs (URI Syntax 1.6) are understood, the latter also with a query, a
    /// fragment, unpadded GTINs and the short names of before version 1.3. A wrong check digit, length or character
    /// leaves ``elements`` empty.
    public init(_ text: String) {
        self.text = text
        guard let (elements, form) = Identifier.read(text) else {
            elements = []
            form = .verbatim
            return
        }
        self.elements = elements
        // The one definition of a form that gives its text back: that it does.
        let spelt = Identifier.spell(elements, form) ?? []
        self.form = spelt.span.isEqual(to: text.utf8.span) ? form : .verbatim
    }

    /// The identifier that spells `elements` in `form`; nil where that form cannot, e.g. an EPC URN of a GTIN with lot and
    /// serial, or where a value is wrong. Verbatim text cannot be made from elements.
    public init?(elements: [Element], form: Form) {
        guard Identifier.isKey(elements), let bytes = Identifier.spell(elements, form) else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
        self.elements = elements
        self.form = form
    }

    /// An identifier whose parts are known to agree.
    init(text: String, _ elements: [Element], _ form: Form) {
        (self.text, self.elements, self.form) = (text, elements, form)
    }

    /// What the text means if it is a key, for which ``isKey(_:)`` then holds.
    private static func read(_ text: String) -> (elements: [Element], form: Form)? {
        switch text.utf8.first {
        case UInt8(ascii: "u"): readURN(text.utf8.span)
        case UInt8(ascii: "h"), UInt8(ascii: "H"): readDigitalLink(text)
        default: nil
        }
    }

    /// The text of a key for which ``isKey(_:)`` holds.
    private static func spell(_ elements: [Element], _ form: Form) -> [UInt8]? {
        switch form {
        case .urn(let length): spellURN(elements, companyPrefixLength: length)
        case .digitalLink(let stem): spellDigitalLink(elements, stem: stem)
        case .verbatim: nil
        }
    }
}
