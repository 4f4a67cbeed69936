/// The proof that a leaf stands at an index of a tree (RFC 9162 section 2.1.3).
///
/// ```swift
/// let proof = try InclusionProof.make(index: 3, treeSize: 8, from: tree)
/// try proof.verify(leaf: TreeHash.leaf(entry), in: head)
/// ```
/// In a tree of one entry the path is empty and the root is the leaf hash; a tree without entries proves nothing.
public struct InclusionProof: Hashable, Sendable {
    /// The position of the entry, from 0.
    public let index: UInt64
    /// The size of the tree.
    public let treeSize: UInt64
    /// The siblings on the way up, the leaf's own first.
    public let path: [Digest]

    /// A proof as it came; nothing is checked before ``verify(leaf:in:)``.
    public init(index: UInt64, treeSize: UInt64, path: [Digest]) {
        self.index = index
        self.treeSize = treeSize
        self.path = path
    }

    /// The root that this path gives for `leaf`.
    ///
    /// The caller compares it with a signed root. Throws ``ProofError/sizeTooLarge(_:)``,
    /// ``ProofError/indexOutOfRange(index:end:)`` and ``ProofError/wrongNumberOfHashes(expected:found:)``.
    public func root(leaf: Digest) throws(ProofError) -> Digest {
        try TreeSize.check(treeSize)
        guard index < treeSize else { throw .indexOutOfRange(index: index, end: treeSize) }
        // Up to where the ways of this leaf and of the last one meet, each level has a sibling; above, only those
        // levels have one where the way goes up from the right, and it stands on the left.
        let last = treeSize - 1
        let inner = 64 - (index ^ last).leadingZeroBitCount
        let border = (index >> UInt64(inner)).nonzeroBitCount
        guard path.count == inner + border else {
            throw .wrongNumberOfHashes(expected: inner + border, found: path.count)
        }
        var hash = leaf
        for (level, sibling) in path.enumerated() {
            let isRight = level >= inner || index >> UInt64(level) & 1 == 1
            hash = isRight ? TreeHash.node(sibling, hash) : TreeHash.node(hash, sibling)
        }
        return hash
    }

    /// Checks that `leaf` stands at ``index`` in the tree of `head`.
    ///
    /// Throws what ``root(leaf:)`` throws, ``ProofError/sizeMismatch(proof:head:)`` and ``ProofError/rootMismatch``.
    public func verify(leaf: Digest, in head: TreeHead) throws(ProofError) {
        guard treeSize == head.size else { throw .sizeMismatch(proof: treeSize, head: head.size) }
        guard try root(leaf: leaf) == head.root else { throw .rootMismatch }
    }
}

/// The proof that a leaf stands in a subtree (draft-ietf-plants-merkle-tree-certs section 4.3): an inclusion proof in a
/// tree of its own.
public struct SubtreeInclusionProof: Hashable, Sendable {
    /// The position of the entry in the whole tree.
    public let index: UInt64
    /// The first entry of the subtree.
    public let start: UInt64
    /// The entry after the last of the subtree.
    public let end: UInt64
    /// The siblings on the way up, the leaf's own first.
    public let path: [Digest]

    /// A proof as it came; nothing is checked before ``verify(leaf:subtree:)``.
    public init(index: UInt64, start: UInt64, end: UInt64, path: [Digest]) {
        self.index = index
        self.start = start
        self.end = end
        self.path = path
    }

    /// The subtree hash that this path gives for `leaf`.
    ///
    /// Throws ``ProofError/invalidSubtree(start:end:)`` and what ``InclusionProof/root(leaf:)`` throws.
    public func root(leaf: Digest) throws(ProofError) -> Digest {
        let subtree = try Subtree(start: start, end: end)
        guard index >= start, index < end else { throw .indexOutOfRange(index: index, end: end) }
        return try InclusionProof(index: index - start, treeSize: subtree.count, path: path).root(leaf: leaf)
    }

    /// Checks that `leaf` stands at ``index`` in the subtree whose hash is `hash`.
    public func verify(leaf: Digest, subtree hash: Digest) throws(ProofError) {
        guard try root(leaf: leaf) == hash else { throw .rootMismatch }
    }
}
