internal import EPCIS

/// Finds the events of a document, whatever is around them.
struct DocumentReader {
    let bytes: [UInt8]
    /// Lines are counted once, forward from event to event.
    private var line = 1
    private var countedTo = 0
    /// Why events were refused, where reading goes on past them; `nil` where the first refusal ends it.
    var refusals: [Refusal]?

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document(_ root: JSONValue) throws(Refusal) -> EPCISDocument {
        if case .array(let items) = root.content {
            return EPCISDocument(kind: .list, fields: [], events: try events(items, at: "", Context()))
        }
        guard case .object(let members) = root.content else {
            throw Refusal(
                root.offset,
                "an EPCIS document, an event or an array of events is expected, not \(root.kindName)"
            )
        }
        switch try root["type"]?.string("type") {
        case "EPCISDocument"?:
            return try document(root, members, .document, ["epcisBody", "eventList"])
        case "EPCISQueryDocument"?:
            return try document(
                root,
                members,
                .queryDocument,
                ["epcisBody", "queryResults", "resultsBody", "eventList"]
            )
        default:
            return EPCISDocument(kind: .event, fields: [], events: try events([root], at: nil, Context()))
        }
    }

    private mutating func document(
        _ root: JSONValue,
        _ members: [JSONMember],
        _ kind: EPCISDocument.Kind,
        _ path: [String]
    ) throws(Refusal) -> EPCISDocument {
        var context = Context()
        try context.add(contextOf: root)
        var list = root
        var ignoredFields = root.ignoredFields
        var parent = "the document"
        for name in path {
            _ = try list.members(parent)
            list = try list.required(name, of: parent, "the events belong in /" + path.joined(separator: "/"))
            parent = name
            ignoredFields += list.ignoredFields
        }
        guard case .array(let items) = list.content else {
            throw list.wrong("eventList", mustBe: "an array", ": put the event in [ ] also when there is only one")
        }
        let named = ["@context", "type", "schemaVersion", "creationDate", "epcisBody"]
        return EPCISDocument(
            kind: kind,
            schemaVersion: try root["schemaVersion"]?.string("schemaVersion"),
            creationDate: try root["creationDate"]?.timestamp("creationDate"),
            fields: members.filter { member in !named.contains { member.name.isExactly($0) } }.fields,
            ignoredFields: ignoredFields,
            events: try events(items, at: "/" + path.joined(separator: "/"), context)
        )
    }

    /// `pointer` is the list's; `nil` where the event is the whole text.
    private mutating func events(
        _ items: [JSONValue],
        at pointer: String?,
        _ context: Context
    ) throws(Refusal) -> [EPCISDocument.LocatedEvent] {
        var events: [EPCISDocument.LocatedEvent] = []
        events.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            do {
                let place = pointer.map { "\($0)/\(index)" } ?? ""
                let event = try self.event(item, context)
                events.append(EPCISDocument.LocatedEvent(event: event, pointer: place, line: line(of: item.offset)))
            } catch {
                guard refusals != nil else { throw error }
                refusals?.append(error)
            }
        }
        return events
    }

    private func event(_ item: JSONValue, _ context: Context) throws(Refusal) -> EPCISEvent {
        var own = context
        try own.add(contextOf: item)
        return try EPCISEvent(json: item, in: own)
    }

    private mutating func line(of offset: Int) -> Int {
        while countedTo < offset {
            if bytes[countedTo] == UInt8(ascii: "\n") { line += 1 }
            countedTo += 1
        }
        return line
    }
}

extension JSONValue {
    /// The names in the object's members `prefix:ignoreFields`: a text or a list of texts.
    fileprivate var ignoredFields: [String] {
        guard case .object(let members) = content else { return [] }
        var names: [String] = []
        for member in members {
            guard let colon = member.name.utf8.firstIndex(of: UInt8(ascii: ":")),
                member.name.utf8[colon...].elementsEqual(":ignoreFields".utf8)
            else { continue }
            switch member.value.content {
            case .string(let name): names.append(name)
            case .array(let items): for case .string(let name) in items.map(\.content) { names.append(name) }
            default: break
            }
        }
        return names
    }
}
