import Benchmark
import Measure
import TraceProof
import TraceSigning
import TraceStatements

/// Signatures and signed statements beside libsodium's own signing and verifying of 250 bytes.
let benchmarks: @Sendable () -> Void = {
    let sodium = Sodium()
    let signing: Work = { sodium.sign(count: $0) }
    let verifying: Work = { sodium.verify(count: $0) }
    let checker = SodiumSignatureChecker()
    let key = SigningKey.generate()
    let signature = key.signature(for: Sodium.entry)

    compare("SigningKey.signature vs libsodium sign", count: 50, baseline: signing) { count in
        for _ in 0..<count { blackHole(key.signature(for: Sodium.entry)) }
    }

    compare("SodiumSignatureChecker.isValid vs libsodium verify", count: 30, baseline: verifying) { count in
        for _ in 0..<count { blackHole(checker.isValid(signature, for: Sodium.entry, by: key.publicKey)) }
    }

    compare("SodiumSignatureChecker.admits vs libsodium verify", count: 30, baseline: verifying) { count in
        for _ in 0..<count { blackHole(checker.admits(signature, for: Sodium.entry, by: key.publicKey)) }
    }

    compare("SodiumSignatureChecker.isValidPoint vs libsodium verify", count: 30, baseline: verifying) { count in
        for _ in 0..<count { blackHole(checker.isValidPoint(signature.pointBytes)) }
    }

    compare("Statement.sign (encode and sign) vs libsodium sign", count: 50, baseline: signing) { count in
        for _ in 0..<count { blackHole(try await Chain.statement(1, after: TreeHash.empty, by: key)) }
    }

    compare("Statement decoded vs libsodium verify", count: 200, baseline: verifying) { count in
        let chain = try await Chain.shared
        for turn in 0..<count { blackHole(try Statement(decoding: chain.entries[turn])) }
    }

    compare("Statement.isSigned vs libsodium verify", count: 30, baseline: verifying) { count in
        let chain = try await Chain.shared
        for turn in 0..<count {
            blackHole(chain.statements[turn].isSigned(by: chain.key.publicKey, checker: checker))
        }
    }

    compare("entry at depth statements: decode, chain, admit vs libsodium verify", count: 30, baseline: verifying) {
        try await Chain.shared.check(first: $0, admits: { checker.admits($0, for: $1, by: $2) })
    }

    compare("entry at depth chains: decode, chain, tree vs libsodium verify", count: 300, baseline: verifying) {
        try await Chain.shared.check(first: $0, admits: { _, _, _ in true })
    }
}

/// A ledger's genesis and a signer's 300 statements of 250-byte entries.
private struct Chain {
    static let origin = "ledger.example"
    static var shared: Chain { get async throws { try await made.value } }
    private static let made = Task { try await Chain() }

    let key = SigningKey.generate()
    let genesis: Statement
    private(set) var statements: [Statement] = []
    private(set) var entries: [[UInt8]] = []

    init() async throws {
        let ledgerKey = SigningKey.generate()
        let nonce = [UInt8](repeating: 7, count: Genesis.nonceLength)
        guard let content = Genesis(origin: Chain.origin, ledgerKey: ledgerKey.publicKey, created: 0, nonce: nonce)
        else {
            fatalError("a genesis with a nonce of the right length")
        }
        genesis = try await Statement.sign(
            kind: .genesis,
            payload: content.encoded,
            issuer: Chain.origin,
            subject: Chain.origin,
            issuedAt: 0,
            chain: Genesis.link(origin: Chain.origin),
            with: ledgerKey
        )
        var previous = genesis.leafHash
        for sequence in 0..<UInt64(300) {
            statements.append(try await Chain.statement(sequence, after: previous, by: key))
            previous = statements[Int(sequence)].leafHash
            entries.append(statements[Int(sequence)].encoded)
        }
    }

    static func statement(_ sequence: UInt64, after previous: Digest, by key: SigningKey) async throws -> Statement {
        try await Statement.sign(
            kind: .event,
            payload: [UInt8](repeating: 0x5A, count: 62),
            issuer: "9521101000009",
            subject: "(01)09521101001013(10)QS260803A",
            issuedAt: 1_790_000_000 + sequence,
            chain: ChainLink(sequence: sequence, previous: previous),
            with: key
        )
    }

    /// What a ledger or a replica does with an entry's bytes before it takes it in.
    func check(first count: Int, admits: (Signature, [UInt8], PublicKey) -> Bool) throws {
        var (chains, tree) = (SignerChains(origin: Chain.origin), CompactRange())
        try chains.advance(genesis.header, leafHash: genesis.leafHash, index: 0)
        for entry in entries.prefix(count) {
            let statement = try Statement(decoding: entry)
            let leaf = statement.leafHash
            guard let key = try chains.check(statement.header, leafHash: leaf),
                admits(statement.signature, statement.signedBytes, key)
            else { fatalError("a good statement is refused") }
            try chains.advance(statement.header, leafHash: leaf, index: tree.size + 1)
            try tree.append(leaf)
        }
        blackHole(tree.root)
    }
}
