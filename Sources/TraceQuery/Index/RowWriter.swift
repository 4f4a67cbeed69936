internal import GRDB

/// Puts rows into the tables. One lives as long as its transaction.
struct RowWriter {
    private let db: Database
    private let word, newWord: Statement
    private var events, eventIDs, objects: BulkInsert
    /// The numbers of words that this transaction met.
    private var words: [String: Int64] = [:]

    init(_ db: Database) throws {
        self.db = db
        events = try BulkInsert("INSERT INTO events", columns: 11, in: db)
        eventIDs = try BulkInsert("INSERT INTO eventIDs", columns: 3, in: db)
        // An event may name an object twice.
        objects = try BulkInsert("INSERT OR IGNORE INTO objects", columns: 3, in: db)
        word = try db.cachedStatement(sql: "SELECT id FROM words WHERE text = ?")
        newWord = try db.cachedStatement(sql: "INSERT INTO words (text) VALUES (?)")
    }

    mutating func write(_ row: EventRow) throws {
        try events.add(
            row.index,
            row.length,
            row.kind,
            row.eventTime,
            row.recordTime,
            row.action,
            try number(row.bizStep),
            try number(row.disposition),
            try number(row.readPoint),
            try number(row.bizLocation),
            try number(row.issuer)
        )
        try eventIDs.add(row.eventID.high, row.eventID.low, row.index)
        for object in row.objects { try objects.add(row.index, object.role.rawValue, object.name) }
    }

    /// Writes what is left; nothing may be written behind it.
    mutating func finish() throws {
        try events.finish()
        try eventIDs.finish()
        try objects.finish()
    }

    private mutating func number(_ text: String?) throws -> Int64? {
        guard let text else { return nil }
        if let known = words[text] { return known }
        word.setUncheckedArguments([text])
        let number: Int64
        if let found = try Int64.fetchOne(word) {
            number = found
        } else {
            newWord.setUncheckedArguments([text])
            try newWord.execute()
            number = db.lastInsertedRowID
        }
        words[text] = number
        return number
    }
}
