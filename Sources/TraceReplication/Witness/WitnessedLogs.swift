public import TraceProof

/// The logs that a witness or a mirror takes checkpoints of: for each origin the keys that it trusts.
///
/// Several keys of one name are one log that is known by all of them, such as a ledger that hands over to a new key.
public struct WitnessedLogs: Sendable {
    /// By ``OriginHash``: names are compared as bytes, never as Swift strings.
    private var keysByOrigin: [OriginHash: [VerifierKey]] = [:]

    /// The logs of these keys, each key's name being its log's origin.
    ///
    /// - Throws: for a key of another type than 0x01 and for one whose point is not a good one (formats.md section 1).
    public init(_ keys: [VerifierKey] = [], checker: any SignatureChecker) throws(FormatError) {
        for key in keys {
            guard key.type == .ed25519, checker.isValidPoint(key.keyBytes) else {
                throw FormatError(
                    "vkey",
                    at: .whole,
                    "\(key.text) is not an Ed25519 log key (type 0x01): ask the log's operator for its vkey"
                )
            }
            let origin = OriginHash(key.name)
            if !keysByOrigin[origin, default: []].contains(key) { keysByOrigin[origin, default: []].append(key) }
        }
    }

    /// The keys trusted for an origin; `nil` where the log is not known.
    public func keys(of origin: String) -> [VerifierKey]? { keysByOrigin[OriginHash(origin)] }

    /// Every key, in no order.
    public var all: [VerifierKey] { keysByOrigin.values.flatMap { $0 } }
}

/// The short name of a log in paths: SHA-256 of its origin (tlog-witness, tlog-mirror, "origin hash").
public struct OriginHash: Hashable, Sendable, CustomStringConvertible {
    private let digest: Digest

    /// The hash of an origin's UTF-8 bytes.
    public init(_ origin: String) { digest = SHA256.hash(Array(origin.utf8)) }

    /// The hash that 64 lower-case hexadecimal digits spell; `nil` for any other text.
    public init?(hexadecimal text: some StringProtocol) {
        guard let bytes = Hex.decode(Array(text.utf8)), let digest = Digest(bytes) else { return nil }
        self.digest = digest
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String { digest.description }
}
