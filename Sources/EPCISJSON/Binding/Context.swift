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
    /// GS1's context as writers name it: the address that never changes its content.
    static let standardURL = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"

    /// How many names and items the contexts of an event may have together: an event keeps what it uses of them, so more
    /// would not fit into an entry of a ledger, and it bounds the work that a document can ask for.
    static let maximumSize = 4096

    private(set) var namespaces: [Namespace] = []
    private(set) var rest: [FieldValue] = []
    /// Where a prefix stands in ``namespaces``.
    fileprivate private(set) var index: [[UInt8]: Int] = [:]
    fileprivate private(set) var longestPrefix = 0
    private var size = 0
    /// Indices of the namespaces that ``rest`` uses.
    private var usedByRest: Set<Int> = []

    /// The rest as an event keeps it: nothing, the one item, or the list of them.
    var restValue: FieldValue? {

        if rest.count == 1, let item = rest.first { return item }
        return rest.isEmpty ? nil : .list(rest)
    }

    /// Adds the `@context` member of `object`, if it has one.
    mutating func add(contextOf object: JSONValue) throws(Refusal) {
        guard let context = object["@context"] else { return }
        size += context.count(upTo: Context.maximumSize)
        guard size <= Context.maximumSize else {
            throw Refusal(context.offset, "\"@context\" has more than \(Context.maximumSize) names and items")
        }
        if case .array(let items) = context.content {
            for item in items { try add(item: item) }
        } else {
            try add(item: context)
        }
        var search = PrefixSearch(context: self)
        for item in rest { search.visit(JSONValue(field: item)) }
        usedByRest = search.used
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

    func uri(of prefix: String) -> String? { index[Array(prefix.utf8)].map { namespaces[$0].uri } }

    mutating func bind(_ prefix: String, to uri: String) {
        let key = Array(prefix.utf8)
        if let known = index[key] {
            namespaces[known].uri = uri
        } else {
            index[key] = namespaces.count
            longestPrefix = max(longestPrefix, key.count)
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
        var search = PrefixSearch(context: self, used: usedByRest)
        search.visit(event, ignoring: "@context")
        var used = search.used.map { namespaces[$0] }
        used.sortNames()
        return used
    }
}

extension JSONValue {
    /// How many names and values there are in all, counted no further than just past `limit`.
    fileprivate func count(upTo limit: Int) -> Int {
        var total = 1
        switch content {
        case .null, .boolean, .number, .string: break
        case .array(let elements):
            for element in elements where total <= limit { total += element.count(upTo: limit) }
        case .object(let members):
            for member in members where total <= limit { total += member.value.count(upTo: limit) }
        }
        return total
    }
}

/// Marks the namespaces whose prefixes it meets.
private struct PrefixSearch {
    let context: Context
    /// Indices into the context's namespaces.
    private(set) var used: Set<Int>

    init(context: Context, used: Set<Int> = []) {
        self.context = context
        self.used = used
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
        let head = text.utf8.prefix(context.longestPrefix + 1)
        let prefix = head.prefix { $0 != UInt8(ascii: ":") }
        guard prefix.count <= context.longestPrefix else { return }
        let after = text.utf8.dropFirst(prefix.count)
        guard !after.starts(with: "://".utf8), let index = context.index[Array(prefix)] else { return }
        if used.insert(index).inserted { visit(context.namespaces[index].uri) }
    }
}
