internal import Synchronization
internal import TraceProof

/// Tiles that were proved, with the nodes above their hashes, for as long as they are in use: proofs that share tiles then
/// neither read nor hash them again.
///
/// Readers keep one each; several may share one, also of different ledgers. The store is still trusted for nothing: a tile
/// comes in only when every hash in it led to a root that the ledger's key signed, and whoever finds that a proof from
/// cached tiles does not hold takes them out and reads again.
public final class TileCache: Sendable {
    /// The ledger, by number; its tile, with its width.
    private struct Place: Hashable {
        let ledger: Int
        let coordinate: TileCoordinate
    }

    /// Two generations: what was asked for lately, and what was before. When the younger one is full it becomes the elder,
    /// and what nobody asked for since is gone. So no list has to be kept in order at each look.
    private struct Contents {
        var ledgers: [String: Int] = [:]
        var young: [Place: TileTree] = [:]
        var elder: [Place: TileTree] = [:]
    }

    private let contents = Mutex(Contents())
    /// The tiles of a generation.
    private let generation: Int

    /// A cache of at most `byteCount` bytes of tiles, 16 KiB a tile; of none where that is less than two tiles.
    public init(byteCount: Int = 32 << 20) { generation = max(0, byteCount / TileTree.memorySize / 2) }

    /// The number by which a ledger's tiles are kept.
    func ledger(_ name: String) -> Int {
        contents.withLock { contents in
            let number = contents.ledgers[name] ?? contents.ledgers.count
            contents.ledgers[name] = number
            return number
        }
    }

    /// The tile of a ledger; the full one where a partial one is asked for and the full one is here.
    func tile(_ wanted: TileCoordinate, of ledger: Int) -> TileTree? {
        contents.withLock { contents in
            for coordinate in wanted.isFull ? [wanted] : [wanted.full, wanted] {
                let place = Place(ledger: ledger, coordinate: coordinate)
                if let tile = contents.young[place] { return tile }
                if let tile = contents.elder[place] {
                    insert(tile, at: place, into: &contents)
                    return tile
                }
            }
            return nil
        }
    }

    /// Keeps a tile of a ledger, which the caller has proved.
    func insert(_ tile: TileTree, of ledger: Int) {
        contents.withLock { insert(tile, at: Place(ledger: ledger, coordinate: tile.coordinate), into: &$0) }
    }

    /// Forgets a tile.
    func remove(_ coordinate: TileCoordinate, of ledger: Int) {
        contents.withLock { contents in
            contents.young[Place(ledger: ledger, coordinate: coordinate)] = nil
            contents.elder[Place(ledger: ledger, coordinate: coordinate)] = nil
        }
    }

    /// The number of tiles that are kept.
    var count: Int { contents.withLock { $0.young.count + $0.elder.count } }

    private func insert(_ tile: TileTree, at place: Place, into contents: inout Contents) {
        guard generation > 0 else { return }
        if contents.young.count >= generation {
            contents.elder = contents.young
            contents.young.removeAll(keepingCapacity: false)
        }
        contents.elder[place] = nil
        contents.young[place] = tile
    }
}
