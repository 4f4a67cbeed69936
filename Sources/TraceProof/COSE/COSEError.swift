/// Why a well-formed COSE message does not count: the check that failed.
public enum COSEError: Error, Equatable, Sendable {
    /// `alg` in the protected header is absent, not a number, or neither EdDSA (-8) nor Ed25519 (-19).
    case unsupportedAlgorithm
    /// `crit` names headers that must be understood, and none is.
    case criticalHeader
    /// An Ed25519 signature has 64 bytes; this one has another number.
    case signatureLength(Int)
    /// The payload is detached and was not supplied, or is attached and was supplied as well.
    case payload
    /// The message names another key than the one it is checked with.
    case otherKey(KeyID)
    /// The signature is not the key's over this message.
    case invalidSignature
    /// The receipt holds the other kind of proof: inclusion where consistency is asked for, or the reverse.
    case otherProof
    /// The path in the receipt does not fit its sizes.
    case proof(ProofError)
}

extension COSEError: CustomStringConvertible {
    /// One sentence that says which check failed.
    public var description: String {
        switch self {
        case .unsupportedAlgorithm: "the algorithm is neither EdDSA (-8) nor Ed25519 (-19)"
        case .criticalHeader: "a header is marked critical that is not understood"
        case .signatureLength(let count): "the signature has \(count) bytes, an Ed25519 signature has 64"
        case .payload: "a detached payload must be supplied, and an attached one must not"
        case .otherKey(let keyID): "the message names the key \(keyID), not the one it is checked with"
        case .invalidSignature: "the signature does not verify"
        case .otherProof: "the receipt holds the other kind of proof"
        case .proof(let error): error.description
        }
    }
}
