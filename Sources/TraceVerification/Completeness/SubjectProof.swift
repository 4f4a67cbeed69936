public import TraceProof
internal import TraceStatements

/// The proof that these entries of a ledger are about a subject and no others are, up to an index: the entries, the ledger's
/// own word for the root of its map of subjects, and what stands in that map where the subject would.
public struct SubjectProof: Equatable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/subject-proof", version: 1)

    /// An entry at its index.
    public typealias Entry = EvidenceBundle.Entry

    /// What is asked about: a canonical element string, or the URI of what is not GS1.
    public let subject: String
    /// The checkpoint that everything is proved under.
    public let checkpoint: SignedCheckpoint
    /// All entries about the subject among those that the map covers, ascending.
    public let entries: [Entry]
    /// The entry in which the ledger logged the map's root.
    public let mapRoot: Entry
    /// What stands in the map.
    public let proof: SparseMerkleProof
    /// The hashes of the one proof that ``entries`` and then ``mapRoot`` are in the tree.
    public let inclusion: [Digest]

    /// A proof of these parts; nothing is checked before ``Verifier`` does.
    public init(
        subject: String,
        checkpoint: SignedCheckpoint,
        entries: [Entry],
        mapRoot: Entry,
        proof: SparseMerkleProof,
        inclusion: [Digest]
    ) {
        (self.subject, self.checkpoint, self.entries) = (subject, checkpoint, entries)
        (self.mapRoot, self.proof, self.inclusion) = (mapRoot, proof, inclusion)
    }

    /// The one proof of inclusion of all entries and of the root, which stands behind them.
    var multiproof: InclusionMultiproof {
        InclusionMultiproof(
            indices: entries.map { $0.index } + [mapRoot.index],
            treeSize: checkpoint.checkpoint.head.size,
            hashes: inclusion
        )
    }
}

extension SubjectProof {
    /// The file's bytes.
    public var encoded: [UInt8] {
        SubjectProof.file.encoded { writer in
            writer.map { map in
                map.entry(1) { $0.text(subject) }
                map.entry(2) { $0.bytes(checkpoint.bytes) }
                map.entry(3) { writer in
                    writer.array(entries.count)
                    for entry in entries { writer.entry(entry) }
                }
                map.entry(4) { $0.entry(mapRoot) }
                map.entry(5) { writer in
                    writer.array(proof.other == nil ? 1 : 2)
                    writer.hashes(proof.siblings)
                    if let other = proof.other { writer.hashes([other.key, other.value]) }
                }
                map.entry(6) { $0.hashes(inclusion) }
            }
        }
    }

    /// Reads a proof. Nothing is verified.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try SubjectProof.file.content(of: bytes)
        guard try reader.map() == 6 else { throw reader.refuse("a subject proof has the keys 1 to 6") }
        try reader.expectKey(1)
        let subject = try reader.text()
        try reader.expectKey(2)
        let checkpoint = try reader.checkpoint()
        try reader.expectKey(3)
        var entries: [Entry] = []
        for _ in 0..<(try reader.array()) { entries.append(try reader.entry()) }
        try reader.expectKey(4)
        let mapRoot = try reader.entry()
        try reader.expectKey(5)
        let proof = try SparseMerkleProof(reading: &reader)
        try reader.expectKey(6)
        self.init(
            subject: subject,
            checkpoint: checkpoint,
            entries: entries,
            mapRoot: mapRoot,
            proof: proof,
            inclusion: try reader.hashes()
        )
    }
}

extension SparseMerkleProof {
    fileprivate init(reading reader: inout CBORReader) throws(FormatError) {
        let place = reader
        let count = try reader.array()
        guard count == 1 || count == 2 else { throw place.refuse("siblings, and perhaps another leaf") }
        let siblings = try reader.hashes()
        guard siblings.count <= SparseMerkleProof.maximumCount else {
            throw place.refuse("a key has \(SparseMerkleProof.maximumCount) bits, and there are more siblings")
        }
        var other: Leaf?
        if count == 2 {
            try reader.array(count: 2)
            other = Leaf(key: try reader.digest(), value: try reader.digest())
        }
        self.init(siblings: siblings, other: other)
    }
}
