internal import TraceProof

/// The writer's own files in `state/`, brought to a checkpoint that was restored from elsewhere.
struct WriterState {
    let directory: String

    /// Whether this is a directory that a writer opens, and no replica.
    var isThere: Bool { isThere(on: POSIXFileSystem()) }

    func isThere(on system: any FileSystem) -> Bool {
        [Layout.signedCheckpoint, Layout.journal, Layout.keyPath].contains { path in
            DurableFiles.exists("\(directory)/\(path)", on: system)
        }
    }

    /// Makes `state/` such that the ledger opens at `checkpoint`, whose tiles and entries are durable. Nothing happens in a
    /// replica.
    ///
    /// - Returns: where the journal went that the restored state superseded, if there was one.
    func move(to checkpoint: SignedCheckpoint) throws(LedgerError) -> String? {
        guard isThere else { return nil }
        let size = checkpoint.checkpoint.head.size
        do throws(FileError) {
            // First the signed checkpoint: a writer that opens after a crash right here finds a journal that ends before
            // it and refuses, and the restoration is run again. The other way round it would go on from the old size.
            try DurableFiles.write(checkpoint.bytes, to: "\(directory)/\(Layout.signedCheckpoint)", mode: 0o600)
            let kept = try setJournalAside(size)
            try DurableFolders.makeRoot("\(directory)/\(Layout.journal)", mode: 0o700)
            return kept
        } catch { throw .file(error) }
    }

    /// Puts the last signed checkpoint back that was lost or damaged, where the journal goes with it, and begins a journal
    /// where there is none.
    ///
    /// The journal replays to the entries that were signed, if any beyond these were: no second history comes of it.
    func restore(to checkpoint: SignedCheckpoint) throws(LedgerError) {
        let size = checkpoint.checkpoint.head.size
        let journal = "\(directory)/\(Layout.journal)"
        do throws(FileError) {
            if DurableFiles.exists(journal) {
                _ = try Journal.read(journal, published: size, on: POSIXFileSystem())
            } else {
                try DurableFolders.makeRoot(journal, mode: 0o700)
            }
            // Durable before the ledger is opened, which reads it first of all.
            try DurableFiles.write(checkpoint.bytes, to: "\(directory)/\(Layout.signedCheckpoint)", mode: 0o600)
        } catch { throw .file(error) }
    }

    /// Moves every journal file into a directory of its own: what it held was published before the restored checkpoint was
    /// signed, and should that ever be wrong, it is still there.
    private func setJournalAside(_ size: UInt64) throws(FileError) -> String? {
        let state = "\(directory)/\(Layout.state)"
        let names = try DurableFiles.list(state).filter { $0.hasPrefix("journal") }
        // A ledger at rest has an empty journal, which is as good for the restored state.
        guard try !DurableFiles.list("\(directory)/\(Layout.journal)").isEmpty else { return nil }
        let folder = "\(state)/replaced-\(size)"
        try DurableFolders.makeRoot(folder, mode: 0o700)
        for name in names { try DurableFiles.move("\(state)/\(name)", to: "\(folder)/\(name)") }
        return folder
    }
}

extension DurableFiles {
    /// Moves a file to another directory, durably: the new name is on the device before this returns, and the old one is
    /// gone from it, or a crash could bring back a file that something newer relies on being away.
    static func move(
        _ path: String,
        to other: String,
        on system: any FileSystem = POSIXFileSystem()
    ) throws(FileError) {
        let from = try Descriptor.directory(parent(of: path), on: system)
        let target = try Descriptor.directory(parent(of: other), on: system)
        try rename(path, to: other, on: system)
        try target.synchronize()
        try from.synchronize()
    }
}
