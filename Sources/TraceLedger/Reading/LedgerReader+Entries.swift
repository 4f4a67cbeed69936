public import TraceProof

extension LedgerReader {
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
            let bundle = try await provedBundle(coordinate, in: head)
            let end = min(range.upperBound, coordinate.firstEntry + UInt64(coordinate.width))
            while index < end {
                try await body(index, Array(bundle[Int(index - coordinate.firstEntry)]))
                index += 1
            }
        }
    }

    /// A bundle whose first entries, as many as the width of `coordinate`, are proved to be in a published tree.
    private func provedBundle(_ coordinate: BundleCoordinate, in head: TreeHead) async throws -> EntryBundle {
        let bundle = try await bundle(coordinate)
        guard let place = TileCoordinate(level: 0, index: coordinate.index, width: coordinate.width) else {
            throw untrusted(coordinate.path, "no tile holds its leaf hashes")
        }
        let leaves = try await leaves(of: place, in: head)
        for (position, (found, leaf)) in zip(TreeHash.leaves(bundle), leaves).enumerated() where found != leaf {
            let index = coordinate.firstEntry + UInt64(position)
            throw untrusted(coordinate.path, "entry \(index) does not have the leaf hash in \(place.path)")
        }
        return bundle
    }
}
