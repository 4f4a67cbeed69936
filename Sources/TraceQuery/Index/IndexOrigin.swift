internal import GRDB
internal import TraceProof

/// What an index is derived from, and how far it has come.
struct IndexOrigin: Hashable, Sendable {
    /// The ledger's origin.
    var name: String
    /// The leaf hash of its first entry: a ledger made again under the same origin is another ledger.
    var genesis: Digest
    /// The published tree that the rows are entries of.
    var head: TreeHead
    /// The first entry that has no row yet; at most the size of the tree.
    var next: UInt64
    /// How many entries say that they are events and cannot be read.
    var unreadable: UInt64

    /// The origin in the index; nil where there is none yet.
    ///
    /// - Throws: ``IndexDefect`` where what stands there cannot be one.
    static func read(_ db: Database) throws -> IndexOrigin? {
        guard let row = try Row.fetchOne(db, sql: "SELECT name, genesis, size, root, next, unreadable FROM origin")
        else {
            return nil
        }
        guard let name = String.fromDatabaseValue(row["name"]), let genesis = digest(row["genesis"]),
            let root = digest(row["root"]), let size = number(row["size"]), let next = number(row["next"]),
            let unreadable = number(row["unreadable"]), next <= size, let head = try? TreeHead(size: size, root: root)
        else { throw IndexDefect(reason: "its origin cannot be read") }
        return IndexOrigin(name: name, genesis: genesis, head: head, next: next, unreadable: unreadable)
    }

    func write(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO origin (one, name, genesis, size, root, next, unreadable)
                VALUES (1, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                name, Hex.encode(genesis.bytes), Int64(clamping: head.size), Hex.encode(head.root.bytes),
                Int64(clamping: next), Int64(clamping: unreadable),
            ]
        )
    }

    private static func number(_ value: DatabaseValue) -> UInt64? {
        Int64.fromDatabaseValue(value).flatMap { UInt64(exactly: $0) }
    }

    private static func digest(_ value: DatabaseValue) -> Digest? {
        String.fromDatabaseValue(value).flatMap { Hex.decode($0) }.flatMap { Digest($0) }
    }
}

/// What makes an index worthless: it is made again.
struct IndexDefect: Error {
    let reason: String
}
