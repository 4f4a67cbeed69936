/// A map from 256-bit keys to digests with one root: a sparse Merkle tree in its compact form (Docs/Formats/README.md,
/// "The map of subjects").
///
/// ```swift
/// var tree = SparseMerkleTree()
/// tree.set(key, to: value)
/// let root = tree.root()
/// try tree.proof(of: key).verify(key: key, value: value, root: root)      // it is there
/// try tree.proof(of: other).verify(key: other, value: nil, root: root)    // and that one is not
/// ```
/// A subtree without a key is ``TreeHash/empty``; one with a single key is the hash of its leaf, wherever it stands; any
/// other is the node over its halves, which the next bit of the key tells apart, the most significant bit first. So a
/// proof takes about log2(number of keys) hashes. A leaf is hashed with 0x00 in front and a node with 0x01, as in RFC 9162.
///
/// Keys are hashes: nobody chooses where they stand. They are kept in sorted buckets, and only those that changed are hashed
/// again.
public struct SparseMerkleTree: Sendable {
    /// The number of levels above the buckets.
    private static let upperLevels = 14
    /// The number of buckets: the keys of one share their first 14 bits.
    static let bucketCount = 1 << upperLevels

    private struct Leaf {
        let key: Digest
        let value: Digest
        /// Kept: a root is over all of them, and few change from one to the next.
        let hash: Digest

        init(key: Digest, value: Digest) {
            (self.key, self.value) = (key, value)
            hash = SparseMerkleTree.leafHash(key: key, value: value)
        }
    }

    /// A subtree: its hash, and how many keys it has as far as that decides its form (0, 1, more).
    private struct Summary {
        var hash = TreeHash.empty
        var keys = 0

        static func over(_ left: Summary, _ right: Summary) -> Summary {
            switch (left.keys, right.keys) {
            case (0, 0): Summary()
            case (1, 0): left
            case (0, 1): right
            default: Summary(hash: TreeHash.node(left.hash, right.hash), keys: 2)
            }
        }
    }

    private var buckets: [[Leaf]] = []
    /// As a heap: the children of `i` are `2i` and `2i + 1`, and the buckets begin at ``bucketCount``.
    private var summaries: [Summary] = []
    private var dirty: Set<Int> = []
    /// The number of keys.
    public private(set) var count: UInt64 = 0

    /// The map without a key.
    public init() {}

    /// The hash of a leaf: SHA-256(0x00 || key || value).
    public static func leafHash(key: Digest, value: Digest) -> Digest { TreeHash.leaf(key.bytes + value.bytes) }

    /// The bit of a key that tells the halves apart `depth` levels below the root.
    static func isRight(_ key: Digest, at depth: Int) -> Bool {
        key.byte(depth >> 3) >> UInt8(7 - depth & 7) & 1 == 1
    }

    private static func bucket(of key: Digest) -> Int { Int(key.byte(0)) << 6 | Int(key.byte(1) >> 2) }

    /// Where a key stands in its bucket, or would stand.
    private static func place(of key: Digest, in bucket: [Leaf]) -> (place: Int, isThere: Bool) {
        var (low, high) = (0, bucket.count)
        while low < high {
            let middle = (low + high) / 2
            if bucket[middle].key.precedes(key) { low = middle + 1 } else { high = middle }
        }
        return (low, low < bucket.count && bucket[low].key == key)
    }

    /// Gives a key its value.
    public mutating func set(_ key: Digest, to value: Digest) {
        if buckets.isEmpty {
            buckets = Array(repeating: [], count: SparseMerkleTree.bucketCount)
            summaries = Array(repeating: Summary(), count: 2 * SparseMerkleTree.bucketCount)
        }
        let bucket = SparseMerkleTree.bucket(of: key)
        let (place, isThere) = SparseMerkleTree.place(of: key, in: buckets[bucket])
        if isThere {
            buckets[bucket][place] = Leaf(key: key, value: value)
        } else {
            buckets[bucket].insert(Leaf(key: key, value: value), at: place)
            count += 1
        }
        dirty.insert(bucket)
    }

    /// The value of a key; `nil` where it has none.
    public func value(of key: Digest) -> Digest? {
        guard !buckets.isEmpty else { return nil }
        let bucket = buckets[SparseMerkleTree.bucket(of: key)]
        let (place, isThere) = SparseMerkleTree.place(of: key, in: bucket)
        return isThere ? bucket[place].value : nil
    }

    /// The root, once what changed has been hashed.
    public mutating func root() -> Digest {
        hashChanges()
        return summaries.isEmpty ? TreeHash.empty : summaries[1].hash
    }

    private mutating func hashChanges() {
        var changed: Set<Int> = []
        for bucket in dirty {
            let leaves = buckets[bucket]
            summaries[SparseMerkleTree.bucketCount + bucket] = SparseMerkleTree.summary(
                of: leaves[...],
                depth: SparseMerkleTree.upperLevels
            )
            changed.insert((SparseMerkleTree.bucketCount + bucket) / 2)
        }
        dirty.removeAll(keepingCapacity: true)
        for _ in 0..<SparseMerkleTree.upperLevels {
            var above: Set<Int> = []
            for place in changed {
                summaries[place] = .over(summaries[2 * place], summaries[2 * place + 1])
                above.insert(place / 2)
            }
            changed = above
        }
    }

    /// The subtree over sorted leaves that share their first `depth` bits.
    private static func summary(of leaves: ArraySlice<Leaf>, depth: Int) -> Summary {
        guard leaves.count > 1, depth < 256 else {
            return Summary(hash: leaves.first?.hash ?? TreeHash.empty, keys: leaves.count)
        }
        let (left, right) = halves(of: leaves, depth)
        return .over(summary(of: left, depth: depth + 1), summary(of: right, depth: depth + 1))
    }

    private static func halves(of leaves: ArraySlice<Leaf>, _ depth: Int) -> (ArraySlice<Leaf>, ArraySlice<Leaf>) {
        var (low, high) = (leaves.startIndex, leaves.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isRight(leaves[middle].key, at: depth) { high = middle } else { low = middle + 1 }
        }
        return (leaves[..<low], leaves[low...])
    }

    /// The proof of what stands where `key` would: its value, or that it has none.
    public mutating func proof(of key: Digest) -> SparseMerkleProof {
        hashChanges()
        var siblings: [Digest] = []
        guard !summaries.isEmpty else { return SparseMerkleProof(siblings: [], other: nil) }
        var place = 1
        for depth in 0..<SparseMerkleTree.upperLevels {
            if summaries[place].keys < 2 {
                return SparseMerkleProof(siblings: siblings, other: only(below: place, but: key))
            }
            let isRight = SparseMerkleTree.isRight(key, at: depth)
            siblings.append(summaries[2 * place + (isRight ? 0 : 1)].hash)
            place = 2 * place + (isRight ? 1 : 0)
        }
        var leaves = buckets[place - SparseMerkleTree.bucketCount][...]
        var depth = SparseMerkleTree.upperLevels
        while leaves.count > 1, depth < 256 {
            let (left, right) = SparseMerkleTree.halves(of: leaves, depth)
            let isRight = SparseMerkleTree.isRight(key, at: depth)
            depth += 1
            siblings.append(SparseMerkleTree.summary(of: isRight ? left : right, depth: depth).hash)
            leaves = isRight ? right : left
        }
        return SparseMerkleProof(siblings: siblings, other: SparseMerkleTree.other(leaves.first, than: key))
    }

    /// The one key in a subtree of the upper levels, where it is not `key`.
    private func only(below start: Int, but key: Digest) -> SparseMerkleProof.Leaf? {
        guard summaries[start].keys == 1 else { return nil }
        var place = start
        while place < SparseMerkleTree.bucketCount {
            place = summaries[2 * place].keys == 1 ? 2 * place : 2 * place + 1
        }
        return SparseMerkleTree.other(buckets[place - SparseMerkleTree.bucketCount].first, than: key)
    }

    private static func other(_ leaf: Leaf?, than key: Digest) -> SparseMerkleProof.Leaf? {
        guard let leaf, leaf.key != key else { return nil }
        return SparseMerkleProof.Leaf(key: leaf.key, value: leaf.value)
    }
}

extension Digest {
    /// The byte at a position from 0 to 31.
    func byte(_ position: Int) -> UInt8 { unsafe withUnsafeBytes { unsafe $0[position & 31] } }

    /// Whether its bytes come before those of another digest.
    func precedes(_ other: Digest) -> Bool {
        for position in 0..<Digest.byteCount where byte(position) != other.byte(position) {
            return byte(position) < other.byte(position)
        }
        return false
    }
}
