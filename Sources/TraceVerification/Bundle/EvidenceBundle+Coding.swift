public import TraceProof
internal import TraceStatements

extension EvidenceBundle {
    fileprivate enum Key {
        static let policy: Int64 = 1
        static let registry: Int64 = 2
        static let ledgers: Int64 = 3
        static let checkpoint: Int64 = 1
        static let entries: Int64 = 2
        static let hashes: Int64 = 3
        static let anchors: Int64 = 4
    }

    /// The file's bytes.
    public var encoded: [UInt8] {
        EvidenceBundle.file.encoded { writer in
            writer.map { map in
                if let policy { map.entry(Key.policy) { $0.bytes(policy) } }
                if let registry { map.entry(Key.registry) { $0.bytes(registry.encoded) } }
                map.entry(Key.ledgers) { writer in
                    writer.array(ledgers.count)
                    for ledger in ledgers { ledger.write(to: &writer) }
                }
            }
        }
    }

    /// Reads a bundle. Nothing is verified.
    ///
    /// - Throws: ``FormatError`` for anything but deterministic CBOR in the form of `Docs/Formats/traceledger.cddl`, for
    ///   entries that are no statements, and for what ``init(policy:registry:ledgers:)`` refuses.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= EvidenceBundle.maximumByteCount else {
            throw EvidenceBundle.refusal("longer than \(EvidenceBundle.maximumByteCount) bytes: split it")
        }
        var reader = try EvidenceBundle.file.content(of: bytes)
        var fields = Fields(count: try reader.map())
        var policy: [UInt8]?
        var registry: RegistryPack?
        if try fields.next(Key.policy, &reader) { policy = try reader.byteString() }
        if try fields.next(Key.registry, &reader) { registry = try EvidenceBundle.registry(&reader) }
        guard try fields.next(Key.ledgers, &reader) else { throw reader.refuse("the ledgers (3) are missing") }
        let place = reader
        let count = try reader.array()
        guard count <= EvidenceBundle.maximumLedgerCount else { throw place.refuse("there are \(count) ledgers") }
        var ledgers: [Ledger] = []
        for _ in 0..<count { ledgers.append(try Ledger(reading: &reader)) }
        try fields.finish(reader)
        do { try self.init(policy: policy, registry: registry, ledgers: ledgers) } catch {
            throw error.format.hasSameUTF8(as: EvidenceBundle.file.name) ? error : place.refuse(error.description)
        }
    }

    private static func registry(_ reader: inout CBORReader) throws(FormatError) -> RegistryPack {
        let place = reader
        let bytes = try reader.byteString()
        do { return try RegistryPack(decoding: bytes) } catch { throw place.refuse(error.description) }
    }

    /// The pairs of a map whose keys are known, some of which may be missing.
    fileprivate struct Fields {
        private var left: Int

        init(count: Int) { left = count }

        /// Steps over the key where it is the next.
        mutating func next(_ key: Int64, _ reader: inout CBORReader) throws(FormatError) -> Bool {
            guard left > 0 else { return false }
            var ahead = reader
            guard try ahead.integer() == key else { return false }
            reader = ahead
            left -= 1
            return true
        }

        func finish(_ reader: CBORReader) throws(FormatError) {
            guard left == 0 else { throw reader.refuse("a key that has no place here") }
        }
    }
}

extension EvidenceBundle.Ledger {
    fileprivate func write(to writer: inout CBORWriter) {
        writer.map { map in
            map.entry(EvidenceBundle.Key.checkpoint) { $0.bytes(checkpoint.bytes) }
            map.entry(EvidenceBundle.Key.entries) { writer in
                writer.array(entries.count)
                for entry in entries { writer.entry(entry) }
            }
            map.entry(EvidenceBundle.Key.hashes) { $0.hashes(hashes) }
            guard !anchors.isEmpty else { return }
            map.entry(EvidenceBundle.Key.anchors) { writer in
                writer.array(anchors.count)
                for anchor in anchors {
                    writer.array(2)
                    writer.bytes(anchor.checkpoint.bytes)
                    writer.hashes(anchor.consistency)
                }
            }
        }
    }

    fileprivate init(reading reader: inout CBORReader) throws(FormatError) {
        let place = reader
        var fields = EvidenceBundle.Fields(count: try reader.map())
        guard try fields.next(EvidenceBundle.Key.checkpoint, &reader) else {
            throw reader.refuse("the checkpoint (1) is missing")
        }
        let checkpoint = try reader.checkpoint()
        guard try fields.next(EvidenceBundle.Key.entries, &reader) else {
            throw reader.refuse("the entries (2) are missing")
        }
        var entries: [EvidenceBundle.Entry] = []
        for _ in 0..<(try reader.array()) { entries.append(try reader.entry()) }
        guard try fields.next(EvidenceBundle.Key.hashes, &reader) else {
            throw reader.refuse("the hashes (3) are missing")
        }
        let hashes = try reader.hashes()
        var anchors: [EvidenceBundle.Anchor] = []
        if try fields.next(EvidenceBundle.Key.anchors, &reader) {
            let count = try reader.array()
            guard (1...EvidenceBundle.maximumAnchorCount).contains(count) else {
                throw reader.refuse("there are \(count) anchors; without any, the key is left out")
            }
            for _ in 0..<count { anchors.append(try reader.anchor()) }
        }
        try fields.finish(reader)
        do { try self.init(checkpoint: checkpoint, entries: entries, hashes: hashes, anchors: anchors) } catch {
            throw place.refuse(error.reason)
        }
    }
}

extension CBORWriter {
    mutating func hashes(_ hashes: [Digest]) {
        array(hashes.count)
        for hash in hashes { bytes(hash) }
    }

    mutating func entry(_ entry: EvidenceBundle.Entry) {
        array(2)
        unsigned(entry.index)
        bytes(entry.statement.encoded)
    }
}

// Arrays grow as their items are read: a count alone asks for no memory.
extension CBORReader {
    mutating func hashes() throws(FormatError) -> [Digest] {
        var hashes: [Digest] = []
        for _ in 0..<(try array()) { hashes.append(try digest()) }
        return hashes
    }

    mutating func entry() throws(FormatError) -> EvidenceBundle.Entry {
        try array(count: 2)
        let index = try unsigned()
        let place = self
        let bytes = try byteString()
        do { return EvidenceBundle.Entry(index: index, statement: try Statement(decoding: bytes)) } catch {
            throw place.refuse("entry \(index): \(error.description)")
        }
    }

    fileprivate mutating func anchor() throws(FormatError) -> EvidenceBundle.Anchor {
        try array(count: 2)
        return EvidenceBundle.Anchor(checkpoint: try checkpoint(), consistency: try hashes())
    }
}
