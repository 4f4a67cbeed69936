/// The proof that many leaves stand at their indices of one tree: each hash that their single proofs (RFC 9162 section
/// 2.1.3) share, or that follows from another of the leaves, is left out.
///
/// ```swift
/// let proof = try InclusionMultiproof.make(indices: [3, 4, 90], treeSize: 128, from: tree)
/// try proof.verify(leaves: [three, four, ninety], in: head)
/// ```
/// The tree is split as RFC 9162 section 2.1.1 splits it; a part in which no leaf is proved is one hash, and ``hashes`` has
/// those of all such parts from left to right. So the indices and the size alone say how many there are. Leaves spread
/// evenly need n x log2(N/n) of them, which is the most; one leaf needs its path; all leaves need none.
public struct InclusionMultiproof: Hashable, Sendable {
    /// The positions of the entries, from 0, ascending.
    public let indices: [UInt64]
    /// The size of the tree.
    public let treeSize: UInt64
    /// The hashes of the parts without a proved leaf, from left to right.
    public let hashes: [Digest]

    /// A proof as it came; nothing is checked before ``verify(leaves:in:)``.
    public init(indices: [UInt64], treeSize: UInt64, hashes: [Digest]) {
        self.indices = indices
        self.treeSize = treeSize
        self.hashes = hashes
    }

    /// How many hashes the proof of these indices has, in steps of arithmetic of that order.
    ///
    /// Throws ``ProofError/sizeTooLarge(_:)``, ``ProofError/noIndices``, ``ProofError/indicesOutOfOrder(_:)`` and
    /// ``ProofError/indexOutOfRange(index:end:)``.
    public static func hashCount(indices: [UInt64], treeSize: UInt64) throws(ProofError) -> Int {
        try check(indices, treeSize)
        var count = 0
        forEachAbsent(indices[...], 0..<treeSize) { _ in count += 1 }
        return count
    }

    /// The root that these hashes give for `leaves`, the leaf hashes in the order of ``indices``.
    ///
    /// The caller compares it with a signed root. Throws what ``hashCount(indices:treeSize:)`` throws, and
    /// ``ProofError/wrongNumberOfHashes(expected:found:)`` for too few or too many leaves or hashes.
    public func root(leaves: [Digest]) throws(ProofError) -> Digest {
        try InclusionMultiproof.check(indices, treeSize)
        guard leaves.count == indices.count else {
            throw .wrongNumberOfHashes(expected: indices.count, found: leaves.count)
        }
        var rest = hashes[...]
        guard let root = root(indices.indices, 0..<treeSize, leaves, &rest), rest.isEmpty else {
            let count = try InclusionMultiproof.hashCount(indices: indices, treeSize: treeSize)
            throw .wrongNumberOfHashes(expected: count, found: hashes.count)
        }
        return root
    }

    /// Checks that `leaves` stand at ``indices`` in the tree of `head`.
    ///
    /// Throws what ``root(leaves:)`` throws, ``ProofError/sizeMismatch(proof:head:)`` and ``ProofError/rootMismatch``.
    public func verify(leaves: [Digest], in head: TreeHead) throws(ProofError) {
        guard treeSize == head.size else { throw .sizeMismatch(proof: treeSize, head: head.size) }
        guard try root(leaves: leaves) == head.root else { throw .rootMismatch }
    }

    /// The hash over `range`, in which the leaves at `places` of ``indices`` stand; `nil` where the hashes run out. The
    /// depth is that of the tree, at most 63.
    private func root(
        _ places: Range<Int>,
        _ range: Range<UInt64>,
        _ leaves: [Digest],
        _ rest: inout ArraySlice<Digest>
    ) -> Digest? {
        guard !places.isEmpty else { return rest.popFirst() }
        guard range.upperBound - range.lowerBound > 1 else { return leaves[places.lowerBound] }
        let middle = ProofPlan.split(range.lowerBound, range.upperBound)
        let cut = InclusionMultiproof.cut(indices[places], at: middle)
        guard let left = root(places.lowerBound..<cut, range.lowerBound..<middle, leaves, &rest),
            let right = root(cut..<places.upperBound, middle..<range.upperBound, leaves, &rest)
        else { return nil }
        return TreeHash.node(left, right)
    }
}

// MARK: Making

extension InclusionMultiproof {
    /// The proof of the entries at `indices` in the tree of `treeSize` entries, out of `source`.
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

    fileprivate static func check(_ indices: [UInt64], _ treeSize: UInt64) throws(ProofError) {
        try TreeSize.check(treeSize)
        guard let last = indices.last else { throw .noIndices }
        for (left, right) in zip(indices, indices.dropFirst()) where left >= right { throw .indicesOutOfOrder(right) }
        guard last < treeSize else { throw .indexOutOfRange(index: last, end: treeSize) }
    }

    /// Where the first of the ascending `indices` stands that is not below `middle`.
    fileprivate static func cut(_ indices: ArraySlice<UInt64>, at middle: UInt64) -> Int {
        var (low, high) = (indices.startIndex, indices.endIndex)
        while low < high {
            let place = low + (high - low) / 2
            if indices[place] < middle { low = place + 1 } else { high = place }
        }
        return low
    }

    /// Calls `body` with each part of `range` that is one hash of the proof, from right to left, as plans are made.
    fileprivate static func forEachAbsent(
        _ indices: ArraySlice<UInt64>,
        _ range: Range<UInt64>,
        _ body: (Range<UInt64>) -> Void
    ) {
        guard !indices.isEmpty else { return body(range) }
        guard UInt64(indices.count) < range.upperBound - range.lowerBound else { return }
        let middle = ProofPlan.split(range.lowerBound, range.upperBound)
        let cut = cut(indices, at: middle)
        forEachAbsent(indices[cut...], middle..<range.upperBound, body)
        forEachAbsent(indices[..<cut], range.lowerBound..<middle, body)
    }
}

extension ProofPlan {
    /// The hashes of an ``InclusionMultiproof``.
    ///
    /// Throws what ``InclusionMultiproof/hashCount(indices:treeSize:)`` throws.
    public static func inclusion(indices: [UInt64], treeSize: UInt64) throws(ProofError) -> ProofPlan {
        try InclusionMultiproof.check(indices, treeSize)
        var plan = ProofPlan(entries: treeSize)
        // Parts that reach the right edge without being perfect stand inside each other, so at most one is a hash of its own.
        InclusionMultiproof.forEachAbsent(indices[...], 0..<treeSize) { plan.append($0) }
        return plan.fromLeafToRoot()
    }
}
