/// A store of the complete nodes of a tree: memory, tiles, a database.
public protocol NodeSource<Failure> {
    /// What a read can fail with.
    associatedtype Failure: Error

    /// The hashes of `nodes`, in their order: one batched read, so that a store can fetch them together.
    func hashes(of nodes: [NodeCoordinate]) throws(Failure) -> [Digest]
}

/// Why a proof could not be made.
public enum ProofMakingError<SourceFailure: Error>: Error {
    /// No such proof exists, or the source answered with another number of hashes.
    case proof(ProofError)
    /// The source could not read the nodes.
    case source(SourceFailure)
}

extension ProofMakingError: Equatable where SourceFailure: Equatable {}
extension ProofMakingError: Sendable where SourceFailure: Sendable {}

extension NodeSource {
    /// The path of the proof that `plan` lays out.
    ///
    /// `plan` is a closure so that its errors come out as ``ProofMakingError/proof(_:)``.
    public func path(
        _ plan: () throws(ProofError) -> ProofPlan
    ) throws(ProofMakingError<Failure>) -> [Digest] {
        let found: ProofPlan
        do { found = try plan() } catch { throw .proof(error) }
        let hashes: [Digest]
        do { hashes = try self.hashes(of: found.nodes) } catch { throw .source(error) }
        do { return try found.path(from: consume hashes) } catch { throw .proof(error) }
    }

    /// The hash of the entries of a subtree: for a start of 0 the root of the tree of that size.
    public func hash(of subtree: Subtree) throws(ProofMakingError<Failure>) -> Digest {
        try path { () throws(ProofError) in ProofPlan.hash(of: subtree) }.first ?? TreeHash.empty
    }

    /// The head of the tree when it had `size` entries.
    public func head(at size: UInt64) throws(ProofMakingError<Failure>) -> TreeHead {
        let tree: Subtree
        do { tree = try Subtree(start: 0, end: size) } catch { throw .proof(error) }
        return TreeHead(checked: size, root: try hash(of: tree))
    }
}

extension InclusionProof {
    /// The proof of the entry at `index` in the tree of `treeSize` entries, out of `source`.
    public static func make<Source: NodeSource>(
        index: UInt64,
        treeSize: UInt64,
        from source: Source
    ) throws(ProofMakingError<Source.Failure>) -> InclusionProof {
        let path = try source.path { () throws(ProofError) in
            try ProofPlan.inclusion(index: index, treeSize: treeSize)
        }
        return InclusionProof(index: index, treeSize: treeSize, path: path)
    }
}

extension SubtreeInclusionProof {
    /// The proof of the entry at `index` in the subtree `start ..< end`, out of `source`.
    public static func make<Source: NodeSource>(
        index: UInt64,
        start: UInt64,
        end: UInt64,
        from source: Source
    ) throws(ProofMakingError<Source.Failure>) -> SubtreeInclusionProof {
        let path = try source.path { () throws(ProofError) in
            try ProofPlan.inclusion(index: index, in: Subtree(start: start, end: end))
        }
        return SubtreeInclusionProof(index: index, start: start, end: end, path: path)
    }
}

extension ConsistencyProof {
    /// The proof that the tree of `newSize` entries extends the one of `oldSize`, out of `source`.
    public static func make<Source: NodeSource>(
        oldSize: UInt64,
        newSize: UInt64,
        from source: Source
    ) throws(ProofMakingError<Source.Failure>) -> ConsistencyProof {
        let path = try source.path { () throws(ProofError) in
            try ProofPlan.consistency(oldSize: oldSize, newSize: newSize)
        }
        return ConsistencyProof(oldSize: oldSize, newSize: newSize, path: path)
    }
}

extension SubtreeConsistencyProof {
    /// The proof that the tree of `treeSize` entries contains the subtree `start ..< end`, out of `source`.
    public static func make<Source: NodeSource>(
        start: UInt64,
        end: UInt64,
        treeSize: UInt64,
        from source: Source
    ) throws(ProofMakingError<Source.Failure>) -> SubtreeConsistencyProof {
        let path = try source.path { () throws(ProofError) in
            try ProofPlan.consistency(of: Subtree(start: start, end: end), treeSize: treeSize)
        }
        return SubtreeConsistencyProof(start: start, end: end, treeSize: treeSize, path: path)
    }
}
