public import TraceProof
public import TraceStatements

/// Any set of statements in one file that somebody without a network checks (formats.md section 7): of each ledger one
/// checkpoint and one proof that all of its statements here are in it; with them what the checker needs to know whose key is
/// whose.
///
/// ```swift
/// let bundle = try EvidenceBundle(decoding: bytes)
/// let report = Verifier(anchors: anchors, checker: checker).verify(bundle)
/// for row in report.rows { print(row.verdict.name, row.statement.header.subject) }
/// ```
public struct EvidenceBundle: Equatable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/evidence-bundle", version: 1)
    /// The most bytes that a bundle is read from: 1 GiB.
    public static let maximumByteCount = 1 << 30
    /// The most ledgers in one bundle.
    public static let maximumLedgerCount = 1024
    /// The most older checkpoints of one ledger.
    public static let maximumAnchorCount = 1024

    /// The policy that the bundle was made under, exactly as its file was. Who checks a bundle brings a policy: this one
    /// is a copy to compare, and counts for nothing.
    public let policy: [UInt8]?
    /// The registry that was current when the bundle was made. It counts where the checker names it
    /// (``TrustAnchors/registryOrigin``) and has no other.
    public let registry: RegistryPack?
    /// The ledgers, in the order of the bytes of their origins, each once; at least one.
    public let ledgers: [Ledger]

    /// A bundle of these parts.
    ///
    /// - Throws: ``FormatError`` for no ledger or more than ``maximumLedgerCount``, for ledgers out of order or twice, and
    ///   for a policy that is none.
    public init(policy: [UInt8]?, registry: RegistryPack?, ledgers: [Ledger]) throws(FormatError) {
        guard (1...EvidenceBundle.maximumLedgerCount).contains(ledgers.count) else {
            throw EvidenceBundle.refusal(
                "it has \(ledgers.count) ledgers, and 1 to \(EvidenceBundle.maximumLedgerCount) may be"
            )
        }
        for (left, right) in zip(ledgers, ledgers.dropFirst())
        where !left.origin.utf8.lexicographicallyPrecedes(right.origin.utf8) {
            throw EvidenceBundle.refusal(
                "the ledger \(right.origin) stands behind \(left.origin): they are ordered by their origins, each once"
            )
        }
        if let policy { _ = try TrustPolicy(bytes: policy) }
        (self.policy, self.registry, self.ledgers) = (policy, registry, ledgers)
    }

    /// How many statements there are.
    public var statementCount: Int { ledgers.reduce(0) { $0 + $1.entries.count } }

    static func refusal(_ reason: String) -> FormatError { FormatError(file.name, at: .whole, reason) }
}

extension EvidenceBundle {
    /// What a bundle has of one ledger.
    public struct Ledger: Equatable, Sendable {
        /// The checkpoint that everything here is proved against, with its cosignatures.
        public let checkpoint: SignedCheckpoint
        /// The statements with their indices, ascending; at least one.
        public let entries: [Entry]
        /// The hashes of the ``InclusionMultiproof`` of all entries.
        public let hashes: [Digest]
        /// Older checkpoints of the ledger, the smallest first: what shows that a statement was there before a moment.
        public let anchors: [Anchor]

        /// The part of one ledger.
        ///
        /// - Throws: ``FormatError`` where the entries do not ascend or lie outside the tree, where the proof has another
        ///   number of hashes, and for anchors that are not of this ledger or not in order below its size.
        public init(
            checkpoint: SignedCheckpoint,
            entries: [Entry],
            hashes: [Digest],
            anchors: [Anchor] = []
        ) throws(FormatError) {
            (self.checkpoint, self.entries) = (checkpoint, entries)
            (self.hashes, self.anchors) = (hashes, anchors)
            if let problem { throw EvidenceBundle.refusal("\(checkpoint.checkpoint.origin): \(problem)") }
        }

        /// The ledger's name.
        public var origin: String { checkpoint.checkpoint.origin }

        /// The proof that the entries are in the tree of the checkpoint.
        public var proof: InclusionMultiproof {
            InclusionMultiproof(
                indices: entries.map(\.index),
                treeSize: checkpoint.checkpoint.head.size,
                hashes: hashes
            )
        }

        private var problem: String? {
            let size = checkpoint.checkpoint.head.size
            do {
                let count = try InclusionMultiproof.hashCount(indices: entries.map(\.index), treeSize: size)
                guard count == hashes.count else {
                    return "\(ProofError.wrongNumberOfHashes(expected: count, found: hashes.count))"
                }
            } catch { return error.description }
            guard anchors.count <= EvidenceBundle.maximumAnchorCount else { return "there are too many anchors" }
            var last: UInt64 = 0
            for anchor in anchors {
                let older = anchor.checkpoint.checkpoint
                guard older.origin.hasSameUTF8(as: origin) else { return "an anchor is of \(older.origin)" }
                guard older.head.size > last, older.head.size < size else {
                    return "the anchors' sizes do not ascend from 1 to below \(size)"
                }
                guard anchor.consistency.count <= 64 else { return "a consistency proof has more than 64 hashes" }
                last = older.head.size
            }
            return nil
        }
    }

    /// A statement at its place in the ledger.
    public struct Entry: Equatable, Sendable {
        /// Its index.
        public let index: UInt64
        /// The statement.
        public let statement: Statement

        /// The statement at `index`.
        public init(index: UInt64, statement: Statement) { (self.index, self.statement) = (index, statement) }
    }

    /// An older checkpoint and the proof that the bundle's checkpoint extends it.
    public struct Anchor: Equatable, Sendable {
        /// The older checkpoint, with its cosignatures.
        public let checkpoint: SignedCheckpoint
        /// The hashes of the consistency proof from it to the checkpoint of the bundle.
        public let consistency: [Digest]

        /// An older checkpoint.
        public init(checkpoint: SignedCheckpoint, consistency: [Digest]) {
            (self.checkpoint, self.consistency) = (checkpoint, consistency)
        }
    }
}
