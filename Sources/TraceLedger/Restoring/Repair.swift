internal import TraceProof

/// Puts back what a check found wrong or missing in a ledger's directory, out of mirrors and backups that are trusted for
/// nothing: bytes are restored only where they lead to a root that the ledger signed.
///
/// Each file is written to a temporary name, synced and renamed (``DurableFiles``), tiles and entries before the
/// checkpoints that vouch for them, so that a reader or a crash at any moment finds nothing that is worse than before.
struct Repair {
    let directory: String
    let keys: LedgerKeys
    let checker: any SignatureChecker
    /// The directory itself, then the sources.
    let copies: [LedgerCopy]
    /// The tree that is put back.
    let tiles: VerifiedTiles
    private(set) var report: RepairReport

    /// Prepares the repair of a directory to the tree of `head`; `nil` where no copy has the tiles of its right edge.
    init?(
        _ directory: String,
        to head: TreeHead,
        copies: [LedgerCopy],
        keys: LedgerKeys,
        checker: any SignatureChecker,
        report: RepairReport
    ) async throws {
        guard let tiles = await VerifiedTiles.prove(head, from: copies) else { return nil }
        (self.directory, self.copies, self.keys, self.checker) = (directory, copies, keys, checker)
        (self.tiles, self.report) = (tiles, report)
    }

    private var candidates: CheckpointCandidates {
        CheckpointCandidates(copies: copies, keys: keys, checker: checker)
    }

    /// Restores these files, whatever they are; what is right already is not written.
    mutating func restore(_ files: Set<String>) async throws {
        var signed: [String] = []
        for file in files.sorted() {
            if let bundle = try? BundleCoordinate(path: file) {
                try await restore(bundle)
            } else if let tile = try? TileCoordinate(path: file) {
                try await restore(tile)
            } else {
                signed.append(file)
            }
        }
        // What vouches for tiles comes behind them; `checkpoint`, which everybody reads first, at the very end.
        for file in signed where file != Layout.checkpoint { try await restoreSigned(file) }
        if signed.contains(Layout.checkpoint) { try await restoreSigned(Layout.checkpoint) }
    }

    private mutating func restore(_ tile: TileCoordinate) async throws {
        guard let found = await tiles.find(tile), let whole = Tile(tile, hashes: found.hashes) else {
            return report.noteFailed(tile.path, Repair.absent)
        }
        try await put(whole.encoded, tile.path, from: found.source)
    }

    private mutating func restore(_ bundle: BundleCoordinate) async throws {
        guard let place = TileCoordinate(level: 0, index: bundle.index, width: bundle.width),
            let leaves = await tiles.find(place)?.hashes
        else { return report.noteFailed(bundle.path, Repair.absent) }
        for copy in copies {
            for (candidate, _) in await copy.bundles(bundle)
            where ScannedBundle.leafHashes(candidate, bundle.width) == leaves {
                let entries = candidate.prefix(bundle.width).map { Array($0) }
                return try await put(try EntryBundle(entries).encoded, bundle.path, from: copy.source.name)
            }
        }
        report.noteFailed(bundle.path, Repair.absent)
    }

    private static let absent = "no source has bytes that lead to the signed root; name another with --repair-from"

    // MARK: Signed files

    private mutating func restoreSigned(_ file: String) async throws {
        if file == Layout.checkpoint {
            try await restoreCheckpoint(file, tiles.head)
        } else if file == Layout.rootSignature {
            // It goes with the checkpoint that is shown.
            let shown = try? await copies.first?.reader.checkpoint().checkpoint.head
            try await restoreRootSignature(file, shown ?? tiles.head)
        } else if let (size, isCheckpoint) = Repair.keptSize(file), let head = await head(atSize: size) {
            try await isCheckpoint ? restoreCheckpoint(file, head) : restoreRootSignature(file, head)
        } else if file == Layout.information {
            report.noteFailed(file, "who may append is this directory's own to say: restore it from a backup")
        } else if !file.hasPrefix("\(Layout.state)/") {
            report.noteFailed(file, Repair.absent)
        }
    }

    private static func keptSize(_ file: String) -> (UInt64, isCheckpoint: Bool)? {
        guard file.hasPrefix("\(Layout.keptCheckpoints)/") else { return nil }
        let name = file.dropFirst(Layout.keptCheckpoints.utf8.count + 1)
        if let size = UInt64(name) { return (size, true) }
        return name.hasSuffix(".cose") ? UInt64(name.dropLast(5)).map { ($0, false) } : nil
    }

    private func head(atSize size: UInt64) async -> TreeHead? {
        guard let root = await tiles.root(atSize: size) else { return nil }
        return try? TreeHead(size: size, root: root)
    }

    private mutating func restoreCheckpoint(_ file: String, _ head: TreeHead) async throws {
        guard let (signed, source) = await candidates.checkpoint(head) else {
            return report.noteFailed(
                file,
                "no source has a checkpoint of size \(head.size) that the ledger's key signed"
            )
        }
        try await put(signed.bytes, file, from: source)
    }

    private mutating func restoreRootSignature(_ file: String, _ head: TreeHead) async throws {
        guard let (bytes, source) = try? await candidates.rootSignature(head) else {
            return report.noteFailed(
                file,
                "no source has the ledger's COSE signature of size \(head.size); the ledger's owner makes it again by "
                    + "opening the ledger, where it is the latest"
            )
        }
        try await put(bytes, file, from: source)
    }

    /// Writes a file durably, unless it is right already.
    private mutating func put(_ bytes: [UInt8], _ file: String, from source: String) async throws {
        let path = "\(directory)/\(file)"
        if (try? DurableFiles.read(path, limit: bytes.count)) == bytes { return }
        do throws(FileError) {
            try DurableFolders.makeRoot(DurableFiles.parent(of: path))
            // The bytes are on the device before the name leads to them, and the name before anything that relies on it is
            // written: DurableFiles says why in full.
            try DurableFiles.write(bytes, to: path)
        } catch { throw LedgerError.file(error) }
        report.noteRestored(file, from: source)
    }
}
