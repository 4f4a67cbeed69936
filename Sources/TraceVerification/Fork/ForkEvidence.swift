public import TraceProof

/// Two checkpoints that one ledger signed and of which neither is the beginning of the other: it shows one history here and
/// another there. One small file proves that to anybody who has the ledger's key (node.md, Replication).
///
/// Of two trees of one size the roots say it. Of two sizes a ``PrefixProof`` does: the root that the larger tree had at the
/// smaller size is not the one that the ledger signed then.
public struct ForkEvidence: Equatable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/fork-evidence", version: 1)

    /// The checkpoint of the smaller tree; of two of one size the one whose root is the smaller number.
    public let smaller: SignedCheckpoint
    /// The other one.
    public let larger: SignedCheckpoint
    /// The hashes of the ``PrefixProof`` of the smaller size in the larger tree; none where the sizes are equal.
    public let path: [Digest]

    /// Evidence of these parts, in whichever order the two come. Whether it proves anything is for
    /// ``Verifier/verify(_:statement:oldCheckpoint:)`` to say.
    ///
    /// - Throws: ``FormatError`` for checkpoints of two origins or of one tree, for the empty tree, which is the beginning
    ///   of every other, and for a path between equal sizes or none between others.
    public init(_ one: SignedCheckpoint, _ other: SignedCheckpoint, path: [Digest] = []) throws(FormatError) {
        (smaller, larger) = ForkEvidence.isOrdered(one, other) ? (one, other) : (other, one)
        self.path = path
        let (old, new) = (smaller.checkpoint, larger.checkpoint)
        guard old.origin.hasSameUTF8(as: new.origin) else {
            throw ForkEvidence.refusal("the checkpoints are of two ledgers, \(old.origin) and \(new.origin)")
        }
        guard old.head != new.head else {
            throw ForkEvidence.refusal("both checkpoints are of the same tree of size \(old.head.size)")
        }
        guard old.head.size > 0 else {
            throw ForkEvidence.refusal("the tree without entries is the beginning of every other")
        }
        guard (old.head.size == new.head.size) == path.isEmpty, path.count <= ForkEvidence.maximumPathCount else {
            throw ForkEvidence.refusal("\(path.count) hashes between the sizes \(old.head.size) and \(new.head.size)")
        }
    }

    /// The root that the larger tree had at the smaller one's size: the smaller checkpoint's own where there is no fork.
    ///
    /// - Throws: ``ProofError`` where ``path`` does not lead to the larger checkpoint's root, and so shows nothing.
    public func rootInLarger() throws(ProofError) -> Digest {
        let (old, new) = (smaller.checkpoint.head, larger.checkpoint.head)
        if old.size == new.size { return new.root }
        return try PrefixProof(oldSize: old.size, newSize: new.size, path: path).oldRoot(in: new)
    }

    // A path has at most a hash a level and one to begin with.
    private static let maximumPathCount = 64

    private static func isOrdered(_ one: SignedCheckpoint, _ other: SignedCheckpoint) -> Bool {
        let (left, right) = (one.checkpoint.head, other.checkpoint.head)
        if left.size != right.size { return left.size < right.size }
        return left.root.bytes.lexicographicallyPrecedes(right.root.bytes)
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError(file.name, at: .whole, reason) }
}

extension ForkEvidence {
    /// The file's bytes.
    public var encoded: [UInt8] {
        ForkEvidence.file.encoded { writer in
            writer.map { map in
                map.entry(1) { $0.bytes(smaller.bytes) }
                map.entry(2) { $0.bytes(larger.bytes) }
                if !path.isEmpty { map.entry(3) { $0.hashes(path) } }
            }
        }
    }

    /// Reads evidence. Nothing is verified.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try ForkEvidence.file.content(of: bytes)
        let count = try reader.map()
        guard count == 2 || count == 3 else { throw reader.refuse("fork evidence has the keys 1, 2 and perhaps 3") }
        try reader.expectKey(1)
        let first = try reader.checkpoint()
        try reader.expectKey(2)
        let place = reader
        let second = try reader.checkpoint()
        guard ForkEvidence.isOrdered(first, second) else {
            throw place.refuse("the smaller of the two checkpoints comes first, of one size the smaller root")
        }
        var path: [Digest] = []
        if count == 3 {
            try reader.expectKey(3)
            let hashesPlace = reader
            path = try reader.hashes()
            guard !path.isEmpty else { throw hashesPlace.refuse("no hashes are left out, not written as none") }
        }
        try self.init(first, second, path: path)
    }
}
