public import TraceProof

/// One signed event: a COSE_Sign1 with an empty unprotected header, whose bytes are one ledger entry
/// (formats.md section 2).
public struct Statement: Hashable, Sendable {
    /// The most bytes that an entry may have: tlog-tiles gives its length two bytes.
    public static let maximumLength = 65_535

    /// The entry: exactly the bytes that the leaf hash covers.
    public let encoded: [UInt8]
    /// The signed claims.
    public let header: StatementHeader
    /// The payload, of the kind that the header names.
    public let payload: [UInt8]
    /// The signature.
    public let signature: Signature

    /// The content of the protected byte string.
    private let protected: [UInt8]

    /// Reads an entry.
    ///
    /// - Throws: ``FormatError`` for anything but a tagged COSE_Sign1 in deterministic CBOR with exactly the header of
    ///   formats.md section 2, an attached payload and an empty unprotected header, at most ``maximumLength`` bytes long.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Statement.maximumLength else { throw Statement.tooLong(bytes.count) }
        let message = try COSESign1(decoding: bytes, format: "statement")
        guard message.unprotected.entries.isEmpty else {
            throw FormatError(
                "statement",
                at: .whole,
                "the unprotected header of an entry is empty, and this one is not"
            )
        }
        try self.init(message, encoded: bytes)
    }

    /// The statement that `message` is, whatever its unprotected header; `encoded` are its bytes without that.
    init(_ message: COSESign1, encoded: [UInt8]) throws(FormatError) {
        guard let payload = message.payload else {
            throw FormatError("statement", at: .whole, "the payload is detached, and an entry carries its own")
        }
        header = try StatementHeader(decoding: message.protected)
        do { signature = try message.ed25519Signature() } catch {
            throw FormatError("statement", at: .whole, error.description)
        }
        protected = message.protected
        self.payload = payload
        self.encoded = encoded
    }

    /// The RFC 6962 leaf hash of the entry.
    public var leafHash: Digest { TreeHash.leaf(encoded) }

    /// The bytes that the signature is over: the Sig_structure of RFC 9052 section 4.4.
    public var signedBytes: [UInt8] { COSESign1.sigStructure(protected: protected, payload: payload) }

    /// Whether `key` signed this statement. That `key` is the one its kid names is checked too.
    public func isSigned(by key: PublicKey, checker: some SignatureChecker) -> Bool {
        KeyID(of: key) == header.keyID && checker.isValid(signature, for: signedBytes, by: key)
    }

    static func tooLong(_ count: Int) -> FormatError {
        FormatError(
            "statement",
            at: .whole,
            "\(count) bytes, and an entry has at most \(maximumLength): split the event, "
                + "or commit its items in an item tree"
        )
    }
}

#if !hasFeature(Embedded)
extension Statement {
    /// Signs a payload as the next entry of `signer`'s chain.
    ///
    /// - Throws: ``FormatError`` where the entry would be longer than ``maximumLength``; whatever `signer` throws.
    public static func sign(
        kind: StatementKind,
        payload: [UInt8],
        issuer: String,
        subject: String,
        issuedAt: UInt64,
        chain: ChainLink?,
        with signer: any Signer
    ) async throws -> Statement {
        let header = StatementHeader(
            kind: kind,
            key: signer.publicKey,
            issuer: issuer,
            subject: subject,
            issuedAt: issuedAt,
            chain: chain
        )
        let message = try await COSESign1.signed(protected: header.encoded, payload: payload, by: signer)
        return try Statement(decoding: message.encoded())
    }
}
#endif
