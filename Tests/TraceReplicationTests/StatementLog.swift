import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// A ledger in memory: its entries, its files at any size, and whatever it is told to sign.
struct StatementLog: Sendable {
    static let origin = "ledger.example/factory"
    static let checker = SodiumSignatureChecker()
    static let time: UInt64 = 1_767_225_600

    let ledgerKey: SigningKey
    let dairy: SigningKey
    let key: VerifierKey
    private(set) var entries: [[UInt8]] = []
    private(set) var tree = MerkleTree()
    /// Where the next statement of the signer belongs.
    private var link = ChainLink(sequence: 0, previous: TreeHash.empty)

    private init(seed: UInt8, origin: String) throws {
        ledgerKey = try StatementLog.signer(seed)
        dairy = try StatementLog.signer(seed + 1)
        key = try VerifierKey(name: origin, type: .ed25519, publicKey: ledgerKey.publicKey)
    }

    /// A ledger of `size` statements, the first of them its genesis.
    init(statements size: Int, seed: UInt8 = 1, origin: String = StatementLog.origin) async throws {
        try self.init(seed: seed, origin: origin)
        let genesis = Genesis(
            origin: origin,
            ledgerKey: ledgerKey.publicKey,
            created: StatementLog.time,
            nonce: [UInt8](repeating: 7, count: Genesis.nonceLength)
        )
        let statement = try await Statement.sign(
            kind: .genesis,
            payload: genesis?.encoded ?? [],
            issuer: origin,
            subject: origin,
            issuedAt: StatementLog.time,
            chain: Genesis.link(origin: origin),
            with: ledgerKey
        )
        append(entry: statement.encoded)
        link = ChainLink(sequence: 0, previous: statement.leafHash)
        try await append(size - 1)
    }

    /// A ledger of these entries, which only a mirror at depth `tree` takes.
    init(opaque entries: [[UInt8]], seed: UInt8 = 1, origin: String = StatementLog.origin) throws {
        try self.init(seed: seed, origin: origin)
        for entry in entries { append(entry: entry) }
    }

    /// The entries of a ledger in a directory.
    init(copying reader: LedgerReader) async throws {
        try self.init(seed: 1, origin: reader.key.name)
        let head = try await reader.checkpoint().checkpoint.head
        var found: [[UInt8]] = []
        try await reader.forEachEntry(in: 0..<head.size, of: head) { _, entry in found.append(entry) }
        for entry in found { append(entry: entry) }
    }

    static func signer(_ seed: UInt8) throws -> SigningKey {
        try SigningKey(seed: [UInt8](repeating: seed, count: SigningKey.seedByteCount))
    }

    var origin: String { key.name }
    var size: Int { entries.count }

    /// Appends notes; another `story` makes another history.
    mutating func append(_ count: Int, story: String = "note") async throws {
        for _ in 0..<count {
            let statement = try await note(story, link)
            append(entry: statement.encoded)
            link = ChainLink(sequence: link.sequence + 1, previous: statement.leafHash)
        }
    }

    /// A note of the signer at any place of its chain, its own by default.
    func note(_ story: String, _ place: ChainLink? = nil) async throws -> Statement {
        try await Statement.sign(
            kind: .note,
            payload: Array("\(story) \(size)".utf8),
            issuer: "9521101000009",
            subject: "(01)09521101000007",
            issuedAt: StatementLog.time,
            chain: place ?? link,
            with: dairy
        )
    }

    mutating func append(entry: [UInt8]) {
        entries.append(entry)
        tree.append(TreeHash.leaf(entry))
    }

    // MARK: What it shows

    func checkpoint(_ size: Int? = nil, by signer: SigningKey? = nil) async throws -> SignedCheckpoint {
        let head = try tree.head(at: UInt64(size ?? self.size))
        return try await SignedCheckpoint.sign(try Checkpoint(origin: origin, head: head), signer: signer ?? ledgerKey)
    }

    func path(_ old: Int, _ new: Int) throws -> [Digest] {
        if old == 0 { return [] }
        return try ConsistencyProof.make(oldSize: UInt64(old), newSize: UInt64(new), from: tree).path
    }

    /// The files of tlog-tiles at a size.
    func source(_ size: Int? = nil) async throws -> MemorySource {
        let size = size ?? self.size
        var files = ["checkpoint": try await checkpoint(size).bytes]
        let root = try tree.head(at: UInt64(size)).root
        files["checkpoint.cose"] = try await RootSignature.signed(root: root, origin: origin, by: ledgerKey).encoded()
        let growth = try TileGrowth(to: UInt64(size))
        for coordinate in growth {
            let nodes = (0..<UInt64(coordinate.width)).map {
                NodeCoordinate(level: 8 * coordinate.level, index: 256 * coordinate.index + $0)
            }
            files[coordinate.path] = Tile(coordinate, hashes: try tree.hashes(of: nodes))?.encoded
        }
        for bundle in growth.bundles {
            let first = Int(bundle.firstEntry)
            files[bundle.path] = try EntryBundle(entries[first..<first + bundle.width]).encoded
        }
        return MemorySource(files: files)
    }

    func reader(_ size: Int? = nil) async throws -> LedgerReader {
        LedgerReader(try await source(size), key: key, checker: StatementLog.checker)
    }
}

/// Files in memory.
struct MemorySource: LedgerSource {
    var name = "memory"
    var files: [String: [UInt8]]

    func read(_ path: String, limit: Int) async throws -> [UInt8]? { files[path] }
}
