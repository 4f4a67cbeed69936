/// The proof that several leaves stand at their indices of one tree, in which no hash stands twice.
///
/// ```swift
/// let proof = try InclusionMultiproof.make(indices: [2, 3, 700], treeSize: 1000, from: tree)
/// try proof.verify(leaves: leaves, in: head)
/// ```
/// What single proofs (RFC 9162 section 2.1.3) have in common is left out, and so is what the leaves themselves give: n
/// random leaves of N take about n x log2(N/n) hashes, and neighbours next to nothing. For one leaf the hashes are those of
/// its inclusion proof, in another order: here they stand as their runs of entries stand in the tree, from left to right.
public struct InclusionMultiproof: Hashable, Sendable {
    /// The positions of the entries, ascending.
    public let indices: [UInt64]
    /// The size of the tree.
    public let treeSize: UInt64
    /// The hashes of the largest runs of entries without any of ``indices``, from left to right.
    public let hashes: [Digest]

    /// A proof as it came; nothing is checked before ``verify(leaves:in:)``.
    public init(indices: [UInt64], treeSize: UInt64, hashes: [Digest]) {
        (self.indices, self.treeSize, self.hashes) = (indices, treeSize, hashes)
    }

    /// The root that the hashes give for these leaf hashes, one an index.
    ///
    /// The caller compares it with a signed root. Throws ``ProofError/sizeTooLarge(_:)``,
    /// ``ProofError/indexOutOfRange(index:end:)`` for indices that do not ascend below the size, and
    /// ``ProofError/wrongNumberOfHashes(expected:found:)``.
    public func root(leaves: [Digest]) throws(ProofError) -> Digest {
        try ProofPlan.check(indices, treeSize)
        guard leaves.count == indices.count else {
            throw .wrongNumberOfHashes(expected: indices.count, found: leaves.count)
        }
        var rest = hashes[...]
        let root = hash(0..<treeSize, indices.indices, leaves, &rest)
        guard let root, rest.isEmpty else {
            let expected = try ProofPlan.inclusion(indices: indices, treeSize: treeSize).pathCount
            throw .wrongNumberOfHashes(expected: expected, found: hashes.count)
        }
        return root
    }

    /// Checks that the leaves stand at ``indices`` in the tree of `head`.
    ///
    /// Throws what ``root(leaves:)`` throws, ``ProofError/sizeMismatch(proof:head:)`` and ``ProofError/rootMismatch``.
    public func verify(leaves: [Digest], in head: TreeHead) throws(ProofError) {
        guard treeSize == head.size else { throw .sizeMismatch(proof: treeSize, head: head.size) }
        guard try root(leaves: leaves) == head.root else { throw .rootMismatch }
    }

    /// The hash over a run of entries, of which those in `places` of ``indices`` are known; `nil` where the hashes run out.
    private func hash(
        _ run: Range<UInt64>,
        _ places: Range<Int>,
        _ leaves: [Digest],
        _ rest: inout ArraySlice<Digest>
    ) -> Digest? {
        if places.isEmpty { return rest.popFirst() }
        if run.count == 1 { return leaves[places.lowerBound] }
        let (middle, split) = ProofPlan.halve(run, places, of: indices)
        guard let left = hash(run.lowerBound..<middle, places.lowerBound..<split, leaves, &rest),
            let right = hash(middle..<run.upperBound, split..<places.upperBound, leaves, &rest)
        else { return nil }
        return TreeHash.node(left, right)
    }
}

extension ProofPlan {
    /// The hashes of a multiproof, from left to right; throws ``ProofError/indexOutOfRange(index:end:)`` for indices that do
    /// not ascend below the size, and ``ProofError/sizeTooLarge(_:)``.
    public static func inclusion(indices: [UInt64], treeSize: UInt64) throws(ProofError) -> ProofPlan {
        try check(indices, treeSize)
        var plan = ProofPlan(entries: treeSize)
        plan.appendGaps(0..<treeSize, indices.indices, of: indices)
        return plan.fromLeafToRoot()
    }

    /// Adds the runs without any index, from right to left: a plan is turned round at its end.
    private mutating func appendGaps(_ run: Range<UInt64>, _ places: Range<Int>, of indices: [UInt64]) {
        if places.isEmpty { return append(run) }
        if run.count == 1 { return }
        let (middle, split) = ProofPlan.halve(run, places, of: indices)
        appendGaps(middle..<run.upperBound, split..<places.upperBound, of: indices)
        appendGaps(run.lowerBound..<middle, places.lowerBound..<split, of: indices)
    }

    /// Where a run splits, and the indices in it.
    static func halve(_ run: Range<UInt64>, _ places: Range<Int>, of indices: [UInt64]) -> (UInt64, Int) {
        let middle = split(run.lowerBound, run.upperBound)
        var (low, high) = (places.lowerBound, places.upperBound)
        while low < high {
            let place = (low + high) / 2
            if indices[place] < middle { low = place + 1 } else { high = place }
        }
        return (middle, low)
    }

    static func check(_ indices: [UInt64], _ treeSize: UInt64) throws(ProofError) {
        try TreeSize.check(treeSize)
        var least: UInt64 = 0
        for index in indices {
            guard index >= least, index < treeSize else { throw .indexOutOfRange(index: index, end: treeSize) }
            least = index + 1
        }
        guard !indices.isEmpty else { throw .indexOutOfRange(index: 0, end: 0) }
    }
}

extension InclusionMultiproof {
    /// The proof of the entries at `indices`, which ascend, in the tree of `treeSize` entries, out of `source`.
    public static func make<Source: NodeSource>(
        indices: [UInt64],
        treeSize: UInt64,
        from source: Source
    ) throws(ProofMakingError<Source.Failure>) -> InclusionMultiproof {
        let hashes = try source.path { () throws(ProofError) in
            try ProofPlan.inclusion(indices: indices, treeSize: treeSize)
        }
        return InclusionMultiproof(indices: indices, treeSize: treeSize, hashes: hashes)
    }
}
