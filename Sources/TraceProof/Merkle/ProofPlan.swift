/// Which nodes a proof is made of, found out by arithmetic alone: reading them is somebody else's work.
///
/// Each hash of a proof covers a run of entries. Where the run is perfect it is one node; at the right edge of the tree it
/// is a few nodes, hashed together. A plan lists all nodes of all hashes, and folds what was read into the proof's path.
///
/// ```swift
/// let plan = try ProofPlan.inclusion(index: 3, treeSize: 11)
/// let path = try plan.path(from: hashes(of: plan.nodes))
/// ```
public struct ProofPlan: Hashable, Sendable {
    /// The nodes to read, all complete in the tree that the plan is for; no node twice.
    public private(set) var nodes: [NodeCoordinate] = []
    /// The nodes that one hash of the path is folded from. Only one run of a proof can reach the right edge of its tree
    /// without being perfect: every other hash of the path is one node.
    private var folded: Range<Int>?

    /// A plan with room for a path through so many entries, so that the nodes are one allocation.
    init(entries: UInt64) { nodes.reserveCapacity(64 - entries.leadingZeroBitCount + entries.nonzeroBitCount) }

    /// Adds the nodes of the hash over `range`, last first: plans are made from the root down, and proofs are listed from
    /// the leaf up. The start of `range` is a multiple of the power of two at or above its length.
    mutating func append(_ range: Range<UInt64>) {
        let first = nodes.count
        var (end, left) = (range.upperBound, range.upperBound - range.lowerBound)
        while left > 0 {
            let level = left.trailingZeroBitCount
            end -= 1 << UInt64(level)
            left &= left - 1
            nodes.append(NodeCoordinate(level: level, index: end >> UInt64(level)))
        }
        if nodes.count != first + 1 { folded = first..<nodes.count }
    }

    /// The plan whose hashes were appended from the root down, or from right to left.
    consuming func fromLeafToRoot() -> ProofPlan {
        nodes.reverse()
        folded = folded.map { nodes.count - $0.upperBound..<nodes.count - $0.lowerBound }
        return self
    }

    /// The path of an inclusion proof, RFC 9162 section 2.1.3.1.
    ///
    /// Throws ``ProofError/indexOutOfRange(index:end:)`` and ``ProofError/sizeTooLarge(_:)``.
    public static func inclusion(index: UInt64, treeSize: UInt64) throws(ProofError) -> ProofPlan {
        try inclusion(index: index, in: Subtree(start: 0, end: treeSize))
    }

    /// The path of an inclusion proof in a subtree; throws ``ProofError/indexOutOfRange(index:end:)``.
    public static func inclusion(index: UInt64, in subtree: Subtree) throws(ProofError) -> ProofPlan {
        guard index >= subtree.start, index < subtree.end else {
            throw .indexOutOfRange(index: index, end: subtree.end)
        }
        var plan = ProofPlan(entries: subtree.count)
        var (low, high) = (subtree.start, subtree.end)
        while high - low > 1 {
            let middle = split(low, high)
            if index < middle {
                plan.append(middle..<high)
                high = middle
            } else {
                plan.append(low..<middle)
                low = middle
            }
        }
        return plan.fromLeafToRoot()
    }

    /// The path of a consistency proof, RFC 9162 section 2.1.4.1.
    ///
    /// Throws ``ProofError/emptyTree``, ``ProofError/sizesOutOfOrder(old:new:)`` and ``ProofError/sizeTooLarge(_:)``.
    public static func consistency(oldSize: UInt64, newSize: UInt64) throws(ProofError) -> ProofPlan {
        guard oldSize > 0 else { throw .emptyTree }
        return try consistency(of: Subtree(start: 0, end: oldSize), treeSize: newSize)
    }

    /// The path of a subtree consistency proof, draft-ietf-plants-merkle-tree-certs section 4.4.1.
    ///
    /// Throws ``ProofError/sizesOutOfOrder(old:new:)`` and ``ProofError/sizeTooLarge(_:)``.
    public static func consistency(of subtree: Subtree, treeSize: UInt64) throws(ProofError) -> ProofPlan {
        try consistency(of: subtree, treeSize: treeSize, isKnown: true)
    }

    /// The path of a ``PrefixProof``.
    ///
    /// Throws ``ProofError/emptyTree``, ``ProofError/sizesOutOfOrder(old:new:)`` and ``ProofError/sizeTooLarge(_:)``.
    public static func prefix(oldSize: UInt64, newSize: UInt64) throws(ProofError) -> ProofPlan {
        guard oldSize > 0 else { throw .emptyTree }
        guard oldSize < newSize else { throw .sizesOutOfOrder(old: oldSize, new: newSize) }
        return try consistency(of: Subtree(start: 0, end: oldSize), treeSize: newSize, isKnown: false)
    }

    private static func consistency(
        of subtree: Subtree,
        treeSize: UInt64,
        isKnown: Bool
    ) throws(ProofError) -> ProofPlan {
        try TreeSize.check(treeSize)
        guard subtree.end <= treeSize else { throw .sizesOutOfOrder(old: subtree.end, new: treeSize) }
        guard !subtree.isEmpty else { return ProofPlan(entries: 0) }
        var plan = ProofPlan(entries: treeSize)
        var (start, isKnown) = (subtree.start, isKnown)
        var (low, high) = (UInt64(0), treeSize)
        while start != low || subtree.end != high {
            let middle = split(low, high)
            if subtree.end <= middle {
                plan.append(middle..<high)
                high = middle
            } else {
                plan.append(low..<middle)
                if start < middle { (start, isKnown) = (middle, false) }
                low = middle
            }
        }
        if !isKnown { plan.append(low..<high) }
        return plan.fromLeafToRoot()
    }

    /// The one hash of a subtree: for a start of 0 the root of the tree of that size.
    public static func hash(of subtree: Subtree) -> ProofPlan {
        var plan = ProofPlan(entries: subtree.count)
        plan.append(subtree.start..<subtree.end)
        return plan.fromLeafToRoot()
    }

    /// The proof's path, given the hashes of ``nodes`` in their order.
    ///
    /// Throws ``ProofError/wrongNumberOfHashes(expected:found:)`` for another number of hashes.
    public func path(from hashes: consuming [Digest]) throws(ProofError) -> [Digest] {
        guard hashes.count == nodes.count else {
            throw .wrongNumberOfHashes(expected: nodes.count, found: hashes.count)
        }
        guard let folded else { return hashes }
        let hash = TreeHash.fold(hashes[folded])
        hashes.replaceSubrange(folded, with: CollectionOfOne(hash))
        return hashes
    }

    /// Where a run of more than one entry splits: after the largest power of two below its length.
    static func split(_ low: UInt64, _ high: UInt64) -> UInt64 {
        low + 1 << UInt64(63 - (high - low - 1).leadingZeroBitCount)
    }
}
