import GS1
import TraceProof

/// An event as the rules see it: with its lists by name, so that no rule spells them out again.
struct ExaminedEvent {
    let event: EPCISEvent
    /// What was known before the event.
    let history: History
    /// Now, in milliseconds since 1970; `nil` where nobody said.
    let now: Int64?
    /// Whether the event repeats another of the same call, byte for byte.
    let isRepeated: Bool
    /// Whether it says something new that nobody declared wrong: only that is held against what is known.
    let isFresh: Bool
    /// Fields that its hash ID leaves out.
    let ignoredFields: [String]
    /// The lists of single objects, with their field names.
    let objectLists: [(name: String, ids: [Identifier])]
    /// The lists of quantities of classes, with their field names.
    let quantityLists: [(name: String, elements: [QuantityElement])]

    init(_ event: EPCISEvent, history: History, now: Int64?, isRepeated: Bool, isFresh: Bool, ignoredFields: [String]) {
        self.event = event
        self.history = history
        self.now = now
        self.isRepeated = isRepeated
        self.isFresh = isFresh
        self.ignoredFields = ignoredFields
        var objectLists: [(name: String, ids: [Identifier])] = []
        if let ids = event.epcList { objectLists.append(("epcList", ids)) }
        if let ids = event.childEPCs { objectLists.append(("childEPCs", ids)) }
        if let ids = event.inputEPCList { objectLists.append(("inputEPCList", ids)) }
        if let ids = event.outputEPCList { objectLists.append(("outputEPCList", ids)) }
        self.objectLists = objectLists
        var quantityLists: [(name: String, elements: [QuantityElement])] = []
        if let elements = event.quantityList { quantityLists.append(("quantityList", elements)) }
        if let elements = event.childQuantityList { quantityLists.append(("childQuantityList", elements)) }
        if let elements = event.inputQuantityList { quantityLists.append(("inputQuantityList", elements)) }
        if let elements = event.outputQuantityList { quantityLists.append(("outputQuantityList", elements)) }
        self.quantityLists = quantityLists
    }

    /// Calls `body` with each single object and its path; the parent is one of them.
    func forEachObject(_ body: (String, Int?, Identifier) -> Void) {
        if let parent = event.parentID { body("parentID", nil, parent) }
        for list in objectLists {
            for (index, id) in list.ids.enumerated() { body(list.name, index, id) }
        }
    }

    /// Calls `body` with each quantity and its path.
    func forEachQuantity(_ body: (String, QuantityElement) -> Void) {
        for list in quantityLists {
            for (index, element) in list.elements.enumerated() { body("/\(list.name)/\(index)", element) }
        }
    }

    /// The path of a member of a list, or of a field.
    static func path(_ name: String, _ index: Int?) -> String { index.map { "/\(name)/\($0)" } ?? "/\(name)" }
}

extension EPCISEvent {
    /// Whether this is what CBV 2.0 calls this business step, however it is spelt.
    func hasStep(_ name: StaticString) -> Bool {
        guard let bizStep, let (_, code) = Vocabulary.bizSteps.lookUp(bizStep),
            let bare = Vocabulary.bizSteps.term(code)
        else { return false }
        return bare.text.utf8.elementsEqual(name.description.utf8)
    }
}

extension String {
    /// Whether the text begins with these bytes.
    func begins(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

    /// Whether the text ends with these bytes.
    func ends(with suffix: String) -> Bool { utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }

    /// Whether the byte of this character occurs.
    func has(_ character: Unicode.Scalar) -> Bool { utf8.contains { UInt32($0) == character.value } }

    /// What stands behind the last colon, slash or hash: the name without its namespace.
    var localName: Substring {
        var start = utf8.startIndex
        for index in utf8.indices where utf8[index] == 0x3A || utf8[index] == 0x2F || utf8[index] == 0x23 {
            start = utf8.index(after: index)
        }
        return self[start...]
    }

    /// Whether this begins as a URI does: a letter, then letters, digits, `+-.`, then a colon (RFC 3986 section 3.1).
    var hasURIScheme: Bool {
        guard let first = utf8.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first | 0x20 else { return false }
        for byte in utf8 {
            if byte == 0x3A { return utf8.last != 0x3A }
            let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
            guard isLetter || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || [0x2B, 0x2D, 0x2E].contains(byte) else {
                return false
            }
        }
        return false
    }

    /// A name as a token of a JSON pointer (RFC 6901): `~` is `~0`, `/` is `~1`.
    var pointerToken: String {
        var token: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case 0x7E: token += [0x7E, 0x30]
            case 0x2F: token += [0x7E, 0x31]
            default: token.append(byte)
            }
        }
        return String(decoding: token, as: UTF8.self)
    }
}
