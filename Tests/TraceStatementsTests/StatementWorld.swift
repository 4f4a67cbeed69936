import Foundation
import TestSupport
import TraceProof
import TraceSigning
import TraceStatements

/// A small ledger of statements under fixed keys and times.
struct StatementWorld {
    static let origin = "example.com/ledger"
    static let time: UInt64 = 1_767_225_600
    static let gln = "9521101000009"
    static let subject = "(01)09521101000007(10)ABC123"

    let ledgerKey: SigningKey
    let dairy: SigningKey
    let genesis: Statement
    let first: Statement
    let second: Statement

    init() async throws {
        ledgerKey = try StatementWorld.key(1)
        dairy = try StatementWorld.key(2)
        genesis = try await StatementWorld.genesis(ledgerKey)
        let start = ChainLink(sequence: 0, previous: genesis.leafHash)
        first = try await StatementWorld.statement("first", start, dairy)
        let next = ChainLink(sequence: 1, previous: first.leafHash)
        second = try await StatementWorld.statement("second", next, dairy)
    }

    /// The key whose seed is this byte, 32 times.
    static func key(_ byte: UInt8) throws -> SigningKey {
        try SigningKey(seed: [UInt8](repeating: byte, count: SigningKey.seedByteCount))
    }

    static func genesis(_ key: SigningKey, nonce: UInt8 = 7) async throws -> Statement {
        guard
            let genesis = Genesis(
                origin: origin,
                ledgerKey: key.publicKey,
                created: time,
                nonce: [UInt8](repeating: nonce, count: Genesis.nonceLength)
            )
        else { throw Falsified("no genesis") }
        return try await Statement.sign(
            kind: .genesis,
            payload: genesis.encoded,
            issuer: origin,
            subject: origin,
            issuedAt: time,
            chain: Genesis.link(origin: origin),
            with: key
        )
    }

    static func statement(
        _ text: String,
        _ chain: ChainLink?,
        _ key: SigningKey,
        kind: StatementKind = .event
    ) async throws -> Statement {
        try await Statement.sign(
            kind: kind,
            payload: Array(text.utf8),
            issuer: gln,
            subject: subject,
            issuedAt: time,
            chain: chain,
            with: key
        )
    }

    /// ``second`` with its receipt in a tree of the three.
    func transparent() async throws -> TransparentStatement {
        let tree = MerkleTree(leaves: [genesis, first, second].map(\.leafHash))
        let plan = try ProofPlan.inclusion(index: 2, treeSize: 3)
        let proof = InclusionProof(
            index: 2,
            treeSize: 3,
            path: try plan.path(from: try tree.hashes(of: plan.nodes))
        )
        let root = try await RootSignature.signed(
            root: tree.head.root,
            origin: StatementWorld.origin,
            by: ledgerKey
        )
        return TransparentStatement(second, receipts: [try Receipt.inclusion(proof, signature: root)])
    }
}

/// A file of Tests/Goldens/statements; `TRACE_WRITE_GOLDENS=1 swift test` writes it anew.
func statementGolden(_ name: String, made: [UInt8]) throws -> [UInt8] {
    let url = Vectors.packageRoot.appending(path: "Tests/Goldens/statements/\(name)")
    if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil { try Data(made).write(to: url) }
    return [UInt8](try Data(contentsOf: url))
}

/// What `decode` says about bytes that it must refuse.
func refusal<Value>(_ decode: () throws(FormatError) -> Value) -> String? {
    do {
        _ = try decode()
        return nil
    } catch { return error.description }
}
