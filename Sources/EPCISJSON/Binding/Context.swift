internal import EPCIS

/// A JSON-LD `@context` as far as it is read here: prefixes, and the rest as it is. Nothing is fetched or expanded.
///
/// GS1's own context is implied. Pairs of a name and a string are namespaces; anything else (URLs of other contexts, term
/// definitions, `@vocab` and other keywords) is ``rest``, item by item. An event's own context comes on top of its
/// document's: its pairs replace those of the same prefix, its rest follows the document's rest.
///
/// An event keeps the namespaces that it uses and all of the rest, so a document-level and an event-level context give the
/// same event, and writing an event with a context of its own and reading it again changes nothing.
struct Context {
    /// Where GS1 publishes the context of EPCIS 2.0; the first is what writers name.
    static let standardURL = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"

    private(set) var namespaces: [Namespace] = []
    private(set) var rest: [FieldValue] = []

    /// The rest as an event keeps it: nothing, the one item, or the list of them.
    var restValue: FieldValue? {

        if rest.count == 1, let item = rest.first { return item }
        return rest.isEmpty ? nil : .list(rest)
    }

    /// Adds the `@context` member of `object`, if it has one.
    mutating func add(contextOf object: JSONValue) throws(Refusal) {
        guard let context = object["@context"] else { return }
        guard case .array(let items) = context.content else { return try add(item: context) }
        for item in items { try add(item: item) }
    }

    private mutating func add(item: JSONValue) throws(Refusal) {
        switch item.content {
        case .string(let url):
            if !Context.isStandard(url) { keep(.text(url)) }
        case .object(let members):
            var others: [JSONMember] = []
            for member in members {
                if case .string(let uri) = member.value.content, Context.isPrefix(member.name) {
                    bind(member.name, to: uri)
                } else {
                    others.append(member)
                }
            }
            if !others.isEmpty { keep(.fields(others.fields)) }
        case .null: keep(.null)
        case .boolean, .number, .array:
            throw item.wrong("@context", mustBe: "a URL, an object of prefixes, or an array of these")
        }
    }

    private mutating func keep(_ item: FieldValue) {
        if !rest.contains(item) { rest.append(item) }
    }

    mutating func bind(_ prefix: String, to uri: String) {
        if let known = namespaces.firstIndex(where: { $0.prefix.isExactly(prefix) }) {
            namespaces[known].uri = uri
        } else {
            namespaces.append(Namespace(prefix: prefix, uri: uri))
        }
    }

    /// Whether `url` is GS1's context of EPCIS 2.x under any of its addresses.
    static func isStandard(_ url: String) -> Bool {
        let path = [
            "https://ref.gs1.org/standards/epcis/", "http://ref.gs1.org/standards/epcis/",
            "https://gs1.github.io/EPCIS/", "http://gs1.github.io/EPCIS/",
        ].first { url.utf8.starts(with: $0.utf8) }
        let file = "epcis-context.jsonld".utf8
        return path != nil && url.utf8.suffix(file.count).elementsEqual(file)
    }

    /// A name that can stand before a colon: no keyword, no CURIE.
    private static func isPrefix(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.first != UInt8(ascii: "@") && !name.utf8.contains(UInt8(ascii: ":"))
    }
}

extension Context {
    /// The namespaces that `event` uses, of those bound here: a prefix is used where a name or a string, at any depth,
    /// is `prefix:...` but not `prefix://...`, or is the prefix itself (a term), or where ``rest`` or the URI of a
    /// namespace in use has it.
    func namespaces(usedBy event: JSONValue) -> [Namespace] {
        guard !namespaces.isEmpty else { return [] }
        var search = PrefixSearch(namespaces: namespaces)
        search.visit(event, ignoring: "@context")
        for item in rest { search.visit(JSONValue(item)) }
        return search.found
    }
}

/// Marks the prefixes that it meets.
private struct PrefixSearch {
    let namespaces: [Namespace]
    private var isUsed: [Bool]

    init(namespaces: [Namespace]) {
        self.namespaces = namespaces
        isUsed = namespaces.map { _ in false }
    }

    var found: [Namespace] {
        var used = zip(namespaces, isUsed).filter(\.1).map(\.0)
        used.sortNames()
        return used
    }

    mutating func visit(_ value: JSONValue, ignoring ignored: String? = nil) {
        switch value.content {
        case .null, .boolean, .number: break
        case .string(let text): visit(text)
        case .array(let elements): for element in elements { visit(element) }
        case .object(let members):
            for member in members {
                if let ignored, member.name.isExactly(ignored) { continue }
                visit(member.name)
                visit(member.value)
            }
        }
    }

    private mutating func visit(_ text: String) {
        for index in namespaces.indices where !isUsed[index] && PrefixSearch.has(text, namespaces[index].prefix) {
            isUsed[index] = true
            visit(namespaces[index].uri)
        }
    }

    private static func has(_ text: String, _ prefix: String) -> Bool {
        guard text.utf8.starts(with: prefix.utf8) else { return false }
        let rest = text.utf8.dropFirst(prefix.utf8.count)
        guard let next = rest.first else { return true }
        return next == UInt8(ascii: ":") && !rest.dropFirst().starts(with: "//".utf8)
    }
}
