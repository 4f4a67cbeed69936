internal import CSodium
public import TraceProof

/// Derives the keys of serialised items from the seeds of their hidden codes (formats.md section 6).
///
/// An item's Ed25519 seed is HKDF-SHA-256 (RFC 5869) of the code's 16 bytes, with the salt `traceledger/item/v1` and its
/// identity, `(01)GTIN(21)SERIAL`, as info: one seed gives another key under another identity.
///
/// ```swift
/// var keys = ItemKeys()                                  // one for each task: a whole lot uses its memory
/// for item in items { try keys.publicKey(seed: item.seed, identity: item.identity.text) }
/// ```
public struct ItemKeys: ~Copyable {
    /// The length of a hidden code's seed in bytes.
    public static let seedByteCount = 16

    private static let salt = Array("traceledger/item/v1".utf8)

    private var derivation = HKDF()
    /// The seed of the key, then libsodium's form of it: seed || public key.
    private var key = SecretMemory(count: SigningKey.seedByteCount + Int(crypto_sign_SECRETKEYBYTES))

    /// Memory for derivations: some 32 KB of address space, however many keys are derived.
    public init() {}

    /// The public half of an item's key: what the item tree commits to. Nothing secret is left behind.
    ///
    /// The caller's array is the caller's to wipe (``RandomBytes/wipe(_:)``).
    /// - Parameter identity: `(01)GTIN(21)SERIAL`, as ``SigningKey/item(seed:identity:)`` takes it.
    /// - Throws: ``FormatError`` for a seed that has not 16 bytes.
    public mutating func publicKey(seed: [UInt8], identity: String) throws(FormatError) -> PublicKey {
        try ItemKeys.derive(seed, identity, with: &derivation, into: &key)
        var point = [UInt8](repeating: 0, count: PublicKey.byteCount)
        unsafe key.withMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            _ = unsafe crypto_sign_seed_keypair(&point, base + SigningKey.seedByteCount, base)
            unsafe sodium_memzero(base, bytes.count)
        }
        guard let publicKey = PublicKey(point) else { preconditionFailure("an array of 32 bytes") }
        return publicKey
    }

    /// The whole key of an item.
    fileprivate mutating func signingKey(seed: [UInt8], identity: String) throws(FormatError) -> SigningKey {
        try ItemKeys.derive(seed, identity, with: &derivation, into: &key)
        return SigningKey(seedIn: key)
    }

    /// Puts the seed of an item's key to the front of `key`.
    private static func derive(
        _ seed: [UInt8],
        _ identity: String,
        with derivation: inout HKDF,
        into key: inout SecretMemory
    ) throws(FormatError) {
        guard seed.count == ItemKeys.seedByteCount else {
            throw FormatError(
                "item seed",
                at: .whole,
                "it has \(seed.count) bytes and must have \(ItemKeys.seedByteCount)"
            )
        }
        let info = Array(identity.utf8)
        unsafe key.withMutableBytes { bytes in
            let seedPlace = unsafe UnsafeMutableBufferPointer(rebasing: bytes[..<SigningKey.seedByteCount])
            unsafe derivation.derive(from: seed, salt: salt, info: info, into: seedPlace)
        }
    }
}

extension SigningKey {
    /// The key of the item `identity`, `(01)GTIN(21)SERIAL`, whose hidden code has this seed (formats.md section 6).
    ///
    /// The copies made here are wiped; the caller's array is the caller's to wipe (``RandomBytes/wipe(_:)``). For the public
    /// halves of many items use ``ItemKeys``.
    /// - Throws: ``FormatError`` for a seed that has not 16 bytes.
    public static func item(seed: [UInt8], identity: String) throws(FormatError) -> SigningKey {
        var keys = ItemKeys()
        return try keys.signingKey(seed: seed, identity: identity)
    }
}
