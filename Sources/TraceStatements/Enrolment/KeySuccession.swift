public import TraceProof

/// The entry by which a ledger's own key hands the ledger over to another one: a rotation of kind 65002 in the ledger itself.
///
/// Its issuer, subject and party are the ledger's origin; the key that signs checkpoints until then signs it, consents to the
/// new key, and the new key shows that whoever named it has it. The checkpoint whose last entry it is bears both keys'
/// signatures; from then on the new key alone signs for the ledger.
public struct KeySuccession: Hashable, Sendable {
    /// The key that hands over.
    public let old: PublicKey
    /// The key that takes over.
    public let new: PublicKey
    /// When, in seconds since 1970, by the old key's word.
    public let moment: UInt64

    /// Reads and verifies the succession of `key` in the ledger with this origin.
    ///
    /// - Throws: ``FormatError`` that says what is missing: the statement is none of the ledger's own rotations, `key` did not
    ///   sign it, did not consent, is not the key that it replaces or replaces itself, or nobody showed that he has the new one.
    public init(
        _ statement: Statement,
        origin: String,
        from key: PublicKey,
        checker: some SignatureChecker
    ) throws(FormatError) {
        guard KeySuccession.isClaimed(by: statement.header, origin: origin) else {
            throw KeySuccession.refusal("it is no enrolment of \(origin) by itself")
        }
        guard KeyID(of: key) == statement.header.keyID,
            checker.admits(statement.signature, for: statement.signedBytes, by: key)
        else { throw KeySuccession.refusal("the ledger's key of that time did not sign it") }
        let enrolment = try Enrolment(decoding: statement.payload)
        guard enrolment.party.hasSameUTF8(as: origin), case .rotate(let end, let grant, _) = enrolment.action,
            case .ledger(let name) = grant.use, name.hasSameUTF8(as: origin)
        else { throw KeySuccession.refusal("it is no rotation of the key of the ledger \(origin)") }
        guard end.key == key else { throw KeySuccession.refusal("the key that it replaces is not the ledger's") }
        guard grant.key != key else { throw KeySuccession.refusal("the new key is the old one") }
        guard end.moment == grant.from else {
            throw KeySuccession.refusal("the old key ends at another moment than the new one begins")
        }
        guard enrolment.hasConsent(registry: origin, checker: checker) else {
            throw KeySuccession.refusal("the old key's consent is missing or wrong")
        }
        guard grant.isPossessed(registry: origin, party: origin, checker: checker) else {
            throw KeySuccession.refusal("the new key's proof of possession is missing or wrong")
        }
        (old, new, moment) = (key, grant.key, end.moment)
    }

    /// Whether a statement says of itself that it is an enrolment in the ledger's own name: what nobody but the rotation of
    /// the ledger's key appends.
    public static func isClaimed(by header: StatementHeader, origin: String) -> Bool {
        header.kind == .enrolment && header.issuer.hasSameUTF8(as: origin) && header.subject.hasSameUTF8(as: origin)
    }

    private static func refusal(_ reason: String) -> FormatError {
        FormatError("succession of a ledger's key", at: .whole, reason)
    }

    #if !hasFeature(Embedded)
    /// Signs the succession from `old` to `new` as the next entry of the old key's chain. Throws what the signers throw.
    public static func sign(
        origin: String,
        from old: any Signer,
        to new: any Signer,
        moment: UInt64,
        chain: ChainLink
    ) async throws -> Statement {
        let enrolment = try await Enrolment.rotation(
            registry: origin,
            party: origin,
            from: old,
            to: new,
            use: .ledger(origin: origin),
            moment: moment
        )
        return try await Statement.sign(
            kind: .enrolment,
            payload: enrolment.encoded,
            issuer: origin,
            subject: origin,
            issuedAt: moment,
            chain: chain,
            with: old
        )
    }
    #endif
}
