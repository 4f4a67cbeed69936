public import TraceProof

/// A cosigner's own name, key and clock: a witness's, or a mirror's. It serves one of them and nothing else, since type 0x04
/// does not bind the name.
public struct CosigningKey: Sendable {
    /// The name on the cosignatures, and the key (type 0x04).
    public let key: VerifierKey
    private let signer: any Signer
    private let now: @Sendable () -> UInt64

    /// The cosigner of this name and key.
    ///
    /// - Parameter now: the time for cosignatures, in POSIX seconds.
    /// - Throws: for a name that no signature line can hold.
    public init(name: String, signer: any Signer, now: @escaping @Sendable () -> UInt64) throws(FormatError) {
        key = try VerifierKey(name: name, type: .cosignature, publicKey: signer.publicKey)
        (self.signer, self.now) = (signer, now)
    }

    func cosign(_ checkpoint: SignedCheckpoint) async throws -> NoteSignature {
        try await Cosignature.sign(checkpoint.note.text, name: key.name, time: now(), signer: signer)
    }
}
