internal import EPCIS

/// The one name under which the index keeps a business step or disposition: `shipping`, the URN of before CBV 2.0, the CURIE
/// and the web URI of a term are one name, and so are a CURIE of the event's own and the URI that it stands for.
enum TermName {
    /// The name of a term of an event that declares these namespaces.
    static func name(of term: Term, _ vocabulary: Vocabulary, namespaces: [Namespace] = []) -> String {
        if let (_, code) = vocabulary.lookUp(term), let bare = vocabulary.term(code) { return bare.text }
        if let uri = expanded(term.text, namespaces) {
            if let (_, code) = vocabulary.lookUp(Term(uri)), let bare = vocabulary.term(code) { return bare.text }
            return ObjectName.bounded(uri)
        }
        return ObjectName.bounded(term.text)
    }

    /// The URI of `prefix:local` where the prefix is declared.
    private static func expanded(_ text: String, _ namespaces: [Namespace]) -> String? {
        guard !namespaces.isEmpty, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let local = text.utf8[text.utf8.index(after: colon)...]
        guard !local.starts(with: "//".utf8) else { return nil }
        for namespace in namespaces where namespace.prefix.utf8.elementsEqual(text.utf8[..<colon]) {
            return namespace.uri + String(Substring(local))
        }
        return nil
    }
}
