public import TraceProof
public import TraceStatements

/// All items of a logged batch in one file (formats.md section 7), for shops and for whoever checks without a network.
///
/// It tells how many items there are and which serial numbers they have: it is for those to whom the ledger's owner shows them.
/// An item with a key takes 32 bytes and its serial number; the salts are derived from one secret (``ItemLeaf/salt(ofIndex:secret:)``).
public struct BatchPack: Equatable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/batch-pack", version: 1)
    /// How many bytes the secret of the salts has.
    public static let secretLength = 16
    /// The most bytes that a pack is read from: 1 GiB.
    public static let maximumByteCount = 1 << 30

    /// The batch.
    public let batch: LoggedBatch
    /// What the salts are derived from, 16 bytes.
    public let secret: [UInt8]
    /// The serial numbers in the order of the tree.
    public let serials: [String]
    /// The item keys in the same order; `nil` for an item without a hidden code.
    public let keys: [PublicKey?]

    /// A pack of these parts. Nothing is verified.
    ///
    /// - Throws: ``FormatError`` where there are not as many keys as serial numbers, or not as many as the batch has items, and
    ///   for a secret that is not 16 bytes.
    public init(
        _ batch: LoggedBatch,
        secret: [UInt8],
        serials: [String],
        keys: [PublicKey?]
    ) throws(FormatError) {
        guard secret.count == BatchPack.secretLength else {
            throw Self.refusal("the secret has \(BatchPack.secretLength) bytes, not \(secret.count)")
        }
        guard serials.count == keys.count, UInt64(serials.count) == batch.items.count else {
            throw Self.refusal(
                "\(serials.count) serial numbers and \(keys.count) keys, and the batch has \(batch.items.count) items"
            )
        }
        (self.batch, self.secret, self.serials, self.keys) = (batch, secret, serials, keys)
    }

    /// The leaf of an item; `nil` where there is none.
    public func leaf(at index: Int) -> ItemLeaf? {
        guard serials.indices.contains(index) else { return nil }
        return try? ItemLeaf(
            serial: serials[index],
            key: keys[index],
            salt: ItemLeaf.salt(ofIndex: UInt64(index), secret: secret)
        )
    }

    /// The tree over all items.
    ///
    /// - Throws: ``FormatError`` for what ``ItemTree`` refuses, and where the tree is not the batch's.
    public func tree() throws(FormatError) -> ItemTree {
        var leaves: [ItemLeaf] = []
        leaves.reserveCapacity(serials.count)
        for index in serials.indices {
            guard let leaf = leaf(at: index) else {
                throw Self.refusal("item \(index) has a serial number that is not 1 to 20 characters")
            }
            leaves.append(leaf)
        }
        let tree = try ItemTree(leaves)
        guard tree.root == batch.items.root else {
            throw Self.refusal(
                "the items do not give the root that the batch's entry has: one was altered, left out or added"
            )
        }
        return tree
    }

    /// Where an item with this serial number stands.
    public func index(ofSerial serial: String) -> Int? { serials.firstIndex { $0.hasSameUTF8(as: serial) } }

    /// The file's bytes.
    ///
    /// - Throws: ``FormatError`` where the batch has no receipt, which none that was read can lack.
    public func encoded() throws(FormatError) -> [UInt8] {
        try BatchPack.file.encoded { (writer) throws(FormatError) in
            try writer.map { (map) throws(FormatError) in
                try batch.write(to: &map)
                map.entry(3) { $0.bytes(secret) }
                map.entry(4) { writer in
                    writer.array(serials.count)
                    for serial in serials { writer.text(serial) }
                }
                map.entry(5) { writer in
                    guard keys.contains(where: { $0 != nil }) else { return writer.null() }
                    writer.bytes(keys.flatMap { $0?.bytes ?? BatchPack.noKey })
                }
            }
        }
    }

    /// What stands for an item without a key: no point of the prime-order group has these bytes.
    private static let noKey = [UInt8](repeating: 0, count: PublicKey.byteCount)

    /// Reads the file. Nothing is verified.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= BatchPack.maximumByteCount else {
            throw Self.refusal("longer than \(BatchPack.maximumByteCount) bytes")
        }
        var reader = try BatchPack.file.content(of: bytes)
        guard try reader.map() == 5 else { throw reader.refuse("a batch pack has the keys 1 to 5") }
        let batch = try LoggedBatch(reading: &reader)
        try reader.expectKey(3)
        let secret = try reader.byteString(count: BatchPack.secretLength)
        try reader.expectKey(4)
        let place = reader
        let count = try reader.array()
        guard UInt64(count) == batch.items.count else {
            throw place.refuse("\(count) serial numbers, and the batch has \(batch.items.count) items")
        }
        var serials: [String] = []
        for _ in 0..<count { serials.append(try reader.text()) }
        try reader.expectKey(5)
        let keys = try BatchPack.keys(count, &reader)
        do { try self.init(batch, secret: secret, serials: serials, keys: keys) } catch {
            throw place.refuse(error.reason)
        }
    }

    private static func keys(_ count: Int, _ reader: inout CBORReader) throws(FormatError) -> [PublicKey?] {
        guard try reader.peek() != .null else {
            try reader.null()
            return [PublicKey?](repeating: nil, count: count)
        }
        let place = reader
        let bytes = try reader.byteString()
        guard bytes.count == count * PublicKey.byteCount else {
            throw place.refuse("the keys are not 32 bytes an item")
        }
        var keys: [PublicKey?] = []
        keys.reserveCapacity(count)
        for start in stride(from: 0, to: bytes.count, by: PublicKey.byteCount) {
            let key = bytes[start..<start + PublicKey.byteCount]
            keys.append(key.elementsEqual(noKey) ? nil : PublicKey(key))
        }
        guard keys.contains(where: { $0 != nil }) else { throw place.refuse("no item has a key: null stands for that") }
        return keys
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError(file.name, at: .whole, reason) }
}
