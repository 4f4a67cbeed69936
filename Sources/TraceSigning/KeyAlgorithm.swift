internal import TraceProof

/// The AlgorithmIdentifier of a key file. There is one that we use; the others are known by name to say what a file holds.
enum KeyAlgorithm {
    /// id-Ed25519, 1.3.101.112 (RFC 8410 section 3).
    static let ed25519: [UInt8] = [0x2B, 0x65, 0x70]

    /// Takes the AlgorithmIdentifier and refuses all but Ed25519, which has no parameters.
    static func read(_ reader: inout DERReader, in bytes: borrowing Span<UInt8>) throws(FormatError) {
        var identifier = try reader.enter(0x30, "the algorithm", in: bytes)
        let place = identifier
        let range = try identifier.content(0x06, "the algorithm's OID", in: bytes)
        let oid = range.map { bytes[$0] }
        guard oid == ed25519 else {
            throw place.error(
                "this is a key for \(name(of: oid)), not Ed25519; make one with `openssl genpkey -algorithm ed25519`"
            )
        }
        try identifier.finish("the algorithm: Ed25519 has no parameters (RFC 8410 section 3), it")
    }

    private static func name(of oid: [UInt8]) -> String {
        switch oid {
        case [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]: "RSA"
        case [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A]: "RSASSA-PSS"
        case [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]: "elliptic curves (EC)"
        case [0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x01]: "DSA"
        case [0x2B, 0x65, 0x6E]: "X25519"
        case [0x2B, 0x65, 0x6F]: "X448"
        case [0x2B, 0x65, 0x71]: "Ed448"
        case [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11]: "ML-DSA-44"
        case [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12]: "ML-DSA-65"
        case [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13]: "ML-DSA-87"
        default: "the algorithm with the OID in hex \(Hex.encode(oid.prefix(32)))"
        }
    }
}
