public import TraceProof

/// That an item is one of a batch: the CBOR array `[index, count, leaf, [path]]` (formats.md section 2), which leads to the
/// root in the batch's commissioning event.
public struct ItemProof: Hashable, Sendable {
    /// The item's place, from 0.
    public let index: UInt64
    /// How many items the batch has.
    public let count: UInt64
    /// The item.
    public let leaf: ItemLeaf
    /// The siblings on the way up.
    public let path: [Digest]

    /// A proof as it came: ``root`` says what it proves.
    public init(index: UInt64, count: UInt64, leaf: ItemLeaf, path: [Digest]) {
        (self.index, self.count, self.leaf, self.path) = (index, count, leaf, path)
    }

    /// The root that the path leads to; `nil` where index, count and path do not fit.
    public var root: Digest? {
        guard count <= ItemTree.maximumCount else { return nil }
        return try? InclusionProof(index: index, treeSize: count, path: path).root(leaf: TreeHash.leaf(leaf.encoded))
    }

    /// The proof's bytes.
    public var encoded: [UInt8] {
        var writer = CBORWriter(capacity: 128 + path.count * 34)
        write(to: &writer)
        return writer.output
    }

    /// Writes the proof as one item of a larger file.
    public func write(to writer: inout CBORWriter) {
        writer.array(4)
        writer.unsigned(index)
        writer.unsigned(count)
        leaf.write(to: &writer)
        writer.array(path.count)
        for digest in path { writer.bytes(digest) }
    }

    /// Reads a proof that stands alone.
    ///
    /// - Throws: ``FormatError`` for anything but the array above.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: bytes, format: "item proof")
        self = try ItemProof(reading: &reader)
        try reader.finish()
    }

    /// Reads the next item of a file that was validated.
    public init(reading reader: inout CBORReader) throws(FormatError) {
        try reader.array(count: 4)
        let place = reader
        (index, count) = (try reader.unsigned(), try reader.unsigned())
        guard count <= ItemTree.maximumCount, index < count else {
            throw place.refuse("item \(index) of \(count): a batch has at most \(ItemTree.maximumCount) items")
        }
        leaf = try ItemLeaf(reading: &reader)
        let hashes = try reader.array()
        guard hashes <= 24 else { throw reader.refuse("\(hashes) hashes, and the path of an item has at most 24") }
        var path: [Digest] = []
        for _ in 0..<hashes { path.append(try reader.digest()) }
        self.path = path
    }
}
