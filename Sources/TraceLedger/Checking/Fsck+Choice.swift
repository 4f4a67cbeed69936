internal import TraceProof

extension Fsck {
    /// The leaf hashes of a bundle in the signed tree, as far as its two files say. Where they disagree, finds out which of
    /// the two leads to what is above, and names the other; `nil` where neither has any.
    mutating func choose(_ bundle: StoredBundle) async -> [Digest]? {
        guard case .holds(let stored) = bundle.tile else { return bundle.computed }
        guard let computed = bundle.computed else { return stored }
        let expected = await parent(of: bundle.place)
        let storedFits = fits(stored, under: expected)
        let computedFits = fits(computed, under: expected)
        for (position, (found, wanted)) in zip(computed, stored).enumerated() where found != wanted {
            let index = bundle.coordinate.firstEntry + UInt64(position)
            if storedFits {
                report.note(
                    bundle.coordinate.path,
                    index,
                    "the entry's bytes have another leaf hash than the signed tree"
                )
            } else if computedFits {
                report.note(bundle.place.path, index, "the hash is not that of the entry, which the signed tree has")
            } else {
                report.note(
                    bundle.coordinate.path,
                    index,
                    "the entry does not have the leaf hash in \(bundle.place.path)"
                )
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
        hashes.count == 256 ? TreeHash.perfectRoot(hashes[...]) == expected : tree.root(with: hashes) == expected
    }
}
