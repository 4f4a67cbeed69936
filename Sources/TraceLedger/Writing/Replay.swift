internal import TraceProof
internal import TraceStatements

/// What the entries say that a writer must know, gathered from where its files end: the signers' chains, and which entries
/// the index on disk does not cover.
struct Replay: Sendable {
    private let parts: Ledger.Parts
    /// How many entries the chains took into account when they were kept.
    let behind: UInt64
    private(set) var chains: SignerChains
    private(set) var recent = DigestTable()

    /// Goes on behind `snapshot`, or from the first entry.
    init(_ parts: Ledger.Parts, behind snapshot: ChainSnapshot?) {
        self.parts = parts
        behind = snapshot?.end ?? 0
        chains = snapshot?.chains ?? SignerChains(origin: parts.information.origin)
    }

    /// Takes the entry at `position` in; `file` is where it stands.
    mutating func insert(_ entry: [UInt8], _ leaf: Digest, at position: UInt64, _ file: String) throws {
        var keys = [leaf]
        do {
            let statement = try Statement(decoding: entry)
            if position >= behind { try chains.advance(statement.header, leafHash: leaf, index: position) }
            keys.append(ContentKey.of(statement))
            if let item = ContentKey.opening(statement) { keys.append(item) }
        } catch {
            if !parts.information.admitsAnyEntry { throw parts.corrupt(file, "entry \(position): \(error)") }
        }
        guard position >= parts.index.covered else { return }
        for key in keys { recent.insert(key, position) }
        // An index that is made again from the beginning does not wait in memory for the end.
        guard position + 1 >= parts.index.covered + parts.configuration.limits.unindexed else { return }
        var records: [IndexRecord] = []
        recent.forEach { records.append(IndexRecord($0, $1)) }
        try parts.index.add(records, upTo: position + 1)
        recent = DigestTable()
    }
}
