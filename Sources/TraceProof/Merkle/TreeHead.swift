/// The limit of tree sizes and what follows from it.
public enum TreeSize {
    /// The largest size that anything here reads, writes or proves: 2^63-1, the range that every implementation shares.
    public static let maximum = UInt64(Int64.max)

    /// Refuses a size above ``maximum``.
    static func check(_ size: UInt64) throws(ProofError) {
        guard size <= maximum else { throw .sizeTooLarge(size) }
    }
}

/// What a checkpoint says of a tree: how many entries it has and the hash over them (RFC 9162 section 4.10).
public struct TreeHead: Hashable, Sendable {
    /// The number of entries.
    public let size: UInt64
    /// The Merkle tree hash over all of them.
    public let root: Digest

    /// A tree head; throws ``ProofError/sizeTooLarge(_:)`` above ``TreeSize/maximum``.
    ///
    /// That a head of size 0 has the root ``TreeHash/empty`` is not asked here: ``isEmptyTree`` tells.
    public init(size: UInt64, root: Digest) throws(ProofError) {
        try TreeSize.check(size)
        self.size = size
        self.root = root
    }

    init(checked size: UInt64, root: Digest) {
        self.size = size
        self.root = root
    }

    /// The head of the tree without entries.
    public static let empty = TreeHead(checked: 0, root: TreeHash.empty)

    /// Whether this is the one valid head of size 0.
    public var isEmptyTree: Bool { self == TreeHead.empty }
}
