public import TraceProof
public import TraceStatements

/// What is at hand about an item beside the code on its pack. All of it is optional, and each piece makes the verdict say more.
public struct ItemEvidence: Sendable {
    /// Proofs that the item is one of a logged batch.
    public var items: [LoggedItem]
    /// All items of a batch.
    public var packs: [BatchPack]
    /// Recalls.
    public var recalls: [RecallPack]
    /// All entries about the item, its activations among them.
    public var histories: [SubjectProof]
    /// The public half of the key that the caller derived from the hidden code (formats.md section 6); `nil`: the pack was not
    /// opened.
    public var secretKey: PublicKey?
    /// The leaf hash of the activation that the caller himself made; `nil`: none.
    public var ownActivation: Digest?

    /// What is at hand; nothing by default.
    public init(
        items: [LoggedItem] = [],
        packs: [BatchPack] = [],
        recalls: [RecallPack] = [],
        histories: [SubjectProof] = [],
        secretKey: PublicKey? = nil,
        ownActivation: Digest? = nil
    ) {
        (self.items, self.packs, self.recalls, self.histories) = (items, packs, recalls, histories)
        (self.secretKey, self.ownActivation) = (secretKey, ownActivation)
    }
}

/// What the check of a code on a pack came to: the verdict with its steps, and the facts that a page shows beside it.
public struct ItemReport: Sendable {
    /// The steps, what could not be checked, and the verdict.
    public internal(set) var report: VerificationReport
    /// What the code says.
    public let stamp: Stamp
    /// Who issued the code, by the registry.
    public internal(set) var issuer: Registry.Party?
    /// Where the item's batch was commissioned; `nil` where no proof that it was holds.
    public internal(set) var batch: LoggedBatch?
    /// The recalls that cover it.
    public internal(set) var recalls: [FoundRecall] = []
    /// Its openings in the order of the ledger.
    public internal(set) var activations: [FoundActivation] = []
    /// What each part of the verdict is "as of".
    public internal(set) var asOf: [Freshness] = []

    /// The verdict.
    public var verdict: Verdict { report.verdict }
}

/// A recall that covers an item, under a signature that counts.
public struct FoundRecall: Sendable {
    /// The recall.
    public let recall: Recall
    /// Who recalls.
    public let issuer: String
    /// The checkpoint under which it was proved.
    public let asOf: AsOf?
}

/// An opening of an item that is proved.
public struct FoundActivation: Sendable {
    /// Its index in the ledger: the lowest is the first.
    public let index: UInt64
    /// When, in seconds since 1970, as the device that opened it claims.
    public let claimedAt: UInt64
    /// Its leaf hash.
    public let leafHash: Digest
}

/// The checkpoint that a part of a verdict is as of.
public struct Freshness: Sendable {
    /// Which part: whose keys are whose, the batch, recalls, openings.
    public enum Part: Sendable {
        /// Whose key is whose.
        case registry
        /// That the item was committed.
        case batch
        /// What is recalled.
        case recalls
        /// What was opened.
        case activations

        /// The name in scripts and JSON.
        public var name: String {
            switch self {
            case .registry: "registry"
            case .batch: "batch"
            case .recalls: "recalls"
            case .activations: "activations"
            }
        }
    }

    /// Which part.
    public let part: Part
    /// The checkpoint.
    public let asOf: AsOf
}
