internal import EPCIS
internal import EPCISJSON
internal import TraceProof

/// Reads parameters one by one; a query comes of them at the end.
struct QueryReader {
    private var conditions = QueryConditions()
    private var singles: [QueryParameter: String] = [:]
    private var lists: [QueryParameter: [String]] = [:]
    private var valueCount = 0
    private var object: String?

    mutating func take(_ name: String, _ value: String) throws(QueryError) {
        guard let parameter = QueryParameter.allCases.first(where: { $0.rawValue.hasSameUTF8(as: name) }) else {
            throw QueryParameter.refusal(name)
        }
        guard parameter.isList else {
            guard singles[parameter] == nil else { throw QueryError(.parameter, name, "given twice") }
            try check(value, parameter)
            singles[parameter] = value
            return
        }
        // No URI has a bare `|` (RFC 3986 section 2).
        for part in value.utf8.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false) {
            let part = String(Substring(part))
            try count(part, parameter)
            lists[parameter, default: []].append(part)
        }
    }

    mutating func take(object: String) throws(QueryError) {
        try count(object, nil)
        self.object = object
    }

    mutating func take(eventID: String) throws(QueryError) {
        try count(eventID, .eventID)
        lists[.eventID] = [eventID]
    }

    private mutating func count(_ value: String, _ parameter: QueryParameter?) throws(QueryError) {
        valueCount += 1
        guard valueCount <= EventQuery.maximumValues else { throw EventQuery.tooMany }
        try check(value, parameter)
    }

    private func check(_ value: String, _ parameter: QueryParameter?) throws(QueryError) {
        let name = parameter?.rawValue
        guard !value.utf8.isEmpty else { throw QueryError(.parameter, name, "the value is empty") }
        guard value.utf8.count <= EventQuery.maximumValueLength else {
            throw QueryError(.parameter, name, "a value has at most \(EventQuery.maximumValueLength) bytes")
        }
    }

    /// The query that the parameters make.
    consuming func query() throws(QueryError) -> EventQuery {
        for (parameter, values) in lists { try set(parameter, values) }
        try setBounds()
        if let object {
            let targets = try targets([object], .instance, name: nil) + targets([object], .class, name: nil)
            conditions.matches.append(.init(roles: ObjectRole.allCases, targets: sorted(targets)))
        }
        // The order of a dictionary is not the same twice, and a token knows its query by it.
        conditions.matches.sort {
            ($0.roles.map { $0.rawValue }).lexicographicallyPrecedes($1.roles.map { $0.rawValue })
        }
        var query = EventQuery(conditions)
        try setOrder(of: &query)
        if let text = singles[.perPage] { query.perPage = try perPage(text) }
        if let token = singles[.nextPageToken] {
            query.start = try PageToken.decode(token, fingerprint: query.fingerprint)
            guard query.ordering != .ledger || query.start?.value == 0 else {
                throw QueryError(.parameter, QueryParameter.nextPageToken.rawValue, "there is no such position")
            }
        }
        return query
    }

    private mutating func set(_ parameter: QueryParameter, _ values: [String]) throws(QueryError) {
        let name = parameter.rawValue
        switch parameter {
        case .eventType:
            let known = EPCISEvent.Kind.allCases.map { ($0.name, Int64($0.rawValue)) }
            conditions.kinds = try codes(values, known, name)
        case .action:
            let known = EPCISEvent.Action.allCases.map { ($0.name, Int64($0.rawValue)) }
            conditions.actions = try codes(values, known, name)
        case .bizStep: conditions.bizSteps = try terms(values, .bizSteps, name)
        case .disposition: conditions.dispositions = try terms(values, .dispositions, name)
        case .readPoint: conditions.readPoints = sorted(values.map { ObjectName(parsing: $0).text })
        case .bizLocation: conditions.bizLocations = sorted(values.map { ObjectName(parsing: $0).text })
        case .eventID: conditions.eventIDs = sorted(values)
        default:
            let level = parameter.roles.first?.level ?? .instance
            let targets = sorted(try targets(values, level, name: name))
            conditions.matches.append(.init(roles: parameter.roles, targets: targets))
        }
    }

    private func codes(
        _ values: [String],
        _ known: [(name: String, code: Int64)],
        _ name: String
    ) throws(QueryError) -> [Int64] {
        var codes: Set<Int64> = []
        for value in values {
            guard let code = known.first(where: { $0.name.hasSameUTF8(as: value) })?.code else {
                let names = known.map { $0.name }.joined(separator: ", ")
                let remedy = value.utf8.contains(UInt8(ascii: ",")) ? "; several values are joined by |" : ""
                throw QueryError(.parameter, name, "\"\(QueryError.shown(value))\" is none of \(names)\(remedy)")
            }
            codes.insert(code)
        }
        return codes.sorted()
    }

    private func terms(_ values: [String], _ vocabulary: Vocabulary, _ name: String) throws(QueryError) -> [String] {
        var names: [String] = []
        for value in values {
            let isWord = { (byte: UInt8) in byte == 0x5F || byte == 0x2D || UInt8.isAlphanumeric(byte) }
            guard value.utf8.contains(UInt8(ascii: ":")) || value.utf8.allSatisfy(isWord) else {
                throw QueryError(
                    .parameter,
                    name,
                    "\"\(QueryError.shown(value))\" is neither a word of the CBV nor a URI; several values are joined by |"
                )
            }
            names.append(TermName.name(of: Term(value), vocabulary))
        }
        return sorted(names)
    }

    private func targets(
        _ values: [String],
        _ level: ObjectTarget.Level,
        name: String?
    ) throws(QueryError) -> [ObjectTarget] {
        var all: [ObjectTarget] = []
        for value in values {
            guard let targets = ObjectTarget.targets(of: value, level) else {
                throw QueryError(
                    .parameter,
                    name,
                    "\"\(QueryError.shown(value))\" is no pattern of EPC TDS section 8: its last parts are *, as in "
                        + "urn:epc:idpat:sgtin:9506000.013435.*"
                )
            }
            all += targets
        }
        return all
    }

    private mutating func setBounds() throws(QueryError) {
        conditions.eventTime.from = try time(.fromEventTime)
        conditions.eventTime.before = try time(.beforeEventTime)
        // Records have whole seconds: the first one that is not before the time.
        let ceiling = { (milliseconds: Int64) -> Int64 in
            let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
            return seconds + (rest > 0 ? 1 : 0)
        }
        conditions.recordTime.from = try time(.fromRecordTime).map(ceiling)
        conditions.recordTime.before = try time(.beforeRecordTime).map(ceiling)
    }

    private func time(_ parameter: QueryParameter) throws(QueryError) -> Int64? {
        guard let text = singles[parameter] else { return nil }
        guard let time = Timestamp(text) else {
            throw QueryError(
                .parameter,
                parameter.rawValue,
                "\"\(QueryError.shown(text))\" is no time with an offset: write 2026-03-01T08:00:00+08:00 or ...Z"
            )
        }
        return time.milliseconds
    }

    private func setOrder(of query: inout EventQuery) throws(QueryError) {
        if let text = singles[.orderBy] {
            switch text {
            case "eventTime": query.ordering = .eventTime
            case "recordTime": query.ordering = .recordTime
            default:
                throw QueryError(
                    .parameter,
                    QueryParameter.orderBy.rawValue,
                    "events are ordered by eventTime or recordTime, not \"\(QueryError.shown(text))\""
                )
            }
            query.isDescending = true
        } else if !conditions.eventTime.isEmpty {
            query.ordering = .eventTime
        } else if !conditions.recordTime.isEmpty {
            query.ordering = .recordTime
        }
        switch singles[.orderDirection] {
        case nil: break
        case "ASC": query.isDescending = false
        case "DESC": query.isDescending = true
        case let text?:
            throw QueryError(
                .parameter,
                QueryParameter.orderDirection.rawValue,
                "\"\(QueryError.shown(text))\" is neither ASC nor DESC"
            )
        }
    }

    private func perPage(_ text: String) throws(QueryError) -> Int {
        guard text.utf8.count <= 9, text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text)
        else {
            throw QueryError(
                .parameter,
                QueryParameter.perPage.rawValue,
                "\"\(QueryError.shown(text))\" is no number of events from 1 to \(EventQuery.maximumPerPage)"
            )
        }
        return min(number, EventQuery.maximumPerPage)
    }

    private func sorted(_ names: [String]) -> [String] { sorted(names) { (0, $0) } }

    private func sorted(_ targets: [ObjectTarget]) -> [ObjectTarget] {
        sorted(targets) { target in
            switch target {
            case .name(let text): (0, text)
            case .prefix(let text): (1, text)
            }
        }
    }

    /// Each value once, in the order of their bytes: what a client repeats or reorders is the same query.
    private func sorted<Value>(_ values: [Value], by key: (Value) -> (Int, String)) -> [Value] {
        let keyed = values.map { (key: key($0), value: $0) }.sorted { left, right in
            guard left.key.0 == right.key.0 else { return left.key.0 < right.key.0 }
            return left.key.1.utf8.lexicographicallyPrecedes(right.key.1.utf8)
        }
        var once: [Value] = []
        for (place, (key, value)) in keyed.enumerated() {
            if place > 0, keyed[place - 1].key.0 == key.0, keyed[place - 1].key.1.hasSameUTF8(as: key.1) { continue }
            once.append(value)
        }
        return once
    }
}

extension UInt8 {
    fileprivate static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
