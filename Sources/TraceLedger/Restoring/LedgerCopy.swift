internal import TraceProof

/// A store that may have files of the ledger, at whatever size it is: the directory itself, a mirror, a backup.
///
/// What it gives is a candidate, to be proved by whoever asked.
struct LedgerCopy: Sendable {
    let reader: LedgerReader
    /// The size of the latest checkpoint that it shows, which tells what its partial files are called; `nil` where it shows
    /// none that the ledger signed.
    let checkpoint: SignedCheckpoint?

    var source: any LedgerSource { reader.source }

    /// The ledger in `source`.
    init(_ source: any LedgerSource, keys: LedgerKeys, checker: any SignatureChecker) async {
        reader = LedgerReader(source, keys: keys, checker: checker)
        checkpoint = try? await reader.checkpoint()
    }

    /// The hashes that may be those of a tile: as stored, and as the level below or the entries give them.
    func candidates(for tile: TileCoordinate) async -> [[Digest]] {
        var found: [[Digest]] = []
        for place in places(tile.index, tile.width, level: tile.level) {
            guard let wider = TileCoordinate(level: tile.level, index: tile.index, width: place),
                let bytes = await bytes(wider.path, limit: FileLimit.tile),
                let stored = try? Tile(wider, decoding: bytes)
            else { continue }
            found.append(Array(stored.hashes.prefix(tile.width)))
            break
        }
        if let derived = await derived(tile), !found.contains(derived) { found.append(derived) }
        return found
    }

    /// What a tile's hashes are by what stands below them here.
    private func derived(_ tile: TileCoordinate) async -> [Digest]? {
        // Only for the directory itself: of another's ledger it would be 256 requests.
        guard source is DirectorySource else { return nil }
        if tile.level == 0 {
            guard let bundle = BundleCoordinate(index: tile.index, width: tile.width),
                let (entries, _) = await bundles(bundle).first
            else { return nil }
            return ScannedBundle.leafHashes(entries, tile.width)
        }
        var hashes: [Digest] = []
        for position in 0..<tile.width {
            let child = TileCoordinate(level: tile.level - 1, index: tile.index << 8 + UInt64(position))
            guard let child, let bytes = await bytes(child.path, limit: FileLimit.tile),
                let root = (try? Tile(child, decoding: bytes))?.root
            else { return nil }
            hashes.append(root)
        }
        return hashes
    }

    /// What may hold the entries of a bundle, at its own width or wider, with the path of each.
    func bundles(_ wanted: BundleCoordinate) async -> [(bundle: EntryBundle, path: String)] {
        var found: [(EntryBundle, String)] = []
        for width in places(wanted.index, wanted.width, level: 0) {
            if let place = BundleCoordinate(index: wanted.index, width: width),
                let bundle = try? await self.bundle(place)
            {
                found.append((bundle, place.path))
            }
        }
        return found
    }

    /// The first bundle at its own width or wider whose first entries have the leaf hashes that `accepts` asks for.
    ///
    /// - Throws: what the source failed with, where it did not answer and nothing else was good.
    func bundle(
        _ wanted: BundleCoordinate,
        where accepts: ([Digest]) -> Bool
    ) async throws -> (bundle: EntryBundle, leaves: [Digest], path: String)? {
        var failure: (any Error)?
        for width in places(wanted.index, wanted.width, level: 0) {
            guard let place = BundleCoordinate(index: wanted.index, width: width) else { continue }
            do {
                guard let bundle = try await self.bundle(place) else { continue }
                let leaves = ScannedBundle.leafHashes(bundle, wanted.width)
                if accepts(leaves) { return (bundle, leaves, place.path) }
            } catch is FormatError { continue } catch { failure = error }
        }
        if let failure { throw failure }
        return nil
    }

    private func bundle(_ place: BundleCoordinate) async throws -> EntryBundle? {
        guard let bytes = try await source.read(place.path, limit: FileLimit.bundle) else { return nil }
        return try EntryBundle(decoding: bytes, width: place.width)
    }

    /// The widths under which a tile or bundle of at least `width` may stand here.
    private func places(_ index: UInt64, _ width: Int, level: Int) -> [Int] {
        var places = [width]
        if width == 256 { return places }
        if let size = checkpoint?.checkpoint.head.size {
            let hashes = size >> UInt64(8 * level)
            let own = hashes > index << 8 ? Int(min(256, hashes - index << 8)) : 0
            if own > width { places.append(own) }
        }
        if !places.contains(256) { places.append(256) }
        return places
    }

    private func bytes(_ path: String, limit: Int) async -> [UInt8]? {
        (try? await source.read(path, limit: limit)) ?? nil
    }
}
