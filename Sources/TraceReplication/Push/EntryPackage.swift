public import TraceProof

/// Up to 256 entries on their way to a mirror, with the proof that the log has them at their place (C2SP tlog-mirror, "entry
/// packages").
///
///     (u16 length, entry)* · u8 number of hashes, at most 63 · hashes
///
/// Packages are cut at multiples of 256, so that each becomes one bundle. The proof is that of the subtree from the multiple
/// on: where an upload begins behind one, the mirror has the entries before.
public struct EntryPackage: Sendable {
    /// The most hashes of a proof.
    public static let maximumHashCount = 63
    /// The most bytes of a package: 256 of the longest entries and the longest proof.
    public static let maximumByteCount =
        256 * (2 + EntryBundle.maximumEntryLength) + 1
        + maximumHashCount * Digest.byteCount

    /// The multiple of 256 at which the proved part begins.
    public let first: UInt64
    /// The index of the first entry in here.
    public let start: UInt64
    /// The entries.
    public let entries: EntryBundle
    /// The hashes of the subtree consistency proof.
    public let path: [Digest]

    /// The index behind the last entry.
    public var end: UInt64 { start + UInt64(entries.count) }

    /// A package of these parts; `start` lies within 256 of `first`, a multiple of 256.
    init(first: UInt64, start: UInt64, entries: EntryBundle, path: [Digest]) {
        (self.first, self.start, self.entries, self.path) = (first, start, entries, path)
    }

    /// The bytes in the body.
    public var bytes: [UInt8] {
        var bytes = entries.encoded
        bytes.append(UInt8(truncatingIfNeeded: path.count))
        for hash in path { bytes += hash.bytes }
        return bytes
    }

    /// The bundle from the multiple of 256 on, and its leaf hashes, once they are proved to be the log's.
    ///
    /// - Parameters:
    ///   - leading: the entries from ``first`` to ``start``, which the mirror has.
    ///   - head: of the pending checkpoint that the proof is for.
    /// - Throws: ``ProofError`` where the proof does not hold.
    func proved(behind leading: EntryBundle?, in head: TreeHead) throws -> (bundle: EntryBundle, leaves: [Digest]) {
        var bundle = entries
        if let leading { bundle = try EntryBundle((Array(leading) + Array(entries)).map { Array($0) }) }
        let leaves = TreeHash.leaves(bundle)
        var subtree = CompactRange()
        try subtree.append(contentsOf: leaves)
        try SubtreeConsistencyProof(start: first, end: end, treeSize: head.size, path: path)
            .verify(subtree: subtree.root, in: head)
        return (bundle, leaves)
    }
}
