public import TraceProof

/// Derives a ledger's tiles and root again from the bytes of its entries and compares them with what is stored and signed.
///
/// One pass, memory independent of the ledger's size. A damaged file is named and the pass goes on with what the rest
/// says, so that one bad byte is one finding.
public struct Fsck: Sendable {
    private let reader: LedgerReader
    private var report: FsckReport
    private var tiles = GrowingTiles()
    private var chains: ChainCheck

    /// Checks the ledger at `source` against `key`.
    ///
    /// - Parameter progress: called now and then with how many entries of how many are done.
    public static func run(
        _ source: any LedgerSource,
        key: VerifierKey,
        depth: CheckDepth,
        checker: any SignatureChecker,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) async -> FsckReport {
        var fsck = Fsck(
            reader: LedgerReader(source, key: key, checker: checker),
            report: FsckReport(depth: depth),
            chains: ChainCheck(key: key, depth: depth, checker: checker)
        )
        await fsck.check(progress)
        return fsck.report
    }

    private init(reader: LedgerReader, report: FsckReport, chains: ChainCheck) {
        self.reader = reader
        self.report = report
        self.chains = chains
    }

    private mutating func check(_ progress: (UInt64, UInt64) -> Void) async {
        let checkpoint: Checkpoint
        do { checkpoint = try await reader.checkpoint().checkpoint } catch {
            report.note(Layout.checkpoint, nil, "\(error)")
            return
        }
        report.size = checkpoint.head.size
        report.root = checkpoint.head.root
        var kept = await keptCheckpoints(checkpoint.head)[...]
        var index: UInt64 = 0
        while let coordinate = BundleCoordinate(holding: index, treeSize: checkpoint.head.size) {
            await checkBundle(coordinate, &kept)
            for tile in tiles.fullTiles where tile.coordinate.level > 0 { await compare(tile) }
            tiles.forgetFull()
            index = coordinate.firstEntry + UInt64(coordinate.width)
            progress(index, checkpoint.head.size)
        }
        for tile in tiles.partial where tile.coordinate.level > 0 { await compare(tile) }
        if let head = try? tiles.head(), head.root != checkpoint.head.root {
            report.note(Layout.checkpoint, nil, "the entries and tiles give the root \(head.root), not the signed one")
        }
        for finding in chains.finish() { report.note(finding.file, finding.index, finding.reason) }
        for finding in await Fsck.stateFindings(reader, shown: checkpoint.head) {
            report.note(finding.file, nil, finding.reason)
        }
    }

    /// The heads whose checkpoints are kept in a local directory, up to the latest; each with its root signature checked.
    private mutating func keptCheckpoints(_ latest: TreeHead) async -> [TreeHead] {
        var kept: [TreeHead] = []
        if let directory = reader.source as? DirectorySource {
            let folder = "\(directory.name)/\(Layout.keptCheckpoints)"
            let names = (try? DurableFiles.list(folder, on: directory.system)) ?? []
            for size in names.compactMap({ UInt64($0) }).sorted() {
                do {
                    let head = try await reader.keptCheckpoint(size: size).checkpoint.head
                    kept.append(head)
                    guard size <= latest.size else { continue }
                    _ = try await reader.rootSignature(at: Layout.keptRootSignature(size), root: head.root)
                } catch { note(error, Layout.keptCheckpoint(size)) }
            }
        }
        do { _ = try await reader.rootSignature(at: Layout.rootSignature, root: latest.root) } catch {
            // It moves just before `checkpoint` does: it may be that of the next one.
            var isNext = false
            for head in kept where head.size > latest.size && !isNext {
                isNext = (try? await reader.rootSignature(at: Layout.rootSignature, root: head.root)) != nil
            }
            if !isNext { note(error, Layout.rootSignature) }
        }
        return kept.filter { $0.size <= latest.size }
    }

    /// A finding about the file that the error names, or about `file` where it names none.
    private mutating func note(_ error: any Error, _ file: String) {
        var file = file
        switch error as? LedgerError {
        case .unreadable(let path, _), .untrusted(let path, _), .corrupt(let path, _):
            let prefix = "\(reader.source.name)/"
            if path.hasPrefix(prefix) { file = String(path.dropFirst(prefix.count)) }
        default: break
        }
        report.note(file, nil, "\(error)")
    }

    /// Hashes the entries of a bundle, compares them with their tile, and looks into them.
    private mutating func checkBundle(_ coordinate: BundleCoordinate, _ kept: inout ArraySlice<TreeHead>) async {
        guard let place = TileCoordinate(level: 0, index: coordinate.index, width: coordinate.width) else { return }
        var stored: [Digest]?
        do { stored = Array(try await reader.tile(place).hashes.prefix(place.width)) } catch {
            report.note(place.path, nil, "\(error)")
        }
        var entries: [[UInt8]]?
        do { entries = try await reader.bundle(coordinate).prefix(coordinate.width).map { Array($0) } } catch {
            report.note(coordinate.path, nil, "\(error)")
        }
        let computed = entries.map { $0.map { TreeHash.leaf($0) } }
        let leaves = await choose(coordinate, place, computed: computed, stored: stored)
        for position in 0..<coordinate.width {
            let index = coordinate.firstEntry + UInt64(position)
            let entry = entries?[position] ?? []
            // Where neither file has a leaf hash the tree cannot go on, and every root above it differs, as it should.
            let leaf = leaves?[position] ?? TreeHash.empty
            do { try tiles.append(entry, leaf: leaf) } catch { report.note(coordinate.path, index, "\(error)") }
            if entries != nil, computed?[position] == leaf {
                for reason in chains.check(entry, leafHash: leaf, index: index) {
                    report.note(coordinate.path, index, reason)
                }
            } else {
                chains.passOver(entries?[position], leafHash: leaf, index: index)
            }
            while let head = kept.first, head.size == tiles.size {
                kept.removeFirst()
                if leaves != nil { await compareEdge(head) }
            }
        }
    }

    /// Where entries and tile disagree, finds out which of the two leads to what is above, and names the other.
    private mutating func choose(
        _ bundle: BundleCoordinate,
        _ place: TileCoordinate,
        computed: [Digest]?,
        stored: [Digest]?
    ) async -> [Digest]? {
        guard let computed, let stored, computed != stored else { return computed ?? stored }
        let expected = await parent(of: place)
        let storedFits = fits(stored, under: expected)
        let computedFits = fits(computed, under: expected)
        for (position, (found, wanted)) in zip(computed, stored).enumerated() where found != wanted {
            let index = bundle.firstEntry + UInt64(position)
            if storedFits {
                report.note(bundle.path, index, "the entry's bytes have another leaf hash than the signed tree")
            } else if computedFits {
                report.note(place.path, index, "the hash is not that of the entry, which the signed tree has")
            } else {
                report.note(bundle.path, index, "the entry does not have the leaf hash in \(place.path)")
            }
        }
        return storedFits ? stored : computed
    }

    /// What a tile's hashes must lead to: its hash in the level above, or the signed root for the partial one.
    private func parent(of place: TileCoordinate) async -> Digest? {
        guard place.isFull else { return report.root }
        let node = NodeCoordinate(level: 8, index: place.index)
        guard let plan = try? TilePlan(reading: [node], treeSize: report.size) else { return nil }
        var above: [Tile] = []
        for coordinate in plan.tiles {
            guard let tile = try? await reader.tile(coordinate) else { return nil }
            above.append(tile)
        }
        return try? plan.hashes(from: above).first
    }

    private func fits(_ hashes: [Digest], under expected: Digest?) -> Bool {
        guard hashes.count < 256 else { return TreeHash.perfectRoot(hashes[...]) == expected }
        var grown = tiles
        for leaf in hashes { try? grown.append([], leaf: leaf) }
        return (try? grown.head())?.root == expected
    }

    /// What stands for a published size: the checkpoint kept for it and the partial files at its right edge, unless they
    /// gave way to the full ones.
    private mutating func compareEdge(_ head: TreeHead) async {
        if (try? tiles.head()) != head {
            report.note(Layout.keptCheckpoint(head.size), nil, "the entries do not give the root in it")
        }
        guard head.size < report.size else { return }
        for tile in tiles.partial { await compareBytes(tile.encoded, tile.coordinate.path) }
        guard let bundle = BundleCoordinate(index: head.size / 256, width: tiles.entries.count) else { return }
        let leaves = tiles.partial.first { $0.coordinate.level == 0 }?.hashes
        // By their leaf hashes, not their bytes: a damaged entry in the later file does not make this one wrong.
        guard let bytes = try? await reader.source.read(bundle.path, limit: FileLimit.bundle) else { return }
        let stored = try? EntryBundle(decoding: bytes, width: bundle.width).map { TreeHash.leaf($0) }
        if stored != leaves { report.note(bundle.path, nil, FsckReport.otherPartial) }
    }

    private mutating func compareBytes(_ made: [UInt8], _ path: String) async {
        do {
            guard let stored = try await reader.source.read(path, limit: made.count), stored != made else { return }
            report.note(path, nil, FsckReport.otherPartial)
        } catch { report.note(path, nil, "\(error)") }
    }

    private mutating func compare(_ tile: Tile) async {
        do {
            let stored = try await reader.tile(tile.coordinate)
            if !stored.hashes.starts(with: tile.hashes) {
                report.note(tile.coordinate.path, nil, "the tile is not the one that the entries give")
            }
        } catch { report.note(tile.coordinate.path, nil, "\(error)") }
    }
}
