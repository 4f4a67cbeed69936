public import TraceLedger
public import TraceProof

/// A mirror's own cosignature on what it shows: that it holds every entry, durably, for all to read (C2SP tlog-mirror).
///
/// Its key is no witness's and no log's: those say less, or something else.
public struct MirrorCosigning: CheckpointCosigning {
    private let cosigner: CosigningKey

    /// The name on the cosignatures, and the key (type 0x04).
    public var key: VerifierKey { cosigner.key }

    /// The mirror with this name and key.
    public init(_ cosigner: CosigningKey) { self.cosigner = cosigner }

    /// One line, of the present time.
    public func cosignatures(for signed: SignedCheckpoint, in ledger: LedgerReader) async throws -> [NoteSignature] {
        [try await cosigner.cosign(signed)]
    }
}
