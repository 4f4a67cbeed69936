/// A proof for offline use that an entry is in a log: an index, an inclusion path and the checkpoint it leads to
/// (C2SP tlog-proof v1; file extension `.tlog-proof`).
///
/// It says nothing by itself: a ``TrustPolicy`` has to accept the checkpoint, then ``inclusion`` has to lead from the
/// entry's leaf hash to the checkpoint's head.
public struct TLogProof: Hashable, Sendable {
    /// The longest proof accepted: 2 MiB, a note of the largest size and as much again.
    public static let maximumByteCount = 2 * SignedNote.maximumByteCount
    /// The longest path: a tree of 2^63 - 1 leaves has no longer one.
    public static let maximumPathCount = HashLines.maximumCount

    /// Bytes of the application's own. Nothing authenticates them.
    public let extra: [UInt8]?
    /// The entry's index in the log, from 0.
    public let index: UInt64
    /// The inclusion path, from the leaf's sibling to the root's child (RFC 6962 section 2.1.1).
    public let path: [Digest]
    /// The checkpoint, verbatim.
    public let checkpoint: SignedCheckpoint

    private static let magic = Array("c2sp.org/tlog-proof@v1".utf8)
    private static let extraPrefix = Array("extra ".utf8)
    private static let indexPrefix = Array("index ".utf8)

    /// A proof of these parts.
    ///
    /// - Throws: for an index above 2^63 - 1, more than 63 hashes, an `extra` that is there and empty, or one too long.
    public init(
        extra: [UInt8]? = nil,
        index: UInt64,
        path: [Digest],
        checkpoint: SignedCheckpoint
    ) throws(FormatError) {
        self.extra = extra
        self.index = index
        self.path = path
        self.checkpoint = checkpoint
        guard extra?.isEmpty != true else { throw TLogProof.refusal(.whole, "empty extra data is left out") }
        guard index <= NoteSyntax.maximumInteger else { throw TLogProof.refusal(.whole, "the index is above 2^63 - 1") }
        try HashLines.checkCount(path, in: "tlog-proof")
        guard bytes.count <= TLogProof.maximumByteCount else { throw TLogProof.tooLong }
    }

    /// Reads a proof.
    ///
    /// - Throws: with the line, for anything that is not a well-formed proof. Nothing is verified.
    public init(bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= TLogProof.maximumByteCount else { throw TLogProof.tooLong }
        var lines = TextLines(bytes)
        guard let first = lines.next(), first.elementsEqual(TLogProof.magic) else {
            throw TLogProof.refusal(.line(1), "the first line is not c2sp.org/tlog-proof@v1")
        }
        var line = lines.next()
        if let text = line, text.starts(with: TLogProof.extraPrefix) {
            guard let extra = Base64.decode(text.dropFirst(TLogProof.extraPrefix.count)), !extra.isEmpty else {
                throw TLogProof.refusal(.line(2), "the extra data is not canonical base64 of at least one byte")
            }
            self.extra = extra
            line = lines.next()
        } else {
            extra = nil
        }
        guard let text = line, text.starts(with: TLogProof.indexPrefix),
            let index = NoteSyntax.decimal(text.dropFirst(TLogProof.indexPrefix.count))
        else {
            throw TLogProof.refusal(
                .line(extra == nil ? 2 : 3),
                "not `index` and a decimal number up to 2^63 - 1 without leading zeros"
            )
        }
        self.index = index
        path = try HashLines.read(&lines, in: "tlog-proof")
        do throws(FormatError) { checkpoint = try SignedCheckpoint(bytes: Array(lines.rest)) } catch {
            throw error.movedLines(by: lines.number)
        }
    }

    /// The index and the path, for the tree of the checkpoint.
    public var inclusion: InclusionProof {
        InclusionProof(index: index, treeSize: checkpoint.checkpoint.head.size, path: path)
    }

    /// The proof as it is stored.
    public var bytes: [UInt8] {
        var head = TLogProof.magic
        if let extra { head += [NoteSyntax.lineFeed] + TLogProof.extraPrefix + Base64.encode(extra).utf8 }
        head += [NoteSyntax.lineFeed] + TLogProof.indexPrefix + "\(index)\n".utf8
        return head + HashLines.bytes(path) + checkpoint.bytes
    }

    private static func refusal(_ place: FormatError.Place, _ reason: String) -> FormatError {
        FormatError("tlog-proof", at: place, reason)
    }

    private static var tooLong: FormatError { refusal(.whole, "longer than \(maximumByteCount) bytes") }
}
