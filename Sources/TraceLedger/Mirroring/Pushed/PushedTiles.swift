internal import TraceProof

/// Derives the tiles above entries that were pushed into a directory, up to a head that the ledger signed.
struct PushedTiles {
    let directory: String
    /// The tree of the replica's checkpoint, with what it takes to append to it: without the entries of a begun bundle.
    let base: DerivedTree
    let head: TreeHead
    /// The end of what was pushed: the last bundle may have been kept with more entries than the head has.
    let end: UInt64

    /// Writes the tiles, and the cut of the last bundle where only a wider one is here. Nothing stays written where they give
    /// another root.
    ///
    /// - Returns: whether they give the root of the head.
    func derive(into batch: DurableBatch) throws(LedgerError) -> Bool {
        var tree = base
        for index in base.size >> 8..<(head.size + 255) >> 8 {
            let width = Int(min(256, head.size - index << 8))
            let leaves = try width == 256 ? leaves(of: index) : cut(index, to: width, batch)
            for tile in tree.append(leaves) { try write(tile.encoded, tile.coordinate.path, batch) }
        }
        for tile in tree.partial where tile.coordinate.level > 0 {
            try write(tile.encoded, tile.coordinate.path, batch)
        }
        // The root is what decides: a tile of a full width is never written that the signed tree does not have.
        guard tree.root == head.root else { return false }
        do { try batch.commit() } catch { throw .file(error) }
        return true
    }

    /// The leaf hashes of a full bundle: those of its tile, which was written with it.
    private func leaves(of index: UInt64) throws(LedgerError) -> [Digest] {
        guard let place = TileCoordinate(level: 0, index: index) else { throw missing(index) }
        let stored: [UInt8]?
        do { stored = try DurableFiles.read("\(directory)/\(place.path)", limit: FileLimit.tile) } catch {
            throw .file(error)
        }
        if let stored, let tile = try? Tile(place, decoding: stored) { return Array(tile.hashes) }
        guard let bundle = BundleCoordinate(index: index).flatMap({ PushedEntries.bundle($0, in: directory) }) else {
            throw missing(index)
        }
        return ScannedBundle.leafHashes(bundle, 256)
    }

    /// The leaf hashes of the last bundle at the width that the head gives it.
    private func cut(_ index: UInt64, to width: Int, _ batch: DurableBatch) throws(LedgerError) -> [Digest] {
        let kept = Int(min(256, end - min(end, index << 8)))
        for candidate in [width, kept, 256] where candidate >= width {
            guard let place = BundleCoordinate(index: index, width: candidate),
                let bundle = PushedEntries.bundle(place, in: directory),
                let exact = BundleCoordinate(index: index, width: width),
                let tile = TileCoordinate(level: 0, index: index, width: width)
            else { continue }
            let leaves = ScannedBundle.leafHashes(bundle, width)
            if candidate != width, let cut = try? EntryBundle(bundle.prefix(width).map({ Array($0) })) {
                try write(cut.encoded, exact.path, batch)
            }
            if let tile = Tile(tile, hashes: leaves) { try write(tile.encoded, tile.coordinate.path, batch) }
            return leaves
        }
        throw missing(index)
    }

    private func write(_ bytes: [UInt8], _ path: String, _ batch: DurableBatch) throws(LedgerError) {
        do { try batch.write(bytes, to: "\(directory)/\(path)") } catch { throw .file(error) }
    }

    private func missing(_ index: UInt64) -> LedgerError {
        .corrupt(path: directory, reason: "the entries of bundle \(index), which were pushed, cannot be read")
    }
}
