internal import GS1

/// What one value of a `MATCH_` parameter stands for: a name, or the range of names that a pattern covers
/// (EPCIS 2.0 section 8.2.7.1.1).
enum ObjectTarget: Hashable, Sendable {
    /// This name and no other.
    case name(String)
    /// Every name that begins so; it ends in an ASCII character.
    case prefix(String)

    /// Whether a pattern stands for instances or for classes: lists of EPCs hold the ones, quantities the others.
    enum Level: Hashable, Sendable {
        case instance, `class`
    }

    /// The targets of a value; nil for a pattern that is none.
    static func targets(of text: String, _ level: Level) -> [ObjectTarget]? {
        guard text.utf8.starts(with: "urn:epc:idpat:".utf8) else { return [.name(ObjectName(parsing: text).text)] }
        guard let pattern = IdentifierPattern(text) else { return nil }
        let key = pattern.key < 10 ? "0\(pattern.key)" : "\(pattern.key)"
        let bare = ObjectTarget.prefix("\(key):\(pattern.start)")
        guard level == .instance else { return [bare] }
        switch pattern.instance {
        case .key: return [bare]
        case .appended: return [.prefix("\(key)+:\(pattern.start)")]
        // A location without extension is an instance too (EPC TDS 2.3 section 6.3.3).
        case .qualifier(254): return [bare, .prefix("\(key)+254:\(pattern.start)")]
        case .qualifier(let ai): return [.prefix("\(key)+\(ai):\(pattern.start)")]
        }
    }

    /// The first text behind every name that begins with `prefix`.
    static func end(ofPrefix prefix: String) -> String {
        var bytes = Array(prefix.utf8)
        // Digits, `+` and `:` have a successor that is ASCII.
        if let last = bytes.popLast() { bytes.append(last &+ 1) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
