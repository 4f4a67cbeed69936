internal import CSodium
internal import Synchronization
public import TraceProof

/// An Ed25519 secret key (RFC 8032) that signs.
///
/// The 64 secret bytes live in guarded memory that nothing can read between two signatures; the last reference to the key
/// wipes them. There is no way to print it, and none to get the seed out but ``KeyFile``.
///
/// ```swift
/// let key = SigningKey.generate()
/// let signature = key.signature(for: message)
/// SodiumSignatureChecker().isValid(signature, for: message, by: key.publicKey)  // true
/// ```
///
/// Each key takes some 16 KB of address space: derive, use and drop item keys one by one.
public final class SigningKey: Signer {
    /// The length of the seed, the secret key of RFC 8032 section 5.1.5, in bytes.
    public static let seedByteCount = 32

    /// The public half, derived from the seed.
    public let publicKey: PublicKey

    /// seed || public key, sealed but while somebody signs. The lock makes the opening and sealing safe to share between threads.
    private let secret: Mutex<Guarded>

    private struct Guarded: ~Copyable {
        var memory: SecretMemory
        /// How many sign at this moment.
        var users = 0
    }

    /// The open memory of somebody who signs. Sendable, since it is only read while it is open, and stays where it is.
    @safe
    private struct Opened: @unchecked Sendable {
        let bytes: UnsafeBufferPointer<UInt8>
    }

    /// The key whose seed is in `seed`'s first 32 bytes.
    init(seedIn seed: borrowing SecretMemory, at offset: Int = 0) {
        precondition(offset >= 0 && seed.count - offset >= SigningKey.seedByteCount)
        var memory = SecretMemory(count: Int(crypto_sign_SECRETKEYBYTES))
        var point = [UInt8](repeating: 0, count: PublicKey.byteCount)
        unsafe seed.withBytes { seed in
            unsafe memory.withMutableBytes { secret in
                guard let from = seed.baseAddress, let into = secret.baseAddress else { return }
                _ = unsafe crypto_sign_seed_keypair(&point, into, from + offset)
            }
        }
        guard let publicKey = PublicKey(point) else { preconditionFailure("an array of 32 bytes") }
        self.publicKey = publicKey
        memory.seal()
        secret = Mutex(Guarded(memory: memory))
    }

    /// The key with this seed of 32 bytes.
    ///
    /// The copies made here are wiped; the caller's array is the caller's to wipe (``RandomBytes/wipe(_:)``).
    ///
    /// - Throws: ``FormatError`` for any other length.
    public convenience init(seed: [UInt8]) throws(FormatError) {
        guard seed.count == SigningKey.seedByteCount else {
            throw FormatError("Ed25519 seed", at: .whole, "it has \(seed.count) bytes and must have 32")
        }
        var memory = SecretMemory(count: SigningKey.seedByteCount)
        unsafe memory.withMutableBytes { buffer in _ = unsafe buffer.update(fromContentsOf: seed) }
        self.init(seedIn: memory)
    }

    /// A new key from the system's random source.
    public static func generate() -> SigningKey {
        var seed = SecretMemory(count: seedByteCount)
        unsafe seed.withMutableBytes { buffer in
            if let base = buffer.baseAddress { unsafe randombytes_buf(base, buffer.count) }
        }
        return SigningKey(seedIn: seed)
    }

    /// The signature over exactly these bytes. It is deterministic (RFC 8032 section 5.1.6).
    public func signature(for message: [UInt8]) -> Signature {
        var bytes = [UInt8](repeating: 0, count: Signature.byteCount)
        unsafe withSecret { secret in
            guard let key = secret.baseAddress else { return }
            _ = unsafe crypto_sign_detached(&bytes, nil, message, UInt64(message.count), key)
        }
        guard let signature = Signature(bytes) else { preconditionFailure("an array of 64 bytes") }
        return signature
    }

    /// The signatures over these messages, one for each in their order: the memory is opened once for all of them, and other
    /// threads can sign with the key meanwhile.
    public func signatures(for messages: [[UInt8]]) -> [Signature] {
        var signatures: [Signature] = []
        signatures.reserveCapacity(messages.count)
        var bytes = [UInt8](repeating: 0, count: Signature.byteCount)
        unsafe withSecret { secret in
            guard let key = secret.baseAddress else { return }
            for message in messages {
                _ = unsafe crypto_sign_detached(&bytes, nil, message, UInt64(message.count), key)
                if let signature = Signature(bytes) { signatures.append(signature) }
            }
        }
        return signatures
    }

    /// Calls `body` with seed || public key, which it must not keep.
    func withSecret(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let opened = secret.withLock { guarded in
            if guarded.users == 0 { guarded.memory.unseal() }
            guarded.users += 1
            return unsafe guarded.memory.withBytes { unsafe Opened(bytes: $0) }
        }
        unsafe body(opened.bytes)
        secret.withLock { guarded in
            guarded.users -= 1
            if guarded.users == 0 { guarded.memory.seal() }
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// `signing key 0123456789abcdef`: the kid and nothing else.
    public var description: String { "signing key \(KeyID(of: publicKey))" }

    /// What `dump` shows: the public key.
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
