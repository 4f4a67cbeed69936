/// A text signed by one or more keys (C2SP signed-note v1.0.0).
///
///     <text, ends in a line feed>
///     <empty line>
///     — <name> <base64 signature>
///
/// The text is not to be believed before ``verify(keys:checker:)`` has returned. Reading is strict: ``bytes`` of a note
/// that was read are the bytes it was read from.
public struct SignedNote: Hashable, Sendable {
    /// The longest note accepted, signatures included: 1 MiB.
    public static let maximumByteCount = 1 << 20
    /// The most signatures accepted. The standard demands at least 16.
    public static let maximumSignatureCount = 100

    /// What is signed, its final line feed included.
    public let text: [UInt8]
    /// The signature lines in order, those of unknown keys too.
    public let signatures: [NoteSignature]

    /// A note of these parts.
    ///
    /// - Throws: for a text or a number of signatures that ``init(bytes:)`` would refuse.
    public init(text: [UInt8], signatures: [NoteSignature]) throws(FormatError) {
        self.text = text
        self.signatures = signatures
        try NoteSyntax.checkCharacters(text, in: "signed note")
        guard !text.isEmpty else { throw SignedNote.refusal("the text is empty") }
        guard !signatures.isEmpty else { throw SignedNote.refusal("there is no signature") }
        guard signatures.count <= SignedNote.maximumSignatureCount else {
            throw SignedNote.refusal("more than \(SignedNote.maximumSignatureCount) signatures")
        }
        guard bytes.count <= SignedNote.maximumByteCount else { throw SignedNote.tooLong }
    }

    /// Reads a note.
    ///
    /// - Throws: with the line, for anything that is not a well-formed note. No signature is verified.
    public init(bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= SignedNote.maximumByteCount else { throw SignedNote.tooLong }
        try NoteSyntax.checkCharacters(bytes, in: "signed note")
        guard let blank = SignedNote.lastBlankLine(of: bytes) else {
            throw SignedNote.refusal("no empty line separates the text from its signatures")
        }
        text = Array(bytes[..<blank])
        let linesBefore = text.count(where: { $0 == NoteSyntax.lineFeed }) + 1
        do throws(FormatError) { signatures = try NoteSignature.lines(bytes[(blank + 1)...]) } catch {
            throw error.movedLines(by: linesBefore)
        }
    }

    /// The note as it is stored and sent.
    public var bytes: [UInt8] {
        var bytes = text
        bytes.append(NoteSyntax.lineFeed)
        for signature in signatures { bytes += signature.line }
        return bytes
    }

    /// The note with further signatures; those that it has already are not repeated.
    ///
    /// - Throws: when that makes it longer than a note may be.
    public func adding(_ more: [NoteSignature]) throws(FormatError) -> SignedNote {
        var all = signatures
        for signature in more where !all.contains(signature) { all.append(signature) }
        return try SignedNote(text: text, signatures: all)
    }

    /// Where the LF of the last empty line stands: the text ends before it. An empty line follows another line.
    private static func lastBlankLine(of bytes: [UInt8]) -> Int? {
        var index = bytes.count - 1
        while index > 0 {
            if bytes[index] == NoteSyntax.lineFeed, bytes[index - 1] == NoteSyntax.lineFeed { return index }
            index -= 1
        }
        return nil
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError("signed note", at: .whole, reason) }

    private static var tooLong: FormatError { refusal("longer than \(maximumByteCount) bytes") }
}
