public import TraceProof

/// What a verifier believes beforehand: logs, cosigners and the keys of issuers. All of it comes from the caller.
public struct TrustAnchors: Sendable {
    /// A key that speaks for an issuer.
    public struct IssuerKey: Sendable {
        /// The issuer; `nil`: whoever the statement names.
        public let issuer: String?
        /// The key.
        public let key: PublicKey

        /// `key` speaks for `issuer`.
        public init(issuer: String?, key: PublicKey) {
            self.issuer = issuer
            self.key = key
        }
    }

    /// Logs, witnesses and the quorum; `nil` without a policy file.
    public var policy: TrustPolicy?
    /// Keys of logs beside those of the policy.
    public var logKeys: [VerifierKey]
    /// Keys of issuers.
    public var issuerKeys: [IssuerKey]

    /// What is believed beforehand; nothing by default.
    public init(policy: TrustPolicy? = nil, logKeys: [VerifierKey] = [], issuerKeys: [IssuerKey] = []) {
        self.policy = policy
        self.logKeys = logKeys
        self.issuerKeys = issuerKeys
    }

    /// The key of the log with this origin that has this kid.
    func logKey(origin: String, keyID: KeyID) -> PublicKey? {
        for log in logs where log.name.hasSameUTF8(as: origin) {
            if let key = log.publicKey, KeyID(of: key) == keyID { return key }
        }
        return nil
    }

    /// All logs, of the policy and beside it.
    var logs: [VerifierKey] { logKeys + (policy?.logs.map { $0.key } ?? []) }
}
