internal import HTTPTypes
internal import TraceLedger
internal import TraceProof

extension HostedLedger {
    /// The receipt of an entry under the published checkpoint (RFC 9942); `nil` where it is committed and not published yet.
    ///
    /// - Throws: ``Problem`` 404 where there is no such entry, or no receipt can be.
    func receipt(_ index: UInt64, in ledger: Ledger) async throws -> Receipt? {
        let reader = reader(of: ledger)
        guard let checkpoint = try? await reader.checkpoint().checkpoint, index < checkpoint.head.size else {
            guard await ledger.size > index else { throw Problem.notFound }
            return nil
        }
        guard checkpoint.head.size > 1 else {
            throw Problem(.notFound, "a ledger of one entry has no receipt (RFC 9942): it comes with the second entry")
        }
        let (_, proof) = try await reader.entry(index, in: checkpoint.head)
        return try Receipt.inclusion(proof, signature: try await reader.rootSignature(for: checkpoint))
    }
}
