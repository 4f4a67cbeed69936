internal import GRDB
internal import TraceProof

/// One condition of a query as SQL, in two ways: as a test of an event `e`, and, where an index of the file leads to the events
/// that meet it, as the indices of those.
struct Condition {
    let test: SQLPart
    let candidates: SQLPart?

    init(_ test: SQLPart, candidates: SQLPart? = nil) {
        self.test = test
        self.candidates = candidates
    }

    /// The conditions of a query, those first that few events meet as a rule; nil where no event can meet them.
    static func all(of conditions: QueryConditions, _ db: Database) throws -> [Condition]? {
        var all: [Condition] = []
        if let ids = conditions.eventIDs { all.append(eventIDs(ids.map { EventKey($0) })) }
        for match in conditions.matches { all.append(objects(match)) }
        for (column, index, names) in [
            ("bizLocation", "eventBizLocations", conditions.bizLocations),
            ("readPoint", "eventReadPoints", conditions.readPoints),
        ] {
            guard let names else { continue }
            let words = try words(names, db)
            guard !words.isEmpty else { return nil }
            let indices = SQLPart("SELECT idx FROM events INDEXED BY \(index) WHERE ") + .among(column, words)
            all.append(Condition(.among("e.\(column)", words), candidates: indices))
        }
        for (column, names) in [("bizStep", conditions.bizSteps), ("disposition", conditions.dispositions)] {
            guard let names else { continue }
            let words = try words(names, db)
            guard !words.isEmpty else { return nil }
            all.append(Condition(.among("e.\(column)", words)))
        }
        for (column, codes) in [("kind", conditions.kinds), ("action", conditions.actions)] {
            if let codes { all.append(Condition(.among("e.\(column)", codes))) }
        }
        for (column, bounds) in [("time", conditions.eventTime), ("record", conditions.recordTime)] {
            if let from = bounds.from { all.append(Condition(SQLPart("e.\(column) >= ?", [from]))) }
            if let before = bounds.before { all.append(Condition(SQLPart("e.\(column) < ?", [before]))) }
        }
        return all
    }

    /// The numbers of the words that the index knows of these.
    private static func words(_ names: [String], _ db: Database) throws -> [Int64] {
        let part = SQLPart("SELECT id FROM words WHERE ") + .among("text", names)
        return try Int64.fetchAll(db, sql: part.sql, arguments: part.arguments)
    }

    private static func eventIDs(_ keys: [EventKey]) -> Condition {
        let either = SQLPart.joined(keys.map { SQLPart("(high = ? AND low = ?)", [$0.high, $0.low]) }, " OR ")
        let indices = SQLPart("SELECT idx FROM eventIDs WHERE (") + either + SQLPart(")")
        return Condition(SQLPart("e.idx IN (") + indices + SQLPart(")"), candidates: indices)
    }

    /// Each target apart, so that SQLite goes to it by the key of the table or of its index.
    private static func objects(_ match: QueryConditions.ObjectMatch) -> Condition {
        let roles = SQLPart.among("role", match.roles.map { $0.rawValue })
        let names = match.targets.compactMap { if case .name(let name) = $0 { name } else { nil } }
        var places = names.isEmpty ? [] : [SQLPart.among("name", names)]
        for case .prefix(let prefix) in match.targets {
            places.append(SQLPart("name >= ? AND name < ?", [prefix, ObjectTarget.end(ofPrefix: prefix)]))
        }
        let tests = places.map { place in
            SQLPart("EXISTS (SELECT 1 FROM objects WHERE idx = e.idx AND ") + roles + SQLPart(" AND ") + place
                + SQLPart(")")
        }
        let indices = places.map { place in
            SQLPart("SELECT idx FROM objects INDEXED BY objectNames WHERE ") + place + SQLPart(" AND ") + roles
        }
        return Condition(
            SQLPart("(") + .joined(tests, " OR ") + SQLPart(")"),
            candidates: .joined(indices, " UNION ALL ")
        )
    }
}
