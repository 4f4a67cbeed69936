internal import GRDB

/// A piece of SQL with its values: what comes from a query is only ever bound, never spelt.
struct SQLPart {
    var sql: String
    var values: [any DatabaseValueConvertible] = []

    init(_ sql: String, _ values: [any DatabaseValueConvertible] = []) {
        self.sql = sql
        self.values = values
    }

    var arguments: StatementArguments { StatementArguments(values) }

    /// `column IN (?, …)`.
    static func among(_ column: String, _ values: [any DatabaseValueConvertible]) -> SQLPart {
        SQLPart("\(column) IN (\(values.map { _ in "?" }.joined(separator: ", ")))", values)
    }

    static func joined(_ parts: [SQLPart], _ separator: String) -> SQLPart {
        SQLPart(parts.map { $0.sql }.joined(separator: separator), parts.flatMap { $0.values })
    }

    static func + (left: SQLPart, right: SQLPart) -> SQLPart {
        SQLPart(left.sql + right.sql, left.values + right.values)
    }
}
