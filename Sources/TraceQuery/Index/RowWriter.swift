internal import GRDB

/// Puts rows into the tables. One lives as long as its transaction.
struct RowWriter {
    private let db: Database
    private let events, eventIDs, objects, word, newWord: Statement
    /// The numbers of words that this transaction met.
    private var words: [String: Int64] = [:]

    init(_ db: Database) throws {
        self.db = db
        events = try db.cachedStatement(sql: "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        eventIDs = try db.cachedStatement(sql: "INSERT INTO eventIDs VALUES (?, ?, ?)")
        // An event may name an object twice.
        objects = try db.cachedStatement(sql: "INSERT OR IGNORE INTO objects VALUES (?, ?, ?)")
        word = try db.cachedStatement(sql: "SELECT id FROM words WHERE text = ?")
        newWord = try db.cachedStatement(sql: "INSERT INTO words (text) VALUES (?)")
    }

    mutating func write(_ row: EventRow) throws {
        events.setUncheckedArguments([
            row.index, row.length, row.kind, row.eventTime, row.recordTime, row.action, try number(row.bizStep),
            try number(row.disposition), try number(row.readPoint), try number(row.bizLocation),
            try number(row.issuer),
        ])
        try events.execute()
        eventIDs.setUncheckedArguments([row.eventID.high, row.eventID.low, row.index])
        try eventIDs.execute()
        for object in row.objects {
            objects.setUncheckedArguments([row.index, object.role.rawValue, object.name])
            try objects.execute()
        }
    }

    private mutating func number(_ text: String?) throws -> Int64? {
        guard let text else { return nil }
        if let known = words[text] { return known }
        word.setUncheckedArguments([text])
        var number = try Int64.fetchOne(word)
        if number == nil {
            newWord.setUncheckedArguments([text])
            try newWord.execute()
            number = db.lastInsertedRowID
        }
        words[text] = number
        return number
    }
}
