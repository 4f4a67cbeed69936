public import TraceProof
public import TraceStatements

/// Where a signer that is not at its ledger stands in its chain there: one file a key and ledger, one user at a time.
///
/// The file is moved on durably before the statements that it counts leave the process: after a crash a number is
/// skipped, never used twice. Two statements with one number would be evidence of a fork.
///
/// CBOR: `{1: version, 2: genesis leaf hash, 3: public key, 4: next sequence, 5: leaf hash of the previous entry}`.
public struct ChainFile: ~Copyable {
    private static let version: UInt64 = 1
    private static let maximumLength = 1024

    /// The leaf hash of the ledger's genesis entry.
    public let genesis: Digest
    /// The signer's key.
    public let key: PublicKey
    /// The position of the next statement.
    public private(set) var next: ChainLink

    private let path: String
    private let lock: WriterLock

    /// Opens the chain file of `key` in the ledger with this genesis, or begins the chain where there is no file yet.
    ///
    /// - Throws: ``LedgerError/unreadable(path:reason:)`` for a file of another key or ledger, ``FileError`` where another
    ///   process holds it.
    public init(_ path: String, genesis: Digest?, key: PublicKey) throws {
        let lock = try WriterLock(path + ".lock")
        let stored = try ChainFile.load(path, genesis: genesis, key: key)
        self.path = path
        self.key = key
        self.genesis = stored.genesis
        next = stored.next
        self.lock = lock
    }

    private static func load(_ path: String, genesis: Digest?, key: PublicKey) throws -> Stored {
        guard let bytes = try DurableFiles.read(path, limit: maximumLength) else {
            guard let genesis else {
                throw LedgerError.notFound(
                    "\(path): there is no chain file yet; name the ledger with --genesis to begin one"
                )
            }
            return Stored(genesis: genesis, key: key, next: ChainLink(sequence: 0, previous: genesis))
        }
        let stored: Stored
        do { stored = try Stored(decoding: bytes) } catch {
            throw LedgerError.unreadable(path: path, reason: error.description)
        }
        guard stored.key == key else {
            throw LedgerError.unreadable(
                path: path,
                reason: "this is the chain of the key \(KeyID(of: stored.key)), not of \(KeyID(of: key)): "
                    + "name another chain file, or that key"
            )
        }
        guard genesis == nil || genesis == stored.genesis else {
            throw LedgerError.unreadable(
                path: path,
                reason: "this is the chain in the ledger with genesis \(stored.genesis): name another chain file"
            )
        }
        return stored
    }

    /// Moves the chain behind a statement in memory.
    public mutating func advance(behind statement: Statement) {
        next = ChainLink(sequence: next.sequence + 1, previous: statement.leafHash)
    }

    /// Sets the position to where the ledger says that the chain goes on, since statements were lost or refused.
    public mutating func rechain(to next: ChainLink) { self.next = next }

    /// Makes the position durable: statements may leave the process when this has returned.
    public func save() throws(FileError) {
        var writer = CBORWriter()
        writer.map { map in
            map.entry(1) { $0.unsigned(ChainFile.version) }
            map.entry(2) { $0.bytes(genesis) }
            map.entry(3) { $0.bytes(key.bytes) }
            map.entry(4) { $0.unsigned(next.sequence) }
            map.entry(5) { $0.bytes(next.previous) }
        }
        try DurableFiles.write(writer.output, to: path, mode: 0o600)
    }

    private struct Stored {
        let genesis: Digest
        let key: PublicKey
        let next: ChainLink

        init(genesis: Digest, key: PublicKey, next: ChainLink) {
            (self.genesis, self.key, self.next) = (genesis, key, next)
        }

        init(decoding bytes: [UInt8]) throws(FormatError) {
            var reader = try CBORReader(validating: bytes, format: "chain file")
            guard try reader.map() == 5 else { throw reader.refuse("the map does not have exactly the keys 1 to 5") }
            func label(_ expected: Int64, _ reader: inout CBORReader) throws(FormatError) {
                guard try reader.integer() == expected else { throw reader.refuse("key \(expected) is missing") }
            }
            try label(1, &reader)
            guard try reader.unsigned() == ChainFile.version else {
                throw reader.refuse("a version that this program does not know: use a newer traceledger")
            }
            try label(2, &reader)
            genesis = try reader.digest()
            try label(3, &reader)
            guard let key = PublicKey(try reader.byteString(count: PublicKey.byteCount)) else {
                throw reader.refuse("the key does not have 32 bytes")
            }
            self.key = key
            try label(4, &reader)
            let sequence = try reader.unsigned()
            guard sequence < TreeSize.maximum else { throw reader.refuse("a sequence number above 2^63-1") }
            try label(5, &reader)
            next = ChainLink(sequence: sequence, previous: try reader.digest())
        }
    }
}
