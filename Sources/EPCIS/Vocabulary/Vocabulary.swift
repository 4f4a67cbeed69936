import TraceProof

/// One closed list of terms of CBV 2.0 (or of the GS1 Web Vocabulary), with the codes that the event payload writes for them.
///
/// A code is the term's position in ``terms``. The lists only ever grow at their end: a code once signed means the same
/// term for good.
public struct Vocabulary: Sendable {
    /// The ways of writing a term that CBV 2.0 section 6.2 and its predecessors know.
    public enum Style: Int, Hashable, Sendable, CaseIterable {
        /// `cbv:BizStep-shipping`, `gs1:Temperature`.
        case curie = 0
        /// `https://ref.gs1.org/cbv/BizStep-shipping`, `https://gs1.org/voc/Temperature`.
        case webURI = 1
        /// `urn:epcglobal:cbv:bizstep:shipping`, as before CBV 2.0.
        case urn = 2
        /// `shipping`: what JSON has as a rule.
        case bare = 3
    }

    /// The bare terms, in the order of their codes.
    public let terms: [String]
    private let prefixes: [String?]
    private let sorted: [Int]
    /// Whether its terms have URNs.
    let hasURN: Bool

    /// The list `terms`, whose CURIEs, web URIs and URNs begin so.
    init(curie: String, webURI: String, urn: String?, _ terms: [String]) {
        self.terms = terms
        prefixes = [curie, webURI, urn, ""]
        hasURN = urn != nil
        sorted = terms.indices.sorted { terms[$0].utf8.lexicographicallyPrecedes(terms[$1].utf8) }
    }

    /// The style and code of a term as written; `nil` where the text is none of this list.
    public func lookUp(_ term: Term) -> (style: Style, code: Int)? {
        let text = term.text.utf8[...]
        if let code = code(of: text) { return (.bare, code) }
        for style in [Style.curie, .webURI, .urn] {
            guard let prefix = prefixes[style.rawValue], text.starts(with: prefix.utf8) else { continue }
            return code(of: text.dropFirst(prefix.utf8.count)).map { (style, $0) }
        }
        return nil
    }

    /// The term with this code, written in this style; `nil` where there is none.
    public func term(_ code: Int, style: Style = .bare) -> Term? {
        guard terms.indices.contains(code) else { return nil }
        if style == .bare { return Term(terms[code]) }
        return prefixes[style.rawValue].map { Term($0 + terms[code]) }
    }

    /// The web URI that a term of this list means, however it is written; `nil` where it is none of this list.
    public func webURI(of term: Term) -> String? {
        lookUp(term).flatMap { self.term($0.code, style: .webURI)?.text }
    }

    private func code(of text: Substring.UTF8View) -> Int? {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = terms[sorted[middle]].utf8
            if candidate.elementsEqual(text) { return sorted[middle] }
            if candidate.lexicographicallyPrecedes(text) { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
