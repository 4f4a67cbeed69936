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

    /// Whose key is whose, from a pack that was verified (``Verifier/registry(of:_:)``).
    public var registry: Registry?
    /// Whose registry is believed where evidence brings the pack along, by origin; ``registry`` goes before.
    public var registryOrigin: String?
    /// Keys of mirrors (type 0x04): cosigners that copied the entries and computed again what is derived from them, map roots
    /// too. Those that the registry has as mirrors count beside them.
    public var mirrorKeys: [VerifierKey] = []
    /// How old the registry's checkpoint may be, in seconds; `nil`: any age.
    public var maximumRegistryAge: UInt64?

    /// What is believed beforehand; nothing by default.
    public init(
        policy: TrustPolicy? = nil,
        logKeys: [VerifierKey] = [],
        issuerKeys: [IssuerKey] = [],
        registry: Registry? = nil,
        maximumRegistryAge: UInt64? = nil
    ) {
        (self.policy, self.logKeys, self.issuerKeys) = (policy, logKeys, issuerKeys)
        (self.registry, self.maximumRegistryAge) = (registry, maximumRegistryAge)
    }

    /// The mirrors that one knows.
    var mirrors: [VerifierKey] { mirrorKeys + (registry?.mirrors ?? []) }

    /// A key that may have signed, and what the registry says of it, where it is the registry's.
    struct Candidate {
        let key: PublicKey
        let record: KeyRecord?
    }

    /// The logs whose signature may stand on a checkpoint of this origin: all of the policy and beside it, and those that
    /// the registry has for the origin. A cosigner's key is none, even one that is called like the log: what it signs is that
    /// it saw a checkpoint, not that the log made it.
    func logs(of origin: String) -> [(key: VerifierKey, record: KeyRecord?)] {
        var logs: [(key: VerifierKey, record: KeyRecord?)] = []
        let records = registry?.ledgerKeys(of: origin) ?? []
        // What the registry knows of a key holds also where the policy names it: a policy is older than a revocation.
        for key in logKeys + (policy?.logs ?? []).map({ $0.key }) where key.type == .ed25519 {
            let isOrigins = key.name.hasSameUTF8(as: origin)
            logs.append((key, isOrigins ? records.first { $0.grant.key == key.publicKey } : nil))
        }
        for record in records {
            if let key = try? VerifierKey(name: origin, type: .ed25519, publicKey: record.grant.key) {
                logs.append((key, record))
            }
        }
        return logs
    }

    /// The key of the log with this origin that has this kid.
    func logKey(origin: String, keyID: KeyID) -> Candidate? {
        for log in logs(of: origin) where log.key.name.hasSameUTF8(as: origin) {
            if let key = log.key.publicKey, KeyID(of: key) == keyID { return Candidate(key: key, record: log.record) }
        }
        return nil
    }

    /// The keys that may have signed under this header: a kid finds a key and does not name one, so there can be several.
    ///
    /// A log's key signs the ledger's own statements and no others (formats.md section 2): else a log whose origin is
    /// somebody's GLN could speak for that party. A key that the caller gives counts as the caller says, whatever the
    /// registry has of it.
    func keys(for header: StatementHeader) -> [Candidate] {
        var keys: [Candidate] = []
        for candidate in issuerKeys where candidate.keyID == header.keyID {
            if candidate.issuer.map({ $0.hasSameUTF8(as: header.issuer) }) ?? true {
                keys.append(Candidate(key: candidate.key, record: nil))
            }
        }
        if let record = registry?.signer(of: header) {
            keys.append(Candidate(key: record.grant.key, record: record))
        }
        if header.isLedgersOwn, let log = logKey(origin: header.issuer, keyID: header.keyID) { keys.append(log) }
        return keys.filter { header.publicKey == nil || header.publicKey == $0.key }
    }
}

extension StatementHeader {
    /// Whether a ledger speaks of itself: where it begins, what its map's root is, which key takes the place of its own. An
    /// enrolment in the name of a party is an authority's.
    var isLedgersOwn: Bool {
        guard subject.hasSameUTF8(as: issuer) else { return false }
        return kind == .genesis || kind == .mapRoot
            || (kind == .enrolment && PartyIdentifier.problem(in: issuer) != nil)
    }
}
