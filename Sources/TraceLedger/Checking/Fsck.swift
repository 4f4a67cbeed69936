public import TraceProof

/// Derives a ledger's tiles and root again from the bytes of its entries and compares them with what is stored and signed.
///
/// One pass that reads each file once: bundles are read, hashed and looked into several at a time, and folded in order, so
/// memory does not grow with the entries, but with the signers and, at depth `statements`, the events that commission items.
/// A damaged file is named and the pass goes on with what the rest says, so that one bad byte is one finding.
public struct Fsck: Sendable {
    let reader: LedgerReader
    var report: FsckReport
    var tree = DerivedTree()
    private var chains: ChainCheck
    /// The sizes of kept checkpoints that were not reached yet.
    private var kept: ArraySlice<UInt64> = []
    /// The partial tile that was compared last on each level, for a published size before the latest.
    var comparedEdges: [Int: TileCoordinate] = [:]
    private let pace: Pace
    /// Entries that may be map roots.
    private var mapRoots: [UInt64] = []

    /// How a check goes through the bundles.
    struct Pace: Sendable {
        /// How many are in flight.
        var width: Int
        /// Bundles before this one are gone through quickly, for what those behind need of them: no signatures.
        var quickUntil: UInt64 = 0
        /// Called behind each bundle; it may take its time, and ends the check where it throws.
        var after: @Sendable (StoredBundle) async throws -> Void = { _ in }
    }

    /// Checks the ledger at `source` against `key`, which may be one that handed over since, or the last of several: the
    /// others are proved from it by the ledger's own bytes.
    ///
    /// - Parameter progress: called now and then with how many entries of how many are done.
    public static func run(
        _ source: any LedgerSource,
        key: VerifierKey,
        depth: CheckDepth,
        checker: any SignatureChecker,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) async -> FsckReport {
        let reader = LedgerReader(source, key: key, checker: checker)
        // What does not answer here does not answer below either, where it is a finding.
        let keys = (try? await reader.following().keys) ?? reader.keys
        return await run(source, keys: keys, depth: depth, checker: checker, progress: progress)
    }

    /// The same where it is known what became of the ledger's key.
    static func run(
        _ source: any LedgerSource,
        keys: LedgerKeys,
        depth: CheckDepth,
        checker: any SignatureChecker,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) async -> FsckReport {
        let reader = LedgerReader(source, keys: keys, checker: checker)
        var fsck = Fsck(reader, depth, Pace(width: OrderedWork.width(for: source)))
        do { try await fsck.check(progress) } catch {
            fsck.report.note(Layout.checkpoint, nil, "the check was cancelled at entry \(fsck.tree.size)")
        }
        return fsck.report
    }

    init(
        _ reader: LedgerReader,
        _ depth: CheckDepth,
        _ pace: Pace,
        found: (@Sendable (FsckReport.Finding) -> Void)? = nil
    ) {
        (self.reader, self.pace) = (reader, pace)
        report = FsckReport(depth: depth, found: found)
        chains = ChainCheck(keys: reader.keys, depth: depth, checker: reader.checker)
    }

    /// Checks everything; throws only what ``Pace/after`` throws, and where the task was cancelled.
    mutating func check(_ progress: (UInt64, UInt64) -> Void) async throws {
        let head: TreeHead
        do { head = try await reader.checkpoint().checkpoint.head } catch {
            await checkInformation(nil)
            report.note(Layout.checkpoint, nil, "\(error)")
            return
        }
        await checkInformation(head.size)
        report.size = head.size
        report.root = head.root
        let sizes = keptSizes()
        await checkRootSignature(head, next: sizes.filter { $0 > head.size })
        kept = sizes.prefix { $0 <= head.size }
        try await checkEntries(head, progress)
        for tile in tree.partial where tile.coordinate.level > 0 { await compare(tile) }
        if tree.size == head.size, tree.root != head.root {
            report.note(Layout.checkpoint, nil, "the entries and tiles give the root \(tree.root), not the signed one")
        }
        await checkMapRoots(head)
        for finding in chains.finish() + chains.unkept(size: tree.size) {
            report.note(finding.file, finding.index, finding.reason)
        }
        for finding in await Fsck.stateFindings(reader, shown: head) { report.note(finding.file, nil, finding.reason) }
    }

    private mutating func checkEntries(_ head: TreeHead, _ progress: (UInt64, UInt64) -> Void) async throws {
        let (reader, depth, keys, pace) = (reader, report.depth, chains.keys, pace)
        try await OrderedWork.run(
            0..<(head.size + 255) / 256,
            width: pace.width,
            work: { index in
                let depth = index < pace.quickUntil && depth == .statements ? CheckDepth.chains : depth
                return await StoredBundle.read(index, of: head.size, from: reader, depth: depth, keys: keys)
            },
            fold: { index, bundle in
                guard let bundle else { return }
                await fold(bundle)
                progress(min(head.size, (index + 1) << 8), head.size)
                try await pace.after(bundle)
            }
        )
    }

    /// Computes the map of subjects again, in a second pass that only ledgers which log its roots need. Where an entry cannot
    /// be read it was named already, and the map ends there.
    private mutating func checkMapRoots(_ head: TreeHead) async {
        guard !mapRoots.isEmpty else { return }
        var check = MapCheck(origin: reader.key.name)
        for wrong in (try? await check.check(mapRoots, in: reader, of: head)) ?? [] {
            report.note(BundleCoordinate(index: wrong.index / 256)?.path ?? "", wrong.index, wrong.reason)
        }
    }

    /// Takes a bundle into the tree and the chains.
    private mutating func fold(_ bundle: StoredBundle) async {
        if case .failed(let error) = bundle.tile { note(error, bundle.place.path) }
        if case .failure(let error) = bundle.entries { note(error, bundle.coordinate.path) }
        let scanned = try? bundle.entries.get()
        mapRoots += (scanned?.mapRoots ?? []).map { bundle.coordinate.firstEntry + UInt64($0) }
        let chosen = await choose(bundle)
        // Where neither file has a leaf hash the tree cannot go on, and every root above it differs, as it should.
        let leaves = chosen ?? [Digest](repeating: TreeHash.empty, count: bundle.coordinate.width)
        var findings: [(UInt64, String)] = []
        chains.check(scanned, leaves: leaves, first: bundle.coordinate.firstEntry) { findings.append(($0, $1)) }
        for (index, reason) in findings { report.note(bundle.coordinate.path, index, reason) }
        await checkKept(upTo: bundle.coordinate.firstEntry + UInt64(leaves.count), leaves, areKnown: chosen != nil)
        let root = scanned?.leaves == leaves ? scanned?.root : nil
        for tile in tree.append(leaves, root: root) { await compare(tile) }
    }

    /// Checks the checkpoints that were published up to `size`, the last of these leaves.
    private mutating func checkKept(upTo size: UInt64, _ leaves: [Digest], areKnown: Bool) async {
        while let next = kept.first, next <= size {
            kept.removeFirst()
            var edge = tree
            if next > tree.size { _ = edge.append(leaves.prefix(Int(next - tree.size))) }
            await checkKept(next, edge, areKnown: areKnown)
        }
    }

    /// A finding about the file that the error names, or about `file` where it names none.
    mutating func note(_ error: any Error, _ file: String) {
        var file = file
        switch error as? LedgerError {
        case .unreadable(let path, _), .untrusted(let path, _), .corrupt(let path, _):
            let prefix = "\(reader.source.name)/"
            if path.hasPrefix(prefix) { file = String(path.dropFirst(prefix.count)) }
        default: break
        }
        report.note(file, nil, "\(error)")
    }

    mutating func compare(_ tile: Tile) async {
        do {
            let stored = try await reader.tile(tile.coordinate)
            if !stored.hashes.starts(with: tile.hashes) {
                report.note(tile.coordinate.path, nil, "the tile is not the one that the entries give")
            }
        } catch { note(error, tile.coordinate.path) }
    }
}
