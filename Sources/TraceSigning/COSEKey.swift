public import TraceProof

/// A public key as a COSE_Key (RFC 9052 section 7, RFC 9053 section 7.2): `{1: 1, -1: 6, -2: x}`, deterministic CBOR, with the kid
/// (2) where a key set wants one.
public enum COSEKey {
    // kty (1): OKP (1); crv (-1): Ed25519 (6); x (-2): 32 bytes; kid (2): 8 bytes. Deterministic order is 1, 2, -1, -2.
    private static let type: [UInt8] = [0x01, 0x01]
    private static let curveAndX: [UInt8] = [0x20, 0x06, 0x21, 0x58, 0x20]
    private static let identifier: [UInt8] = [0x02, 0x48]

    /// The 40 bytes of the key, or 50 with its ``KeyID``.
    public static func encode(_ key: PublicKey, withKeyID: Bool = false) -> [UInt8] {
        let kid = withKeyID ? identifier + KeyID(of: key).bytes : []
        return [withKeyID ? 0xA4 : 0xA3] + type + kid + curveAndX + key.bytes
    }

    /// The key in `bytes`: exactly what ``encode(_:withKeyID:)`` gives, in either form.
    ///
    /// - Throws: ``FormatError`` for anything else.
    public static func decode(_ bytes: [UInt8]) throws(FormatError) -> PublicKey {
        guard bytes.count == 40 || bytes.count == 50, let key = PublicKey(bytes.suffix(PublicKey.byteCount)) else {
            throw FormatError("COSE_Key", at: .whole, "an Ed25519 public key has 40 bytes, or 50 with its kid")
        }
        let expected = encode(key, withKeyID: bytes.count == 50)
        if let offset = zip(bytes, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
            throw FormatError(
                "COSE_Key",
                at: .offset(offset),
                "this is not {1: 1, -1: 6, -2: x} in deterministic CBOR, or the kid is another key's"
            )
        }
        return key
    }
}
