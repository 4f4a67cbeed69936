import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// A ledger of eight entries, its keys and its cosigners, the same in every run: entry 0 is the genesis, entries 1 to 7
/// are an enterprise's notes with the numbers 0 to 6 in its chain.
struct World {
    static let origin = "ledger.example/factory"
    static let issuer = "9521101000009"
    static let checker = SodiumSignatureChecker()

    let ledgerKey: SigningKey
    let enterpriseKey: SigningKey
    let witnessKeys: [SigningKey]
    /// A key that nobody vouches for.
    let strangerKey: SigningKey
    let statements: [Statement]
    let tree: MerkleTree

    init() async throws {
        ledgerKey = try World.key(1)
        enterpriseKey = try World.key(2)
        witnessKeys = [try World.key(3), try World.key(4)]
        strangerKey = try World.key(5)
        var statements = [try await World.genesis(ledgerKey)]
        var previous = statements[0].leafHash
        for number: UInt64 in 0..<7 {
            let next = try await World.note(number, after: previous, by: enterpriseKey)
            statements.append(next)
            previous = next.leafHash
        }
        self.statements = statements
        tree = MerkleTree(leaves: statements.map { $0.leafHash })
    }

    static func key(_ seed: UInt8) throws -> SigningKey {
        try SigningKey(seed: [UInt8](repeating: seed, count: SigningKey.seedByteCount))
    }

    // MARK: Statements

    static func genesis(
        _ key: SigningKey,
        origin: String = World.origin,
        naming named: PublicKey? = nil
    ) async throws -> Statement {
        let genesis = Genesis(
            origin: origin,
            ledgerKey: named ?? key.publicKey,
            created: 1_767_225_600,
            nonce: [UInt8](repeating: 7, count: Genesis.nonceLength)
        )
        return try await Statement.sign(
            kind: .genesis,
            payload: genesis?.encoded ?? [],
            issuer: World.origin,
            subject: World.origin,
            issuedAt: 1_767_225_600,
            chain: Genesis.link(origin: World.origin),
            with: key
        )
    }

    static func note(
        _ number: UInt64,
        after previous: Digest,
        by key: SigningKey,
        issuer: String = World.issuer,
        kind: StatementKind = .note,
        text: String = "note"
    ) async throws -> Statement {
        try await Statement.sign(
            kind: kind,
            payload: Array("\(text) \(number)".utf8),
            issuer: issuer,
            subject: "(01)09521101000007",
            issuedAt: 1_767_225_600 + number,
            chain: kind == .activation ? nil : ChainLink(sequence: number, previous: previous),
            with: key
        )
    }

    // MARK: Evidence

    /// The note of the ledger at `size`, with a line of each cosigner.
    func checkpoint(
        _ size: Int = 8,
        origin: String = World.origin,
        by key: SigningKey? = nil,
        cosigners: [Int] = []
    ) async throws -> SignedCheckpoint {
        let head = MerkleTree(leaves: tree.leaves.prefix(size)).head
        let checkpoint = try Checkpoint(origin: origin, head: head)
        return try await cosigned(
            try await SignedCheckpoint.sign(checkpoint, signer: key ?? ledgerKey),
            by: cosigners
        )
    }

    func cosigned(_ signed: SignedCheckpoint, by cosigners: [Int]) async throws -> SignedCheckpoint {
        var lines: [NoteSignature] = []
        for cosigner in cosigners {
            lines.append(
                try await Cosignature.sign(
                    signed.note.text,
                    name: "witness\(cosigner).example",
                    time: 1_767_225_700 + UInt64(cosigner),
                    signer: witnessKeys[cosigner]
                )
            )
        }
        return try signed.adding(lines)
    }

    func receipt(
        _ index: Int,
        _ size: Int = 8,
        origin: String = World.origin,
        by key: SigningKey? = nil
    ) async throws -> Receipt {
        let tree = MerkleTree(leaves: tree.leaves.prefix(size))
        let proof = try InclusionProof.make(index: UInt64(index), treeSize: tree.size, from: tree)
        return try Receipt.inclusion(
            proof,
            signature: try await RootSignature.signed(root: tree.head.root, origin: origin, by: key ?? ledgerKey)
        )
    }

    func consistency(
        _ old: Int,
        _ new: Int = 8,
        origin: String = World.origin,
        by key: SigningKey? = nil
    ) async throws -> Receipt {
        let tree = MerkleTree(leaves: tree.leaves.prefix(new))
        let proof = try ConsistencyProof.make(oldSize: UInt64(old), newSize: tree.size, from: tree)
        return try Receipt.consistency(
            proof,
            signature: try await RootSignature.signed(root: tree.head.root, origin: origin, by: key ?? ledgerKey)
        )
    }

    func tlogProof(
        _ index: Int,
        extra: [UInt8]?,
        cosigners: [Int] = [],
        checkpoint: SignedCheckpoint? = nil
    ) async throws -> TLogProof {
        let proof = try InclusionProof.make(index: UInt64(index), treeSize: tree.size, from: tree)
        let standard = try await self.checkpoint(cosigners: cosigners)
        return try TLogProof(
            extra: extra,
            index: proof.index,
            path: proof.path,
            checkpoint: checkpoint ?? standard
        )
    }

    /// The proof of a further statement, which the ledger logs as its entry 8 and both witnesses see.
    func proof(logging statement: Statement) async throws -> TLogProof {
        let tree = MerkleTree(leaves: tree.leaves + [statement.leafHash])
        let checkpoint = try Checkpoint(origin: World.origin, head: tree.head)
        return try TLogProof(
            extra: statement.encoded,
            index: 8,
            path: try InclusionProof.make(index: 8, treeSize: 9, from: tree).path,
            checkpoint: try await cosigned(
                try await SignedCheckpoint.sign(checkpoint, signer: ledgerKey),
                by: [0, 1]
            )
        )
    }

    // MARK: Trust

    func logKey(_ name: String = World.origin, _ key: SigningKey? = nil) throws -> VerifierKey {
        try VerifierKey(name: name, type: .ed25519, publicKey: (key ?? ledgerKey).publicKey)
    }

    func witnessKey(_ number: Int) throws -> VerifierKey {
        try VerifierKey(
            name: "witness\(number).example",
            type: .cosignature,
            publicKey: witnessKeys[number].publicKey
        )
    }

    /// A policy with the ledger under `name` and both witnesses, that asks for `quorum` (`all`, `any`, `none`).
    func policy(_ quorum: String, log name: String? = World.origin) throws -> TrustPolicy {
        var lines = try name.map { ["log \(try logKey($0).text)"] } ?? []
        for number in 0..<2 { lines.append("witness w\(number) \(try witnessKey(number).text)") }
        if quorum != "none" { lines.append("group cosigners \(quorum) w0 w1") }
        lines.append("quorum \(quorum == "none" ? "none" : "cosigners")")
        return try TrustPolicy(bytes: Array((lines.joined(separator: "\n") + "\n").utf8))
    }

    var issuerKey: TrustAnchors.IssuerKey { .init(issuer: World.issuer, key: enterpriseKey.publicKey) }

    /// The ledger's and the enterprise's key, as `--log-key` and `--issuer-key` give them.
    func anchors() throws -> TrustAnchors { TrustAnchors(logKeys: [try logKey()], issuerKeys: [issuerKey]) }

    func anchors(_ quorum: String) throws -> TrustAnchors {
        TrustAnchors(policy: try policy(quorum), issuerKeys: [issuerKey])
    }
}

extension TrustAnchors {
    func verifier() -> Verifier<SodiumSignatureChecker> { Verifier(anchors: self, checker: World.checker) }
}

extension VerificationReport {
    /// All of it in lines, for the messages of tests.
    var text: String {
        ([verdict.name] + steps.map { "\($0.passed ? "ok" : "FAILED") \($0.name): \($0.detail)" }
            + unchecked.map { "unchecked \($0)" }).joined(separator: "\n")
    }

    func names(_ passed: Bool) -> [String] { steps.filter { $0.passed == passed }.map { $0.name } }
}
