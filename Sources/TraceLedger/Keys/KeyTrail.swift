internal import TraceProof
internal import TraceStatements

/// Follows the ledger's own key through the entries: who may sign in the ledger's name at which index, by the entries alone.
struct KeyTrail: Sendable {
    private let origin: String
    /// The key that signs from here on.
    private var current: PublicKey?
    /// Where a key handed over, and to whom.
    private(set) var handovers: [(index: UInt64, old: PublicKey, new: PublicKey)] = []

    /// The trail that begins with the key that the genesis must name.
    init(_ first: VerifierKey) { (origin, current) = (first.name, first.publicKey) }

    /// Where `key` handed the ledger over, if it did: it has nothing to sign behind that.
    func end(of key: PublicKey) -> UInt64? { handovers.first { $0.old == key }?.index }

    /// Takes an entry in that `key` signed, and says what is wrong with it, if anything.
    ///
    /// - Parameters:
    ///   - statement: the whole entry, where it is an enrolment of its issuer by itself.
    ///   - isUsed: whether a key signed in this ledger before.
    mutating func problem(
        _ header: StatementHeader,
        by key: PublicKey,
        at index: UInt64,
        _ statement: Statement?,
        isUsed: (PublicKey) -> Bool,
        checker: any SignatureChecker
    ) -> String? {
        if let end = end(of: key) {
            return
                "the ledger's key with kid \(KeyID(of: key)) handed the ledger over with entry \(end) and signs no more"
        }
        guard header.kind != .genesis, header.issuer.hasSameUTF8(as: origin), let current else { return nil }
        guard key == current else {
            return "a statement of the ledger itself, and the ledger's key of that time did not sign it"
        }
        guard KeySuccession.isClaimed(by: header, origin: origin), let statement else { return nil }
        do {
            let succession = try KeySuccession(statement, origin: origin, from: current, checker: checker)
            guard !isUsed(succession.new) else {
                return "the ledger's new key signed in this ledger before: it is another's"
            }
            hand(over: succession.new, at: index)
            return nil
        } catch { return error.description }
    }

    /// Goes on under `new` behind the entry at `index`.
    mutating func hand(over new: PublicKey, at index: UInt64) {
        if let current { handovers.append((index, current, new)) }
        current = new
    }
}
