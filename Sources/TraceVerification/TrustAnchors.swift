public import TraceProof
internal import TraceStatements

/// What a verifier believes beforehand: logs, cosigners and the keys of issuers. All of it comes from the caller.
public struct TrustAnchors: Sendable {
    /// A key that speaks for an issuer.
    public struct IssuerKey: Sendable {
        /// The issuer; `nil`: whoever the statement names.
        public let issuer: String?
        /// The key.
        public let key: PublicKey
        /// Kept, because every statement asks for it.
        let keyID: KeyID

        /// `key` speaks for `issuer`.
        public init(issuer: String?, key: PublicKey) {
            self.issuer = issuer
            self.key = key
            keyID = KeyID(of: key)
        }
    }

    /// Logs, witnesses and the quorum; `nil` without a policy file.
    public var policy: TrustPolicy?
    /// Keys of logs beside those of the policy; only those of type 0x01 can speak for a log.
    public var logKeys: [VerifierKey]
    /// Keys of issuers.
    public var issuerKeys: [IssuerKey]

    /// What is believed beforehand; nothing by default.
    public init(policy: TrustPolicy? = nil, logKeys: [VerifierKey] = [], issuerKeys: [IssuerKey] = []) {
        self.policy = policy
        self.logKeys = logKeys
        self.issuerKeys = issuerKeys
    }

    /// All logs, of the policy and beside it. A cosigner's key is none, even one that is called like the log: what it
    /// signs is that it saw a checkpoint, not that the log made it.
    var logs: [VerifierKey] {
        (logKeys + (policy?.logs.map { $0.key } ?? [])).filter { $0.type == .ed25519 }
    }

    /// The key of the log with this origin that has this kid.
    func logKey(origin: String, keyID: KeyID) -> PublicKey? {
        for log in logs where log.name.hasSameUTF8(as: origin) {
            if let key = log.publicKey, KeyID(of: key) == keyID { return key }
        }
        return nil
    }

    /// The keys that may have signed under this header: a kid finds a key and does not name one, so there can be several.
    ///
    /// A log's key signs the ledger's own statements and no others (formats.md section 2): else a log whose origin is
    /// somebody's GLN could speak for that party.
    func keys(for header: StatementHeader) -> [PublicKey] {
        var keys: [PublicKey] = []
        for candidate in issuerKeys where candidate.keyID == header.keyID {
            if candidate.issuer.map({ $0.hasSameUTF8(as: header.issuer) }) ?? true { keys.append(candidate.key) }
        }
        if header.kind == .genesis || header.kind == .mapRoot,
            let key = logKey(origin: header.issuer, keyID: header.keyID)
        {
            keys.append(key)
        }
        return keys.filter { header.publicKey == nil || header.publicKey == $0 }
    }
}
