/// The proof that a newer tree begins with all entries of an older one (RFC 9162 section 2.1.4).
///
/// From size 0 there is nothing to prove, and no root to prove it about: ``verify(old:new:)-(Digest,_)`` refuses such a
/// proof with ``ProofError/emptyTree``, at 0 to 0 as well. A witness that has seen nothing yet (tlog-witness, `old 0`)
/// asks for an empty list of hashes and takes the signed head as it is; that rule stands with the protocol.
/// At equal sizes the proof is empty and the roots must be equal.
public struct ConsistencyProof: Hashable, Sendable {
    /// The size of the older tree.
    public let oldSize: UInt64
    /// The size of the newer tree.
    public let newSize: UInt64
    /// The hashes in the order of RFC 9162.
    public let path: [Digest]

    /// A proof as it came; nothing is checked before it is verified.
    public init(oldSize: UInt64, newSize: UInt64, path: [Digest]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.path = path
    }

    /// Checks that the tree with the root `new` extends the tree with the root `old`.
    ///
    /// Throws ``ProofError/emptyTree``, ``ProofError/sizesOutOfOrder(old:new:)``, ``ProofError/sizeTooLarge(_:)``,
    /// ``ProofError/wrongNumberOfHashes(expected:found:)``, ``ProofError/oldRootMismatch`` and
    /// ``ProofError/rootMismatch``.
    public func verify(old: Digest, new: Digest) throws(ProofError) {
        guard try newRoot(old: old) == new else { throw .rootMismatch }
    }

    /// The root of the newer tree that this path gives for the root of the older one.
    ///
    /// The caller compares it with a signed root. Throws what ``verify(old:new:)-(Digest,_)`` throws, except
    /// ``ProofError/rootMismatch``.
    public func newRoot(old: Digest) throws(ProofError) -> Digest {
        guard oldSize <= newSize else { throw .sizesOutOfOrder(old: oldSize, new: newSize) }
        guard oldSize > 0 else { throw .emptyTree }
        try TreeSize.check(newSize)
        return try SubtreeConsistencyProof(start: 0, end: oldSize, treeSize: newSize, path: path).root(subtree: old)
    }

    /// The same for tree heads, which must have the sizes that the proof is about.
    public func verify(old: TreeHead, new: TreeHead) throws(ProofError) {
        guard oldSize == old.size else { throw .sizeMismatch(proof: oldSize, head: old.size) }
        guard newSize == new.size else { throw .sizeMismatch(proof: newSize, head: new.size) }
        try verify(old: old.root, new: new.root)
    }
}
