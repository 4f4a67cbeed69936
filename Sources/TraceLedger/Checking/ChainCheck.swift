internal import TraceProof
internal import TraceStatements

/// The part of a check that looks into the entries: chains, keys and signatures, at the depth asked for.
struct ChainCheck: Sendable {
    private let key: VerifierKey
    private let depth: CheckDepth
    private let checker: any SignatureChecker
    private var chains: SignerChains
    /// The newest entry of each key, whose one signature vouches for the bytes of all before it.
    private var newest: [PublicKey: (statement: Statement, index: UInt64)] = [:]

    init(key: VerifierKey, depth: CheckDepth, checker: any SignatureChecker) {
        self.key = key
        self.depth = depth
        self.checker = checker
        chains = SignerChains(origin: key.name)
    }

    /// What is wrong with an entry; nothing at depth `tree`.
    mutating func check(_ entry: [UInt8], leafHash: Digest, index: UInt64) -> [String] {
        guard depth != .tree else { return [] }
        let statement: Statement
        do { statement = try Statement(decoding: entry) } catch { return [error.description] }
        var reasons = index == 0 ? genesisProblems(statement) : []
        do { try chains.advance(statement.header, leafHash: leafHash, index: index) } catch {
            reasons.append(error.description)
            // The chain goes on behind this entry, so that one break is one finding.
            chains.adopt(statement.header, leafHash: leafHash, index: index)
        }
        guard let key = chains.key(of: statement.header) else { return reasons }
        if statement.header.publicKey != nil, !checker.isValidPoint(key.bytes) {
            reasons.append(LedgerError.RefusalReason.weakKey(key).description)
        }
        if depth == .statements {
            if let reason = signatureProblem(statement, key) { reasons.append(reason) }
        } else if statement.header.chain != nil {
            newest[key] = (statement, index)
        }
        return reasons
    }

    /// What is wrong with the newest entries' signatures, at depth `chains`.
    func finish() -> [FsckReport.Finding] {
        newest.sorted { $0.value.index < $1.value.index }.compactMap { key, entry in
            guard let reason = signatureProblem(entry.statement, key),
                let bundle = BundleCoordinate(index: entry.index / 256)
            else { return nil }
            return FsckReport.Finding(file: bundle.path, index: entry.index, reason: reason)
        }
    }

    /// What entry 0 must be beyond its chain link: this ledger's genesis, under this ledger's key.
    private func genesisProblems(_ statement: Statement) -> [String] {
        guard let genesis = try? Genesis(decoding: statement.payload), genesis.origin.hasSameUTF8(as: key.name),
            genesis.ledgerKey == key.publicKey, statement.header.publicKey == key.publicKey
        else { return ["the genesis statement is not that of \(key.name) under its key"] }
        return []
    }

    private func signatureProblem(_ statement: Statement, _ key: PublicKey) -> String? {
        checker.admits(statement.signature, for: statement.signedBytes, by: key)
            ? nil : LedgerError.RefusalReason.signature(key).description
    }
}
