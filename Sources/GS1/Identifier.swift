/// What an event names: a GS1 key in any of its spellings, or any other URI.
///
/// `Identifier(text).text == text`, always: the spelling that came in is the spelling that goes out. Where the text is a
/// GS1 key, ``elements`` says what it means and ``form`` how it was spelt, which is all that a compact encoding needs.
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
    /// The key and its qualifiers; empty for an identifier that is not GS1.
    public let elements: [Element]
    /// How ``text`` spells ``elements``.
    public let form: Form

    /// The identifier that `text` is. Never fails: what is not GS1 is kept as it is.
    public init(_ text: String) {
        self.text = text
        elements = []
        form = .verbatim
    }
}
