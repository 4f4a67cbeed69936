/// What stands in a ``SparseMerkleTree`` where a key would: the hashes beside the way from the root down.
public struct SparseMerkleProof: Hashable, Sendable {
    /// The most hashes that a proof may have: a key has so many bits.
    public static let maximumCount = 256

    /// A key and its value.
    public struct Leaf: Hashable, Sendable {
        /// The key.
        public let key: Digest
        /// Its value.
        public let value: Digest

        /// `key` with `value`.
        public init(key: Digest, value: Digest) { (self.key, self.value) = (key, value) }
    }

    /// The siblings, that below the root first.
    public let siblings: [Digest]
    /// In a proof of absence another leaf that stands at the end of the way; `nil` where nothing does, and in a proof of
    /// presence.
    public let other: Leaf?

    /// A proof as it came; nothing is checked before ``verify(key:value:root:)``.
    public init(siblings: [Digest], other: Leaf?) { (self.siblings, self.other) = (siblings, other) }

    /// The root that this proof gives for a key with `value`, or without one.
    ///
    /// The way of a key through a tree is one: it ends at the key's leaf, at another leaf or at nothing, so a root has either
    /// the proof of its presence or that of its absence.
    /// - Throws: ``ProofError/wrongNumberOfHashes(expected:found:)`` for more than ``maximumCount`` siblings;
    ///   ``ProofError/rootMismatch`` where the other leaf is the key itself, or does not stand on its way.
    public func root(key: Digest, value: Digest?) throws(ProofError) -> Digest {
        guard siblings.count <= SparseMerkleProof.maximumCount else {
            throw .wrongNumberOfHashes(expected: SparseMerkleProof.maximumCount, found: siblings.count)
        }
        var hash = TreeHash.empty
        if let value {
            guard other == nil else { throw .rootMismatch }
            hash = SparseMerkleTree.leafHash(key: key, value: value)
        } else if let other {
            let isOnTheWay = siblings.indices.allSatisfy {
                SparseMerkleTree.isRight(other.key, at: $0) == SparseMerkleTree.isRight(key, at: $0)
            }
            guard other.key != key, isOnTheWay else { throw .rootMismatch }
            hash = SparseMerkleTree.leafHash(key: other.key, value: other.value)
        }
        for (depth, sibling) in siblings.enumerated().reversed() {
            let isRight = SparseMerkleTree.isRight(key, at: depth)
            hash = isRight ? TreeHash.node(sibling, hash) : TreeHash.node(hash, sibling)
        }
        return hash
    }

    /// Checks that `key` has `value` (`nil`: none) in the map with this root.
    ///
    /// Throws what ``root(key:value:)`` throws, and ``ProofError/rootMismatch``.
    public func verify(key: Digest, value: Digest?, root: Digest) throws(ProofError) {
        guard try self.root(key: key, value: value) == root else { throw .rootMismatch }
    }
}
