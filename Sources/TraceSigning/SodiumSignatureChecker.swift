internal import CSodium
internal import Synchronization
public import TraceProof

/// Checks Ed25519 signatures with libsodium, by the one rule of this project: canonical S, A and R, neither A nor R of
/// small order, and the equation [S]B = R + [k]A without a cofactor (what libsodium 1.0.18 accepts).
///
/// The answers do not depend on which libsodium is installed: where a version is known to answer otherwise, a few probes
/// at the first use find it out, and `EdwardsRule` decides what that version does not.
public struct SodiumSignatureChecker: SignatureChecker {
    /// A checker; it has no state.
    public init() { Sodium.start() }

    /// Whether `signature` is `key`'s over `message` by the rule above.
    public func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        let (point, keyBytes) = (signature.pointBytes, key.bytes)
        // libsodium before and after the change to a cofactored equation compares R's encoding or R's point: the
        // canonical forms are asked for here, so that this makes no difference.
        guard EdwardsRule.isCanonicalPoint(point), EdwardsRule.isCanonicalPoint(keyBytes),
            EdwardsRule.isCanonicalScalar(signature.bytes[32...])
        else { return false }
        let verified = unsafe crypto_sign_verify_detached(
            signature.bytes,
            message,
            UInt64(message.count),
            keyBytes
        )
        guard verified == 0 else { return false }
        // With both points in the prime-order subgroup the two equations are the same one.
        return !EdwardsRule.libraryIgnoresCofactor || (isValidPoint(keyBytes) && isValidPoint(point))
            || EdwardsRule.holds(signature, for: message, by: key)
    }

    /// Whether R is a good point and the signature verifies, for the price of the second alone under a good key.
    ///
    /// The equation without a cofactor makes R = [S]B - [k]A. B is in the prime-order subgroup, so where A is, R is too,
    /// and ``isValid(_:for:by:)`` has refused the points of small order.
    public func admits(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        isValid(signature, for: message, by: key) && (isKnownGood(key) || isValidPoint(signature.pointBytes))
    }

    /// Keys that were found good points: a ledger has few, and each signs many entries.
    private static let goodKeys = Mutex<Set<PublicKey>>([])
    private static let maximumGoodKeys = 1024

    private func isKnownGood(_ key: PublicKey) -> Bool {
        if SodiumSignatureChecker.goodKeys.withLock({ $0.contains(key) }) { return true }
        guard isValidPoint(key.bytes) else { return false }
        SodiumSignatureChecker.goodKeys.withLock { keys in
            if keys.count == SodiumSignatureChecker.maximumGoodKeys { keys.removeAll(keepingCapacity: true) }
            keys.insert(key)
        }
        return true
    }

    /// Whether 32 bytes encode, canonically, a point of the prime-order subgroup other than the identity; false for any
    /// other length.
    public func isValidPoint(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == PublicKey.byteCount, unsafe crypto_core_ed25519_is_valid_point(bytes) == 1 else {
            return false
        }
        return !EdwardsRule.libraryAdmitsOrderTwo || EdwardsRule.isInSubgroup(bytes)
    }
}
