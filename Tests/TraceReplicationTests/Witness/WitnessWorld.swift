import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning

/// A log in memory that signs whatever it is told to: its tree, any size of it, and what the tests forge.
struct TestLog: Sendable {
    static let checker = SodiumSignatureChecker()

    let signer: SigningKey
    let key: VerifierKey
    /// Grows; forks are copies that grew differently.
    var tree: MerkleTree

    var origin: String { key.name }

    /// The log of this origin with `size` entries; a log of another `salt` has no entry in common with it.
    init(_ origin: String = "log.example/a", key seed: UInt8 = 1, size: Int = 0, salt: UInt8 = 0) throws {
        signer = try TestLog.signer(seed)
        key = try VerifierKey(name: origin, type: .ed25519, publicKey: signer.publicKey)
        tree = MerkleTree()
        append(size, salt: salt)
    }

    static func signer(_ seed: UInt8) throws -> SigningKey {
        try SigningKey(seed: [UInt8](repeating: seed, count: SigningKey.seedByteCount))
    }

    mutating func append(_ count: Int, salt: UInt8 = 0) {
        let first = Int(tree.size)
        tree.append(contentsOf: (first..<first + count).map { TreeHash.leaf([salt] + Array("entry \($0)".utf8)) })
    }

    /// The log's checkpoint at a size, or over any head.
    func checkpoint(_ size: Int) async throws -> SignedCheckpoint { try await sign(tree.head(at: UInt64(size))) }

    func sign(_ head: TreeHead) async throws -> SignedCheckpoint {
        // An honest log cannot make the text of a size 0 with a root; the tests can.
        let text = Array("\(origin)\n\(head.size)\n\(Base64.encode(head.root.bytes))\n".utf8)
        return try SignedCheckpoint(note: await SignedNote.sign(text: text, name: origin, signer: signer))
    }

    func path(_ old: Int, _ new: Int) throws -> [Digest] {
        if old == 0 { return [] }
        return try ConsistencyProof.make(oldSize: UInt64(old), newSize: UInt64(new), from: tree).path
    }

    /// The request that moves a witness from one size to another.
    func request(_ old: Int, _ new: Int) async throws -> [UInt8] {
        try WitnessRequest(oldSize: UInt64(old), path: path(old, new), checkpoint: await checkpoint(new)).bytes
    }

    /// A request of parts that need not fit.
    func request(old: Int, path: [Digest], _ checkpoint: SignedCheckpoint) throws -> [UInt8] {
        try WitnessRequest(oldSize: UInt64(old), path: path, checkpoint: checkpoint).bytes
    }
}

/// The store of a test, which fails when it is told to.
actor MemoryStore: CheckpointStore {
    enum Fault {
        /// Nothing was written, and the caller is told so.
        case notWritten
        /// It was written, and the caller is told that it was not, or dies.
        case written
    }

    struct Failed: Error {}

    var notes: [OriginHash: [UInt8]] = [:]
    private(set) var replacements = 0
    private var fault: Fault?

    func fail(_ fault: Fault?) { self.fault = fault }
    func put(_ bytes: [UInt8]?, for log: OriginHash) { notes[log] = bytes }
    func checkpoint(of log: OriginHash) -> [UInt8]? { notes[log] }

    func replace(_ old: [UInt8]?, with new: [UInt8], of log: OriginHash) throws -> Bool {
        guard notes[log] == old else { return false }
        if fault == .notWritten { throw Failed() }
        notes[log] = new
        replacements += 1
        if fault == .written { throw Failed() }
        return true
    }
}

/// A witness of some logs, its store, and what it answers.
struct WitnessWorld {
    static let name = "witness.example/w1"
    static let time: UInt64 = 1_767_225_600

    let signer: SigningKey
    let store = MemoryStore()
    let witness: Witness

    init(_ logs: [TestLog], time: @escaping @Sendable () -> UInt64 = { WitnessWorld.time }) throws {
        signer = try TestLog.signer(200)
        witness = try Witness(
            name: WitnessWorld.name,
            signer: signer,
            logs: logs.map(\.key),
            store: store,
            checker: TestLog.checker,
            now: time
        )
    }

    var key: VerifierKey { witness.key }

    /// The status and the body as text.
    func add(_ body: [UInt8]) async -> Answer { Answer(await witness.addCheckpoint(body).response) }
}

/// What was answered, in a form that tests compare.
struct Answer: Equatable, CustomStringConvertible {
    let status: Int
    let body: String
    let contentType: String?

    init(_ response: PeerResponse) {
        (status, body) = (response.status, String(decoding: response.body, as: UTF8.self))
        contentType = response.contentType
    }

    init(_ status: Int, _ body: String, _ contentType: String = "text/plain; charset=utf-8") {
        (self.status, self.body, self.contentType) = (status, body, contentType)
    }

    static func stale(_ size: Int) -> Answer { Answer(409, "\(size)\n", "text/x.tlog.size") }

    var description: String { "\(status) \(contentType ?? "-") \(body)" }
}
