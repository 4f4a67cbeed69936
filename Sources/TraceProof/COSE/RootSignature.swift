/// A ledger's COSE signature over the root at one size: the file `checkpoint.cose` (formats.md section 3).
///
/// The protected header is the same for every root of a ledger and names no position, so this one signature serves every
/// ``Receipt`` at its size. It covers the root alone: neither the size nor an index is authenticated by it.
///
///     18([<< {1: -8, 4: kid, 15: {1: origin, 2: origin}, 395: 1} >>, {}, null, signature])
public struct RootSignature: Equatable, Sendable {
    /// The ledger's origin: issuer and subject of the statement that this is the root.
    public let origin: String
    /// The kid of the ledger's key.
    public let keyID: KeyID
    /// The content of the protected byte string, exactly as it is signed.
    public let protected: [UInt8]
    /// The signature.
    public let signature: Signature

    /// A signature that was made over ``message(root:origin:keyID:)``.
    public init(origin: String, keyID: KeyID, signature: Signature) {
        self.origin = origin
        self.keyID = keyID
        self.signature = signature
        protected = RootSignature.protected(origin: origin, keyID: keyID)
    }

    private static func protected(origin: String, keyID: KeyID) -> [UInt8] {
        var writer = CBORWriter()
        writer.map {
            $0.entry(COSELabel.algorithm) { $0.integer(COSEAlgorithm.edDSA) }
            $0.entry(COSELabel.keyID) { $0.bytes(keyID.bytes) }
            $0.entry(COSELabel.cwtClaims) {
                $0.map {
                    $0.entry(CWTClaim.issuer) { $0.text(origin) }
                    $0.entry(CWTClaim.subject) { $0.text(origin) }
                }
            }
            $0.entry(COSELabel.verifiableDataStructure) { $0.unsigned(1) }
        }
        return writer.output
    }

    /// The bytes that a ledger signs for a root: the Sig_structure whose payload is the 32 bytes of the root.
    public static func message(root: Digest, origin: String, keyID: KeyID) -> [UInt8] {
        COSESign1.sigStructure(protected: protected(origin: origin, keyID: keyID), payload: root.bytes)
    }

    /// Checks that `key` is the one named and signed this root.
    ///
    /// Throws ``COSEError/otherKey(_:)`` or ``COSEError/invalidSignature``.
    public func verify(root: Digest, key: PublicKey, checker: some SignatureChecker) throws(COSEError) {
        guard KeyID(of: key) == keyID else { throw .otherKey(keyID) }
        let message = COSESign1.sigStructure(protected: protected, payload: root.bytes)
        guard checker.isValid(signature, for: message, by: key) else { throw .invalidSignature }
    }

    #if !hasFeature(Embedded)
    /// Signs a root with the ledger's key. Throws what the signer throws.
    public static func signed(root: Digest, origin: String, by signer: any Signer) async throws -> RootSignature {
        let keyID = KeyID(of: signer.publicKey)
        let message = message(root: root, origin: origin, keyID: keyID)
        return RootSignature(origin: origin, keyID: keyID, signature: try await signer.signature(for: message))
    }
    #endif
}

extension RootSignature {
    /// Reads `checkpoint.cose`.
    ///
    /// Throws ``FormatError`` for anything but deterministic CBOR of exactly this form; algorithm -19 is read as well.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: bytes, format: "root signature")
        let start = try RootSignatureStart(reading: &reader)
        guard try reader.map() == 0 else { throw reader.refuse("the unprotected header of a root signature is empty") }
        try self.init(start, reading: &reader)
    }

    /// The file `checkpoint.cose`.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter(capacity: protected.count + 80)
        write(to: &writer) { $0.map(0) }
        return writer.output
    }

    /// Writes the message with this unprotected header.
    func write(to writer: inout CBORWriter, unprotected: (inout CBORWriter) -> Void) {
        writer.tag(COSESign1.tag)
        writer.array(4)
        writer.bytes(protected)
        unprotected(&writer)
        writer.null()
        writer.bytes(signature.bytes)
    }

    /// Reads the payload and the signature, which follow the unprotected header.
    init(_ start: RootSignatureStart, reading reader: inout CBORReader) throws(FormatError) {
        guard try reader.peek() == .null else { throw reader.refuse("the root is detached: the payload must be null") }
        try reader.null()
        let place = reader
        guard let signature = Signature(try reader.byteString()) else {
            throw place.refuse("an Ed25519 signature has 64 bytes")
        }
        try reader.finish()
        (origin, keyID, protected) = (start.origin, start.keyID, start.protected)
        self.signature = signature
    }
}

/// What a root signature and a receipt begin with: the tag and the protected header.
struct RootSignatureStart {
    let origin: String
    let keyID: KeyID
    let protected: [UInt8]

    init(reading reader: inout CBORReader) throws(FormatError) {
        try reader.expectTag(COSESign1.tag)
        try reader.array(count: 4)
        var header = reader
        protected = try reader.byteString()
        header = try header.embedded()
        guard try header.map() == 4 else { throw header.refuse("expected the headers 1, 4, 15 and 395 and no others") }

        try RootSignatureStart.label(COSELabel.algorithm, &header)
        let algorithm = header
        guard COSEAlgorithm.isEd25519(try header.integer()) else {
            throw algorithm.refuse("the algorithm is neither EdDSA (-8) nor Ed25519 (-19)")
        }
        try RootSignatureStart.label(COSELabel.keyID, &header)
        let keyPlace = header
        guard let keyID = KeyID(try header.byteString()) else { throw keyPlace.refuse("a kid has 8 bytes") }
        self.keyID = keyID

        try RootSignatureStart.label(COSELabel.cwtClaims, &header)
        guard try header.map() == 2 else { throw header.refuse("expected the claims iss and sub and no others") }
        try RootSignatureStart.label(CWTClaim.issuer, &header)
        origin = try header.text()
        try RootSignatureStart.label(CWTClaim.subject, &header)
        let subject = header
        guard try header.text().hasSameUTF8(as: origin) else {
            throw subject.refuse("iss and sub of a receipt are both the ledger's origin")
        }
        try RootSignatureStart.label(COSELabel.verifiableDataStructure, &header)
        let structure = header
        guard try header.integer() == 1 else {
            throw structure.refuse("the verifiable data structure (395) is not RFC9162_SHA256 (1)")
        }
        try header.finish()
    }

    private static func label(_ label: Int64, _ reader: inout CBORReader) throws(FormatError) {
        let place = reader
        guard try reader.integer() == label else { throw place.refuse("expected the label \(label)") }
    }
}
