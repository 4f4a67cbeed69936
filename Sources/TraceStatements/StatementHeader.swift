public import TraceProof

/// Where a statement stands in its signer's hash chain in one ledger: header -65601 of formats.md section 2.
public struct ChainLink: Hashable, Sendable {
    /// The position, from 0.
    public let sequence: UInt64
    /// The leaf hash of the signer's previous entry; for position 0 that of the ledger's genesis entry.
    public let previous: Digest

    /// Position `sequence`, behind the entry with leaf hash `previous`.
    public init(sequence: UInt64, previous: Digest) {
        self.sequence = sequence
        self.previous = previous
    }
}

/// The protected header of a statement (formats.md section 2): every claim here is signed.
public struct StatementHeader: Hashable, Sendable {
    /// Label -65601: the signer's chain.
    static let chainLabel: Int64 = -65601
    /// Label -65602: the signer's public key.
    static let publicKeyLabel: Int64 = -65602
    /// The most bytes that an issuer or a subject may have.
    public static let maximumTextLength = 1024

    /// The algorithm: -8 (EdDSA), which this package writes, or -19 (Ed25519, RFC 9864), which it reads too.
    public let algorithm: Int64
    /// What the payload is.
    public let kind: StatementKind
    /// The kid of the signing key.
    public let keyID: KeyID
    /// CWT claim iss: a 13-digit GLN, a party identifier with a scheme, or the ledger's origin.
    public let issuer: String
    /// CWT claim sub: the canonical element string of the event's primary object.
    public let subject: String
    /// CWT claim iat: when it was signed, in seconds since 1970, as the signer claims.
    public let issuedAt: UInt64
    /// The signer's chain; `nil` for activations only.
    public let chain: ChainLink?
    /// The signing key, in its entry with sequence 0 and nowhere else.
    public let publicKey: PublicKey?

    /// The header of a statement that `key` will sign; the key itself goes in where the chain begins.
    public init(
        kind: StatementKind,
        key: PublicKey,
        issuer: String,
        subject: String,
        issuedAt: UInt64,
        chain: ChainLink?
    ) {
        algorithm = COSEAlgorithm.edDSA
        self.kind = kind
        keyID = KeyID(of: key)
        self.issuer = issuer
        self.subject = subject
        self.issuedAt = issuedAt
        self.chain = chain
        publicKey = chain?.sequence == 0 ? key : nil
    }

    /// The deterministic encoding, which is what the envelope carries as a byte string.
    public var encoded: [UInt8] {
        var writer = CBORWriter()
        writer.map { map in
            map.entry(COSELabel.algorithm) { $0.integer(algorithm) }
            map.entry(COSELabel.contentType) { $0.unsigned(kind.rawValue) }
            map.entry(COSELabel.keyID) { $0.bytes(keyID.bytes) }
            map.entry(COSELabel.cwtClaims) { claims in
                claims.map { map in
                    map.entry(CWTClaim.issuer) { $0.text(issuer) }
                    map.entry(CWTClaim.subject) { $0.text(subject) }
                    map.entry(CWTClaim.issuedAt) { $0.unsigned(issuedAt) }
                }
            }
            if let chain {
                map.entry(StatementHeader.chainLabel) { value in
                    value.array(2)
                    value.unsigned(chain.sequence)
                    value.bytes(chain.previous.bytes)
                }
            }
            if let publicKey {
                map.entry(StatementHeader.publicKeyLabel) { $0.bytes(publicKey.bytes) }
            }
        }
        return writer.output
    }

    /// Reads a protected header, and refuses one that does not have exactly the fields of formats.md section 2.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: bytes, format: "statement header")
        var fields = Fields()
        for _ in 0..<(try reader.map()) {
            let label = try reader.integer()
            try fields.read(label, from: &reader)
        }
        self = try fields.header(reader)
    }

    /// A header of claims that a reader has checked.
    init(
        algorithm: Int64,
        kind: StatementKind,
        keyID: KeyID,
        claims: Claims,
        chain: ChainLink?,
        publicKey: PublicKey?
    ) {
        self.algorithm = algorithm
        self.kind = kind
        self.keyID = keyID
        issuer = claims.issuer
        subject = claims.subject
        issuedAt = claims.issuedAt
        self.chain = chain
        self.publicKey = publicKey
    }

    struct Claims {
        var issuer: String
        var subject: String
        var issuedAt: UInt64
    }

    /// The fields as they are met; map order and duplicates are the validating reader's matter.
    private struct Fields {
        var algorithm: Int64?
        var kind: StatementKind?
        var keyID: KeyID?
        var claims: Claims?
        var chain: ChainLink?
        var publicKey: PublicKey?

        mutating func read(_ label: Int64, from reader: inout CBORReader) throws(FormatError) {
            switch label {
            case COSELabel.algorithm:
                algorithm = try reader.integer()
                guard let algorithm, COSEAlgorithm.isEd25519(algorithm) else {
                    throw reader.refuse("the algorithm is neither -8 (EdDSA) nor -19 (Ed25519)")
                }
            case COSELabel.contentType: kind = StatementKind(rawValue: try reader.unsigned())
            case COSELabel.keyID: keyID = KeyID(try reader.byteString(count: KeyID.byteCount))
            case COSELabel.cwtClaims: claims = try Fields.claims(&reader)
            case StatementHeader.chainLabel:
                try reader.array(count: 2)
                let sequence = try reader.unsigned()
                let previous = try reader.digest()
                guard sequence <= TreeSize.maximum else { throw reader.refuse("a sequence number above 2^63-1") }
                chain = ChainLink(sequence: sequence, previous: previous)
            case StatementHeader.publicKeyLabel:
                publicKey = PublicKey(try reader.byteString(count: PublicKey.byteCount))
            default:
                throw reader.refuse("label \(label) has no place in a statement's protected header")
            }
        }

        private static func claims(_ reader: inout CBORReader) throws(FormatError) -> Claims {
            guard try reader.map() == 3, try reader.integer() == CWTClaim.issuer else {
                throw reader.refuse("the CWT claims are not exactly iss (1), sub (2) and iat (6)")
            }
            let issuer = try reader.text()
            guard try reader.integer() == CWTClaim.subject else {
                throw reader.refuse("the CWT claims are not exactly iss (1), sub (2) and iat (6)")
            }
            let subject = try reader.text()
            guard try reader.integer() == CWTClaim.issuedAt else {
                throw reader.refuse("the CWT claims are not exactly iss (1), sub (2) and iat (6)")
            }
            let issuedAt = try reader.unsigned()
            for text in [issuer, subject] where text.utf8.isEmpty || text.utf8.count > maximumTextLength {
                throw reader.refuse("iss and sub have 1 to \(maximumTextLength) bytes")
            }
            guard issuedAt <= TreeSize.maximum else { throw reader.refuse("iat is above 2^63-1") }
            return Claims(issuer: issuer, subject: subject, issuedAt: issuedAt)
        }

        func header(_ reader: CBORReader) throws(FormatError) -> StatementHeader {
            guard let algorithm, let kind, let keyID, let claims else {
                throw reader.refuse("one of alg (1), content type (3), kid (4) and CWT claims (15) is missing")
            }
            guard (chain == nil) == (kind == .activation) else {
                throw reader.refuse(
                    "every kind but activation has the signer's chain (-65601), and activation has none"
                )
            }
            guard (publicKey != nil) == (chain?.sequence == 0) else {
                throw reader.refuse("the public key (-65602) stands in the entry with sequence 0 and nowhere else")
            }
            if let publicKey, KeyID(of: publicKey) != keyID {
                throw reader.refuse("the kid is not that of the public key (-65602)")
            }
            return StatementHeader(
                algorithm: algorithm,
                kind: kind,
                keyID: keyID,
                claims: claims,
                chain: chain,
                publicKey: publicKey
            )
        }
    }
}
