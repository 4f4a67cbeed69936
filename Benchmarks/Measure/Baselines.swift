internal import RawSodium

/// What libsodium does by itself: the floor under the numbers of this project.
public struct Sodium: Sendable {
    /// An entry of the size that a signed one-EPC event has.
    public static let entry = [UInt8](repeating: 0x5A, count: 250)

    private let publicKey: [UInt8]
    private let secretKey: [UInt8]
    private let signature: [UInt8]

    /// A key pair, and its signature over ``entry``.
    public init() {
        precondition(sodium_init() >= 0, "libsodium does not start")
        var (publicKey, secretKey) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
        crypto_sign_keypair(&publicKey, &secretKey)
        var signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&signature, nil, Sodium.entry, UInt64(Sodium.entry.count), secretKey)
        (self.publicKey, self.secretKey, self.signature) = (publicKey, secretKey, signature)
    }

    /// SHA-256 of `length` bytes, `count` times: 65 bytes are one tree node.
    public static func hash(_ length: Int, count: Int) {
        let input = [UInt8](repeating: 1, count: length)
        var digest = [UInt8](repeating: 0, count: 32)
        for _ in 0..<count { crypto_hash_sha256(&digest, input, UInt64(length)) }
    }

    /// Signs ``entry`` `count` times.
    public func sign(count: Int) {
        var signature = [UInt8](repeating: 0, count: 64)
        for _ in 0..<count {
            crypto_sign_detached(&signature, nil, Sodium.entry, UInt64(Sodium.entry.count), secretKey)
        }
    }

    /// Verifies the signature over ``entry`` `count` times.
    public func verify(count: Int) {
        for _ in 0..<count {
            let result = crypto_sign_verify_detached(signature, Sodium.entry, UInt64(Sodium.entry.count), publicKey)
            precondition(result == 0, "libsodium refuses its own signature")
        }
    }
}
