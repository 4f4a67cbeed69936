public import EPCIS

/// Writes events as EPCIS 2.0 JSON: the same events always give the same bytes.
///
/// ```swift
/// let bytes = DocumentWriter.document(events, creationDate: now).serialized(.pretty)
/// ```
public enum DocumentWriter {
    /// One `EPCISDocument` of `events` (EPCIS 2.0 section 10), with schema version 2.0.
    ///
    /// Its `@context` is GS1's and the namespaces of the events. A prefix that two of the events bind to two URIs, or that
    /// one of them uses without binding it, and what an event's own ``EPCISEvent/context`` holds, stand in an `@context` of
    /// those events instead, so that every event reads back as it was.
    public static func document(_ events: [EPCISEvent], creationDate: Timestamp) -> JSONValue {
        let (context, list) = eventList(events)
        var body = ObjectBuilder()
        body.add("eventList", list)
        return document("EPCISDocument", context, creationDate, body.value)
    }

    /// One `EPCISQueryDocument` of `events`, the answer to the query called `queryName`: as ``document(_:creationDate:)``,
    /// but for what is around the events (EPCIS 2.0 section 8.2.6).
    public static func queryDocument(
        _ events: [EPCISEvent],
        queryName: String = "SimpleEventQuery",
        creationDate: Timestamp
    ) -> JSONValue {
        let (context, list) = eventList(events)
        var resultsBody = ObjectBuilder()
        resultsBody.add("eventList", list)
        var results = ObjectBuilder()
        results.add("queryName", queryName)
        results.add("resultsBody", resultsBody.value)
        var body = ObjectBuilder()
        body.add("queryResults", results.value)
        return document("EPCISQueryDocument", context, creationDate, body.value)
    }

    private static func document(
        _ type: String,
        _ context: JSONValue,
        _ creationDate: Timestamp,
        _ body: JSONValue
    ) -> JSONValue {
        var document = ObjectBuilder()
        document.add("@context", context)
        document.add("type", type)
        document.add("schemaVersion", "2.0")
        document.add("creationDate", creationDate)
        document.add("epcisBody", body)
        return document.value
    }

    /// The context of a document and its events, each with what the document's context cannot say for it.
    private static func eventList(_ events: [EPCISEvent]) -> (context: JSONValue, list: JSONValue) {
        let bodies = events.map { JSONValue($0) }
        let shared = sharedNamespaces(of: events, bodies)
        let isShared = Set(shared)
        var list: [JSONValue] = []
        for (event, body) in zip(events, bodies) {
            let own = event.shownNamespaces.filter { !isShared.contains($0) }
            let context = items(of: event.context) + object(of: own)
            list.append(context.isEmpty ? body : body.adding(context: JSONValue(.array(context))))
        }
        return (context(object(of: shared)), JSONValue(.array(list)))
    }

    /// One event with its own `@context`: GS1's, then ``EPCISEvent/context``, then its namespaces.
    public static func event(_ event: EPCISEvent) -> JSONValue {
        let context = context(items(of: event.context) + object(of: event.shownNamespaces))
        return JSONValue(event).adding(context: context)
    }

    /// The namespaces that stand at the document: those of which every event that uses the prefix says the same.
    private static func sharedNamespaces(of events: [EPCISEvent], _ bodies: [JSONValue]) -> [Namespace] {
        var all = Context()
        var isDisputed: Set<[UInt8]> = []
        for namespace in events.flatMap(\.shownNamespaces) {
            let bound = all.uri(of: namespace.prefix)
            if let bound, !bound.isExactly(namespace.uri) { isDisputed.insert(Array(namespace.prefix.utf8)) }
            if bound == nil { all.bind(namespace.prefix, to: namespace.uri) }
        }
        for (event, body) in zip(events, bodies) {
            let bound = Set(event.shownNamespaces.map { Array($0.prefix.utf8) })
            var whole = [body]
            whole += items(of: event.context)
            for used in all.namespaces(usedBy: JSONValue(.array(whole))) {
                let prefix = Array(used.prefix.utf8)
                if !bound.contains(prefix) { isDisputed.insert(prefix) }
            }
        }
        var shared = all.namespaces.filter { !isDisputed.contains(Array($0.prefix.utf8)) }
        shared.sortNames()
        // Room is left for the events' own: readers bound the two together.
        return Array(shared.prefix(Context.maximumSize / 4))
    }

    private static func context(_ more: [JSONValue]) -> JSONValue {
        JSONValue(.array([JSONValue(.string(Context.standardURL))] + more))
    }

    private static func items(of rest: FieldValue?) -> [JSONValue] {
        switch rest {
        case nil: []
        case .list(let items)?: items.map { JSONValue(field: $0) }
        case let item?: [JSONValue(field: item)]
        }
    }

    /// The namespaces as one object; no object for none.
    private static func object(of namespaces: [Namespace]) -> [JSONValue] {
        guard !namespaces.isEmpty else { return [] }
        return [JSONValue(.object(namespaces.map { JSONMember($0.prefix, JSONValue(.string($0.uri))) }))]
    }
}

extension JSONValue {
    /// The object with an `@context` before its other members.
    fileprivate func adding(context: JSONValue) -> JSONValue {
        guard case .object(let members) = content else { return self }
        return JSONValue(.object([JSONMember("@context", context)] + members))
    }
}
