public import TraceProof
public import TraceStatements

/// Whom a ledger admits by what a registry says: enforced where statements are appended, and told by those who check a
/// ledger, from this same code.
public struct AdmissionRule: Hashable, Sendable {
    /// The registry's origin.
    public let registry: String
    /// The roles of which an issuer must have one; none: any party.
    public let roles: [PartyData.Role]
    /// The issuers that are admitted; none: every party with such a role.
    public let issuers: [String]

    /// Whoever the registry with this origin has with one of `roles`, if listed in `issuers`.
    public init(registry: String, roles: [PartyData.Role] = [], issuers: [String] = []) {
        (self.registry, self.roles, self.issuers) = (registry, roles, issuers)
    }

    /// Why a statement is not admitted into the ledger with the origin `ledger`; `nil` where it is.
    ///
    /// - Parameters:
    ///   - key: the key that signed it.
    ///   - time: when it came, in seconds since 1970: the clock of whoever appends. Who checks a ledger afterwards has none, and
    ///     gives the statement's own `iat`.
    public func problem(
        _ header: StatementHeader,
        leafHash: Digest,
        signedBy key: PublicKey,
        ledger: String,
        at time: UInt64,
        by state: Registry
    ) -> String? {
        let kid = "the key with kid \(header.keyID)"
        if !issuers.isEmpty, !issuers.contains(where: { $0.hasSameUTF8(as: header.issuer) }) {
            return "\(header.issuer) is not among the issuers that the ledger admits"
        }
        guard let party = state.party(header.issuer) else { return "\(header.issuer) is not enrolled in \(registry)" }
        guard let record = party.keys.first(where: { $0.grant.key == key && $0.grant.use == .events }) else {
            return "\(kid) is not one of \(header.issuer) in \(registry)"
        }
        if !roles.isEmpty, !roles.contains(where: { party.data.roles.contains($0) }) {
            let names = roles.map { $0.name }.joined(separator: ", ")
            return "\(header.issuer) has none of the roles \(names) in \(registry)"
        }
        if min(header.issuedAt, time) < record.grant.from {
            return "\(kid) is enrolled from \(UTCTime.text(record.grant.from)) on, and this is from before"
        }
        guard let end = record.end else { return nil }
        if let last = end.lastGood(in: ledger) {
            guard let sequence = header.chain?.sequence else { return nil }
            if sequence < last.number || (sequence == last.number && leafHash == last.hash) { return nil }
            return "\(kid) ended, and its last good entry here is number \(last.number)"
        }
        return time < end.moment
            ? nil : "\(kid) \(record.isRevoked ? "was revoked" : "ended") at \(UTCTime.text(end.moment))"
    }
}
