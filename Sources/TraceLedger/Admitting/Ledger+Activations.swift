internal import TraceProof
public import TraceStatements

extension Ledger {
    /// Where the first committed activation of an item stands; `nil` where it was never opened. Later ones are entries like it.
    ///
    /// - Throws: ``LedgerError/file(_:)`` where an entry cannot be read.
    public func firstActivation(of item: ItemIdentity) async throws(LedgerError) -> UInt64? {
        do { return try await sequencer.firstOpening(ContentKey.opening(of: item.text)) } catch { throw .file(error) }
    }

    /// Finds what activations name among the entries that the index on disk does not cover: read by the caller, not by the
    /// sequencer, in whose turn everybody waits.
    func naming(_ candidates: [Candidate]) async -> [Candidate] {
        let wanted = candidates.map { $0.activation?.wanted }
        let leaves = wanted.compactMap { $0 }
        guard !leaves.isEmpty else { return candidates }
        let places = zip(leaves, await sequencer.recentIndices(of: leaves))
        let known = Dictionary(places.compactMap { leaf, place in place.map { (leaf, $0) } }) { first, _ in first }
        var candidates = candidates
        for (position, leaf) in wanted.enumerated() {
            guard let leaf, let place = known[leaf] else { continue }
            candidates[position].activation?.named = parts.admission.named(leaf, at: place)
        }
        return candidates
    }
}
