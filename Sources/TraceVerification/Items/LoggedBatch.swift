public import TraceProof
public import TraceStatements

/// The entry that commissioned a batch of items, with its receipt and the checkpoint that anchors it: what an item proof leads
/// to.
///
/// The receipt is one for anybody with a COSE tool. Its signature covers the root alone, so where the entry stands is shown
/// against the checkpoint, whose tree the receipt must be of.
public struct LoggedBatch: Equatable, Sendable {
    /// The commissioning statement with its receipt.
    public let transparent: TransparentStatement
    /// The checkpoint of the receipt's tree, with its cosignatures.
    public let checkpoint: SignedCheckpoint
    /// The items that it commissions.
    public let items: CommissionedItems
    /// Where the entry stands.
    let inclusion: InclusionProof

    /// The commissioning statement, as it is in the ledger.
    public var statement: Statement { transparent.statement }
    /// The ledger.
    public var origin: String { checkpoint.checkpoint.origin }
    /// The entry's index in it.
    public var index: UInt64 { inclusion.index }

    /// A logged batch of these parts. Nothing is verified.
    ///
    /// - Throws: ``FormatError`` where the statement commissions no items, where there is not exactly one receipt, and where
    ///   that is not one of inclusion in a tree of the checkpoint's size and origin.
    public init(_ transparent: TransparentStatement, checkpoint: SignedCheckpoint) throws(FormatError) {
        guard let items = CommissionedItems(of: transparent.statement) else {
            throw Self.refusal(
                "the statement is not the commissioning of items of one product (EPCIS ADD with `items`)"
            )
        }
        guard transparent.receipts.count == 1, case .inclusion(let proof) = transparent.receipts[0].proof else {
            throw Self.refusal("the statement has exactly one receipt, of inclusion")
        }
        let (own, head) = (transparent.receipts[0].rootSignature.origin, checkpoint.checkpoint)
        guard own.hasSameUTF8(as: head.origin), proof.treeSize == head.head.size else {
            throw Self.refusal(
                "the receipt is of \(own) at size \(proof.treeSize), the checkpoint of \(head.origin) at \(head.head.size)"
            )
        }
        (self.transparent, self.checkpoint) = (transparent, checkpoint)
        (self.items, inclusion) = (items, proof)
    }

    /// Writes the two keys 1 and 2 of a file's map.
    func write(to map: inout CBORMapWriter) throws(FormatError) {
        let bytes = try transparent.encoded()
        map.entry(1) { $0.bytes(bytes) }
        map.entry(2) { $0.bytes(checkpoint.bytes) }
    }

    /// Reads the two keys 1 and 2 of a file's map.
    init(reading reader: inout CBORReader) throws(FormatError) {
        try reader.expectKey(1)
        let place = reader
        let bytes = try reader.byteString()
        let transparent: TransparentStatement
        do { transparent = try TransparentStatement(decoding: bytes) } catch { throw place.refuse(error.description) }
        try reader.expectKey(2)
        let checkpoint = try reader.checkpoint()
        do { try self.init(transparent, checkpoint: checkpoint) } catch { throw place.refuse(error.reason) }
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError("logged batch", at: .whole, reason) }
}
