internal import TraceProof
internal import TraceStatements

/// Carries a rotation out, from wherever it stands: each step leaves what the step before made true, so that a crash between
/// any two of them, or in one, is followed by the same run once more.
///
/// The order is the publisher's: tiles and entries, read back; the signed checkpoint in `state/`; what readers see, of which
/// `checkpoint` comes last. `ledger.json` names the new key when the checkpoint that proves it is kept, and before anything
/// stands in public that only the new key signed; so who reads in between is right. The plan goes when all is done.
struct RotationRun: Sendable {
    private let directory: String
    private let plan: RotationPlan
    private let checker: any SignatureChecker
    private let system: any FileSystem
    private let folders: DurableFolders
    private var size: UInt64 { plan.head.size }

    init(_ directory: String, _ plan: RotationPlan, checker: any SignatureChecker, on system: any FileSystem) {
        (self.directory, self.plan, self.checker, self.system) = (directory, plan, checker, system)
        folders = DurableFolders(below: directory, on: system)
    }

    private func path(_ relative: String) -> String { "\(directory)/\(relative)" }

    private func write(_ bytes: [UInt8], _ relative: String, mode: UInt32 = 0o644) throws(FileError) {
        try DurableFiles.write(bytes, to: path(relative), mode: .init(mode), on: system)
    }

    /// Whoever calls holds the writer's lock.
    func run() async throws {
        let reader = LedgerReader(DirectorySource(directory, on: system), keys: plan.keys, checker: checker)
        let information = try await LedgerReader.information(reader.source)
        let isNamed = information.key.text.hasSameUTF8(as: plan.new.text)
        guard isNamed || information.key.text.hasSameUTF8(as: plan.old.text) else { return try discard() }
        let signed = try await reader.checkpoint(at: Layout.signedCheckpoint).checkpoint.head
        // The ledger went on since: a crash brought the plan back after it was removed.
        if signed.size > size { return try discard() }
        if signed.size + 1 == size {
            try emptyJournal()
            try await writeTiles(reader)
            try write(plan.checkpoint.bytes, Layout.signedCheckpoint, mode: 0o600)
        } else if signed != plan.head {
            throw LedgerError.corrupt(
                path: path(Layout.rotation),
                reason: "it hands the ledger over at size \(size), and size \(signed.size) was signed last"
            )
        }
        try keep()
        if !isNamed {
            let keys = information.keys.handedOver(to: plan.new, until: size)
            try write(try information.with(keys).encoded(), Layout.information)
        }
        try write(plan.rootSignature.encoded(), Layout.rootSignature)
        try write(plan.checkpoint.bytes, Layout.checkpoint)
        if plan.keyPath.isEmpty {
            try DurableFiles.remove(path(Layout.keyPath), on: system)
        } else {
            try write(Array(plan.keyPath.utf8), Layout.keyPath, mode: 0o600)
        }
        try removePartials()
        try discard()
    }

    /// A ledger at rest has an empty journal. That must be durable before a checkpoint stands which the journal does not lead
    /// up to: a segment that a crash brought back would end before it.
    private func emptyJournal() throws {
        let folder = path(Layout.journal)
        guard try Journal.read(folder, published: size - 1, on: system).next == size - 1 else {
            throw LedgerError.corrupt(path: folder, reason: "it holds entries behind those that were published")
        }
        for name in try DurableFiles.list(folder, on: system) {
            try DurableFiles.remove("\(folder)/\(name)", on: system)
        }
        try Descriptor.directory(folder, on: system).synchronize()
    }

    /// Writes the files that the entry changes, and reads the right edge back: nothing is published over bytes that were
    /// only in memory.
    private func writeTiles(_ reader: LedgerReader) async throws {
        var tiles = try await reader.growingTiles(size: size - 1)
        try tiles.append(plan.entry, leaf: TreeHash.leaf(plan.entry))
        guard try tiles.head() == plan.head else {
            throw LedgerError.corrupt(
                path: path(Layout.rotation),
                reason: "its entry behind the \(size - 1) that are here does not give the root that both keys signed"
            )
        }
        let batch = try DurableBatch(in: folders)
        var bundles = tiles.fullBundles
        if let coordinate = BundleCoordinate(index: size / 256, width: tiles.entries.count) {
            bundles.append((coordinate, try EntryBundle(tiles.entries)))
        }
        for (coordinate, bundle) in bundles { try batch.write(bundle.encoded, to: path(coordinate.path)) }
        let written = tiles.fullTiles + tiles.partial
        for tile in written { try batch.write(tile.encoded, to: path(tile.coordinate.path)) }
        try batch.commit()
        for tile in written {
            let stored = try DurableFiles.read(path(tile.coordinate.path), limit: FileLimit.tile, on: system)
            guard stored == tile.encoded else {
                throw LedgerError.corrupt(path: path(tile.coordinate.path), reason: "the tile read back is another one")
            }
        }
        for (coordinate, bundle) in bundles {
            let stored = try DurableFiles.read(path(coordinate.path), limit: FileLimit.bundle, on: system)
            guard stored == bundle.encoded else {
                throw LedgerError.corrupt(path: path(coordinate.path), reason: "the entries read back are others")
            }
        }
        guard try await reader.growingTiles(size: size).head() == plan.head else {
            throw LedgerError.corrupt(path: directory, reason: "the tiles read back give another root than was written")
        }
    }

    /// The checkpoint that both keys signed is kept for good.
    private func keep() throws(FileError) {
        let kept = try DurableBatch(in: folders)
        try kept.write(plan.checkpoint.bytes, to: path(Layout.keptCheckpoint(size)))
        try kept.write(plan.rootSignature.encoded(), to: path(Layout.keptRootSignature(size)))
        try kept.commit()
    }

    /// Removes the partial files whose full ones the entry completed.
    private func removePartials() throws(FileError) {
        for level in 0..<8 {
            let hashes = size >> UInt64(8 * level)
            guard hashes > 0, hashes & 0xFF == 0, size & (1 << UInt64(8 * level) - 1) == 0,
                let tile = TileCoordinate(level: level, index: hashes / 256 - 1)
            else { return }
            var paths = [tile.path]
            if level == 0, let bundle = BundleCoordinate(index: tile.index) { paths.append(bundle.path) }
            for name in paths {
                let folder = path("\(name).p")
                for width in try DurableFiles.list(folder, on: system) {
                    try DurableFiles.remove("\(folder)/\(width)", on: system)
                }
                try DurableFiles.removeDirectory(folder, on: system)
            }
        }
    }

    /// The plan has done its work. Should a crash bring it back, it is found to have.
    private func discard() throws(FileError) { try DurableFiles.remove(path(Layout.rotation), on: system) }
}
