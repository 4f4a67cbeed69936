/// The proof that a tree contains a subtree at its place (draft-ietf-plants-merkle-tree-certs section 4.4; C2SP
/// tlog-mirror, tlog-witness `sign-subtree`). Consistency of whole trees is the case `start == 0`.
///
/// An empty subtree has the hash ``TreeHash/empty`` and an empty proof, and stands in every tree that reaches its bounds:
/// as the draft has it, the root is then not looked at.
public struct SubtreeConsistencyProof: Hashable, Sendable {
    /// The first entry of the subtree.
    public let start: UInt64
    /// The entry after the last of the subtree.
    public let end: UInt64
    /// The size of the tree.
    public let treeSize: UInt64
    /// The hashes in the order of the draft.
    public let path: [Digest]

    /// A proof as it came; nothing is checked before it is verified.
    public init(start: UInt64, end: UInt64, treeSize: UInt64, path: [Digest]) {
        self.start = start
        self.end = end
        self.treeSize = treeSize
        self.path = path
    }

    /// The same against a tree head, which must have the size that the proof is about.
    public func verify(subtree: Digest, in head: TreeHead) throws(ProofError) {
        guard treeSize == head.size else { throw .sizeMismatch(proof: treeSize, head: head.size) }
        try verify(subtree: subtree, root: head.root)
    }

    /// Checks that the tree with `root` contains the subtree whose hash is `subtree`.
    ///
    /// Throws ``ProofError/invalidSubtree(start:end:)``, ``ProofError/sizesOutOfOrder(old:new:)``,
    /// ``ProofError/sizeTooLarge(_:)``, ``ProofError/wrongNumberOfHashes(expected:found:)``,
    /// ``ProofError/oldRootMismatch`` (the subtree's hash) and ``ProofError/rootMismatch``.
    public func verify(subtree: Digest, root: Digest) throws(ProofError) {
        try TreeSize.check(treeSize)
        let range = try Subtree(start: start, end: end)
        guard end <= treeSize else { throw .sizesOutOfOrder(old: end, new: treeSize) }
        guard !range.isEmpty else {
            guard path.isEmpty else { throw .wrongNumberOfHashes(expected: 0, found: path.count) }
            guard subtree == TreeHash.empty else { throw .oldRootMismatch }
            return
        }
        guard try self.root(subtree: subtree) == root else { throw .rootMismatch }
    }

    /// The root that this path gives for the hash of a subtree that is not empty and whose bounds the caller has checked.
    func root(subtree: Digest) throws(ProofError) -> Digest {
        var climb = SubtreeClimb(start: start, last: end - 1, treeLast: treeSize - 1)
        let expected = climb.pathLength
        guard path.count == expected else { throw .wrongNumberOfHashes(expected: expected, found: path.count) }

        var rest = path[...]
        var seed = subtree
        if !climb.startsAtSubtree, let first = rest.popFirst() { seed = first }
        let (small, large) = climb.roots(from: seed, over: rest)
        guard small == subtree else { throw .oldRootMismatch }
        return large
    }
}

/// The way up from the right edge of a subtree, in numbers alone: the draft's fn, sn and tn.
struct SubtreeClimb {
    enum Side { case leftOfBoth, leftOfTree, right }

    var first: UInt64
    var last: UInt64
    var treeLast: UInt64

    init(start: UInt64, last: UInt64, treeLast: UInt64) {
        (first, self.last, self.treeLast) = (start, last, treeLast)
        if last == treeLast {
            while first != self.last { shift() }
        } else {
            while first != self.last, self.last & 1 == 1 { shift() }
        }
    }

    /// Whether the subtree is a node of the tree, so that its own hash begins the way; otherwise the proof begins with
    /// the hash of its last perfect part.
    var startsAtSubtree: Bool { first == last }

    /// How many hashes the whole way takes.
    var pathLength: Int {
        var climb = self
        var count = startsAtSubtree ? 0 : 1
        while climb.treeLast != 0 {
            _ = climb.step()
            count += 1
        }
        return count
    }

    /// The hashes of the subtree and of the tree that a path gives which begins at `seed`.
    mutating func roots(from seed: Digest, over path: ArraySlice<Digest>) -> (subtree: Digest, tree: Digest) {
        var (small, large) = (seed, seed)
        for hash in path {
            switch step() {
            case .leftOfBoth:
                small = TreeHash.node(hash, small)
                large = TreeHash.node(hash, large)
            case .leftOfTree: large = TreeHash.node(hash, large)
            case .right: large = TreeHash.node(large, hash)
            }
        }
        return (small, large)
    }

    /// Goes up past the next hash and says on which side it stands.
    mutating func step() -> Side {
        var side = Side.right
        if last & 1 == 1 || last == treeLast {
            side = first < last ? .leftOfBoth : .leftOfTree
            while last & 1 == 0, last != 0 { shift() }
        }
        shift()
        return side
    }

    private mutating func shift() {
        first >>= 1
        last >>= 1
        treeLast >>= 1
    }
}
