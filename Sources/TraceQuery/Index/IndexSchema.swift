internal import GRDB

/// The tables of the index. A change of anything here, or of what ``EventRow`` puts into it, is a new ``version``: an index of
/// another version is not migrated but made again.
enum IndexSchema {
    /// `PRAGMA user_version`.
    static let version = 1
    /// `PRAGMA application_id`: that the file is ours at all ("TLix").
    static let applicationID = 0x544C_6978

    static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE origin (
                    one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, genesis TEXT NOT NULL,
                    size INTEGER NOT NULL, root TEXT NOT NULL, next INTEGER NOT NULL, unreadable INTEGER NOT NULL
                );
                CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
                CREATE TABLE events (
                    idx INTEGER PRIMARY KEY, length INTEGER NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL,
                    record INTEGER NOT NULL, action INTEGER, bizStep INTEGER, disposition INTEGER, readPoint INTEGER,
                    bizLocation INTEGER, issuer INTEGER NOT NULL
                );
                CREATE INDEX eventTimes ON events (time);
                CREATE INDEX eventRecords ON events (record);
                CREATE INDEX eventReadPoints ON events (readPoint) WHERE readPoint IS NOT NULL;
                CREATE INDEX eventBizLocations ON events (bizLocation) WHERE bizLocation IS NOT NULL;
                CREATE TABLE eventIDs (
                    high INTEGER, low INTEGER, idx INTEGER, PRIMARY KEY (high, low, idx)
                ) WITHOUT ROWID;
                CREATE TABLE objects (
                    idx INTEGER, role INTEGER, name TEXT, PRIMARY KEY (idx, role, name)
                ) WITHOUT ROWID;
                CREATE INDEX objectNames ON objects (name, idx, role);
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                """
        )
    }

    /// Why a file is not an index of this version; nil for one that is.
    static func refusal(_ db: Database) throws -> String? {
        guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
            return "not an index of events"
        }
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        return found == version ? nil : "an index of version \(found), and this program's is \(version)"
    }
}
