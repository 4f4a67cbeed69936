import EPCIS
import GS1
import TraceStatements

/// Which entries a bundle is of.
enum BundleChoice {
    /// Every event that names this object.
    case epc(Identifier)
    /// Every event that is about this lot.
    case lot(Identifier)
    /// The entries of a range.
    case range(Range<UInt64>)

    /// Whether a statement is one of them; a range is no matter of what a statement says.
    func includes(_ statement: Statement) -> Bool {
        switch self {
        case .epc(let identifier): statement.event?.names(identifier) ?? false
        case .lot(let identifier): statement.event?.concerns(lot: identifier) ?? false
        case .range: true
        }
    }

    /// `A..B`, where B is the first entry that is not meant, or one index.
    static func range(_ text: String) -> Range<UInt64>? {
        if let index = UInt64(text), index < .max { return index..<index + 1 }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, let from = UInt64(parts[0]), let to = UInt64(parts[2]), from < to
        else { return nil }
        return from..<to
    }

    /// An identifier that is GS1's in some spelling.
    static func identifier(_ text: String) -> Identifier? {
        let identifier = Identifier(text)
        return identifier.elements.isEmpty && ElementString(text) == nil && !text.contains(":") ? nil : identifier
    }
}
