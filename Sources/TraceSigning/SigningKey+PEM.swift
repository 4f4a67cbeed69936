public import TraceProof

extension SigningKey {
    private static let format = "PKCS#8 private key"
    /// SEQUENCE { INTEGER 0, { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32 bytes: the seed) } }, RFC 8410 section 7.
    private static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    /// The key in a PKCS#8 PEM text (RFC 7468, RFC 8410): what `openssl genpkey -algorithm ed25519` writes. Version 2 with the public key
    /// (RFC 5958) is read too, and its two halves must belong together.
    ///
    /// - Throws: ``FormatError`` with the line of the text or the byte of the PKCS#8 structure inside, and a remedy where
    ///   the file holds some other key.
    public convenience init(pem: [UInt8]) throws(FormatError) {
        try self.init(pem: pem.span)
    }

    convenience init(pem: borrowing Span<UInt8>) throws(FormatError) {
        let object = try PEM.decode(pem, as: .privateKey)
        let parts = try unsafe object.withBytes { bytes throws(FormatError) in
            try unsafe SigningKey.parse(Span(_unsafeElements: bytes))
        }
        self.init(seedIn: object, at: parts.seed)
        if let publicKey = parts.publicKey, publicKey != self.publicKey {
            throw FormatError(SigningKey.format, at: .whole, "the public key in it is not the private key's own")
        }
    }

    /// Where the seed stands, and the public key of a version 2 file.
    private static func parse(_ bytes: borrowing Span<UInt8>) throws(FormatError) -> (seed: Int, publicKey: PublicKey?)
    {
        var file = DERReader(format, 0..<bytes.count)
        var key = try file.enter(0x30, "the outer sequence", in: bytes)
        try file.finish("the key")
        let version = try key.content(0x02, "the version", in: bytes)
        guard version.count == 1, bytes[version.lowerBound] <= 1 else { throw key.error("the version is not 1 or 2") }
        let hasPublicKey = bytes[version.lowerBound] == 1
        try KeyAlgorithm.read(&key, in: bytes)

        var octets = try key.enter(0x04, "the private key", in: bytes)
        let seed = try octets.content(0x04, "the 32-byte string in the private key (RFC 8410 section 7)", in: bytes)
        guard seed.count == seedByteCount else { throw octets.error("the private key has \(seed.count) bytes, not 32") }
        try octets.finish("the private key")

        // Attributes (a friendly name, say) change nothing about the key; only their form is looked at.
        if key.isNext(0xA0, in: bytes) {
            var attributes = try key.enter(0xA0, "the set of attributes", in: bytes)
            while !attributes.isAtEnd { _ = try attributes.content(0x30, "an attribute", in: bytes) }
        }
        guard hasPublicKey else {
            try key.finish("a version 1 key")
            return (seed.lowerBound, nil)
        }
        let bits = try key.content(0x81, "the public key of a version 2 key (RFC 5958 section 2)", in: bytes)
        try key.finish("the key")
        return (seed.lowerBound, try PublicKey.inBitString(bits, of: bytes, key))
    }

    /// The PKCS#8 version 1 PEM text, in guarded memory on its way to a file.
    func pemText() -> SecretMemory {
        var object = SecretMemory(count: SigningKey.prefix.count + SigningKey.seedByteCount)
        unsafe object.withMutableBytes { object in
            let start = unsafe object.update(fromContentsOf: SigningKey.prefix)
            unsafe withSecret { secret in
                let seed = unsafe secret.prefix(SigningKey.seedByteCount)
                _ = unsafe UnsafeMutableBufferPointer(rebasing: object[start...]).update(fromContentsOf: seed)
            }
        }
        return PEM.encode(object, as: .privateKey)
    }
}
