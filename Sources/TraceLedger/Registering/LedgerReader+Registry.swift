public import TraceProof
public import TraceVerification

extension LedgerReader {
    /// The registry in this ledger at its latest checkpoint, or at a published size, as a pack for offline verifiers.
    public func registryPack(atSize size: UInt64? = nil) async throws -> RegistryPack {
        let checkpoint = try await published(size)
        let head = checkpoint.checkpoint.head
        return try RegistryPack(
            checkpoint: checkpoint,
            entries: try await entries(in: 0..<head.size, of: head),
            rootSignature: try? await rootSignature(for: checkpoint.checkpoint)
        )
    }

    /// What brings a pack of size `first` to the latest checkpoint, or to a published size.
    ///
    /// - Throws: ``LedgerError/notFound(_:)`` where the ledger is smaller than the pack.
    public func registryUpdate(from old: TreeHead, toSize size: UInt64? = nil) async throws -> RegistryUpdate {
        let checkpoint = try await published(size)
        let head = checkpoint.checkpoint.head
        guard old.size <= head.size else {
            throw LedgerError.notFound(
                "\(source.name): the registry has \(head.size) entries, and the pack \(old.size): it is newer"
            )
        }
        return try RegistryUpdate(
            from: old.size,
            checkpoint: checkpoint,
            entries: try await entries(in: old.size..<head.size, of: head),
            consistency: try await consistencyProof(from: old, to: head).path,
            rootSignature: try? await rootSignature(for: checkpoint.checkpoint)
        )
    }

    private func published(_ size: UInt64?) async throws -> SignedCheckpoint {
        if let size { return try await checkpoint(size: size) }
        return try await checkpoint()
    }

    private func entries(in range: Range<UInt64>, of head: TreeHead) async throws -> [[UInt8]] {
        var entries: [[UInt8]] = []
        if !range.isEmpty { try await forEachEntry(in: range, of: head) { _, entry in entries.append(entry) } }
        return entries
    }
}
