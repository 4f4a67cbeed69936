/// Checks Ed25519 signatures. Floor 1 knows no library: libsodium's implementation is `TraceSigning`, a browser's is
/// WebCrypto, and this protocol is used generically so that it also works without existentials.
public protocol SignatureChecker: Sendable {
    /// Whether `signature` is `key`'s over `message` by this project's one rule: canonical S, A and R, and neither A nor
    /// R of small order (what libsodium accepts).
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool

    /// Whether 32 bytes encode a point of the prime-order subgroup (`crypto_core_ed25519_is_valid_point`).
    ///
    /// Asked of A when a key is registered and of R when an entry is admitted, so that two honest nodes whose libraries
    /// differ (cofactored or not) never disagree on an entry (formats.md section 1).
    func isValidPoint(_ bytes: [UInt8]) -> Bool

    /// The admission rule of formats.md section 1: R is a good point and the signature verifies. A was checked when the
    /// key was registered.
    func admits(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool
}

extension SignatureChecker {
    /// Asks both questions. A checker that can tell the answer to the first from the second overrides this.
    public func admits(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        isValidPoint(signature.pointBytes) && isValid(signature, for: message, by: key)
    }
}

#if !hasFeature(Embedded)
/// Something that signs with one Ed25519 key: a key file, an HSM, a signing service.
///
/// It may take its time and it may refuse, so it is asynchronous and throws whatever its device throws.
public protocol Signer: Sendable {
    /// The public half.
    var publicKey: PublicKey { get }

    /// The Ed25519 signature over exactly these bytes.
    func signature(for message: [UInt8]) async throws -> Signature
}
#endif
