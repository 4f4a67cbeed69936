public import TraceProof

/// The body of `add-checkpoint` (C2SP tlog-witness; tlog-mirror takes the same): a checkpoint, and the proof that it extends
/// the one that the receiver is thought to have.
///
///     old <size>
///     <base64 hash>*          at most 63, the consistency path
///                             (empty line)
///     <the checkpoint, a signed note>
///
/// Reading is strict: ``bytes`` of a request that was read are those it was read from. Nothing is verified by reading.
public struct WitnessRequest: Hashable, Sendable {
    /// The longest body accepted: 256 KiB, room for the largest path and some dozens of post-quantum signatures. A kept note
    /// with a further signature stays far below what ``SignedNote`` may have.
    public static let maximumByteCount = 1 << 18
    /// The media type under which it is sent; the standard names none.
    public static let contentType = "text/plain; charset=utf-8"

    /// The size of the tree that the path starts from; 0 with an empty path where the receiver has nothing yet.
    public let oldSize: UInt64
    /// The hashes of the consistency proof (RFC 6962 section 2.1.2).
    public let path: [Digest]
    /// The checkpoint.
    public let checkpoint: SignedCheckpoint

    private static let prefix = Array("old ".utf8)
    private static let format = "add-checkpoint request"

    /// A request of these parts.
    ///
    /// - Throws: for a size above 2^63 - 1, more than 63 hashes, and more bytes than ``maximumByteCount``.
    public init(oldSize: UInt64, path: [Digest], checkpoint: SignedCheckpoint) throws(FormatError) {
        (self.oldSize, self.path, self.checkpoint) = (oldSize, path, checkpoint)
        guard oldSize <= TreeSize.maximum else {
            throw FormatError(WitnessRequest.format, at: .line(1), "the old size is above 2^63 - 1")
        }
        try HashLines.checkCount(path, in: WitnessRequest.format)
        guard bytes.count <= WitnessRequest.maximumByteCount else { throw WitnessRequest.tooLong }
    }

    /// Reads a body.
    ///
    /// - Throws: with the line, for anything that is not a well-formed request.
    public init(bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= WitnessRequest.maximumByteCount else { throw WitnessRequest.tooLong }
        var lines = TextLines(bytes)
        guard let first = lines.next(), first.starts(with: WitnessRequest.prefix),
            let size = NoteSyntax.decimal(first.dropFirst(WitnessRequest.prefix.count))
        else {
            throw FormatError(
                WitnessRequest.format,
                at: .line(1),
                "not `old` and a decimal number up to 2^63 - 1 without leading zeros"
            )
        }
        oldSize = size
        path = try HashLines.read(&lines, in: WitnessRequest.format)
        do throws(FormatError) { checkpoint = try SignedCheckpoint(bytes: Array(lines.rest)) } catch {
            throw error.movedLines(by: lines.number)
        }
    }

    /// The body as it is sent.
    public var bytes: [UInt8] {
        WitnessRequest.prefix + "\(oldSize)\n".utf8 + HashLines.bytes(path) + checkpoint.bytes
    }

    /// The proof, for the trees of ``oldSize`` and of the checkpoint.
    public var consistency: ConsistencyProof {
        ConsistencyProof(oldSize: oldSize, newSize: checkpoint.checkpoint.head.size, path: path)
    }

    private static var tooLong: FormatError { FormatError(format, at: .whole, "longer than \(maximumByteCount) bytes") }
}
