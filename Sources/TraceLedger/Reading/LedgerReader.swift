public import TraceProof

/// Reads a ledger that somebody publishes: checkpoints, entries and proofs at any published size.
///
/// Whatever comes back was checked against a checkpoint that the ledger's key signed; the store in between is trusted for
/// nothing.
public struct LedgerReader: Sendable {
    /// Where the files come from.
    public let source: any LedgerSource
    /// The ledger's key; its name is the origin.
    public let key: VerifierKey
    let checker: any SignatureChecker

    /// A reader of the ledger whose key is `key`.
    public init(_ source: any LedgerSource, key: VerifierKey, checker: any SignatureChecker) {
        self.source = source
        self.key = key
        self.checker = checker
    }

    /// A reader that takes the ledger's key from its `ledger.json`: for one's own directory, or to look around; whoever
    /// distrusts the source brings the key.
    public init(_ source: any LedgerSource, checker: any SignatureChecker) async throws {
        self.init(source, key: try await LedgerReader.information(source).key, checker: checker)
    }

    /// The `ledger.json` of a source.
    public static func information(_ source: any LedgerSource) async throws -> LedgerInformation {
        let path = "\(source.name)/\(Layout.information)"
        guard let bytes = try await source.read(Layout.information, limit: FileLimit.information) else {
            throw LedgerError.notFound("\(path): there is no ledger here; make one with `traceledger init`")
        }
        return try LedgerInformation(decoding: bytes, path: path)
    }

    /// The latest published checkpoint.
    public func checkpoint() async throws -> SignedCheckpoint { try await checkpoint(at: Layout.checkpoint) }

    /// The checkpoint that was published at `size`.
    public func checkpoint(size: UInt64) async throws -> SignedCheckpoint {
        let latest = try await checkpoint()
        if latest.checkpoint.head.size == size { return latest }
        guard size < latest.checkpoint.head.size else {
            throw LedgerError.notFound(
                "\(source.name): the ledger has \(latest.checkpoint.head.size) entries, not \(size)"
            )
        }
        return try await keptCheckpoint(size: size)
    }

    /// The checkpoint in `checkpoints/<size>`.
    func keptCheckpoint(size: UInt64) async throws -> SignedCheckpoint {
        let kept = try await checkpoint(at: Layout.keptCheckpoint(size))
        guard kept.checkpoint.head.size == size else {
            throw unreadable(Layout.keptCheckpoint(size), "the checkpoint is of size \(kept.checkpoint.head.size)")
        }
        return kept
    }

    func checkpoint(at path: String) async throws -> SignedCheckpoint {
        guard let bytes = try await source.read(path, limit: FileLimit.checkpoint) else {
            let what =
                path == Layout.checkpoint ? "there is no checkpoint here" : "no checkpoint was published at this size"
            throw LedgerError.notFound("\(source.name)/\(path): \(what)")
        }
        let signed: SignedCheckpoint
        do { signed = try SignedCheckpoint(bytes: bytes) } catch { throw unreadable(path, error.description) }
        guard signed.checkpoint.origin.hasSameUTF8(as: key.name) else {
            throw untrusted(path, "the origin is \(signed.checkpoint.origin), and \(key.name) was asked for")
        }
        guard case .verified = signed.note.outcome(of: key, checker: checker) else {
            throw untrusted(path, "the ledger's key did not sign this checkpoint")
        }
        return signed
    }

    /// The COSE root signature of a published size, from which receipts are made.
    public func rootSignature(for checkpoint: Checkpoint) async throws -> RootSignature {
        for path in [Layout.rootSignature, Layout.keptRootSignature(checkpoint.head.size)] {
            if let signature = try? await rootSignature(at: path, root: checkpoint.head.root) { return signature }
        }
        throw LedgerError.notFound("\(source.name): no COSE root signature is kept for size \(checkpoint.head.size)")
    }

    /// The COSE root signature in one file, which must be over `root`.
    func rootSignature(at path: String, root: Digest) async throws -> RootSignature {
        guard let bytes = try await source.read(path, limit: FileLimit.rootSignature) else {
            throw unreadable(path, "the COSE root signature is missing")
        }
        guard let signature = try? RootSignature(decoding: bytes), let publicKey = key.publicKey,
            signature.origin.hasSameUTF8(as: key.name),
            (try? signature.verify(root: root, key: publicKey, checker: checker)) != nil
        else { throw unreadable(path, "not the ledger's COSE signature over the root of its checkpoint") }
        return signature
    }

    /// The inclusion proof of an entry in a published tree, verified against it.
    public func inclusionProof(index: UInt64, leaf: Digest, in head: TreeHead) async throws -> InclusionProof {
        let plan = try ProofPlan.inclusion(index: index, treeSize: head.size)
        let proof = InclusionProof(
            index: index,
            treeSize: head.size,
            path: try plan.path(from: try await hashes(of: plan.nodes, in: head))
        )
        do { try proof.verify(leaf: leaf, in: head) } catch {
            throw LedgerError.corrupt(path: source.name, reason: "the proof of entry \(index) from the tiles: \(error)")
        }
        return proof
    }

    /// The proof that one published tree extends another, verified against both.
    public func consistencyProof(from old: TreeHead, to new: TreeHead) async throws -> ConsistencyProof {
        let plan = try ProofPlan.consistency(oldSize: old.size, newSize: new.size)
        let proof = ConsistencyProof(
            oldSize: old.size,
            newSize: new.size,
            path: try plan.path(from: try await hashes(of: plan.nodes, in: new))
        )
        do { try proof.verify(old: old, new: new) } catch {
            throw LedgerError.corrupt(
                path: source.name,
                reason: "the proof from size \(old.size) to \(new.size) from the tiles: \(error)"
            )
        }
        return proof
    }

    private func hashes(of nodes: [NodeCoordinate], in head: TreeHead) async throws -> [Digest] {
        let plan = try TilePlan(reading: nodes, treeSize: head.size)
        var tiles: [Tile] = []
        for coordinate in plan.tiles { tiles.append(try await tile(coordinate)) }
        return try plan.hashes(from: tiles)
    }

    /// A tile, or the full one at its place where the partial one was pruned.
    func tile(_ wanted: TileCoordinate) async throws -> Tile {
        for coordinate in wanted.isFull ? [wanted] : [wanted, wanted.full] {
            guard let bytes = try await source.read(coordinate.path, limit: FileLimit.tile) else { continue }
            do { return try Tile(coordinate, decoding: bytes) } catch {
                throw untrusted(coordinate.path, error.description)
            }
        }
        throw LedgerError.corrupt(path: "\(source.name)/\(wanted.path)", reason: "the tile is missing")
    }

    /// A bundle of entries, or as much as is wanted of the full one where the partial one was pruned.
    func bundle(_ wanted: BundleCoordinate) async throws -> EntryBundle {
        for coordinate in wanted.isFull ? [wanted] : [wanted, BundleCoordinate(index: wanted.index) ?? wanted] {
            guard let bytes = try await source.read(coordinate.path, limit: FileLimit.bundle) else { continue }
            do { return try EntryBundle(decoding: bytes, width: coordinate.width) } catch {
                throw untrusted(coordinate.path, error.description)
            }
        }
        throw LedgerError.corrupt(path: "\(source.name)/\(wanted.path)", reason: "the entries are missing")
    }

    /// One entry, proved to be in a published tree.
    public func entry(_ index: UInt64, in head: TreeHead) async throws -> (bytes: [UInt8], proof: InclusionProof) {
        guard let coordinate = BundleCoordinate(holding: index, treeSize: head.size) else {
            throw LedgerError.notFound("\(source.name): there is no entry \(index) among \(head.size)")
        }
        let bytes = Array(try await bundle(coordinate)[Int(index - coordinate.firstEntry)])
        return (bytes, try await inclusionProof(index: index, leaf: TreeHash.leaf(bytes), in: head))
    }

    /// Calls `body` with each entry of a range, in order; each bundle is checked against its tile, and the tile
    /// against the tree, first.
    public func forEachEntry(
        in range: Range<UInt64>,
        of head: TreeHead,
        _ body: (UInt64, [UInt8]) async throws -> Void
    ) async throws {
        guard range.upperBound <= head.size else {
            throw LedgerError.notFound("\(source.name): there is no entry \(range.upperBound - 1) among \(head.size)")
        }
        var index = range.lowerBound
        while index < range.upperBound, let coordinate = BundleCoordinate(holding: index, treeSize: head.size) {
            let bundle = try await bundle(coordinate)
            guard let place = TileCoordinate(level: 0, index: coordinate.index, width: coordinate.width) else { return }
            let leaves = try await leaves(of: place, in: head)
            for (position, entry) in bundle.prefix(coordinate.width).enumerated()
            where coordinate.firstEntry + UInt64(position) >= range.lowerBound && index < range.upperBound {
                let bytes = Array(entry)
                guard TreeHash.leaf(bytes) == leaves[position] else {
                    throw untrusted(coordinate.path, "entry \(index) does not have the leaf hash in \(place.path)")
                }
                try await body(index, bytes)
                index += 1
            }
        }
    }

    /// The leaf hashes of a tile, all of them proved to be in the tree: the proof of the first is made of all the others.
    private func leaves(of place: TileCoordinate, in head: TreeHead) async throws -> ArraySlice<Digest> {
        let proof = try ProofPlan.inclusion(index: place.index << 8, treeSize: head.size)
        let plan = try TilePlan(reading: proof.nodes, treeSize: head.size)
        var tiles: [Tile] = []
        for coordinate in plan.tiles { tiles.append(try await tile(coordinate)) }
        let leaves: [Digest]
        if let position = plan.tiles.firstIndex(of: place) {
            leaves = tiles[position].hashes
        } else {
            leaves = try await tile(place).hashes
        }
        let path = try proof.path(from: try plan.hashes(from: tiles))
        guard let first = leaves.first,
            (try? InclusionProof(index: place.index << 8, treeSize: head.size, path: path).verify(leaf: first, in: head))
                != nil
        else { throw untrusted(place.path, "its hashes do not lead to the signed root") }
        return leaves.prefix(place.width)
    }

    private func unreadable(_ path: String, _ reason: String) -> LedgerError {
        .unreadable(path: "\(source.name)/\(path)", reason: reason)
    }

    private func untrusted(_ path: String, _ reason: String) -> LedgerError {
        .untrusted(path: "\(source.name)/\(path)", reason: reason)
    }
}
