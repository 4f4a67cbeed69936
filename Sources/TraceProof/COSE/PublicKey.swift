/// An Ed25519 public key: the 32 bytes of RFC 8032 section 5.1.5. Whether they are a good point is the
/// ``SignatureChecker``'s to say.
public struct PublicKey: Hashable, Sendable {
    /// The length in bytes.
    public static let byteCount = 32

    private let value: Digest

    /// The key with these 32 bytes; `nil` for any other length.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let value = Digest(bytes) else { return nil }
        self.value = value
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { value.bytes }
}

/// An Ed25519 signature: R (32 bytes) then S (32 bytes), RFC 8032 section 5.1.6.
public struct Signature: Hashable, Sendable {
    /// The length in bytes.
    public static let byteCount = 64

    // R and S, inline: an entry is read without an array for them.
    private let halves: (Digest, Digest)

    /// The 64 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Signature.byteCount)
        unsafe halves.0.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        unsafe halves.1.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        return bytes
    }

    /// The signature with these 64 bytes; `nil` for any other length.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Signature.byteCount, let point = Digest(bytes.prefix(32)),
            let scalar = Digest(bytes.dropFirst(32))
        else { return nil }
        halves = (point, scalar)
    }

    /// The signature of R and S.
    package init(point: Digest, scalar: Digest) { halves = (point, scalar) }

    /// R, the encoded point: the first 32 bytes.
    public var pointBytes: [UInt8] { halves.0.bytes }

    /// Whether both are the same 64 bytes.
    public static func == (left: Signature, right: Signature) -> Bool { left.halves == right.halves }

    /// Hashes R and S.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(halves.0)
        hasher.combine(halves.1)
    }
}

/// `kid`: the first 8 bytes of the RFC 9679 SHA-256 thumbprint of a key (formats.md section 2).
///
/// It finds a key; it does not name one: state is kept by the full key.
public struct KeyID: Hashable, Sendable {
    /// The length in bytes.
    public static let byteCount = 8

    // The 8 bytes as a big-endian number, which needs no array and compares at once.
    private let word: UInt64

    /// The 8 bytes.
    public var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } }

    /// The kid with these 8 bytes; `nil` for any other length.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == KeyID.byteCount else { return nil }
        word = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The kid that this big-endian number spells.
    package init(word: UInt64) { self.word = word }

    /// The kid of `key`: SHA-256 over the deterministic COSE_Key `{1: 1, -1: 6, -2: x}`, RFC 9679 section 4.
    public init(of key: PublicKey) {
        // a3 (map of 3) 01 01 (kty: OKP) 20 06 (crv: Ed25519) 21 58 20 x: deterministic order is 1, -1, -2.
        let thumbprint = SHA256.hash([0xA3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20] + key.bytes)
        word = thumbprint.bytes[..<KeyID.byteCount].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension PublicKey: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}

extension KeyID: CustomStringConvertible {
    /// 16 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}
