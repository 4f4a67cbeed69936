/// An Ed25519 cosignature, type 0x04 (C2SP tlog-cosignature v1.0.1): as of `time`, this checkpoint is the largest
/// consistent one that the cosigner has seen of its log.
///
/// It does not bind the cosigner's name: one key must never serve two cosigners.
public struct Cosignature: Hashable, Sendable {
    /// The length in bytes: an 8-byte time and a signature.
    public static let byteCount = 8 + Signature.byteCount

    /// When it was made: POSIX seconds, at most 2^63 - 1.
    public let time: UInt64
    /// The signature over ``message(time:noteText:)``.
    public let signature: Signature

    /// A cosignature of these parts.
    ///
    /// - Throws: for a time above 2^63 - 1.
    public init(time: UInt64, signature: Signature) throws(FormatError) {
        guard time <= NoteSyntax.maximumInteger else {
            throw FormatError("cosignature", at: .offset(0), "the time is above 2^63 - 1")
        }
        self.time = time
        self.signature = signature
    }

    /// Reads the signature bytes of a ``NoteSignature``.
    ///
    /// - Throws: for any length but ``byteCount`` and a time above 2^63 - 1.
    public init(bytes: [UInt8]) throws(FormatError) {
        guard bytes.count == Cosignature.byteCount, let signature = Signature(bytes[8...]) else {
            throw FormatError("cosignature", at: .whole, "not an 8-byte time and a 64-byte signature")
        }
        try self.init(time: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }, signature: signature)
    }

    /// The time, big-endian, then the signature.
    public var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) } + signature.bytes
    }

    /// What is signed: a header line, a time line, then the whole text of the checkpoint, extension lines included.
    public static func message(time: UInt64, noteText: [UInt8]) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n".utf8) + noteText
    }

    /// Whether this is `key`'s cosignature on a checkpoint's text.
    public func isValid(for noteText: [UInt8], by key: PublicKey, checker: some SignatureChecker) -> Bool {
        checker.isValid(signature, for: Cosignature.message(time: time, noteText: noteText), by: key)
    }
}

#if !hasFeature(Embedded)
extension Cosignature {
    /// Cosigns a checkpoint's text as `name`.
    ///
    /// - Parameter time: POSIX seconds.
    /// - Returns: the signature line to add to the note.
    /// - Throws: a ``FormatError`` for a name that no line can hold or a time above 2^63 - 1; else what the signer throws.
    public static func sign(
        _ noteText: [UInt8],
        name: String,
        time: UInt64,
        signer: any Signer
    ) async throws -> NoteSignature {
        let key = try VerifierKey(name: name, type: .cosignature, publicKey: signer.publicKey)
        let signature = try await signer.signature(for: message(time: time, noteText: noteText))
        let bytes = try Cosignature(time: time, signature: signature).bytes
        return try NoteSignature(name: name, keyID: key.keyID, bytes: bytes)
    }
}
#endif
