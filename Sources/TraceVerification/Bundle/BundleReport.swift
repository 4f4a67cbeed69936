public import TraceProof
public import TraceStatements

/// What the check of an ``EvidenceBundle`` came to: one report for all of it, and a row for each statement.
public struct BundleReport: Sendable {
    /// The steps that were taken; its verdict is the most severe of all.
    public internal(set) var report: VerificationReport
    /// The checkpoints that may be believed, a ledger each.
    public internal(set) var ledgers: [AsOf] = []
    /// The statements in the order of the bundle.
    public internal(set) var rows: [BundleRow] = []
}

/// One statement of a bundle: who said what about which thing, and whether that counts.
public struct BundleRow: Sendable {
    /// The ledger.
    public let origin: String
    /// The statement's index in it.
    public let index: UInt64
    /// The statement.
    public let statement: Statement
    /// Its leaf hash.
    public let leafHash: Digest
    /// What the check of this statement came to, its ledger's checkpoint and proof included.
    public let verdict: Verdict
    /// Why it is not better: what failed or is missing of the statement, or else of its ledger. `nil` where nothing does.
    public let reason: String?
    /// What the registry says of the issuer; `nil` without a registry, and where the signature does not hold.
    public let party: PartyData?
    /// The earliest moment by which a quorum of cosigners is shown to have seen it, in seconds since 1970.
    public let seen: UInt64?
}

/// A question that the check of a bundle asks: whether `signature` is `key`'s over `message`.
public struct SignatureQuestion: Hashable, Sendable {
    /// Whose signature it should be.
    public let key: PublicKey
    /// The signature.
    public let signature: Signature
    /// What was signed.
    public let message: [UInt8]

    /// A question.
    public init(key: PublicKey, signature: Signature, message: [UInt8]) {
        (self.key, self.signature, self.message) = (key, signature, message)
    }
}
