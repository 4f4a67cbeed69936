public import TraceProof
internal import TraceStatements

/// The recalls of one or more ledgers with what proves them, a few kilobytes that an app loads once a day.
///
/// It holds what its maker put in. That these are all recalls of a product shows a ``SubjectProof`` of `(01)GTIN`.
public struct RecallPack: Equatable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/recall-pack", version: 1)
    /// The most bytes that a pack is read from: 64 MiB.
    public static let maximumByteCount = 1 << 26

    /// What a pack has of one ledger.
    public struct Ledger: Equatable, Sendable {
        /// The checkpoint up to which its maker looked.
        public let checkpoint: SignedCheckpoint
        /// The recalls, ascending; none is a statement too.
        public let entries: [EvidenceBundle.Entry]
        /// The hashes of the one proof that all of them are in the tree.
        public let hashes: [Digest]

        /// The recalls of a ledger.
        ///
        /// - Throws: ``FormatError`` for statements of another kind, and for what ``EvidenceBundle/Ledger`` refuses.
        public init(
            checkpoint: SignedCheckpoint,
            entries: [EvidenceBundle.Entry],
            hashes: [Digest]
        ) throws(FormatError) {
            (self.checkpoint, self.entries, self.hashes) = (checkpoint, entries, hashes)
            for entry in entries where entry.statement.header.kind != .recall {
                throw RecallPack.refusal(
                    "entry \(entry.index) is of kind \(entry.statement.header.kind.name), not a recall"
                )
            }
            if entries.isEmpty {
                guard hashes.isEmpty else { throw RecallPack.refusal("hashes that prove nothing") }
            } else {
                _ = try evidence()
            }
        }

        /// The same as a part of a bundle.
        func evidence() throws(FormatError) -> EvidenceBundle.Ledger {
            try EvidenceBundle.Ledger(checkpoint: checkpoint, entries: entries, hashes: hashes)
        }
    }

    /// The ledgers, in the order of the bytes of their origins, each once; at least one.
    public let ledgers: [Ledger]

    /// A pack of these ledgers.
    ///
    /// - Throws: ``FormatError`` for none, too many, and ledgers out of order or twice.
    public init(_ ledgers: [Ledger]) throws(FormatError) {
        guard (1...EvidenceBundle.maximumLedgerCount).contains(ledgers.count) else {
            throw Self.refusal("\(ledgers.count) ledgers, and 1 to \(EvidenceBundle.maximumLedgerCount) may be")
        }
        for (left, right) in zip(ledgers, ledgers.dropFirst()) {
            let (first, second) = (left.checkpoint.checkpoint.origin, right.checkpoint.checkpoint.origin)
            guard first.utf8.lexicographicallyPrecedes(second.utf8) else {
                throw Self.refusal(
                    "the ledger \(second) stands behind \(first): they are ordered by their origins, each once"
                )
            }
        }
        self.ledgers = ledgers
    }

    /// The file's bytes.
    public var encoded: [UInt8] {
        RecallPack.file.encoded { writer in
            writer.array(ledgers.count)
            for ledger in ledgers {
                writer.array(3)
                writer.bytes(ledger.checkpoint.bytes)
                writer.array(ledger.entries.count)
                for entry in ledger.entries { writer.entry(entry) }
                writer.hashes(ledger.hashes)
            }
        }
    }

    /// Reads the file. Nothing is verified.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= RecallPack.maximumByteCount else {
            throw Self.refusal("longer than \(RecallPack.maximumByteCount) bytes")
        }
        var reader = try RecallPack.file.content(of: bytes)
        let place = reader
        let count = try reader.array()
        guard count <= EvidenceBundle.maximumLedgerCount else { throw place.refuse("there are \(count) ledgers") }
        var ledgers: [Ledger] = []
        for _ in 0..<count {
            try reader.array(count: 3)
            let checkpoint = try reader.checkpoint()
            var entries: [EvidenceBundle.Entry] = []
            for _ in 0..<(try reader.array()) { entries.append(try reader.entry()) }
            let hashes = try reader.hashes()
            do { ledgers.append(try Ledger(checkpoint: checkpoint, entries: entries, hashes: hashes)) } catch {
                throw place.refuse(error.reason)
            }
        }
        do { try self.init(ledgers) } catch { throw place.refuse(error.reason) }
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError(file.name, at: .whole, reason) }
}
