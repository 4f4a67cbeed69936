public import TraceProof

/// Entries that were pushed to a replica, in the replica's own directory, beyond what its checkpoint covers (C2SP
/// tlog-mirror, "pending entries"): bundles with their leaf tiles, without a gap.
///
/// Whoever calls has proved each bundle against a checkpoint that the ledger signed. Several may push at once: what one has
/// brought already the others' is passed over, since both are proved to be the same.
public actor PushedEntries {
    /// The replica's directory.
    public nonisolated let directory: String
    /// The first entry that is not here durably: the replica's checkpoint and what was pushed end before it.
    public private(set) var next: UInt64
    /// The same with what is written and not durable yet.
    private var end: UInt64
    private var batch: DurableBatch?
    private var bundles = 0
    private let executor = QueueExecutor("traceledger.pushed")

    /// The actor's own queue.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// So many bundles are made durable together.
    private static let stride = 16
    /// A replica may be pulled meanwhile, into files of the same names.
    private static let temporary = ".pushed" + DurableFiles.temporary

    /// What is in the directory of a replica up to `next`.
    public init(_ directory: String, next: UInt64) { (self.directory, self.next, end) = (directory, next, next) }

    /// The entries of a bundle in front of `index`, in which a push begins; `nil` where it begins with the bundle.
    ///
    /// - Throws: ``LedgerError`` where they cannot be read.
    public func entries(before index: UInt64) throws(LedgerError) -> EntryBundle? {
        guard index & 255 > 0 else { return nil }
        // What is not durable yet does not bear its name.
        if end > next { try commit() }
        let wanted = Int(index & 255)
        for width in [Int(min(256, end - min(end, index & ~255))), 256] where width >= wanted {
            guard let place = BundleCoordinate(index: index >> 8, width: width),
                let bundle = PushedEntries.bundle(place, in: directory)
            else { continue }
            do { return try EntryBundle(bundle.prefix(wanted).map { Array($0) }) } catch {
                throw .corrupt(path: "\(directory)/\(place.path)", reason: error.description)
            }
        }
        let path = "\(directory)/tile/entries"
        throw .corrupt(path: path, reason: "the entries in front of entry \(index) cannot be read")
    }

    /// Keeps the entries of a bundle from its first on, with their leaf hashes.
    ///
    /// - Throws: ``LedgerError`` where they cannot be written, or do not follow on what is here.
    public func keep(_ bundle: EntryBundle, leaves: [Digest], index: UInt64) throws(LedgerError) {
        guard let place = BundleCoordinate(index: index, width: bundle.count),
            let tile = TileCoordinate(level: 0, index: index, width: leaves.count).flatMap({ Tile($0, hashes: leaves) })
        else { throw .notFound("there is no bundle \(index) of \(bundle.count) entries") }
        let last = place.firstEntry + UInt64(place.width)
        if last <= end { return }
        guard place.firstEntry <= end else {
            throw .notFound("\(directory): the entries from \(end) to \(place.firstEntry) are missing")
        }
        do throws(FileError) {
            let batch = try openBatch()
            try batch.write(bundle.encoded, to: "\(directory)/\(place.path)")
            try batch.write(tile.encoded, to: "\(directory)/\(tile.coordinate.path)")
        } catch {
            abandon()
            throw .file(error)
        }
        end = last
        bundles += 1
        if bundles >= PushedEntries.stride { try commit() }
    }

    private func openBatch() throws(FileError) -> DurableBatch {
        if let batch { return batch }
        let folders = DurableFolders(below: directory, on: POSIXFileSystem())
        let new = try DurableBatch(in: folders, temporary: PushedEntries.temporary)
        batch = new
        return new
    }

    /// Makes durable what was kept.
    ///
    /// - Returns: ``next``.
    @discardableResult public func commit() throws(LedgerError) -> UInt64 {
        guard let batch else { return next }
        do { try batch.commit() } catch {
            abandon()
            throw .file(error)
        }
        (self.batch, bundles, next) = (nil, 0, end)
        return next
    }

    /// Takes in that the replica's checkpoint covers `size` entries, which may have come otherwise.
    public func reach(_ size: UInt64) throws(LedgerError) {
        if next >= size { return }
        if end >= size { try commit() } else { startOver(from: size) }
    }

    /// Forgets what was pushed from `next` on: it does not lead to the checkpoint that it was proved against.
    public func startOver(from next: UInt64) {
        abandon()
        (self.next, end) = (next, next)
    }

    private func abandon() { (batch, bundles, end) = (nil, 0, next) }

    static func bundle(_ place: BundleCoordinate, in directory: String) -> EntryBundle? {
        let bytes = try? DurableFiles.read("\(directory)/\(place.path)", limit: FileLimit.bundle)
        return bytes.flatMap { $0 }.flatMap { try? EntryBundle(decoding: $0, width: place.width) }
    }
}
