import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

extension World {
    /// A bundle of these entries of the world's ledger.
    func bundle(
        _ indices: [Int] = [1, 2, 5],
        cosigners: [Int] = [0, 1],
        policy: TrustPolicy? = nil,
        registry: RegistryPack? = nil,
        anchors: [EvidenceBundle.Anchor] = []
    ) async throws -> EvidenceBundle {
        let checkpoint = try await checkpoint(cosigners: cosigners)
        let ledger = try ledger(indices, checkpoint, anchors: anchors)
        return try EvidenceBundle(policy: policy?.bytes, registry: registry, ledgers: [ledger])
    }

    func ledger(
        _ indices: [Int],
        _ checkpoint: SignedCheckpoint,
        anchors: [EvidenceBundle.Anchor] = []
    ) throws -> EvidenceBundle.Ledger {
        let proof = try InclusionMultiproof.make(indices: indices.map { UInt64($0) }, treeSize: tree.size, from: tree)
        return try EvidenceBundle.Ledger(
            checkpoint: checkpoint,
            entries: indices.map { EvidenceBundle.Entry(index: UInt64($0), statement: statements[$0]) },
            hashes: proof.hashes,
            anchors: anchors
        )
    }

    /// The older checkpoint of `size` entries as an anchor, which this time the cosigners saw at `time`.
    func anchor(_ size: Int, time: UInt64) async throws -> EvidenceBundle.Anchor {
        let older = try await checkpoint(size)
        var lines: [NoteSignature] = []
        for cosigner in 0..<2 {
            lines.append(
                try await Cosignature.sign(
                    older.note.text,
                    name: "witness\(cosigner).example",
                    time: time,
                    signer: witnessKeys[cosigner]
                )
            )
        }
        let proof = try ConsistencyProof.make(oldSize: UInt64(size), newSize: tree.size, from: tree)
        return EvidenceBundle.Anchor(checkpoint: try older.adding(lines), consistency: proof.path)
    }
}

extension EvidenceBundle.Ledger {
    /// The same with some of it changed.
    func with(
        checkpoint: SignedCheckpoint? = nil,
        entries: [EvidenceBundle.Entry]? = nil,
        hashes: [Digest]? = nil,
        anchors: [EvidenceBundle.Anchor]? = nil
    ) throws -> EvidenceBundle.Ledger {
        try EvidenceBundle.Ledger(
            checkpoint: checkpoint ?? self.checkpoint,
            entries: entries ?? self.entries,
            hashes: hashes ?? self.hashes,
            anchors: anchors ?? self.anchors
        )
    }

    var bundle: EvidenceBundle {
        get throws { try EvidenceBundle(policy: nil, registry: nil, ledgers: [self]) }
    }
}
