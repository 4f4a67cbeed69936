/// A log's statement of its tree at one size: the text of a checkpoint note (C2SP tlog-checkpoint v1.0.0).
///
///     <origin>
///     <size>
///     <base64 of the root hash>
public struct Checkpoint: Sendable {
    /// The longest origin that a checkpoint is made with, in bytes: ML-DSA cosignatures cannot sign a longer one.
    public static let maximumOriginByteCount = 255

    /// The log's unique name.
    public let origin: String
    /// The size of its tree and the root hash over that.
    public let head: TreeHead
    /// Further lines that another's log wrote. They are covered by its signature and mean nothing here.
    public let extensionLines: [String]

    /// A checkpoint to be signed, without extension lines: the standard advises against them.
    ///
    /// - Throws: for an origin that is empty, too long or not fit to be a key name; a root that an empty tree does not have.
    public init(origin: String, head: TreeHead) throws(FormatError) {
        guard origin.utf8.count <= Checkpoint.maximumOriginByteCount else {
            throw FormatError("checkpoint", at: .line(1), "the origin is longer than 255 bytes")
        }
        // The origin is the log's key name as well (tlog-checkpoint, "Signatures").
        if let problem = NoteSyntax.problem(inName: origin) {
            throw FormatError("checkpoint", at: .line(1), "the origin does not fit as the log's key name: \(problem)")
        }
        guard head.size > 0 || head.isEmptyTree else {
            throw FormatError("checkpoint", at: .line(3), "the root of an empty tree is SHA-256 of nothing")
        }
        self.origin = origin
        self.head = head
        extensionLines = []
    }

    /// Reads the text of a note. Origins are taken as they come: the go.sum database's has spaces.
    ///
    /// - Throws: with the line, for anything that is not a checkpoint.
    public init(noteText: [UInt8]) throws(FormatError) {
        guard noteText.count <= SignedNote.maximumByteCount else {
            throw FormatError("checkpoint", at: .whole, "longer than \(SignedNote.maximumByteCount) bytes")
        }
        try NoteSyntax.checkCharacters(noteText, in: "checkpoint")
        var lines = TextLines(noteText)
        origin = try Checkpoint.text(lines.next(), line: 1, "the origin")
        guard let size = NoteSyntax.decimal(try Checkpoint.text(lines.next(), line: 2, "the size").utf8) else {
            throw FormatError(
                "checkpoint",
                at: .line(2),
                "the size is not a decimal number up to 2^63 - 1 without leading zeros"
            )
        }
        let encoded = try Checkpoint.text(lines.next(), line: 3, "the root hash")
        guard let bytes = Base64.decode(encoded), let root = Digest(bytes) else {
            throw FormatError("checkpoint", at: .line(3), "the root hash is not canonical base64 of 32 bytes")
        }
        head = TreeHead(checked: size, root: root)
        var extensions: [String] = []
        while let line = lines.next() {
            extensions.append(try Checkpoint.text(line, line: lines.number, "an extension line"))
        }
        extensionLines = extensions
    }

    /// The text that a log signs and a cosigner cosigns.
    public var noteText: [UInt8] {
        var text = origin + "\n" + "\(head.size)\n" + Base64.encode(head.root.bytes) + "\n"
        for line in extensionLines { text += line + "\n" }
        return Array(text.utf8)
    }

    private static func text(_ line: ArraySlice<UInt8>?, line number: Int, _ what: String) throws(FormatError) -> String
    {
        guard let line else { throw FormatError("checkpoint", at: .line(number), "\(what) is missing") }
        guard !line.isEmpty else { throw FormatError("checkpoint", at: .line(number), "\(what) is empty") }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw FormatError("checkpoint", at: .line(number), "the line is not valid UTF-8")
        }
        return text
    }
}

extension Checkpoint: Hashable {
    /// Whether the texts are the same bytes.
    public static func == (left: Checkpoint, right: Checkpoint) -> Bool {
        left.head == right.head && left.noteText == right.noteText
    }

    /// Feeds the tree head.
    public func hash(into hasher: inout Hasher) { hasher.combine(head) }
}
