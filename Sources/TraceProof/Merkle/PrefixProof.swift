/// The root that a tree had when it was smaller, out of its present root alone.
///
/// It is the consistency proof between the two sizes as its verifier uses it (RFC 9162 section 2.1.4.2): where the older
/// size is a power of two, the root at that size, which the proof itself leaves out, stands before its hashes. So whoever
/// holds a signed older head learns whether this tree begins with that one, and where it does not, the proof shows it to
/// anybody: the two heads are a fork.
public struct PrefixProof: Hashable, Sendable {
    /// The size of the older tree; above 0 and below ``newSize``.
    public let oldSize: UInt64
    /// The size of the newer tree.
    public let newSize: UInt64
    /// The hashes, from the right edge of the older tree up.
    public let path: [Digest]

    /// A proof as it came; nothing is checked before ``oldRoot(in:)``.
    public init(oldSize: UInt64, newSize: UInt64, path: [Digest]) {
        (self.oldSize, self.newSize, self.path) = (oldSize, newSize, path)
    }

    /// The root of the first ``oldSize`` entries of the tree with this head.
    ///
    /// Throws ``ProofError/sizeMismatch(proof:head:)``, ``ProofError/emptyTree``,
    /// ``ProofError/sizesOutOfOrder(old:new:)``, ``ProofError/sizeTooLarge(_:)``,
    /// ``ProofError/wrongNumberOfHashes(expected:found:)`` and ``ProofError/rootMismatch`` where the hashes do not lead to
    /// the root of the head.
    public func oldRoot(in head: TreeHead) throws(ProofError) -> Digest {
        guard newSize == head.size else { throw .sizeMismatch(proof: newSize, head: head.size) }
        try TreeSize.check(newSize)
        guard oldSize > 0 else { throw .emptyTree }
        guard oldSize < newSize else { throw .sizesOutOfOrder(old: oldSize, new: newSize) }
        var climb = SubtreeClimb(start: 0, last: oldSize - 1, treeLast: newSize - 1)
        let expected = climb.pathLength + (climb.startsAtSubtree ? 1 : 0)
        guard path.count == expected, let first = path.first else {
            throw .wrongNumberOfHashes(expected: expected, found: path.count)
        }
        let (old, new) = climb.roots(from: first, over: path.dropFirst())
        guard new == head.root else { throw .rootMismatch }
        return old
    }

    /// The proof about the first `oldSize` of `newSize` entries, out of `source`.
    public static func make<Source: NodeSource>(
        oldSize: UInt64,
        newSize: UInt64,
        from source: Source
    ) throws(ProofMakingError<Source.Failure>) -> PrefixProof {
        let path = try source.path { () throws(ProofError) in
            try ProofPlan.prefix(oldSize: oldSize, newSize: newSize)
        }
        return PrefixProof(oldSize: oldSize, newSize: newSize, path: path)
    }
}
