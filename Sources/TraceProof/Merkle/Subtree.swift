/// A part of a tree that is a Merkle tree itself and can be proved and cosigned alone
/// (draft-ietf-plants-merkle-tree-certs section 4.1; C2SP tlog-mirror).
///
/// Its hash is the Merkle tree hash over the entries `start ..< end`.
public struct Subtree: Hashable, Sendable {
    /// The first entry.
    public let start: UInt64
    /// The entry after the last.
    public let end: UInt64

    /// The subtree of the entries `start ..< end`; throws ``ProofError/invalidSubtree(start:end:)`` unless
    /// `start <= end` and `start` is 0, or `end`, or a multiple of the smallest power of two that is at least
    /// `end - start`; throws ``ProofError/sizeTooLarge(_:)`` for an end above ``TreeSize/maximum``.
    public init(start: UInt64, end: UInt64) throws(ProofError) {
        try TreeSize.check(end)
        guard start <= end else { throw .invalidSubtree(start: start, end: end) }
        let count = end - start
        if start != 0, count > 1 {
            // The smallest power of two at or above count, at most 2^63.
            let power = UInt64(1) << UInt64(64 - (count - 1).leadingZeroBitCount)
            guard start & (power - 1) == 0 else { throw .invalidSubtree(start: start, end: end) }
        }
        self.start = start
        self.end = end
    }

    /// The number of entries.
    public var count: UInt64 { end - start }
    /// Whether it has none; its hash is then ``TreeHash/empty``.
    public var isEmpty: Bool { start == end }
}
