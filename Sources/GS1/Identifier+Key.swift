extension Identifier {
    /// Whether the AI is a primary key of Digital Link (`dlpkey` in the GS1 Syntax Dictionary).
    static func isPrimaryKey(_ ai: Int) -> Bool { DictionaryEntry.of(ai)?.isPrimaryKey ?? false }

    /// Whether these are a primary key and qualifiers of it in path order, every value well-formed.
    static func isKey(_ elements: [Element]) -> Bool {
        guard let key = elements.first, let entry = DictionaryEntry.of(key.ai), key.isWellFormed(as: entry),
            entry.admitsPath(elements.dropFirst().lazy.map { $0.ai })
        else { return false }
        for element in elements.dropFirst() where element.isWellFormed != true { return false }
        // A payment (415) is nothing without its reference (8020).
        return key.ai != 415 || elements.count == 2
    }

    /// The key in brackets with its qualifiers, e.g. `(01)09506000134352(10)ABC123`; nil for what is not GS1.
    public var elementString: String? { ElementString(elements)?.text }

    /// As ``elementString``; with `classLevel`, without what tells one instance from the next of its class: serials
    /// (AI 21, 235, 8011, 8019) and the serial part of a GRAI, GDTI or GCN. A lot stays, and so does a key that has no
    /// class: SSCC, GIAI, GLN with its extension, GSRN, GINC, GSIN.
    public func elementString(classLevel: Bool) -> String? {
        classLevel ? ElementString(classElements)?.text : elementString
    }

    /// The elements without what tells one instance from the next of its class.
    public var classElements: [Element] {
        var result: [Element] = []
        for element in elements {
            switch element.ai {
            case 21, 235, 8011, 8019: continue
            case 253, 255, 8003:
                let width = element.ai == 8003 ? 14 : 13
                let value = String(Substring(element.value.utf8.prefix(width)))
                result.append(Element(ai: element.ai, value: value))
            default: result.append(element)
            }
        }
        return result
    }
}
