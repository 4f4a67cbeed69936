/// Why a proof was refused, or could not be made: the check that failed.
public enum ProofError: Error, Equatable, Sendable {
    /// A tree size above 2^63-1.
    case sizeTooLarge(UInt64)
    /// The leaf index does not lie in the tree or subtree, which ends before `end`.
    case indexOutOfRange(index: UInt64, end: UInt64)
    /// The indices of a multiproof do not ascend: this one stands behind one that is as large or larger.
    case indicesOutOfOrder(UInt64)
    /// The proof is about no entry, so it proves nothing.
    case noIndices
    /// The older tree is larger than the newer one.
    case sizesOutOfOrder(old: UInt64, new: UInt64)
    /// The proof starts from the tree without entries, about which there is nothing to prove.
    case emptyTree
    /// No subtree may have these bounds (draft-ietf-plants-merkle-tree-certs section 4.1).
    case invalidSubtree(start: UInt64, end: UInt64)
    /// The proof is about another tree size than the tree head.
    case sizeMismatch(proof: UInt64, head: UInt64)
    /// There are too few or too many hashes.
    case wrongNumberOfHashes(expected: Int, found: Int)
    /// The hashes do not lead to the old root, or to the hash of the subtree.
    case oldRootMismatch
    /// The hashes do not lead to the root.
    case rootMismatch
    /// A node store does not hold this node, or holds it under another tree size.
    case nodeAbsent(NodeCoordinate)
    /// Another tile, or a narrower one, was supplied than this one.
    case tileAbsent(TileCoordinate)
}

extension ProofError: CustomStringConvertible {
    /// One sentence that says which check failed.
    public var description: String {
        switch self {
        case .sizeTooLarge(let size): "the tree size \(size) is above 2^63-1"
        case .indexOutOfRange(let index, let end): "the index \(index) is outside a tree that ends before \(end)"
        case .indicesOutOfOrder(let index): "the index \(index) does not stand behind smaller ones alone"
        case .noIndices: "the proof is about no entry"
        case .sizesOutOfOrder(let old, let new): "the old tree size \(old) is above the new one, \(new)"
        case .emptyTree: "nothing can be proved from the tree without entries: every tree extends it"
        case .invalidSubtree(let start, let end): "no subtree covers the entries from \(start) to before \(end)"
        case .sizeMismatch(let proof, let head): "the proof is for tree size \(proof), the tree head has \(head)"
        case .wrongNumberOfHashes(let expected, let found): "\(found) hashes where \(expected) belong"
        case .oldRootMismatch: "the proof does not lead to the hash of the older tree or of the subtree"
        case .rootMismatch: "the proof does not lead to the root of the tree"
        case .nodeAbsent(let node): "the node at level \(node.level), index \(node.index) is not to be had"
        case .tileAbsent(let tile): "\(tile.path) is not among the tiles supplied"
        }
    }
}
