internal import EPCIS
public import TraceProof

/// One item of a commissioned batch (formats.md section 2): the CBOR array `[serial, item key, salt]`.
public struct ItemLeaf: Hashable, Sendable {
    /// How many bytes the salt has.
    public static let saltLength = 16

    /// The serial number; with the GTIN of the commissioning event it is the item.
    public let serial: String
    /// The public half of the item's hidden key; `nil` for an item without a hidden code.
    public let key: PublicKey?
    /// 16 bytes that nobody guesses, so that a proof of one item tells nothing of its neighbours.
    public let salt: [UInt8]

    /// The leaf of an item.
    ///
    /// - Throws: ``FormatError`` for a serial that is not 1 to 20 bytes or a salt that is not 16.
    public init(serial: String, key: PublicKey?, salt: [UInt8]) throws(FormatError) {
        guard (1...20).contains(serial.utf8.count) else {
            throw FormatError("item", at: .whole, "a serial number has 1 to 20 characters, not \(serial.utf8.count)")
        }
        guard salt.count == ItemLeaf.saltLength else {
            throw FormatError("item", at: .whole, "a salt has \(ItemLeaf.saltLength) bytes, not \(salt.count)")
        }
        (self.serial, self.key, self.salt) = (serial, key, salt)
    }

    /// The leaf's bytes.
    public var encoded: [UInt8] {
        var writer = CBORWriter(capacity: 80)
        write(to: &writer)
        return writer.output
    }

    func write(to writer: inout CBORWriter) {
        writer.array(3)
        writer.text(serial)
        if let key { writer.bytes(key.bytes) } else { writer.null() }
        writer.bytes(salt)
    }

    /// The next leaf of a file that was validated.
    init(reading reader: inout CBORReader) throws(FormatError) {
        try reader.array(count: 3)
        let serial = try reader.text()
        var key: PublicKey?
        if try reader.peek() == .null {
            try reader.null()
        } else {
            key = PublicKey(try reader.byteString(count: PublicKey.byteCount))
        }
        let place = reader
        do {
            self = try ItemLeaf(serial: serial, key: key, salt: try reader.byteString(count: ItemLeaf.saltLength))
        } catch {
            throw place.refuse(error.reason)
        }
    }

    /// The salt of item `index` of a batch whose 16 secret bytes are `secret`: the first 16 bytes of SHA-256 over
    /// `traceledger/item-salt/v1`, the secret and the index, big-endian. One secret stands for all salts in a ``BatchPack``; an
    /// item's proof gives away its own.
    public static func salt(ofIndex index: UInt64, secret: [UInt8]) -> [UInt8] {
        let number = (0..<8).map { UInt8(truncatingIfNeeded: index >> UInt64(56 - 8 * $0)) }
        return Array(SHA256.hash(Array("traceledger/item-salt/v1".utf8) + secret + number).bytes.prefix(saltLength))
    }
}

/// The tree over the items of a batch: what one signature in a commissioning event stands for (formats.md section 2).
public struct ItemTree: Sendable {
    /// The most items of one tree.
    public static let maximumCount = ItemTreeRoot.maximumCount

    /// The items in their order.
    public let leaves: [ItemLeaf]
    private let tree: MerkleTree

    /// The tree over these items.
    ///
    /// - Throws: ``FormatError`` for none, for more than ``maximumCount``, and for a serial number that stands there twice.
    public init(_ leaves: [ItemLeaf]) throws(FormatError) {
        guard !leaves.isEmpty, UInt64(leaves.count) <= ItemTree.maximumCount else {
            throw FormatError(
                "item tree",
                at: .whole,
                "\(leaves.count) items, and a tree has 1 to \(ItemTree.maximumCount)"
            )
        }
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(leaves.count)
        for (index, leaf) in leaves.enumerated() where !seen.insert(Array(leaf.serial.utf8)).inserted {
            throw FormatError(
                "item tree",
                at: .whole,
                "item \(index): the serial number \(leaf.serial) stands there twice"
            )
        }
        self.leaves = leaves
        tree = MerkleTree(leaves: TreeHash.leaves(leaves.map { $0.encoded }))
    }

    /// How many items there are.
    public var count: UInt64 { tree.size }

    /// The root that the commissioning event carries.
    public var root: Digest { tree.head.root }

    /// The proof of one item.
    ///
    /// - Throws: ``FormatError`` for an index that the tree does not have.
    public func proof(ofIndex index: Int) throws(FormatError) -> ItemProof {
        guard leaves.indices.contains(index),
            let proof = try? InclusionProof.make(index: UInt64(index), treeSize: count, from: tree)
        else { throw FormatError("item tree", at: .whole, "there is no item \(index) among \(count)") }
        return ItemProof(index: proof.index, count: count, leaf: leaves[index], path: proof.path)
    }
}
