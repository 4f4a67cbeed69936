/// A complete node of the tree: the root of a perfect subtree of 2^level entries.
///
/// Level 0 are the leaf hashes. The node covers the entries `index << level ..< (index + 1) << level`, so its hash never
/// changes once the tree has grown over it.
public struct NodeCoordinate: Hashable, Sendable {
    /// The height above the leaves, 0 to 62.
    public let level: Int
    /// The position among the nodes of its level, from the left.
    public let index: UInt64

    /// A coordinate. One that no tree of at most 2^63-1 entries has is absent from every store.
    public init(level: Int, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// Whether a tree of `size` entries has this node complete.
    public func isComplete(at size: UInt64) -> Bool {
        (0...62).contains(level) && index < size >> UInt64(level)
    }
}
