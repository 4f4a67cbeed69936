import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Makes the part of one ledger; its proofs are verified as they are made.
struct BundleMaker {
    let choice: BundleChoice
    let policy: TrustPolicy?
    let registry: Registry?

    /// What the ledger has of the choice; `nil` for nothing.
    func ledger(_ reader: LedgerReader) async throws -> EvidenceBundle.Ledger? {
        let checkpoint = try await reader.checkpoint()
        let head = checkpoint.checkpoint.head
        let entries = try await entries(reader, head)
        guard !entries.isEmpty else { return nil }
        let proof = try await reader.multiproof(of: entries.map { ($0.index, $0.statement.leafHash) }, in: head)
        return try EvidenceBundle.Ledger(
            checkpoint: checkpoint,
            entries: entries,
            hashes: proof.hashes,
            anchors: try await anchors(entries, reader, head)
        )
    }

    private func entries(_ reader: LedgerReader, _ head: TreeHead) async throws -> [EvidenceBundle.Entry] {
        var range = 0..<head.size
        if case .range(let wanted) = choice {
            guard wanted.upperBound <= head.size else {
                throw CommandFailure(
                    .usage,
                    "\(reader.source.name): the ledger has the entries 0 to before \(head.size); choose --index within"
                )
            }
            range = wanted
        }
        var found: [EvidenceBundle.Entry] = []
        let bar = ProgressBar("looking")
        try await reader.forEachEntry(in: range, of: head) { index, bytes in
            bar.update(index - range.lowerBound, of: UInt64(range.count))
            let statement = try Statement(decoding: bytes)
            if choice.includes(statement) { found.append(EvidenceBundle.Entry(index: index, statement: statement)) }
        }
        bar.finish()
        return found
    }

    /// For each moment at which a key of the statements ended, the newest kept checkpoint that the cosigners had seen before.
    private func anchors(
        _ entries: [EvidenceBundle.Entry],
        _ reader: LedgerReader,
        _ head: TreeHead
    ) async throws -> [EvidenceBundle.Anchor] {
        guard let policy, let registry else { return [] }
        let moments = Set(entries.compactMap { registry.signer(of: $0.statement.header)?.end?.moment })
        var found: [UInt64: EvidenceBundle.Anchor] = [:]
        for moment in moments {
            let kept = try await reader.keptCheckpoint(below: head.size) { checkpoint in
                let result = policy.evaluate(checkpoint, checker: SodiumSignatureChecker())
                return result.isAccepted && result.quorumTime.map { $0 < moment } ?? false
            }
            guard let kept else {
                Console.note(
                    "\(reader.source.name): no kept checkpoint was cosigned before \(Time.text(moment)), when a key of the "
                        + "statements ended; what was there before cannot be told apart"
                )
                continue
            }
            let proof = try await reader.consistencyProof(from: kept.checkpoint.head, to: head)
            found[kept.checkpoint.head.size] = EvidenceBundle.Anchor(checkpoint: kept, consistency: proof.path)
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }
}
