internal import CSodium
package import TraceProof

/// The parts of the rule of ``SodiumSignatureChecker`` on which versions of libsodium differ, decided with operations on
/// which they agree: point addition and scalar multiplication.
package enum EdwardsRule {
    /// L, the order of the base point (RFC 8032 section 5.1), little-endian.
    private static let order: [UInt8] = [
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]
    /// p = 2^255 - 19, little-endian.
    private static let prime: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    private static let identity: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)

    // MARK: What the installed library does

    /// Whether the library multiplies the verification equation by the cofactor 8, as newer versions do, and so
    /// accepts signatures with a residue of small order that 1.0.18 refuses.
    package static let libraryIgnoresCofactor: Bool = {
        Sodium.start()
        let probe = residueProbe
        return unsafe crypto_sign_verify_detached(
            probe.signature,
            probe.message,
            UInt64(probe.message.count),
            probe.key
        ) == 0
    }()

    /// Whether `crypto_core_ed25519_is_valid_point` lets points P + (0, -1) through, P of prime order: CVE-2025-69277,
    /// in every version before the end of 2025. The probe is B + (0, -1).
    package static let libraryAdmitsOrderTwo: Bool = {
        Sodium.start()
        return unsafe crypto_core_ed25519_is_valid_point(basePlusOrderTwo) == 1
    }()

    /// B + (0, -1) = (-x, -y) for the base point B = (x, 4/5).
    package static let basePlusOrderTwo: [UInt8] = [0x95] + [UInt8](repeating: 0x99, count: 31)

    /// A signature whose residue is exactly (0, -1): A = B, R = B + (0, -1) and S = 1 + k. It verifies in cofactored
    /// libraries only.
    package static let residueProbe: (signature: [UInt8], message: [UInt8], key: [UInt8]) = {
        let message = Array("TraceLedger cofactor probe".utf8)
        let key: [UInt8] = [0x58] + [UInt8](repeating: 0x66, count: 31)
        let k = challenge(basePlusOrderTwo, key, message)
        var scalar = [UInt8](repeating: 0, count: 32)
        let one: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
        unsafe crypto_core_ed25519_scalar_add(&scalar, one, k)
        return (basePlusOrderTwo + scalar, message, key)
    }()

    // MARK: The rule

    /// Whether the y coordinate is below p. The sign bit of x = 0 needs no check: those points are of small order.
    package static func isCanonicalPoint(_ bytes: [UInt8]) -> Bool {
        guard let last = bytes.last else { return false }
        return isLess(bytes.dropLast() + [last & 0x7F], prime)
    }

    /// Whether S is below L (RFC 8032 section 5.1.7, step 1).
    static func isCanonicalScalar(_ bytes: ArraySlice<UInt8>) -> Bool { isLess(Array(bytes), order) }

    /// Whether [L]P is the identity, asked as [L-1]P = -P; `point` must encode a point canonically.
    package static func isInSubgroup(_ point: [UInt8]) -> Bool {
        var orderMinusOne = order
        orderMinusOne[0] -= 1
        var product = [UInt8](repeating: 0, count: 32)
        guard unsafe crypto_scalarmult_ed25519_noclamp(&product, orderMinusOne, point) == 0 else { return false }
        product[31] ^= 0x80
        return product == point
    }

    /// Whether [S]B = R + [k]A, without a cofactor. It adds points one by one (milliseconds): only signatures that no
    /// honest signer makes come this far.
    package static func holds(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        let point = signature.pointBytes
        var left = [UInt8](repeating: 0, count: 32)
        // It fails where the product is the identity.
        if unsafe crypto_scalarmult_ed25519_base_noclamp(&left, Array(signature.bytes[32...])) != 0 { left = identity }
        guard let product = multiply(key.bytes, by: challenge(point, key.bytes, message)) else { return false }
        return add(point, product) == left
    }

    /// k = SHA-512(R || A || M) mod L.
    private static func challenge(_ point: [UInt8], _ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var state = crypto_hash_sha512_state()
        var hash = [UInt8](repeating: 0, count: 64)
        var reduced = [UInt8](repeating: 0, count: 32)
        unsafe crypto_hash_sha512_init(&state)
        for part in [point, key, message] { unsafe crypto_hash_sha512_update(&state, part, UInt64(part.count)) }
        unsafe crypto_hash_sha512_final(&state, &hash)
        unsafe crypto_core_ed25519_scalar_reduce(&reduced, hash)
        return reduced
    }

    private static func multiply(_ point: [UInt8], by scalar: [UInt8]) -> [UInt8]? {
        var sum = identity
        for bit in stride(from: 255, through: 0, by: -1) {
            guard let double = add(sum, sum) else { return nil }
            sum = double
            guard scalar[bit / 8] >> UInt8(bit % 8) & 1 == 1 else { continue }
            guard let next = add(sum, point) else { return nil }
            sum = next
        }
        return sum
    }

    private static func add(_ left: [UInt8], _ right: [UInt8]) -> [UInt8]? {
        var sum = [UInt8](repeating: 0, count: 32)
        return unsafe crypto_core_ed25519_add(&sum, left, right) == 0 ? sum : nil
    }

    /// Little-endian comparison. Signatures and public keys are public: no constant time is needed.
    private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.reversed().lexicographicallyPrecedes(right.reversed())
    }
}
