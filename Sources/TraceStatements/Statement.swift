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
    /// The signature.
    public let signature: Signature

    /// Where in ``encoded`` the content of the protected byte string stands, and the payload.
    private let (protectedPlace, payloadPlace): (Range<Int>, Range<Int>)

    /// The payload, of the kind that the header names: a copy of its bytes in ``encoded``.
    public var payload: [UInt8] { Array(encoded[payloadPlace]) }

    /// Reads an entry.
    ///
    /// - Throws: ``FormatError`` for anything but a tagged COSE_Sign1 in deterministic CBOR with exactly the header of
    ///   formats.md section 2, an attached payload and an empty unprotected header, at most ``maximumLength`` bytes long.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Statement.maximumLength else { throw Statement.tooLong(bytes.count) }
        if let scan = StatementScan(bytes.span) { self.init(scan, of: bytes) } else { try self.init(reading: bytes) }
    }

    private init(_ scan: StatementScan, of bytes: [UInt8]) {
        (encoded, header, signature) = (bytes, scan.header, scan.signature)
        (protectedPlace, payloadPlace) = (scan.protected, scan.payload)
    }

    /// The strict readers: what a statement is, and why one is refused.
    package init(reading bytes: [UInt8]) throws(FormatError) {
        let message = try COSESign1(decoding: bytes, format: "statement")
        guard message.unprotected.entries.isEmpty else {
            throw FormatError(
                "statement",
                at: .whole,
                "the unprotected header of an entry is empty, and this one is not"
            )
        }
        guard let payload = message.payload else {
            throw FormatError("statement", at: .whole, "the payload is detached, and an entry carries its own")
        }
        header = try StatementHeader(decoding: message.protected)
        do { signature = try message.ed25519Signature() } catch {
            throw FormatError("statement", at: .whole, error.description)
        }
        encoded = bytes
        // Behind tag, array and head; the unprotected header between the two is one byte.
        protectedPlace = Statement.place(message.protected.count, behind: 2)
        payloadPlace = Statement.place(payload.count, behind: protectedPlace.upperBound + 1)
    }

    /// Where the content of a byte string stands whose head begins at `start`; an entry's has at most 65,535 bytes.
    private static func place(_ count: Int, behind start: Int) -> Range<Int> {
        let content = start + (count < 24 ? 1 : count < 256 ? 2 : 3)
        return content..<content + count
    }

    /// Whether both are the same entry.
    public static func == (left: Statement, right: Statement) -> Bool { left.encoded == right.encoded }

    /// Hashes the entry.
    public func hash(into hasher: inout Hasher) { hasher.combine(encoded) }

    /// The RFC 6962 leaf hash of the entry.
    public var leafHash: Digest { TreeHash.leaf(encoded) }

    /// The bytes that the signature is over: the Sig_structure of RFC 9052 section 4.4.
    public var signedBytes: [UInt8] {
        COSESign1.sigStructure(protected: Array(encoded[protectedPlace]), payload: payload)
    }

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
