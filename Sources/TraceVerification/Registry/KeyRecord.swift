public import TraceProof
public import TraceStatements

/// A key of a party as a registry has it: since when, what for, and how it ended.
public struct KeyRecord: Hashable, Sendable {
    /// The key, what it is for and since when.
    public let grant: KeyGrant
    /// The entry of the registry that brought it.
    public let enrolledAt: UInt64
    /// From when on it does not count; `nil` while it does.
    public internal(set) var end: KeyEnd?
    /// Whether it ended by revocation, and not by retirement, rotation or the party's withdrawal.
    public internal(set) var isRevoked = false
    /// The entry of the registry that ended it.
    public internal(set) var endedAt: UInt64?

    /// Its kid.
    public var keyID: KeyID { KeyID(of: grant.key) }

    init(_ grant: KeyGrant, at index: UInt64) { (self.grant, enrolledAt) = (grant, index) }

    mutating func end(_ end: KeyEnd, at index: UInt64, isRevoked: Bool) {
        (self.end, self.isRevoked, endedAt) = (end, isRevoked, index)
    }
}

/// What is known of when and where a statement was seen: what the rule of ``KeyRecord/standing(of:leafHash:seen:)`` decides by.
public struct Sighting: Sendable {
    /// The ledger that holds it; `nil` where none was shown to.
    public var origin: String?
    /// The earliest moment by which a quorum of cosigners had seen a checkpoint that contains it, in seconds since 1970.
    public var time: UInt64?
    /// Whether the evidence has the signer's chain from it up to the last good entry of its key.
    public var leadsToLastGood = false

    /// Nothing is known of it.
    public init(origin: String? = nil, time: UInt64? = nil) { (self.origin, self.time) = (origin, time) }
}

/// Whether a key counts for a statement.
public enum KeyStanding: Hashable, Sendable {
    /// It does; why, in a few words.
    case counts(String)
    /// The statement is from before the key's enrolment.
    case notYetEnrolled(String)
    /// The key had ended, or cannot be shown not to have.
    case ended(String)
}

extension KeyRecord {
    /// Whether the key counts for a statement, by the rule of Docs/Trust.md. Positions in two ledgers are not ordered, so
    /// the clock is the cosigners'.
    ///
    /// 1. From before the enrolment, by the signer's own `iat` or by the cosigners': it does not.
    /// 2. Where the key never ended: it does.
    /// 3. Where the end lists the statement's ledger: it does up to the last good entry, and that one by its leaf hash.
    /// 4. Where it does not: it does if a quorum of cosigners had seen it in the ledger before the moment.
    public func standing(of header: StatementHeader, leafHash: Digest, seen: Sighting) -> KeyStanding {
        if header.issuedAt < grant.from {
            return .notYetEnrolled("signed at \(UTCTime.text(header.issuedAt)) by its own clock, and \(enrolled)")
        }
        if let time = seen.time, time < grant.from {
            return .notYetEnrolled("seen by the cosigners at \(UTCTime.text(time)), and \(enrolled)")
        }
        guard let end else { return .counts(enrolled) }
        if let last = end.lastGood.first(where: { $0.hash == leafHash }) {
            return .counts("it is the last good entry of the key in \(last.origin)")
        }
        let what = "the key was \(ended(end))"
        if let origin = seen.origin, let last = end.lastGood(in: origin) {
            return within(last, header.chain, "\(what), and its last good entry in \(origin) is number \(last.number)")
        }
        if seen.leadsToLastGood {
            return .counts("\(what), and its chain leads from here to its last good entry")
        }
        guard let time = seen.time else {
            return .ended("\(what), and no quorum of cosigners is shown to have seen this before")
        }
        return time < end.moment
            ? .counts("\(what), and the cosigners had seen this at \(UTCTime.text(time))")
            : .ended("\(what), and the cosigners saw this at \(UTCTime.text(time))")
    }

    private var enrolled: String { "enrolled from \(UTCTime.text(grant.from)) on" }

    private func ended(_ end: KeyEnd) -> String {
        "\(isRevoked ? "revoked" : "retired") from \(UTCTime.text(end.moment)) on"
    }

    private func within(_ last: KeyEnd.LastGood, _ link: ChainLink?, _ what: String) -> KeyStanding {
        // An equal number with another leaf hash is a fork, and nobody vouches for this side of it.
        guard let link, link.sequence < last.number else { return .ended(what) }
        return .counts("\(what), this is number \(link.sequence)")
    }

    /// Whether a ledger's key counts for a checkpoint or a root; the size is `nil` where nobody signed it.
    public func standing(size: UInt64?, root: Digest, time: UInt64?) -> KeyStanding {
        guard let end, case .ledger(let origin) = grant.use else { return .counts(enrolled) }
        let what = "the ledger's key was \(ended(end))"
        if let last = end.lastGood(in: origin), last.hash == root, size.map({ $0 == last.number }) ?? true {
            return .counts("it is the last good tree of \(origin)")
        }
        guard let time else {
            return .ended("\(what), and no quorum of cosigners is shown to have seen this before")
        }
        return time < end.moment
            ? .counts("\(what), and the cosigners had seen this at \(UTCTime.text(time))")
            : .ended("\(what), and the cosigners saw this at \(UTCTime.text(time))")
    }
}
