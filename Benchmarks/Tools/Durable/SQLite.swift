import CSQLite

/// The baseline of the durable append: the system's SQLite with WAL and synchronous=FULL, a table of blobs, no index but the
/// row's number. It builds no tree.
final class SQLite {
    private var database: OpaquePointer?
    private var insert: OpaquePointer?

    init(_ path: String) {
        precondition(sqlite3_open(path, &database) == SQLITE_OK, "SQLite does not open \(path)")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("CREATE TABLE entries (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
        let sql = "INSERT INTO entries (bytes) VALUES (?)"
        precondition(sqlite3_prepare_v2(database, sql, -1, &insert, nil) == SQLITE_OK, "SQLite does not prepare")
    }

    deinit {
        sqlite3_finalize(insert)
        sqlite3_close(database)
    }

    /// Inserts rows in one transaction.
    func append(_ entries: ArraySlice<[UInt8]>) {
        run("BEGIN")
        for entry in entries { add(entry) }
        run("COMMIT")
    }

    /// Inserts a row in a transaction of its own.
    func append(_ entry: [UInt8]) { add(entry) }

    private func add(_ entry: [UInt8]) {
        entry.withUnsafeBytes { bytes in
            // SQLITE_STATIC: the bytes outlive the step.
            _ = sqlite3_bind_blob(insert, 1, bytes.baseAddress, Int32(bytes.count), nil)
            precondition(sqlite3_step(insert) == SQLITE_DONE, "SQLite does not insert")
            sqlite3_reset(insert)
        }
    }

    private func run(_ sql: String) {
        precondition(sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK, "SQLite does not run \(sql)")
    }
}
