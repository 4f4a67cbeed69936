import CSodium
import TraceProof

/// Ed25519 of libsodium for these tests alone; programs use `TraceSigning`.
struct SodiumChecker: SignatureChecker {
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        unsafe crypto_sign_verify_detached(signature.bytes, message, UInt64(message.count), key.bytes) == 0
    }

    func isValidPoint(_ bytes: [UInt8]) -> Bool { unsafe crypto_core_ed25519_is_valid_point(bytes) == 1 }
}

/// A key from a fixed seed, so that its signatures are the same on every run.
struct SodiumSigner: Signer {
    let publicKey: PublicKey
    private let secret: [UInt8]

    init(seed: [UInt8]) throws {
        var publicBytes = [UInt8](repeating: 0, count: 32)
        var secret = [UInt8](repeating: 0, count: 64)
        guard seed.count == 32, unsafe crypto_sign_seed_keypair(&publicBytes, &secret, seed) == 0,
            let key = PublicKey(publicBytes)
        else { throw FormatError("seed", at: .whole, "32 bytes are needed") }
        (publicKey, self.secret) = (key, secret)
    }

    init(_ fill: UInt8) throws { try self.init(seed: [UInt8](repeating: fill, count: 32)) }

    func signature(for message: [UInt8]) async throws -> Signature { try sign(message) }

    func sign(_ message: [UInt8]) throws -> Signature {
        var bytes = [UInt8](repeating: 0, count: 64)
        unsafe crypto_sign_detached(&bytes, nil, message, UInt64(message.count), secret)
        guard let signature = Signature(bytes) else { throw FormatError("signature", at: .whole, "not 64 bytes") }
        return signature
    }
}
