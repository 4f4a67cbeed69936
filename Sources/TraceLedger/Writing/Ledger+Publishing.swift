public import TraceProof

extension Ledger {
    /// Publishes everything that is committed: when this returns, every reader of the directory sees it.
    ///
    /// The order is the proof (engine.md, points 2 and 3): bundles and tiles are durable and read back right before the
    /// checkpoint is signed; the signed checkpoint is durable in `state/` before anybody can see it; what a receipt needs
    /// stands before the public `checkpoint` moves; the journal is released and superseded partial tiles are removed last.
    public func publish() async throws -> SignedCheckpoint {
        try checkOpen()
        if let published, published.checkpoint.head.size == tiles.size { return published }
        let head: TreeHead
        do {
            head = try tiles.head()
            try writeTiles()
            try await verifyEdge(head)
        } catch { throw close(Ledger.ledgerError(error)) }
        // Signing may take its time and other calls may come in between: what was signed is what stood before it.
        let checkpoint = try Checkpoint(origin: information.origin, head: head)
        let signed = try await SignedCheckpoint.sign(checkpoint, signer: signer)
        let root = try await RootSignature.signed(root: head.root, origin: information.origin, by: signer)
        try checkOpen()
        if let published, published.checkpoint.head.size >= head.size { return published }
        do {
            try DurableFiles.write(signed.bytes, to: path(Layout.signedCheckpoint), mode: 0o600)
            published = signed
            try show(signed, root)
        } catch { throw close(.file(error)) }
        try releaseJournal(upTo: head.size)
        do { try prune() } catch { throw close(.file(error)) }
        return signed
    }

    func path(_ relative: String) -> String { "\(directory)/\(relative)" }

    static func ledgerError(_ error: any Error) -> LedgerError {
        if let error = error as? LedgerError { return error }
        if let error = error as? FileError { return .file(error) }
        return .corrupt(path: "", reason: "\(error)")
    }

    private func writeTiles() throws(FileError) {
        for (coordinate, bundle) in tiles.fullBundles { try writeFull(bundle.encoded, coordinate.path) }
        if let bundle = try? EntryBundle(tiles.entries),
            let coordinate = BundleCoordinate(index: tiles.size / 256, width: tiles.entries.count)
        {
            try write(bundle.encoded, coordinate.path)
        }
        for tile in tiles.fullTiles { try writeFull(tile.encoded, tile.coordinate.path) }
        for tile in tiles.partial { try write(tile.encoded, tile.coordinate.path) }
        tiles.forgetFull()
    }

    private func writeFull(_ bytes: [UInt8], _ relative: String) throws(FileError) {
        try write(bytes, relative)
        superseded.append("\(relative).p")
    }

    private func write(_ bytes: [UInt8], _ relative: String) throws(FileError) {
        let path = path(relative)
        try DurableFiles.makeDirectory(DurableFiles.parent(of: path))
        try DurableFiles.write(bytes, to: path)
    }

    /// Reads the right edge back from the files and compares its root: nothing is signed on top of bytes that were only
    /// ever in memory.
    private func verifyEdge(_ head: TreeHead) async throws {
        let stored = try await Ledger.loadTiles(directory, key: information.key, checker: checker, size: head.size)
        guard try stored.head() == head else {
            throw LedgerError.corrupt(path: directory, reason: "the tiles read back give another root than was written")
        }
    }

    /// Makes a signed checkpoint public.
    func show(_ signed: SignedCheckpoint, _ root: RootSignature) throws(FileError) {
        let size = signed.checkpoint.head.size
        try write(signed.bytes, Layout.keptCheckpoint(size))
        try write(root.encoded(), Layout.keptRootSignature(size))
        try write(root.encoded(), Layout.rootSignature)
        try write(signed.bytes, Layout.checkpoint)
    }

    /// Removes partial tiles and bundles whose full one was written: published sizes stay provable from the full one.
    private func prune() throws(FileError) {
        for folder in superseded { try Ledger.removePartial(path(folder)) }
        superseded.removeAll()
    }

    /// Removes what a crash left behind full tiles and bundles.
    func pruneAll() throws(FileError) {
        for level in ["entries"] + (0..<8).map(String.init) { try pruneFolder(path("tile/\(level)")) }
    }

    private func pruneFolder(_ folder: String) throws(FileError) {
        for name in try DurableFiles.list(folder) {
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".p") {
                if DurableFiles.exists(String(path.dropLast(2))) { try Ledger.removePartial(path) }
            } else if name.hasPrefix("x") {
                try pruneFolder(path)
            }
        }
    }

    private static func removePartial(_ folder: String) throws(FileError) {
        for width in try DurableFiles.list(folder) { try DurableFiles.remove("\(folder)/\(width)") }
        try DurableFiles.removeDirectory(folder)
    }
}
