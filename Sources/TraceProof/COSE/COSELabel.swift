/// Labels of COSE headers (IANA "COSE Header Parameters") that this package reads or writes.
public enum COSELabel {
    /// `alg`, RFC 9052 section 3.1.
    public static let algorithm: Int64 = 1
    /// `crit`, RFC 9052 section 3.1: refused, since no extension is known here that could be critical.
    public static let critical: Int64 = 2
    /// `content type`, RFC 9052 section 3.1: a CoAP content-format number or a media type.
    public static let contentType: Int64 = 3
    /// `kid`, RFC 9052 section 3.1.
    public static let keyID: Int64 = 4
    /// `CWT Claims`, RFC 9597: a map of ``CWTClaim``.
    public static let cwtClaims: Int64 = 15
    /// `receipts`, RFC 9942: an array of byte strings that hold receipts.
    public static let receipts: Int64 = 394
    /// `vds`, RFC 9942: the verifiable data structure; 1 is RFC9162_SHA256.
    public static let verifiableDataStructure: Int64 = 395
    /// `vdp`, RFC 9942: its proofs.
    public static let verifiableDataStructureProofs: Int64 = 396
}

/// Keys of the CWT claims map (RFC 8392 section 4).
public enum CWTClaim {
    /// `iss`, who states.
    public static let issuer: Int64 = 1
    /// `sub`, about what.
    public static let subject: Int64 = 2
    /// `iat`, when: seconds since 1970.
    public static let issuedAt: Int64 = 6
}

/// COSE algorithm numbers (IANA "COSE Algorithms").
public enum COSEAlgorithm {
    /// EdDSA, written here because every deployed verifier reads it (RFC 9053 section 2.2).
    public static let edDSA: Int64 = -8
    /// Ed25519, the fully specified number of RFC 9864; accepted too.
    public static let ed25519: Int64 = -19

    /// Whether a signature under this number may be Ed25519.
    public static func isEd25519(_ number: Int64) -> Bool { number == edDSA || number == ed25519 }
}
