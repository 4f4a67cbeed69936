public import TraceProof

/// A statement with the receipts that prove it is logged: header 394 of RFC 9942 in the unprotected header
/// (RFC 9943 section 7).
public struct TransparentStatement: Equatable, Sendable {
    /// The most receipts that are read.
    public static let maximumReceipts = 64

    /// The statement, exactly as it is in the ledger.
    public let statement: Statement
    /// At least one receipt.
    public let receipts: [Receipt]

    /// `statement` with its receipts.
    public init(_ statement: Statement, receipts: [Receipt]) {
        self.statement = statement
        self.receipts = receipts
    }
}

extension TransparentStatement {
    /// The statement's bytes with `394: [bstr, ...]` in the unprotected header.
    ///
    /// - Throws: ``FormatError`` for no receipt, or more than ``maximumReceipts``.
    public func encoded() throws(FormatError) -> [UInt8] {
        guard (1...TransparentStatement.maximumReceipts).contains(receipts.count) else {
            throw FormatError("transparent statement", at: .whole, TransparentStatement.wrongCount(receipts.count))
        }
        var message = try COSESign1(decoding: statement.encoded, format: "statement")
        var writer = CBORWriter()
        writer.array(receipts.count)
        for receipt in receipts { writer.bytes(receipt.encoded()) }
        message.unprotected.set(COSELabel.receipts, to: writer.output)
        return message.encoded()
    }

    /// Reads a transparent statement.
    ///
    /// - Throws: ``FormatError`` for anything but a ``Statement`` whose unprotected header holds 394 alone, with 1 to
    ///   ``maximumReceipts`` receipts.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        let format = "transparent statement"
        var message = try COSESign1(decoding: bytes, format: format)
        guard message.unprotected.entries.count == 1, let item = message.unprotected[COSELabel.receipts] else {
            throw FormatError(format, at: .whole, "the unprotected header does not hold the receipts (394) alone")
        }
        var reader = try CBORReader(validating: item, format: format)
        let count = try reader.array()
        guard (1...TransparentStatement.maximumReceipts).contains(count) else {
            throw reader.refuse(TransparentStatement.wrongCount(count))
        }
        var receipts: [Receipt] = []
        for _ in 0..<count { receipts.append(try Receipt(decoding: try reader.byteString())) }
        message.unprotected = COSEHeader()
        statement = try Statement(decoding: message.encoded())
        self.receipts = receipts
    }

    private static func wrongCount(_ count: Int) -> String {
        "there are 1 to \(maximumReceipts) receipts, not \(count)"
    }
}
