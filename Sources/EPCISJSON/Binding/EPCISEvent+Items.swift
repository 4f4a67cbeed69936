internal import EPCIS
internal import TraceProof

extension EPCISEvent {
    /// The event that `object` is where `context` holds: with the namespaces that it uses, and its item tree.
    init(json object: JSONValue, in context: Context) throws(Refusal) {
        try self.init(json: object)
        namespaces = context.namespaces(usedBy: object)
        self.context = context.restValue
        try takeItems(of: object, context)
    }

    /// Makes ``items`` of the extension `items` of our namespace, whatever its prefix.
    private mutating func takeItems(of object: JSONValue, _ context: Context) throws(Refusal) {
        let ours = namespaces.filter { $0.uri.isExactly(ItemTreeRoot.namespace) }
        guard !ours.isEmpty, case .object(let members) = object.content else { return }
        // A set: a document may bind thousands of prefixes to one namespace.
        let names = Set(ours.map { Array("\($0.prefix):\(ItemTreeRoot.localName)".utf8) })
        for member in members where names.contains(Array(member.name.utf8)) {
            guard items == nil else {
                throw Refusal(member.value.offset, "the event has items under two prefixes: leave one of them out")
            }
            items = try member.value.itemTreeRoot(member.name)
            extensions.removeAll { $0.name.isExactly(member.name) }
            if member.name.isExactly("\(ItemTreeRoot.prefix):\(ItemTreeRoot.localName)") {
                // The writer binds this prefix by itself: the event has it where something else uses it.
                let others = members.filter { !$0.name.isExactly(member.name) }
                namespaces = context.namespaces(usedBy: JSONValue(.object(others)))
            }
        }
    }
}

extension JSONValue {
    /// `{"count": 10000, "root": "<64 hexadecimal digits>"}`.
    fileprivate func itemTreeRoot(_ field: String) throws(Refusal) -> ItemTreeRoot {
        let names = ["count", "root"]
        for member in try members(field) where !names.contains(where: { member.name.isExactly($0) }) {
            throw Refusal(member.value.offset, "\"\(field)\" has no \"\(member.name)\": it has count and root alone")
        }
        let count = try required("count", of: "\"\(field)\"", "say how many items there are")
        let root = try required("root", of: "\"\(field)\"", "give the root of the tree over the items")
        guard let digest = Hex.decode(try root.string("root")).flatMap({ Digest($0) }) else {
            throw Refusal(root.offset, "\"root\" is not a SHA-256 hash: write 64 lower-case hexadecimal digits")
        }
        let number = try count.number("count").text
        guard let value = UInt64(number), "\(value)".isExactly(number),
            let items = ItemTreeRoot(count: value, root: digest)
        else {
            throw Refusal(
                count.offset,
                "\"count\" is \(number): write a whole number from 1 to \(ItemTreeRoot.maximumCount) in digits alone"
            )
        }
        return items
    }
}
