internal import GRDB
internal import TraceProof

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The SQLite file of an index, open: one writer beside any number of readers, each of which sees one moment (WAL).
///
/// Nothing is synchronized beyond what keeps the file whole: a DatabasePool sets `synchronous` to NORMAL, so that a power cut
/// takes back the last transactions and tears none, and what it takes back is read from the ledger once more. What a disk or a
/// hand tears all the same shows itself as a corrupt database when it is opened or the torn page is met, and is made again.
struct IndexStore: Sendable {
    let path: String
    private let pool: DatabasePool

    /// The index in the file at `path`, which is made where there is none.
    ///
    /// - Throws: ``IndexDefect`` where the file is no index of this version; ``IndexError`` where there can be none.
    init(_ path: String) throws {
        self.path = path
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.label = "EventIndex"
        configuration.prepareDatabase { db in
            // For the writer's random places in the indices of names; what is not used is not allocated.
            try db.execute(sql: "PRAGMA cache_size = \(db.configuration.readonly ? -4096 : -65_536)")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            // A torn page shows itself when it is read, not when something on it is used.
            try db.execute(sql: "PRAGMA cell_size_check = ON")
            if !db.configuration.readonly { try db.execute(sql: "PRAGMA wal_autocheckpoint = 8192") }
        }
        pool = try IndexStore.mapping(path) {
            let pool = try DatabasePool(path: path, configuration: configuration)
            do {
                try pool.write { db in
                    if try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 {
                        try IndexSchema.create(db)
                    }
                    if let reason = try IndexSchema.refusal(db) { throw IndexDefect(reason: reason) }
                    _ = try IndexOrigin.read(db)
                }
            } catch {
                try? pool.close()
                throw error
            }
            return pool
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.read(body) } catch { throw IndexStore.mapped(error, path) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.write(body) } catch { throw IndexStore.mapped(error, path) }
    }

    /// Waits for whoever reads, and closes the file.
    func close() {
        // GRDB closes a reader last, which may not do what SQLite does when a database is closed: empty the journal.
        _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
        try? pool.close()
    }

    /// Removes a closed index with its journal.
    static func remove(_ path: String) throws(IndexError) {
        for file in [path, path + "-wal", path + "-shm", path + "-journal"] {
            guard unsafe unlink(file) != 0 else { continue }
            let code = errno
            guard code == ENOENT else {
                throw IndexError.file(
                    path: file,
                    reason: "cannot be removed: \(unsafe String(cString: strerror(code)))"
                )
            }
        }
    }

    private static func mapping<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw mapped(error, path) }
    }

    /// What SQLite says in the terms of the index.
    private static func mapped(_ error: any Error, _ path: String) -> any Error {
        if let error = error as? RowDecodingError { return IndexDefect(reason: "\(error)") }
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        // Every statement here is written for the index's own schema: one that SQLite cannot compile has met another.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_ERROR:
            return IndexDefect(reason: "\(error.message ?? "corrupt")")
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: return CancellationError()
        // A reader that came while the file was closed to be made again.
        case .SQLITE_MISUSE: return IndexDefect(reason: "it was closed")
        default: return IndexError.file(path: path, reason: error.message ?? "\(error.resultCode)")
        }
    }
}
