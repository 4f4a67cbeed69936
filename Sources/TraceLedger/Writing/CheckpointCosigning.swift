public import TraceProof

/// Who adds cosignatures to a checkpoint before it is shown: the witnesses of an own ledger, the mirror's own key on a
/// mirrored one.
public protocol CheckpointCosigning: Sendable {
    /// The cosignatures to show with `signed`, whose every tile and entry is durable in `ledger`.
    ///
    /// - Parameter ledger: a reader of the directory, for the consistency proofs that cosigners ask for.
    /// - Throws: where the policy's quorum is not reached: the checkpoint is not shown then, and asked for again later.
    func cosignatures(for signed: SignedCheckpoint, in ledger: LedgerReader) async throws -> [NoteSignature]
}
