internal import TraceProof

/// What a source has of one bundle of entries and of the tile with their leaf hashes, each file read once and compared as
/// far as the two alone allow. Made in parallel.
struct StoredBundle: Sendable {
    /// How the tile stands to the entries.
    enum TileState: Sendable {
        /// It holds exactly their leaf hashes.
        case agrees
        /// It holds others, or there are no entries to compare it with.
        case holds([Digest])
        /// It could not be read or is none.
        case failed(any Error)
    }

    let coordinate: BundleCoordinate
    /// Where the leaf hashes belong.
    let place: TileCoordinate
    /// The entries.
    let entries: Result<ScannedBundle, any Error>
    /// Their tile.
    let tile: TileState

    /// The leaf hashes of the entries.
    var computed: [Digest]? { try? entries.get().leaves }

    /// Reads and scans the bundle at `index` of a tree of `size` entries; `nil` where there is none.
    static func read(
        _ index: UInt64,
        of size: UInt64,
        from reader: LedgerReader,
        depth: CheckDepth,
        keys: KeyTable
    ) async -> StoredBundle? {
        guard let coordinate = BundleCoordinate(holding: index << 8, treeSize: size),
            let place = TileCoordinate(level: 0, index: coordinate.index, width: coordinate.width)
        else { return nil }
        var entries: Result<ScannedBundle, any Error>
        do {
            let scanned = ScannedBundle(
                try await reader.bundle(coordinate),
                width: coordinate.width,
                at: coordinate,
                depth: depth,
                keys: keys,
                checker: reader.checker
            )
            entries = .success(scanned)
        } catch { entries = .failure(error) }
        let tile = await readTile(place, from: reader, expecting: try? entries.get().leaves)
        return StoredBundle(coordinate: coordinate, place: place, entries: entries, tile: tile)
    }

    private static func readTile(
        _ place: TileCoordinate,
        from reader: LedgerReader,
        expecting leaves: [Digest]?
    ) async -> TileState {
        do {
            let stored = try await reader.tile(place).hashes.prefix(place.width)
            if let leaves, stored.elementsEqual(leaves) { return .agrees }
            return .holds(Array(stored))
        } catch { return .failed(error) }
    }
}
