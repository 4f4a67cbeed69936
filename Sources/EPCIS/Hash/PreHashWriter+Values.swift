import GS1
import TraceProof

extension PreHashWriter {
    /// A text as it is hashed: without white space around it, CBV terms, CURIEs and GS1 keys as full URIs, a decimal number
    /// without zeros that say nothing (rules 5, 6, 14, 15, 17, 18).
    mutating func canonical(_ text: String, field: String) -> [UInt8] {
        let trimmed = WhiteSpace.trimmed(text)
        if let term = Self.webURI(ofURN: trimmed) { return term }
        if let (uri, local) = expanded(trimmed, declaredOnly: true) {
            if !Self.isStandard(uri) { note(.userCURIE, field) }
            return canonicalIdentifier(uri + local, field: field)
        }
        if let decimal = Decimal(trimmed.utf8, mayHaveExponent: false) {
            if decimal.isUnsafeInDouble { note(.number, field) }
            let bytes = decimal.bytes
            if !bytes.elementsEqual(trimmed.utf8) { note(.numericText, field) }
            return bytes
        }
        noteNumberLike(trimmed, field: field)
        return canonicalIdentifier(trimmed, field: field)
    }

    /// A number without zeros that say nothing and without an exponent.
    mutating func canonical(_ number: Number, field: String) -> [UInt8] {
        guard let decimal = Decimal(number.text.utf8, mayHaveExponent: true) else { return Array(number.text.utf8) }
        if decimal.isUnsafeInDouble { note(.number, field) }
        return decimal.bytes
    }

    private mutating func canonicalIdentifier(_ text: String, field: String) -> [UInt8] {
        if let canonical = Identifier(text).canonicalForHash { return canonical }
        if let canonical = Identifier.canonicalForHash(wrongCheckDigit: text) {
            note(.checkDigit, field)
            return canonical
        }
        return Array(text.utf8)
    }

    // MARK: CURIEs and old CBV URNs

    /// Namespace and local part of `prefix:local` where the event or GS1's own context declares the prefix.
    ///
    /// - Parameter declaredOnly: whether prefixes of names alone (`cbvmda`, `rdfs`) do not count.
    func expanded(_ name: String, declaredOnly: Bool) -> (uri: String, local: String)? {
        let utf8 = name.utf8
        guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let local = utf8[utf8.index(after: colon)...]
        guard !local.starts(with: "//".utf8) else { return nil }
        let prefix = utf8[..<colon]
        for namespace in namespaces where namespace.prefix.utf8.elementsEqual(prefix) {
            return (namespace.uri, String(Substring(local)))
        }
        for (known, uri, isForValues) in Self.impliedNamespaces where known.utf8.elementsEqual(prefix) {
            return isForValues || !declaredOnly ? (uri, String(Substring(local))) : nil
        }
        return nil
    }

    /// What GS1's own JSON-LD context declares, and whether values are written with it.
    private static var impliedNamespaces: [(String, String, Bool)] {
        [
            ("cbv", "https://ref.gs1.org/cbv/", true), ("gs1", "https://gs1.org/voc/", true),
            ("epcis", "https://ref.gs1.org/epcis/", true), ("cbvmda", "urn:epcglobal:cbv:mda:", false),
            ("rdfs", "http://www.w3.org/2000/01/rdf-schema#", false),
        ]
    }

    private static func isStandard(_ uri: String) -> Bool {
        uri.utf8.starts(with: "https://ref.gs1.org/".utf8) || uri.utf8.starts(with: "https://gs1.org/".utf8)
    }

    /// The web URI of a term written as before CBV 2.0, also of one that is in none of its lists.
    private static func webURI(ofURN text: String) -> [UInt8]? {
        let urn = "urn:epcglobal:cbv:".utf8
        guard text.utf8.starts(with: urn) else { return nil }
        let rest = text.utf8.dropFirst(urn.count)
        for (old, new) in [
            ("bizstep:", "BizStep-"), ("disp:", "Disp-"), ("btt:", "BTT-"), ("sdt:", "SDT-"), ("er:", "ER-"),
        ] where rest.starts(with: old.utf8) {
            return Array("https://ref.gs1.org/cbv/".utf8) + Array(new.utf8) + Array(rest.dropFirst(old.utf8.count))
        }
        return nil
    }

    // MARK: What only looks like a number

    /// Notes what the reference implementation, which asks Python's `float`, would take for a number.
    private mutating func noteNumberLike(_ text: String, field: String) {
        var word = text.utf8[...]
        if word.first == UInt8(ascii: "+") || word.first == UInt8(ascii: "-") { word.removeFirst() }
        let lower = word.prefix(9).map { $0 | 0x20 }
        if lower.elementsEqual("inf".utf8) || (lower.elementsEqual("infinity".utf8) && word.count == 8) {
            note(.infinity, field)
        } else if let first = word.first, (0x30...0x39).contains(first) || first == 0x2E,
            word.allSatisfy({ (0x30...0x39).contains($0) || "._eE+-".utf8.contains($0) }),
            word.contains(where: { "_eE".utf8.contains($0) })
        {
            note(.numericText, field)
        }
    }
}
