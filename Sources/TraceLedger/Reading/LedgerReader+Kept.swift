public import TraceProof

extension LedgerReader {
    /// The sizes at which a local directory keeps checkpoints or their root signatures, ascending; none for any other
    /// source, since tlog-tiles has no list of them.
    func keptSizes() -> [UInt64] {
        guard let directory = source as? DirectorySource else { return [] }
        let names = (try? DurableFiles.list("\(directory.name)/\(Layout.keptCheckpoints)", on: directory.system)) ?? []
        return Set(names.compactMap { UInt64($0.hasSuffix(".cose") ? String($0.dropLast(5)) : $0) }).sorted()
    }

    /// The largest checkpoint that the ledger keeps, below `size`, for which `isWanted` holds: an anchor for what was in the
    /// ledger by then (formats.md section 4). `nil` where there is none, or the source cannot list what it keeps.
    public func keptCheckpoint(
        below size: UInt64,
        where isWanted: (SignedCheckpoint) -> Bool
    ) async throws -> SignedCheckpoint? {
        for kept in keptSizes().reversed() where kept > 0 && kept < size {
            // Old ones may be thinned out, and their root signatures left.
            guard let checkpoint = try? await keptCheckpoint(size: kept), isWanted(checkpoint) else { continue }
            return checkpoint
        }
        return nil
    }
}
