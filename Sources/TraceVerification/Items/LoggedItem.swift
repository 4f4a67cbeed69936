public import TraceProof
public import TraceStatements

/// One item of a logged batch, as a file for whoever has that item: it tells the batch's number of items and nothing of the
/// others.
public struct LoggedItem: Equatable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/item-proof", version: 1)

    /// The batch.
    public let batch: LoggedBatch
    /// That the item is one of it.
    public let proof: ItemProof

    /// An item of a batch. Nothing is verified.
    public init(_ proof: ItemProof, of batch: LoggedBatch) { (self.proof, self.batch) = (proof, batch) }

    /// The file's bytes.
    ///
    /// - Throws: ``FormatError`` where the batch has no receipt, which none that was read can lack.
    public func encoded() throws(FormatError) -> [UInt8] {
        try LoggedItem.file.encoded { (writer) throws(FormatError) in
            try writer.map { (map) throws(FormatError) in
                try batch.write(to: &map)
                map.entry(3) { proof.write(to: &$0) }
            }
        }
    }

    /// Reads the file. Nothing is verified.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try LoggedItem.file.content(of: bytes)
        guard try reader.map() == 3 else { throw reader.refuse("an item proof has the keys 1 to 3") }
        batch = try LoggedBatch(reading: &reader)
        try reader.expectKey(3)
        proof = try ItemProof(reading: &reader)
    }
}
