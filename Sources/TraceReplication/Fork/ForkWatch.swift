public import TraceLedger
public import TraceProof
public import TraceVerification

/// Compares every checkpoint of one ledger that a node gets to see, from whomever, with the node's own copy: a ledger that
/// shows one history to some and another to others is found out as soon as two of them meet here (node.md, Replication).
///
/// ```swift
/// let watch = ForkWatch()
/// switch try await watch.see(checkpoint, from: "https://mirror.example", copy: reader) {
/// case .fork(let fork): keep(fork.evidence.encoded)
/// default: break
/// }
/// for fork in try await watch.compare(with: reader) { … }      // whenever the copy has grown
/// ```
/// A checkpoint that is ahead of the copy waits until the copy has grown so far. What the ledger's key did not sign is
/// nobody's fault and is passed over.
public actor ForkWatch {
    /// What a checkpoint is to the copy.
    public enum Finding: Sendable {
        /// The copy begins with its tree, or is that tree.
        case consistent
        /// It is larger than the copy, and is compared later.
        case ahead
        /// Neither is the beginning of the other.
        case fork(Fork)
        /// It proves nothing about the ledger, and why: mostly that the ledger's key did not sign it.
        case unbelievable(String)
    }

    /// A fork, and who showed its two sides.
    public struct Fork: Equatable, Sendable {
        /// What proves it.
        public let evidence: ForkEvidence
        /// Who showed the side that was compared.
        public let party: String
        /// Who showed the other; `nil` where that is the node's own copy.
        public let other: String?
    }

    private struct Waiting {
        let party: String
        let checkpoint: SignedCheckpoint
        var head: TreeHead { checkpoint.checkpoint.head }
    }

    private let capacity: Int
    private var waiting: [Waiting] = []

    /// A watch that knows nothing yet.
    ///
    /// - Parameter capacity: how many checkpoints may wait. Where there are more, those who showed most of them lose their
    ///   largest, so that nobody crowds out what others showed.
    public init(capacity: Int = 256) { self.capacity = max(1, capacity) }

    /// Takes in a checkpoint that `party` showed.
    ///
    /// - Parameters:
    ///   - party: for messages: a URL, a name.
    ///   - copy: a reader of the node's own copy of the ledger.
    /// - Throws: ``LedgerError`` where the copy cannot be read; the checkpoint is not remembered then.
    public func see(
        _ checkpoint: SignedCheckpoint,
        from party: String,
        copy: LedgerReader
    ) async throws -> Finding {
        if let reason = copy.disbelief(in: checkpoint) { return .unbelievable(reason) }
        let head = checkpoint.checkpoint.head
        if head.size == 0 { return .consistent }
        guard let own = try await copy.latest(), head.size <= own.checkpoint.head.size else {
            return wait(Waiting(party: party, checkpoint: checkpoint))
        }
        let evidence = try await copy.evidence(against: checkpoint, own)
        return evidence.map { .fork(Fork(evidence: $0, party: party, other: nil)) } ?? .consistent
    }

    /// Compares what waited with a copy that has grown.
    ///
    /// - Returns: the forks that this proves.
    /// - Throws: ``LedgerError`` where the copy cannot be read; what was not compared waits on.
    public func compare(with copy: LedgerReader) async throws -> [Fork] {
        guard !waiting.isEmpty, let own = try await copy.latest() else { return [] }
        let size = own.checkpoint.head.size
        var due = waiting.filter { $0.head.size <= size }
        waiting.removeAll { $0.head.size <= size }
        var forks: [Fork] = []
        do {
            while let next = due.last {
                if let evidence = try await copy.evidence(against: next.checkpoint, own) {
                    forks.append(Fork(evidence: evidence, party: next.party, other: nil))
                }
                due.removeLast()
            }
        } catch {
            waiting = Array((due + waiting).prefix(capacity))
            // A fork that was found must not be lost with an error of the disk's.
            if forks.isEmpty { throw error }
        }
        return forks
    }

    /// Two that wait may exclude each other already.
    private func wait(_ new: Waiting) -> Finding {
        if let known = waiting.first(where: { $0.head.size == new.head.size }) {
            guard known.head != new.head, let evidence = try? ForkEvidence(known.checkpoint, new.checkpoint) else {
                return .ahead
            }
            return .fork(Fork(evidence: evidence, party: new.party, other: known.party))
        }
        waiting.append(new)
        if waiting.count > capacity {
            var counts: [String: Int] = [:]
            for one in waiting { counts[one.party, default: 0] += 1 }
            let most = counts.values.max() ?? 0
            let candidates = waiting.indices.filter { counts[waiting[$0].party] == most }
            if let largest = candidates.max(by: { waiting[$0].head.size < waiting[$1].head.size }) {
                waiting.remove(at: largest)
            }
        }
        return .ahead
    }
}

extension LedgerReader {
    /// Why a checkpoint says nothing about this ledger; `nil` where the keys of its time signed it.
    fileprivate func disbelief(in signed: SignedCheckpoint) -> String? {
        let checkpoint = signed.checkpoint
        guard checkpoint.origin.hasSameUTF8(as: key.name) else { return "it is of the ledger \(checkpoint.origin)" }
        guard checkpoint.head.size > 0 || checkpoint.head.isEmptyTree else {
            return "it is of size 0 and has a root that no empty tree has"
        }
        return hasSigned(signed) ? nil : "the ledger's key did not sign it"
    }

    /// The copy's latest checkpoint; `nil` where it has none yet.
    fileprivate func latest() async throws -> SignedCheckpoint? {
        do { return try await checkpoint() } catch LedgerError.notFound { return nil }
    }

    /// What proves that a checkpoint, not larger than the copy's own, is not the beginning of that; `nil` where it is.
    fileprivate func evidence(
        against signed: SignedCheckpoint,
        _ own: SignedCheckpoint
    ) async throws -> ForkEvidence? {
        let (old, new) = (signed.checkpoint.head, own.checkpoint.head)
        if old.size == new.size { return old == new ? nil : try ForkEvidence(signed, own) }
        let proof = try await prefixProof(of: old.size, in: new)
        return try proof.oldRoot(in: new) == old.root ? nil : try ForkEvidence(signed, own, path: proof.path)
    }
}

extension WitnessFinding {
    /// The file that proves it to anybody.
    public var evidence: ForkEvidence? { try? ForkEvidence(held, shown, path: path) }
}
