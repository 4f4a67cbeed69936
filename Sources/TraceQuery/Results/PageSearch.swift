internal import GRDB

/// Finds the events of one page.
///
/// Where a condition is met by few events, an index of the file leads to them; otherwise the events are gone through in the
/// order of the query, a stretch at a time. Either way the work for one page is bounded: a page that has not filled when it
/// is done ends early, and the next one goes on where it stopped, as EPCIS lets a server do.
struct PageSearch {
    private let db: Database
    private let query: EventQuery
    private let limit: Int
    private let limits: IndexLimits
    /// What the query orders by, without the index.
    private let column: String?

    init(_ query: EventQuery, _ db: Database, _ limits: IndexLimits) {
        (self.db, self.query, self.limits) = (db, query, limits)
        limit = query.perPage
        switch query.ordering {
        case .ledger: column = nil
        case .eventTime: column = "time"
        case .recordTime: column = "record"
        }
    }

    func findings() throws -> Findings {
        var findings = Findings()
        findings.size = try IndexOrigin.read(db)?.next ?? 0
        guard let conditions = try Condition.all(of: query.conditions, db) else { return findings }
        // So many that fetching and sorting them all costs about what going through the events costs until a page of them is
        // met, where they are spread evenly: the first costs ten times as much an event.
        let few = min(limits.candidates, Int((3 * Double(findings.size)).squareRoot()))
        for (place, condition) in conditions.enumerated() {
            guard let candidates = condition.candidates, try isAtMost(few, candidates) else { continue }
            var others = conditions
            others.remove(at: place)
            let source =
                SQLPart("(SELECT DISTINCT idx AS candidate FROM (") + candidates
                + SQLPart(")) CROSS JOIN events e ON e.idx = candidate")
            let hits = try hits(source, others.map { $0.test } + behind(query.start), limit + 1)
            fill(&findings, hits)
            return findings
        }
        try scan(conditions.map { $0.test }, &findings)
        return findings
    }

    private func isAtMost(_ count: Int, _ candidates: SQLPart) throws -> Bool {
        let part =
            SQLPart("SELECT count(*) FROM (SELECT 1 FROM (") + candidates + SQLPart(") LIMIT ?)", [count + 1])
        return try Int.fetchOne(db, sql: part.sql, arguments: part.arguments) ?? 0 <= count
    }

    private func scan(_ tests: [SQLPart], _ findings: inout Findings) throws {
        // The index of the order, or the table itself, whatever the planner would rather have.
        let source = SQLPart(
            column.map { "events e INDEXED BY event\($0 == "time" ? "Times" : "Records")" }
                ?? "events e NOT INDEXED"
        )
        var start = query.start
        var scanned = 0
        while scanned < limits.scanned {
            let end = try self.end(behind: start, source)
            let missing = limit + 1 - findings.hits.count
            let hits = try hits(source, tests + behind(start) + upTo(end), missing)
            fill(&findings, hits)
            guard findings.next == nil, let end else { return }
            start = end
            scanned += limits.stretch
        }
        findings.next = start
    }

    /// The last event of the stretch behind a position; nil where no full stretch is left.
    private func end(behind start: PagePosition?, _ source: SQLPart) throws -> PagePosition? {
        // Bounds of the time that is ordered by keep the stretch within them.
        let bounds =
            query.ordering == .eventTime
            ? query.conditions.eventTime
            : query.ordering == .recordTime ? query.conditions.recordTime : .init()
        var tests = behind(start)
        if let column, let from = bounds.from { tests.append(SQLPart("e.\(column) >= ?", [from])) }
        if let column, let before = bounds.before { tests.append(SQLPart("e.\(column) < ?", [before])) }
        let part =
            select("e.idx, \(column.map { "e.\($0)" } ?? "0")", source, tests)
            + SQLPart(" LIMIT 1 OFFSET ?", [limits.stretch - 1])
        return try Row.fetchOne(db, sql: part.sql, arguments: part.arguments).map { row in
            PagePosition(
                value: try row.decode(Int64.self, atIndex: 1),
                index: try row.decode(Int64.self, atIndex: 0)
            )
        }
    }

    private func hits(_ source: SQLPart, _ tests: [SQLPart], _ limit: Int) throws -> [Hit] {
        let part = select(Hit.columns, source, tests) + SQLPart(" LIMIT ?", [limit])
        return try Row.fetchAll(db, sql: part.sql, arguments: part.arguments).map { try Hit($0) }
    }

    /// Adds hits to a page as far as they have room; those that have not say where the next page begins.
    private func fill(_ findings: inout Findings, _ hits: [Hit]) {
        var bytes = findings.hits.reduce(0) { $0 + $1.length }
        for hit in hits {
            guard findings.hits.count < limit, findings.hits.isEmpty || bytes + hit.length <= limits.pageBytes
            else {
                findings.next = findings.hits.last?.position(query.ordering)
                return
            }
            bytes += hit.length
            findings.hits.append(hit)
        }
    }

    // MARK: SQL

    private func select(_ columns: String, _ source: SQLPart, _ tests: [SQLPart]) -> SQLPart {
        let direction = query.isDescending ? "DESC" : "ASC"
        let order = (column.map { "e.\($0) \(direction), " } ?? "") + "e.idx \(direction)"
        let condition = tests.isEmpty ? SQLPart("") : SQLPart(" WHERE ") + .joined(tests, " AND ")
        return SQLPart("SELECT \(columns) FROM ") + source + condition + SQLPart(" ORDER BY \(order)")
    }

    /// That an event comes behind a position in the order of the query.
    private func behind(_ position: PagePosition?) -> [SQLPart] {
        guard let position else { return [] }
        return [compare(query.isDescending ? "<" : ">", position)]
    }

    private func upTo(_ position: PagePosition?) -> [SQLPart] {
        guard let position else { return [] }
        return [compare(query.isDescending ? ">=" : "<=", position)]
    }

    private func compare(_ comparison: String, _ position: PagePosition) -> SQLPart {
        guard let column else { return SQLPart("e.idx \(comparison) ?", [position.index]) }
        return SQLPart("(e.\(column), e.idx) \(comparison) (?, ?)", [position.value, position.index])
    }
}
