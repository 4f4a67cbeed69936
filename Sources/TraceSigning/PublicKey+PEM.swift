public import TraceProof

extension PublicKey {
    private static let format = "SPKI public key"
    /// SEQUENCE { { OID 1.3.101.112 }, BIT STRING (no unused bits, 32 bytes) }, RFC 8410 section 4.
    private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    /// The SPKI PEM text (RFC 7468, RFC 8410) that `openssl pkey -pubin` reads.
    public var pem: String {
        "-----BEGIN PUBLIC KEY-----\n\(Base64.encode(PublicKey.prefix + bytes))\n-----END PUBLIC KEY-----\n"
    }

    /// The key in an SPKI PEM text, as ``pem`` and `openssl pkey -pubout` write it.
    ///
    /// Whether it is a good point is ``SodiumSignatureChecker/isValidPoint(_:)``'s to say, when the key is registered.
    ///
    /// - Throws: ``FormatError`` with the line of the text or the byte of the SPKI structure inside, and a remedy where the
    ///   file holds some other key.
    public init(pem: [UInt8]) throws(FormatError) {
        try self.init(pem: pem.span)
    }

    init(pem: borrowing Span<UInt8>) throws(FormatError) {
        let object = try PEM.decode(pem, as: .publicKey)
        self = try unsafe object.withBytes { bytes throws(FormatError) in
            try unsafe PublicKey.parse(Span(_unsafeElements: bytes))
        }
    }

    private static func parse(_ bytes: borrowing Span<UInt8>) throws(FormatError) -> PublicKey {
        var file = DERReader(format, 0..<bytes.count)
        var key = try file.enter(0x30, "the outer sequence", in: bytes)
        try file.finish("the key")
        try KeyAlgorithm.read(&key, in: bytes)
        let bits = try key.content(0x03, "the public key", in: bytes)
        try key.finish("the key")
        return try inBitString(bits, of: bytes, key)
    }

    /// The key in the content of a BIT STRING: a zero (no unused bits) and 32 bytes.
    static func inBitString(
        _ range: Range<Int>,
        of bytes: borrowing Span<UInt8>,
        _ reader: DERReader
    ) throws(FormatError) -> PublicKey {
        guard range.count == 1 + byteCount, bytes[range.lowerBound] == 0,
            let key = PublicKey(range.dropFirst().map { bytes[$0] })
        else { throw reader.error("the public key before this is not 32 whole bytes") }
        return key
    }
}
