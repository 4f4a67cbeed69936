extension Identifier {
    /// Whether the AI is a primary key of Digital Link (`dlpkey` in the GS1 Syntax Dictionary).
    static func isPrimaryKey(_ ai: Int) -> Bool {
        switch ai {
        case 0, 1, 253, 255, 401, 402, 414, 415, 417, 8003, 8004, 8006, 8010, 8013, 8017, 8018: true
        default: false
        }
    }

    /// Whether these are a primary key and qualifiers of it in path order, every value well-formed.
    static func isKey(_ elements: [Element]) -> Bool {
        guard let key = elements.first, isPrimaryKey(key.ai), key.isWellFormed == true else { return false }
        var last = 0
        for element in elements.dropFirst() {
            guard let place = place(ofQualifier: element.ai, key: key.ai), element.isWellFormed == true else {
                return false
            }
            // Place 0 is a qualifier that stands alone.
            guard place > last || (place == 0 && elements.count == 2) else { return false }
            last = place
        }
        return key.ai != 415 || elements.count == 2
    }

    /// The place of a qualifier among those of a key, from 1; 0 for one that goes with no other.
    private static func place(ofQualifier ai: Int, key: Int) -> Int? {
        switch (key, ai) {
        case (1, 235), (414, 254), (414, 7040), (417, 7040), (8004, 7040), (8010, 8011), (8017, 8019), (8018, 8019),
            (415, 8020):
            0
        case (1, 22), (8006, 22): 1
        case (1, 10), (8006, 10): 2
        case (1, 21), (8006, 21): 3
        default: nil
        }
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
