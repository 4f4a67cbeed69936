internal import GRDB

/// Inserts rows of one table, several by each statement: a third less work than one by one.
struct BulkInsert {
    /// How many rows a statement takes; SQLite binds at most 32,766 values.
    private static let rows = 32

    private let many, one: Statement
    private let columns: Int
    // Not of DatabaseValue: GRDB takes those to arguments through a key path, which costs more than the insert.
    private var values: [(any DatabaseValueConvertible)?] = []

    /// Inserts that begin so, e.g. `INSERT INTO events`, into a table of so many columns.
    init(_ start: String, columns: Int, in db: Database) throws {
        let row = "(" + repeatElement("?", count: columns).joined(separator: ", ") + ")"
        one = try db.cachedStatement(sql: "\(start) VALUES \(row)")
        let rows = repeatElement(row, count: BulkInsert.rows).joined(separator: ", ")
        many = try db.cachedStatement(sql: "\(start) VALUES \(rows)")
        self.columns = columns
        values.reserveCapacity(columns * BulkInsert.rows)
    }

    /// Adds a row of as many values as there are columns.
    mutating func add(_ row: (any DatabaseValueConvertible)?...) throws {
        values += row
        guard values.count == columns * BulkInsert.rows else { return }
        many.setUncheckedArguments(StatementArguments(values))
        try many.execute()
        values.removeAll(keepingCapacity: true)
    }

    /// Inserts what is left.
    mutating func finish() throws {
        for start in stride(from: 0, to: values.count, by: columns) {
            one.setUncheckedArguments(StatementArguments(values[start..<start + columns]))
            try one.execute()
        }
        values.removeAll(keepingCapacity: true)
    }
}
