/// A checkpoint and the note that carries it, with the log's signature and any cosignatures.
public struct SignedCheckpoint: Hashable, Sendable {
    /// What the note says. Not to be believed before the note is verified.
    public let checkpoint: Checkpoint
    /// The note; its bytes are those that were read.
    public let note: SignedNote

    /// A note whose text is a checkpoint.
    ///
    /// - Throws: with the line, when it is not.
    public init(note: SignedNote) throws(FormatError) {
        checkpoint = try Checkpoint(noteText: note.text)
        self.note = note
    }

    /// Reads a signed checkpoint.
    ///
    /// - Throws: with the line, for anything that is not one. No signature is verified.
    public init(bytes: [UInt8]) throws(FormatError) {
        try self.init(note: try SignedNote(bytes: bytes))
    }

    /// The checkpoint as it is stored and served: `text/plain; charset=utf-8`.
    public var bytes: [UInt8] { note.bytes }

    /// The same checkpoint with further signatures; those that it has already are not repeated.
    ///
    /// - Throws: when that makes the note longer than one may be.
    public func adding(_ signatures: [NoteSignature]) throws(FormatError) -> SignedCheckpoint {
        try SignedCheckpoint(note: note.adding(signatures))
    }

    /// The valid cosignatures by keys of type 0x04, with their times; keys of other types are passed over.
    ///
    /// - Returns: the keys that cosigned, in the order of `keys`; none is no error.
    /// - Throws: with the line of a cosignature that claims to be by one of the keys and is not.
    public func cosignatures(
        by keys: [VerifierKey],
        checker: some SignatureChecker
    ) throws(FormatError) -> [VerifiedKey] {
        var verified: [VerifiedKey] = []
        for key in keys where key.type == .cosignature {
            if let time = try note.requireNotInvalid(key, checker: checker) {
                verified.append(VerifiedKey(key: key, time: time))
            }
        }
        return verified
    }
}

#if !hasFeature(Embedded)
extension SignedCheckpoint {
    /// Signs a checkpoint as its log: the key's name is the origin.
    ///
    /// A log must never sign a checkpoint that is inconsistent with any it signed before; nothing here can know.
    /// - Throws: a ``FormatError`` for an origin that cannot be a key name; else what the signer throws.
    public static func sign(_ checkpoint: Checkpoint, signer: any Signer) async throws -> SignedCheckpoint {
        try SignedCheckpoint(
            note: try await SignedNote.sign(text: checkpoint.noteText, name: checkpoint.origin, signer: signer)
        )
    }
}
#endif
