internal import TraceProof

/// Turns what is committed into bundles and tiles and signs the checkpoint over them (engine.md, "Append"); what becomes of
/// that is the ``CheckpointDisplay``'s.
///
/// The order is the proof (engine.md, points 2 and 3): bundles and tiles are durable and read back right before the
/// checkpoint is signed; the signed checkpoint is durable in `state/` before anybody can see it; superseded partial files
/// are removed and the journal is released last, in this order, so that the journal tells the next opening where superseded
/// files may have stayed. None of it waits for a cosigner: a quorum that is not met holds no intake back.
actor Publisher {
    private let parts: Ledger.Parts
    private let sequencer: Sequencer
    private let executor = QueueExecutor("traceledger.publisher")

    /// The tree over what was taken from the tail.
    private var tiles: GrowingTiles
    /// The last checkpoint that was signed.
    private(set) var signed: SignedCheckpoint?
    private var running: Task<Void, any Error>?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ parts: Ledger.Parts, sequencer: Sequencer, tiles: GrowingTiles, signed: SignedCheckpoint?) {
        (self.parts, self.sequencer, self.tiles, self.signed) = (parts, sequencer, tiles, signed)
    }

    /// Signs until at least `size` entries are under a checkpoint that is durable in `state/`.
    ///
    /// One at a time; callers that come while one is under way share the next.
    func sign(atLeast size: UInt64) async throws -> SignedCheckpoint {
        while true {
            try parts.gate.checkOpen()
            if running == nil, let signed, signed.checkpoint.head.size >= size { return signed }
            if let running {
                // Its failure is its callers': whoever comes later tries again.
                _ = await running.result
                continue
            }
            let task = Task { try await self.signOnce() }
            running = task
            defer { running = nil }
            try await task.value
        }
    }

    private func signOnce() async throws {
        try parts.gate.enter()
        defer { parts.gate.leave() }
        let head: TreeHead
        var superseded: [String] = []
        do {
            for group in parts.tail.groups(behind: tiles.size) { try tiles.append(group) }
            head = try tiles.head()
            superseded = try await writeTiles(head)
        } catch { throw parts.gate.close(Ledger.ledgerError(error)) }
        let checkpoint = try Checkpoint(origin: parts.information.origin, head: head)
        let signed = try await SignedCheckpoint.sign(checkpoint, signer: parts.signer)
        try parts.gate.checkOpen()
        do {
            try parts.write(signed.bytes, Layout.signedCheckpoint, mode: 0o600)
            self.signed = signed
            for folder in superseded { try parts.removePartial(folder) }
            try await sequencer.releaseJournal(upTo: head.size)
        } catch { throw parts.gate.close(Ledger.ledgerError(error)) }
        parts.tail.release(upTo: head.size)
    }

    // MARK: Tiles

    /// Writes what grew, and reads it back; gives the folders of partial files whose full one was written.
    private func writeTiles(_ head: TreeHead) async throws -> [String] {
        let batch = try DurableBatch(in: parts.folders, few: parts.configuration.limits.filesOneByOne)
        var bundles = tiles.fullBundles
        if let bundle = try? EntryBundle(tiles.entries),
            let coordinate = BundleCoordinate(index: tiles.size / 256, width: tiles.entries.count)
        {
            bundles.append((coordinate, bundle))
        }
        for (coordinate, bundle) in bundles { try batch.write(bundle.encoded, to: parts.path(coordinate.path)) }
        let written = tiles.fullTiles + tiles.partial
        for tile in written { try batch.write(tile.encoded, to: parts.path(tile.coordinate.path)) }
        try batch.commit()
        try verifyStored(written, bundles.map(\.0))
        try await verifyEdge(head)
        let superseded = tiles.fullBundles.map(\.0.path) + tiles.fullTiles.map(\.coordinate.path)
        tiles.forgetFull()
        return superseded.map { "\($0).p" }
    }

    /// Reads what was written back: each tile must be the bytes that were meant, and each bundle's entries must have the
    /// leaf hashes that stand in its tile. One flipped bit under a signature cannot be mended (Yeti 2022).
    private func verifyStored(_ written: [Tile], _ bundles: [BundleCoordinate]) throws {
        var leaves: [UInt64: [Digest]] = [:]
        for tile in written {
            guard try parts.read(tile.coordinate.path, limit: FileLimit.tile) == tile.encoded else {
                throw parts.corrupt(tile.coordinate.path, "the tile read back is not the one that was written")
            }
            if tile.coordinate.level == 0 { leaves[tile.coordinate.index] = tile.hashes }
        }
        for coordinate in bundles {
            let bytes = try parts.read(coordinate.path, limit: FileLimit.bundle) ?? []
            let bundle = try EntryBundle(decoding: bytes, width: coordinate.width)
            guard TreeHash.leaves(bundle) == leaves[coordinate.index] else {
                throw parts.corrupt(coordinate.path, "the entries read back do not have the leaf hashes in their tile")
            }
        }
    }

    /// Reads the right edge back from the files and compares its root: nothing is signed on top of bytes that were only
    /// ever in memory.
    private func verifyEdge(_ head: TreeHead) async throws {
        let stored = try await parts.reader.growingTiles(size: head.size)
        guard try stored.head() == head else {
            throw LedgerError.corrupt(
                path: parts.directory,
                reason: "the tiles read back give another root than was written"
            )
        }
    }
}
