internal import TraceProof

/// The copying of one update: bundles found, proved, read and written several at a time, and folded in order into the tree
/// and the chains.
struct MirrorCopying: Sendable {
    let directory: String
    let tiles: VerifiedTiles
    /// The directory itself, then the sources.
    let copies: [LedgerCopy]
    let batch: DurableBatch
    let depth: CheckDepth
    let checker: any SignatureChecker

    /// An entry that the depth refuses.
    struct Wrong {
        let index: UInt64
        let reason: String
        let entry: [UInt8]?
    }

    /// A bundle whose entries lead to the signed root, written.
    private struct Copied: Sendable {
        let coordinate: BundleCoordinate
        let scanned: ScannedBundle
        /// Kept where an entry of it may have to be shown as evidence.
        let bundle: EntryBundle
    }

    /// Copies what a tree of `old` entries lacks. The batch is not committed yet.
    ///
    /// - Returns: the first entry that the depth refuses, and then the rest was not copied; else the chains behind the last,
    ///   and which entries may be map roots.
    func run(
        from old: UInt64,
        chains: ChainCheck?,
        progress: @Sendable (UInt64, UInt64) -> Void
    ) async throws -> (wrong: Wrong?, chains: ChainCheck?, mapRoots: [UInt64]) {
        let size = tiles.head.size
        guard var tree = await tiles.tree(atSize: old & ~255) else {
            throw LedgerError.corrupt(path: directory, reason: "a tile above size \(old) is not to be had")
        }
        var wrong: Wrong?
        var local = chains
        var mapRoots: [UInt64] = []
        let keys = chains?.keys ?? KeyTable()
        let stride = copies.allSatisfy(\.isLocal) ? MirrorCopying.localStride : MirrorCopying.remoteStride
        struct Stopped: Error {}
        do {
            try await OrderedWork.run(
                old / 256..<(size + 255) / 256,
                width: OrderedWork.width(for: copies.last?.source ?? DirectorySource(directory)),
                work: { index in await copy(index, keys) },
                fold: { index, result in
                    let copied = try result.get()
                    let first = copied.coordinate.firstEntry
                    let leaves = copied.scanned.leaves
                    local?.check(copied.scanned, leaves: leaves, first: first, from: Int(max(old, first) - first)) {
                        wrong = wrong ?? Wrong(index: $0, reason: $1, entry: entry($0, copied))
                    }
                    if wrong != nil { throw Stopped() }
                    mapRoots += copied.scanned.mapRoots.map { first + UInt64($0) }.filter { $0 >= old }
                    for tile in tree.append(leaves, root: copied.scanned.root) { try write(tile) }
                    progress(min(size, (index + 1) << 8), size)
                    if (index + 1).isMultiple(of: stride) { try commit() }
                }
            )
        } catch {
            // What was proved is kept for the next time, whatever stopped this one.
            try? commit()
            if error is Stopped { return (wrong, nil, []) }
            throw error
        }
        for tile in tree.partial where tile.coordinate.level > 0 { try write(tile) }
        // Every bundle was proved by itself; this is the check of the tiles that were derived.
        guard tree.root == tiles.head.root else {
            throw LedgerError.corrupt(
                path: directory,
                reason: "the tiles derived from proved entries give another root"
            )
        }
        for finding in local?.endRange() ?? [] {
            return (Wrong(index: finding.index ?? 0, reason: finding.reason, entry: nil), nil, [])
        }
        return (nil, local, mapRoots)
    }

    /// After so many bundles what was copied gets its names, so that the next update need not fetch it again.
    private static let (localStride, remoteStride) = (1024 as UInt64, 64 as UInt64)

    /// Makes what was written durable, and lets it appear.
    func commit() throws(LedgerError) {
        do { try batch.commit() } catch { throw .file(error) }
    }

    private func entry(_ index: UInt64, _ copied: Copied) -> [UInt8]? {
        guard index >= copied.coordinate.firstEntry else { return nil }
        let position = Int(index - copied.coordinate.firstEntry)
        return position < copied.coordinate.width ? Array(copied.bundle[position]) : nil
    }

    private func copy(_ index: UInt64, _ keys: KeyTable) async -> Result<Copied, any Error> {
        do { return .success(try await find(index, keys)) } catch { return .failure(error) }
    }

    private func find(_ index: UInt64, _ keys: KeyTable) async throws -> Copied {
        guard let coordinate = BundleCoordinate(holding: index << 8, treeSize: tiles.head.size),
            let place = TileCoordinate(level: 0, index: index, width: coordinate.width)
        else { throw LedgerError.notFound("there is no bundle \(index) among \(tiles.head.size) entries") }
        let wanted = try await expectation(of: place)
        var failure: (any Error)?
        for copy in copies {
            let found: (bundle: EntryBundle, leaves: [Digest], path: String)?
            do { found = try await copy.bundle(coordinate, where: wanted) } catch {
                failure = error
                continue
            }
            guard let found else { continue }
            let isStored = copy.isLocal && copy.source.name == directory && found.path == coordinate.path
            try write(found, to: coordinate, place, isStored: isStored)
            let scanned = ScannedBundle(
                found.bundle,
                width: coordinate.width,
                leaves: found.leaves,
                at: coordinate,
                depth: depth,
                keys: keys,
                checker: checker
            )
            return Copied(coordinate: coordinate, scanned: scanned, bundle: found.bundle)
        }
        if let failure { throw failure }
        throw await nothingFits(coordinate, place)
    }

    /// What the leaf hashes of a tile must be: they hash to its place above, or are those of the proved right edge.
    private func expectation(of place: TileCoordinate) async throws -> ([Digest]) -> Bool {
        if place.isFull, let root = await tiles.root(of: place) { return { TreeHash.perfectRoot($0[...]) == root } }
        if !place.isFull, let leaves = await tiles.find(place)?.hashes { return { $0 == leaves } }
        let above = TileCoordinate(level: 1, index: place.index / 256)?.path ?? place.path
        throw LedgerError.untrusted(
            path: copies.last?.source.name ?? directory,
            reason: "no tile at the place of \(above) leads to the signed root, so \(place.path) cannot be proved"
        )
    }

    /// Names the entry, where the tile with the right hashes is there.
    private func nothingFits(_ bundle: BundleCoordinate, _ place: TileCoordinate) async -> LedgerError {
        let source = copies.dropFirst().first ?? copies[0]
        let path = "\(source.source.name)/\(bundle.path)"
        guard let found = await source.bundles(bundle).first else {
            return .untrusted(
                path: path,
                reason: "the entries are missing, or the file is no bundle of \(bundle.width) entries"
            )
        }
        let leaves = ScannedBundle.leafHashes(found.bundle, bundle.width)
        if let right = await tiles.find(place)?.hashes,
            let position = zip(leaves, right).enumerated().first(where: { $1.0 != $1.1 })?.offset
        {
            let index = bundle.firstEntry + UInt64(position)
            return .untrusted(path: path, reason: "entry \(index) does not have the leaf hash that the signed tree has")
        }
        return .untrusted(path: path, reason: "the entries do not lead to the signed root")
    }

    // MARK: Writing

    private func write(
        _ found: (bundle: EntryBundle, leaves: [Digest], path: String),
        to coordinate: BundleCoordinate,
        _ place: TileCoordinate,
        isStored: Bool
    ) throws(LedgerError) {
        if !isStored {
            var bytes = found.bundle.encoded
            if found.bundle.count > coordinate.width {
                do { bytes = try EntryBundle(found.bundle.prefix(coordinate.width).map { Array($0) }).encoded } catch {
                    throw .corrupt(path: found.path, reason: error.description)
                }
            }
            try put(bytes, coordinate.path)
        }
        if let tile = Tile(place, hashes: found.leaves) { try write(tile, ifMissing: isStored) }
    }

    private func write(_ tile: Tile, ifMissing: Bool = false) throws(LedgerError) {
        let bytes = tile.encoded
        let path = "\(directory)/\(tile.coordinate.path)"
        if ifMissing, (try? DurableFiles.read(path, limit: bytes.count)) == bytes { return }
        try put(bytes, tile.coordinate.path)
    }

    private func put(_ bytes: [UInt8], _ relative: String) throws(LedgerError) {
        do { try batch.write(bytes, to: "\(directory)/\(relative)") } catch { throw .file(error) }
    }
}

/// The chains of what a replica holds already, read again when it is opened.
enum MirrorChains {
    /// Goes through the entries of the held tree; their signatures were checked when they were taken over.
    static func load(_ mirror: Mirror, _ keys: LedgerKeys, _ head: TreeHead) async throws -> ChainCheck {
        var chains = ChainCheck(keys: keys, depth: mirror.depth, checker: mirror.checker)
        let reader = LedgerReader(DirectorySource(mirror.directory), keys: keys, checker: mirror.checker)
        let known = chains.keys
        try await OrderedWork.run(
            0..<(head.size + 255) / 256,
            width: OrderedWork.width(for: reader.source),
            work: { await StoredBundle.read($0, of: head.size, from: reader, depth: .chains, keys: known) },
            fold: { _, bundle in
                guard let bundle else { return }
                let path = "\(mirror.directory)/\(bundle.coordinate.path)"
                var wrong: String?
                guard case .agrees = bundle.tile, case .success(let scanned) = bundle.entries else {
                    throw LedgerError.corrupt(path: path, reason: "the entries and their tile do not go together")
                }
                chains.check(scanned, leaves: scanned.leaves, first: bundle.coordinate.firstEntry) {
                    wrong = wrong ?? "entry \($0): \($1)"
                }
                if let wrong { throw LedgerError.corrupt(path: path, reason: wrong) }
                chains.forgetNewest()
            }
        )
        return chains
    }
}
