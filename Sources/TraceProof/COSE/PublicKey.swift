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

    /// The 64 bytes.
    public let bytes: [UInt8]

    /// The signature with these 64 bytes; `nil` for any other length.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Signature.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// R, the encoded point: the first 32 bytes.
    public var pointBytes: [UInt8] { Array(bytes[..<32]) }
}

/// `kid`: the first 8 bytes of the RFC 9679 SHA-256 thumbprint of a key (formats.md section 2).
///
/// It finds a key; it does not name one: state is kept by the full key.
public struct KeyID: Hashable, Sendable {
    /// The length in bytes.
    public static let byteCount = 8

    /// The 8 bytes.
    public let bytes: [UInt8]

    /// The kid with these 8 bytes; `nil` for any other length.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == KeyID.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// The kid of `key`: SHA-256 over the deterministic COSE_Key `{1: 1, -1: 6, -2: x}`, RFC 9679 section 4.
    public init(of key: PublicKey) {
        // a3 (map of 3) 01 01 (kty: OKP) 20 06 (crv: Ed25519) 21 58 20 x: deterministic order is 1, -1, -2.
        let thumbprint = SHA256.hash([0xA3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20] + key.bytes)
        bytes = Array(thumbprint.bytes[..<KeyID.byteCount])
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
