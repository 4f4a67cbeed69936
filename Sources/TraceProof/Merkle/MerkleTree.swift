/// A tree with all its nodes in memory, 64 bytes an entry: for item trees, small trees and tests.
///
/// ```swift
/// let tree = MerkleTree(leaves: entries.map { TreeHash.leaf($0) })
/// let proof = try InclusionProof.make(index: 2, treeSize: tree.size, from: tree)
/// try proof.verify(leaf: TreeHash.leaf(entries[2]), in: tree.head)
/// ```
public struct MerkleTree: Sendable {
    // levels[l][i] is the complete node at level l, index i.
    private var levels: [[Digest]] = [[]]

    /// The tree without entries.
    public init() {}

    /// The tree over these leaf hashes.
    public init(leaves: some Sequence<Digest>) {
        append(contentsOf: leaves)
    }

    /// The number of entries.
    public var size: UInt64 { UInt64(leaves.count) }

    /// The leaf hashes.
    public var leaves: [Digest] { levels[0] }

    /// Appends an entry by its leaf hash, in constant amortised time.
    public mutating func append(_ leaf: Digest) {
        var node = leaf
        for level in levels.indices {
            levels[level].append(node)
            let count = levels[level].count
            guard count.isMultiple(of: 2) else { return }
            node = TreeHash.node(levels[level][count - 2], node)
        }
        levels.append([node])
    }

    /// Appends many entries by their leaf hashes: level by level, several times as fast as one at a time.
    public mutating func append(contentsOf leaves: some Sequence<Digest>) {
        levels[0].append(contentsOf: leaves)
        var level = 0
        while levels[level].count >= 2 {
            if level + 1 == levels.count { levels.append([]) }
            let new = 2 * levels[level + 1].count..<levels[level].count & ~1
            levels[level + 1] += TreeHash.nodes(levels[level][new])
            level += 1
        }
    }

    /// The head of the whole tree.
    public var head: TreeHead {
        // The nodes of the right edge, largest first: on each level with an odd number the last one.
        let edge = levels.reversed().compactMap { $0.count.isMultiple(of: 2) ? nil : $0.last }
        return TreeHead(checked: size, root: TreeHash.fold(edge[...]))
    }
}

extension MerkleTree: NodeSource {
    /// The hashes of `nodes`; throws ``ProofError/nodeAbsent(_:)`` for one that the tree does not have complete.
    public func hashes(of nodes: [NodeCoordinate]) throws(ProofError) -> [Digest] {
        var hashes: [Digest] = []
        hashes.reserveCapacity(nodes.count)
        for node in nodes {
            guard levels.indices.contains(node.level) else { throw .nodeAbsent(node) }
            let level = levels[node.level]
            guard node.index < UInt64(level.count) else { throw .nodeAbsent(node) }
            hashes.append(level[Int(node.index)])
        }
        return hashes
    }
}
