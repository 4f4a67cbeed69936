public import TraceProof

/// A registry in one file (formats.md section 7): every entry of its ledger at one checkpoint.
///
/// All entries and not a choice of them with receipts: whoever hands on a pack could leave a revocation out of a choice, and
/// the root can only be computed from all. With a tlog-policy it is all that an offline verifier needs to know whose key is
/// whose; ``Verifier/registry(of:_:)`` makes a ``Registry`` of it.
public struct RegistryPack: Equatable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/registry-pack", version: 1)
    /// The most bytes that a pack is read from: 1 GiB.
    public static let maximumByteCount = 1 << 30

    /// The registry's checkpoint, with its cosignatures.
    public let checkpoint: SignedCheckpoint
    /// The entries from 0 up to the checkpoint's size.
    public let entries: [[UInt8]]
    /// The ledger's COSE signature over the root, from which a receipt of every entry can be made; `nil` where there is none.
    public let rootSignature: RootSignature?

    /// A pack of these parts.
    ///
    /// - Throws: ``FormatError`` where the entries are not as many as the checkpoint says, or none.
    public init(
        checkpoint: SignedCheckpoint,
        entries: [[UInt8]],
        rootSignature: RootSignature? = nil
    ) throws(FormatError) {
        (self.checkpoint, self.entries, self.rootSignature) = (checkpoint, entries, rootSignature)
        let size = checkpoint.checkpoint.head.size
        guard UInt64(entries.count) == size, size > 0 else {
            throw FormatError(
                RegistryPack.file.name,
                at: .whole,
                "it has \(entries.count) entries, and its checkpoint is of size \(size): the pack was cut short"
            )
        }
    }

    /// The size and the root that the entries give.
    public var head: TreeHead { MerkleTree(leaves: TreeHash.leaves(entries)).head }

    /// The file's bytes.
    public var encoded: [UInt8] {
        RegistryPack.file.encoded { writer in
            writer.map { map in
                map.entry(1) { $0.bytes(checkpoint.bytes) }
                map.entry(2) { $0.byteStrings(entries) }
                if let rootSignature { map.entry(3) { $0.bytes(rootSignature.encoded()) } }
            }
        }
    }

    /// Reads a pack. Nothing is verified.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try RegistryPack.file.content(of: bytes)
        let count = try reader.map()
        guard count == 2 || count == 3 else { throw reader.refuse("a pack has the keys 1, 2 and perhaps 3") }
        try reader.expectKey(1)
        let checkpoint = try reader.checkpoint()
        try reader.expectKey(2)
        let entries = try reader.byteStrings()
        try self.init(checkpoint: checkpoint, entries: entries, rootSignature: try reader.rootSignature(3, count == 3))
    }

    /// The pack at the update's checkpoint.
    ///
    /// - Throws: ``FormatError`` where the update begins elsewhere, or the two are not one history: then the registry
    ///   forked, and both files are the evidence.
    public func applying(_ update: RegistryUpdate) throws(FormatError) -> RegistryPack {
        let (old, new) = (checkpoint.checkpoint, update.checkpoint.checkpoint)
        guard new.origin.hasSameUTF8(as: old.origin), update.first == old.head.size else {
            throw FormatError(
                RegistryUpdate.file.name,
                at: .whole,
                "the update is of \(new.origin) from size \(update.first) on, the pack of \(old.origin) at size "
                    + "\(old.head.size): ask for an update from that size"
            )
        }
        do {
            try ConsistencyProof(oldSize: update.first, newSize: new.head.size, path: update.consistency)
                .verify(old: old.head, new: new.head)
        } catch {
            throw FormatError(
                RegistryUpdate.file.name,
                at: .whole,
                "\(error.description): the registry's new tree does not begin with the old one; keep both files, they are "
                    + "the evidence of a fork"
            )
        }
        return try RegistryPack(
            checkpoint: update.checkpoint,
            entries: entries + update.entries,
            rootSignature: update.rootSignature
        )
    }
}

/// What brings a ``RegistryPack`` to a newer checkpoint: the entries between, and the proof that the older tree is the
/// beginning of the newer one.
public struct RegistryUpdate: Equatable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/registry-update", version: 1)

    /// The size of the pack that it begins at.
    public let first: UInt64
    /// The newer checkpoint.
    public let checkpoint: SignedCheckpoint
    /// The entries from ``first`` up to the checkpoint's size.
    public let entries: [[UInt8]]
    /// The hashes of the consistency proof from ``first`` to the checkpoint's size.
    public let consistency: [Digest]
    /// As in the pack.
    public let rootSignature: RootSignature?

    /// An update of these parts.
    ///
    /// - Throws: ``FormatError`` where the entries are not as many as are missing.
    public init(
        from first: UInt64,
        checkpoint: SignedCheckpoint,
        entries: [[UInt8]],
        consistency: [Digest],
        rootSignature: RootSignature? = nil
    ) throws(FormatError) {
        (self.first, self.checkpoint, self.entries) = (first, checkpoint, entries)
        (self.consistency, self.rootSignature) = (consistency, rootSignature)
        let size = checkpoint.checkpoint.head.size
        guard first > 0, first <= size, UInt64(entries.count) == size - first, consistency.count <= 64 else {
            throw FormatError(
                RegistryUpdate.file.name,
                at: .whole,
                "it has \(entries.count) entries from \(first) on, and its checkpoint is of size \(size)"
            )
        }
    }

    /// The file's bytes.
    public var encoded: [UInt8] {
        RegistryUpdate.file.encoded { writer in
            writer.map { map in
                map.entry(1) { $0.unsigned(first) }
                map.entry(2) { $0.bytes(checkpoint.bytes) }
                map.entry(3) { $0.byteStrings(entries) }
                map.entry(4) { writer in
                    writer.array(consistency.count)
                    for hash in consistency { writer.bytes(hash) }
                }
                if let rootSignature { map.entry(5) { $0.bytes(rootSignature.encoded()) } }
            }
        }
    }

    /// Reads an update. Nothing is verified.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try RegistryUpdate.file.content(of: bytes)
        let count = try reader.map()
        guard count == 4 || count == 5 else { throw reader.refuse("an update has the keys 1 to 4 and perhaps 5") }
        try reader.expectKey(1)
        let first = try reader.unsigned()
        try reader.expectKey(2)
        let checkpoint = try reader.checkpoint()
        try reader.expectKey(3)
        let entries = try reader.byteStrings()
        try reader.expectKey(4)
        var consistency: [Digest] = []
        for _ in 0..<(try reader.array()) { consistency.append(try reader.digest()) }
        try self.init(
            from: first,
            checkpoint: checkpoint,
            entries: entries,
            consistency: consistency,
            rootSignature: try reader.rootSignature(5, count == 5)
        )
    }
}

extension CBORWriter {
    fileprivate mutating func byteStrings(_ strings: [[UInt8]]) {
        array(strings.count)
        for string in strings { bytes(string) }
    }
}

extension CBORReader {
    fileprivate mutating func byteStrings() throws(FormatError) -> [[UInt8]] {
        let count = try array()
        var strings: [[UInt8]] = []
        strings.reserveCapacity(min(count, 1 << 16))
        for _ in 0..<count { strings.append(try byteString()) }
        return strings
    }

    mutating func checkpoint() throws(FormatError) -> SignedCheckpoint {
        let place = self
        let note = try byteString()
        do { return try SignedCheckpoint(bytes: note) } catch { throw place.refuse(error.description) }
    }

    fileprivate mutating func rootSignature(_ key: Int64, _ isThere: Bool) throws(FormatError) -> RootSignature? {
        guard isThere else { return nil }
        try expectKey(key)
        let place = self
        let bytes = try byteString()
        do { return try RootSignature(decoding: bytes) } catch { throw place.refuse(error.description) }
    }
}
