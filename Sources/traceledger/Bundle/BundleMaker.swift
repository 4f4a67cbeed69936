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
        let lastGood = lastGood(in: reader.key.name)
        var (found, ends) = ([EvidenceBundle.Entry](), [EvidenceBundle.Entry]())
        let bar = ProgressBar("looking")
        try await reader.forEachEntry(in: range, of: head) { index, bytes in
            bar.update(index - range.lowerBound, of: UInt64(range.count))
            let entry = EvidenceBundle.Entry(index: index, statement: try Statement(decoding: bytes))
            if choice.includes(entry.statement) {
                found.append(entry)
            } else if !lastGood.isEmpty, lastGood.contains(entry.statement.leafHash) {
                ends.append(entry)
            }
        }
        bar.finish()
        return adding(ends, to: found, reader)
    }

    /// The last good entries of all keys that ended, in the ledger of this origin.
    private func lastGood(in origin: String) -> Set<Digest> {
        let ends = registry?.parties.flatMap(\.keys).compactMap(\.end) ?? []
        return Set(ends.compactMap { $0.lastGood(in: origin)?.hash })
    }

    /// Takes in the last good entry of each key that signed one of `found`: what stands behind it in the ledger with a smaller
    /// number was slipped in (Docs/Trust.md), and only the two together show it.
    private func adding(
        _ ends: [EvidenceBundle.Entry],
        to found: [EvidenceBundle.Entry],
        _ reader: LedgerReader
    ) -> [EvidenceBundle.Entry] {
        let signers = Set(found.map(\.statement.header.keyID))
        let added = ends.filter { signers.contains($0.statement.header.keyID) }
        for entry in added {
            Console.note(
                "\(reader.source.name): entry \(entry.index) goes in too, the last good one of the key with kid "
                    + "\(entry.statement.header.keyID)"
            )
        }
        return (found + added).sorted { $0.index < $1.index }
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
