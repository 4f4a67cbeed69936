internal import TraceProof
internal import TraceStatements

/// What admission asks of the entries that stand already: the signers' chains, and where an equal payload of an issuer
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

    /// The entry with the same issuer and payload, all 256 bits of their hash compared.
    func standing(issuer: String, payload: [UInt8]) -> Standing? { byContent[EntryIndex.key(issuer, payload)] }

    /// The entry with this leaf hash.
    func standing(leafHash: Digest) -> Standing? {
        byLeafHash[leafHash].map { Standing(index: $0, leafHash: leafHash) }
    }

    /// Takes the next entry in.
    mutating func insert(_ statement: Statement, leafHash: Digest, index: UInt64) throws(ChainError) {
        try chains.advance(statement.header, leafHash: leafHash, index: index)
        byLeafHash[leafHash] = index
        let key = EntryIndex.key(statement.header.issuer, statement.payload)
        // The first one stands: a duplicate that was allowed does not take its place.
        if byContent[key] == nil { byContent[key] = Standing(index: index, leafHash: leafHash) }
    }

    /// The issuer's length keeps issuer and payload apart.
    private static func key(_ issuer: String, _ payload: [UInt8]) -> Digest {
        SHA256.hash(UInt32(truncatingIfNeeded: issuer.utf8.count).bigEndianBytes + Array(issuer.utf8) + payload)
    }
}
