/// A tree reduced to what is needed to append to it: the roots of the perfect subtrees along its right edge.
///
/// ```swift
/// var range = CompactRange()
/// try range.append(TreeHash.leaf(entry))
/// let head = range.head
/// ```
public struct CompactRange: Hashable, Sendable {
    /// The number of entries.
    public private(set) var size: UInt64 = 0
    /// The roots of the perfect subtrees, left to right, so largest first: one for each bit set in ``size``.
    public private(set) var nodes: [Digest] = []

    /// The tree without entries.
    public init() {}

    /// The tree of `size` entries whose right edge is `nodes`, largest first.
    ///
    /// Throws ``ProofError/sizeTooLarge(_:)``, and ``ProofError/wrongNumberOfHashes(expected:found:)`` where `size` wants
    /// another number of them. Compare ``root`` with a signed one before believing nodes from outside.
    public init(size: UInt64, nodes: [Digest]) throws(ProofError) {
        try TreeSize.check(size)
        guard nodes.count == size.nonzeroBitCount else {
            throw .wrongNumberOfHashes(expected: size.nonzeroBitCount, found: nodes.count)
        }
        self.size = size
        self.nodes = nodes
    }

    /// Appends an entry by its leaf hash, in constant amortised time; throws ``ProofError/sizeTooLarge(_:)`` when full.
    public mutating func append(_ leaf: Digest) throws(ProofError) {
        try TreeSize.check(size + 1)
        append(leaf, level: 0)
    }

    /// Appends many entries by their leaf hashes, several times as fast as one at a time; throws
    /// ``ProofError/sizeTooLarge(_:)``, and appends none, where they do not fit.
    public mutating func append(contentsOf leaves: ArraySlice<Digest>) throws(ProofError) {
        try TreeSize.check(size + UInt64(leaves.count))
        var rest = leaves
        while !rest.isEmpty {
            // The largest perfect subtree that begins here.
            let level = min(size.trailingZeroBitCount, Int.bitWidth - 1 - rest.count.leadingZeroBitCount)
            guard let root = TreeHash.perfectRoot(rest.prefix(1 << level)) else { return }
            append(root, level: level)
            rest = rest.dropFirst(1 << level)
        }
    }

    /// The same for a whole array.
    public mutating func append(contentsOf leaves: [Digest]) throws(ProofError) {
        try append(contentsOf: leaves[...])
    }

    /// Appends the root of a perfect subtree of 2^level entries, where the size is a multiple of that.
    private mutating func append(_ root: Digest, level: Int) {
        var node = root
        // Each 1 of the old size from the level up, without a gap, is a perfect subtree as large as the one in hand.
        for _ in 0..<(~(size >> UInt64(level))).trailingZeroBitCount {
            guard let left = nodes.popLast() else { break }
            node = TreeHash.node(left, node)
        }
        nodes.append(node)
        size += 1 << UInt64(level)
    }

    /// The Merkle tree hash over all entries; ``TreeHash/empty`` for none.
    public var root: Digest { TreeHash.fold(nodes[...]) }

    /// Size and root together.
    public var head: TreeHead { TreeHead(checked: size, root: root) }
}

extension TreeHash {
    /// The root above complete nodes that stand side by side, largest first; ``empty`` for none.
    static func fold(_ nodes: ArraySlice<Digest>) -> Digest {
        guard var root = nodes.last else { return empty }
        for node in nodes.dropLast().reversed() { root = self.node(node, root) }
        return root
    }
}
