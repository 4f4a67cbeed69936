internal import TraceProof
internal import TraceStatements

/// What admission asks of the entries that stand already: the signers' chains, and where an equal statement of an issuer
/// is. Derived from the entries, so it can always be made again.
struct EntryIndex: Sendable {
    /// An entry that stands.
    struct Standing: Sendable {
        let index: UInt64
        let leafHash: Digest
    }

    private(set) var chains: SignerChains
    private var byContent: [Digest: Standing] = [:]
    private var byLeafHash: [Digest: UInt64] = [:]

    init(origin: String) { chains = SignerChains(origin: origin) }

    /// An index of what comes behind this one: what a call appends is gathered there, so that a refusal leaves nothing
    /// behind and nothing large is copied.
    var next: EntryIndex {
        var next = self
        next.byContent = [:]
        next.byLeafHash = [:]
        return next
    }

    /// Takes in what was gathered in ``next``.
    mutating func merge(_ later: EntryIndex) {
        chains = later.chains
        // The first one stands: a duplicate that was allowed does not take its place.
        byContent.merge(later.byContent) { first, _ in first }
        byLeafHash.merge(later.byLeafHash) { first, _ in first }
    }

    /// The entry with the same kind, issuer and payload, all 256 bits of their hash compared.
    func standing(kind: StatementKind, issuer: String, payload: [UInt8]) -> Standing? {
        byContent[EntryIndex.key(kind, issuer, payload)]
    }

    /// The entry with this leaf hash.
    func standing(leafHash: Digest) -> Standing? {
        byLeafHash[leafHash].map { Standing(index: $0, leafHash: leafHash) }
    }

    /// Takes the next entry in.
    mutating func insert(_ statement: Statement, leafHash: Digest, index: UInt64) throws(ChainError) {
        try chains.advance(statement.header, leafHash: leafHash, index: index)
        byLeafHash[leafHash] = index
        let key = EntryIndex.key(statement.header.kind, statement.header.issuer, statement.payload)
        if byContent[key] == nil { byContent[key] = Standing(index: index, leafHash: leafHash) }
    }

    /// The kind, since a recall in the words of a note is no duplicate; the issuer's length keeps issuer and payload apart.
    private static func key(_ kind: StatementKind, _ issuer: String, _ payload: [UInt8]) -> Digest {
        let length = UInt32(truncatingIfNeeded: issuer.utf8.count)
        return SHA256.hash(kind.rawValue.bigEndianBytes + length.bigEndianBytes + Array(issuer.utf8) + payload)
    }
}
