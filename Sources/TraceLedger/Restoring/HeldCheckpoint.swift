internal import TraceProof

/// The highest checkpoint of a ledger that a directory holds, wherever in it, with the ledger's signature verified.
enum HeldCheckpoint {
    /// The highest of the public one, the writer's last signed one and those that are kept; `nil` where there is none.
    ///
    /// - Throws: ``LedgerError`` for two of one size with different roots.
    static func find(_ directory: String, keys: LedgerKeys, checker: any SignatureChecker) async throws
        -> SignedCheckpoint?
    {
        let reader = LedgerReader(DirectorySource(directory), keys: keys, checker: checker)
        var best: SignedCheckpoint?
        let kept = try DurableFiles.list("\(directory)/\(Layout.keptCheckpoints)").compactMap { UInt64($0) }.sorted()
        // Of the kept ones the newest that is readable is enough.
        for size in kept.reversed() {
            best = try? await reader.keptCheckpoint(size: size)
            if best != nil { break }
        }
        for path in [Layout.checkpoint, Layout.signedCheckpoint] {
            guard let found = try? await reader.checkpoint(at: path) else { continue }
            let (head, other) = (found.checkpoint.head, best?.checkpoint.head)
            if let other, other.size == head.size, other != head {
                throw LedgerError.corrupt(
                    path: "\(directory)/\(path)",
                    reason: "the ledger signed another root of the same size in this directory: this is a fork"
                )
            }
            // Of one tree the one that more have cosigned: the writer's own last signed one bears its signature alone.
            let isRicher = found.note.signatures.count > best?.note.signatures.count ?? 0
            if head.size > other?.size ?? 0 || isRicher && head == other ?? head { best = found }
        }
        return best
    }
}
