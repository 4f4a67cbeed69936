internal import CTraceHash

/// Many hashes in one call: four of them under way at a time where the processor has SHA-256 instructions, several times
/// as fast as one after the other.
extension TreeHash {
    /// The leaf hashes of `entries`, in their order.
    ///
    /// ```swift
    /// let hashes = TreeHash.leaves(statements.map(\.encoded))
    /// ```
    public static func leaves(_ entries: [[UInt8]]) -> [Digest] { leaves(entries[...]) }

    /// The same for some of the entries of an array.
    public static func leaves(_ entries: ArraySlice<[UInt8]>) -> [Digest] {
        var hashes: [Digest] = []
        hashes.reserveCapacity(entries.count)
        // The entries stand apart in memory and the kernel wants them side by side. Copying one costs a fifth of hashing it.
        var (bytes, ends) = ([UInt8](), [Int]())
        bytes.reserveCapacity(min(2 * batchByteCount, entries.reduce(0) { $0 &+ $1.count }))
        ends.reserveCapacity(min(256, entries.count))
        for entry in entries {
            bytes += entry
            ends.append(bytes.count)
            if bytes.count >= batchByteCount || ends.count == 256 {
                append(leavesOf: bytes, ends, to: &hashes)
                bytes.removeAll(keepingCapacity: true)
                ends.removeAll(keepingCapacity: true)
            }
        }
        append(leavesOf: bytes, ends, to: &hashes)
        return hashes
    }

    /// The leaf hashes of entries that stand one behind the other in `bytes`: the first begins at 0, each ends before its
    /// own of `ends`, in bytes. `nil` where `ends` decrease or reach beyond `bytes`.
    public static func leaves(in bytes: [UInt8], endingAt ends: [Int]) -> [Digest]? {
        var start = 0
        for end in ends {
            guard start <= end, end <= bytes.count else { return nil }
            start = end
        }
        var hashes: [Digest] = []
        append(leavesOf: bytes, ends, to: &hashes)
        return hashes
    }

    /// The leaf hashes of the entries of a bundle, in their order; the bytes are hashed where they are.
    public static func leaves(_ bundle: EntryBundle) -> [Digest] {
        // A bundle was taken apart when it was made, so it has that many entries.
        leaves(bundle: bundle.encoded, width: bundle.count) ?? []
    }

    /// The leaf hashes of the entries of a bundle in the bytes of C2SP tlog-tiles, a big-endian 16-bit length before each.
    ///
    /// `nil` where `bytes` are not exactly `width` entries. Whoever needs the entries too makes an ``EntryBundle``.
    public static func leaves(bundle bytes: [UInt8], width: Int) -> [Digest]? {
        // Each entry has its two bytes of length, so that a false width asks for no memory.
        guard width >= 0, width <= bytes.count / 2 else { return nil }
        var isWhole = false
        let hashes = unsafe [Digest](unsafeUninitializedCapacity: width) { hashes, count in
            let output = unsafe bytePointer(hashes)
            isWhole = unsafe bytes.withUnsafeBufferPointer { input in
                unsafe trace_hash_bundle(input.baseAddress, input.count, width, output) == 1
            }
            count = isWhole ? width : 0
        }
        return isWhole ? hashes : nil
    }

    /// The parents of the nodes of `row`: each hash that of two neighbours, half as many. A last node without a neighbour
    /// has no parent yet.
    public static func nodes(_ row: ArraySlice<Digest>) -> [Digest] {
        unsafe row.withUnsafeBufferPointer { unsafe parents($0) }
    }

    /// The root over `hashes` as the nodes of one level, whose number is a power of two; `nil` for any other number.
    public static func perfectRoot(_ hashes: ArraySlice<Digest>) -> Digest? {
        guard hashes.count.nonzeroBitCount == 1 else { return nil }
        return unsafe hashes.withUnsafeBufferPointer { unsafe root($0) }
    }

    /// Makes all nodes above the first `width` of the 256 leaves of a binary heap, which stand at 256 and after it.
    static func fillHeap(_ nodes: inout [Digest], width: Int) {
        guard nodes.count == 512, width <= 256 else { return }
        unsafe nodes.withUnsafeMutableBufferPointer { nodes in
            var (row, count) = (256, width)
            while count > 1 {
                count /= 2
                let children = unsafe bytePointer(UnsafeMutableBufferPointer(rebasing: nodes[row...]))
                let parents = unsafe bytePointer(UnsafeMutableBufferPointer(rebasing: nodes[(row / 2)...]))
                unsafe trace_hash_nodes(children, count, parents)
                row /= 2
            }
        }
    }

    /// About as many bytes of entries as stay in the processor's nearest cache while they are copied and hashed.
    private static let batchByteCount = 1 << 14

    /// Nodes of a level that are taken up to their common root before the next ones are touched: 128 KiB.
    private static let chunk = 4096

    private static func append(leavesOf bytes: [UInt8], _ ends: [Int], to hashes: inout [Digest]) {
        guard let length = ends.last else { return }
        hashes += unsafe [Digest](unsafeUninitializedCapacity: ends.count) { hashes, count in
            let output = unsafe bytePointer(hashes)
            unsafe bytes.withUnsafeBufferPointer { input in
                // The ends do not decrease and lie within the bytes: both callers see to it.
                assert(length <= input.count)
                unsafe trace_hash_leaves_until(input.baseAddress, ends, ends.count, output)
            }
            count = ends.count
        }
    }

    /// The root over a power of two of hashes.
    private static func root(_ hashes: UnsafeBufferPointer<Digest>) -> Digest? {
        guard hashes.count > 1 else { return unsafe hashes.first }
        guard hashes.count <= chunk else {
            let roots = stride(from: 0, to: hashes.count, by: chunk).compactMap { start in
                unsafe root(UnsafeBufferPointer(rebasing: hashes[start..<start + chunk]))
            }
            return unsafe roots.withUnsafeBufferPointer { unsafe root($0) }
        }
        var row = unsafe parents(hashes)
        unsafe row.withUnsafeMutableBufferPointer { row in
            let bytes = unsafe bytePointer(row)
            var count = row.count
            while count > 1 {
                count /= 2
                unsafe trace_hash_nodes(bytes, count, bytes)
            }
        }
        return row.first
    }

    private static func parents(_ row: UnsafeBufferPointer<Digest>) -> [Digest] {
        unsafe [Digest](unsafeUninitializedCapacity: row.count / 2) { parents, count in
            let output = unsafe bytePointer(parents)
            count = row.count / 2
            unsafe trace_hash_nodes(
                UnsafeRawPointer(row.baseAddress)?.assumingMemoryBound(to: UInt8.self),
                count,
                output
            )
        }
    }

    /// The memory of digests as the kernel takes it: they are 32 bytes each, side by side.
    private static func bytePointer(_ digests: UnsafeMutableBufferPointer<Digest>) -> UnsafeMutablePointer<UInt8>? {
        unsafe UnsafeMutableRawPointer(digests.baseAddress)?.assumingMemoryBound(to: UInt8.self)
    }
}
