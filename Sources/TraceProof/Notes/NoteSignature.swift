/// One signature line of a note: `— <name> base64(key ID || signature)` (signed-note v1.0.0, "Signatures").
///
/// What the signature bytes are depends on the key's ``SignatureType``, which only the verifier's key knows.
public struct NoteSignature: Sendable {
    /// The key's name.
    public let name: String
    /// The key's ID.
    public let keyID: UInt32
    /// The signature, without the ID; at least one byte.
    public let bytes: [UInt8]

    /// A signature line with these parts.
    ///
    /// - Throws: for a name that no line can hold, or no signature bytes.
    public init(name: String, keyID: UInt32, bytes: [UInt8]) throws(FormatError) {
        if let problem = NoteSyntax.problem(inName: name) { throw NoteSignature.refusal(problem) }
        guard !bytes.isEmpty else { throw NoteSignature.refusal("the signature is empty") }
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    /// EM DASH U+2014 in UTF-8, then a space.
    private static let prefix: [UInt8] = [0xE2, 0x80, 0x94, 0x20]

    /// Reads one line, without its line feed.
    ///
    /// - Throws: for anything but the canonical line.
    public init(line: some Collection<UInt8>) throws(FormatError) {
        let line = Array(line)
        guard line.starts(with: NoteSignature.prefix) else {
            throw NoteSignature.refusal("a signature line begins with an em dash (U+2014) and a space")
        }
        let parts = line.dropFirst(NoteSignature.prefix.count)
            .split(separator: NoteSyntax.space, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw NoteSignature.refusal("a signature line has a name, one space and a base64 signature")
        }
        guard let name = String(validating: parts[0], as: UTF8.self) else {
            throw NoteSignature.refusal("the name is not valid UTF-8")
        }
        guard let bytes = Base64.decode(parts[1]) else {
            throw NoteSignature.refusal("the signature is not canonical base64")
        }
        guard bytes.count > 4 else {
            throw NoteSignature.refusal("the signature is not longer than its 4-byte key ID")
        }
        try self.init(name: name, keyID: UInt32(bigEndian: bytes[..<4]), bytes: Array(bytes[4...]))
    }

    /// The line with its line feed.
    public var line: [UInt8] {
        NoteSignature.prefix + name.utf8 + [NoteSyntax.space] + Base64.encode(keyID.bigEndianBytes + bytes).utf8
            + [NoteSyntax.lineFeed]
    }

    /// Reads one or more lines, each with its line feed: the end of a note, or what a witness answers.
    ///
    /// - Throws: with the line, for no line, more than ``SignedNote/maximumSignatureCount`` of them, or a wrong one.
    public static func lines(_ bytes: some Collection<UInt8>) throws(FormatError) -> [NoteSignature] {
        var lines = TextLines(bytes)
        var signatures: [NoteSignature] = []
        while let line = lines.next() {
            guard signatures.count < SignedNote.maximumSignatureCount else {
                throw FormatError(
                    "signed note",
                    at: .line(lines.number),
                    "more than \(SignedNote.maximumSignatureCount) signatures"
                )
            }
            do throws(FormatError) { signatures.append(try NoteSignature(line: line)) } catch {
                throw FormatError(error.format, at: .line(lines.number), error.reason)
            }
        }
        guard lines.rest.isEmpty else {
            throw FormatError("signed note", at: .line(lines.number + 1), "the last line does not end in a line feed")
        }
        guard !signatures.isEmpty else { throw FormatError("signed note", at: .line(1), "there is no signature") }
        return signatures
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError("signed note", at: .whole, reason) }

    /// Whether this line claims to be by `key`: same name, same ID.
    package func isAttributed(to key: VerifierKey) -> Bool { keyID == key.keyID && name.hasSameUTF8(as: key.name) }
}

extension NoteSignature: Hashable {
    /// Whether the lines are the same bytes.
    public static func == (left: NoteSignature, right: NoteSignature) -> Bool {
        left.keyID == right.keyID && left.bytes == right.bytes && left.name.hasSameUTF8(as: right.name)
    }

    /// Feeds the ID and the signature.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(keyID)
        hasher.combine(bytes)
    }
}
