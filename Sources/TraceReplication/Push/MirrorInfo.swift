public import TraceProof

/// What a mirror says of itself where an upload is not complete or does not fit (C2SP tlog-mirror): with what to go on.
///
///     <size of a pending checkpoint>
///     <next entry>
///     <base64 of a ticket, perhaps of none>
public struct MirrorInfo: Hashable, Sendable {
    /// The media type, without which no 409 or 202 is about this.
    public static let contentType = "text/x.tlog.mirror-info"
    /// The most bytes of one.
    public static let maximumByteCount = 20 + 20 + (Int(UInt16.max) + 2) / 3 * 4 + 1

    /// The size of a checkpoint that the mirror takes entries for.
    public let size: UInt64
    /// The first entry that it does not have.
    public let next: UInt64
    /// To be sent with the next upload.
    public let ticket: [UInt8]

    /// An answer of these parts.
    ///
    /// - Throws: for numbers above 2^63 - 1 and a ticket of more than 65,535 bytes.
    public init(size: UInt64, next: UInt64, ticket: [UInt8] = []) throws(FormatError) {
        (self.size, self.next, self.ticket) = (size, next, ticket)
        guard size <= TreeSize.maximum, next <= TreeSize.maximum else {
            throw FormatError("mirror info", at: .whole, "a number above 2^63 - 1")
        }
        guard ticket.count <= Int(UInt16.max) else {
            throw FormatError("mirror info", at: .line(3), "a ticket has at most 65535 bytes")
        }
    }

    /// Reads an answer.
    ///
    /// - Throws: ``FormatError`` with the line, for anything but the three lines.
    public init(bytes: [UInt8]) throws(FormatError) {
        var lines = TextLines(bytes)
        guard let size = lines.next().flatMap({ NoteSyntax.decimal($0) }),
            let next = lines.next().flatMap({ NoteSyntax.decimal($0) })
        else {
            throw FormatError(
                "mirror info",
                at: .line(max(1, lines.number)),
                "not a decimal number up to 2^63 - 1 without leading zeros"
            )
        }
        guard let text = lines.next(), let ticket = text.isEmpty ? [] : Base64.decode(text) else {
            throw FormatError("mirror info", at: .line(3), "not canonical base64")
        }
        guard lines.rest.isEmpty else { throw FormatError("mirror info", at: .line(4), "bytes behind the third line") }
        try self.init(size: size, next: next, ticket: ticket)
    }

    /// The body as it is sent.
    public var bytes: [UInt8] { Array("\(size)\n\(next)\n\(Base64.encode(ticket))\n".utf8) }
}
