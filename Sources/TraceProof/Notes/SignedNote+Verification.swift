/// What one known key has to say about a note.
public enum SignatureOutcome: Hashable, Sendable {
    /// The note has no signature of this name and key ID.
    case absent
    /// It has one, of a type that this package cannot check (all but 0x01 and 0x04). It counts for nothing.
    case unsupported
    /// Every signature of the key is valid. For a cosigner, `time` is the earliest at which it cosigned (POSIX seconds).
    case verified(time: UInt64?)
    /// A signature that claims to be of this key is not. The whole note is to be refused.
    case invalid(line: Int)
}

/// A key whose signature on a note was verified.
public struct VerifiedKey: Hashable, Sendable {
    /// The key.
    public let key: VerifierKey
    /// For a cosigner: when it cosigned, in POSIX seconds.
    public let time: UInt64?
}

extension SignedNote {
    /// Checks every signature that claims to be of `key`.
    public func outcome(of key: VerifierKey, checker: some SignatureChecker) -> SignatureOutcome {
        var earliest: UInt64?
        var isPresent = false
        for (position, signature) in signatures.enumerated() where signature.isAttributed(to: key) {
            guard let publicKey = key.publicKey else { return .unsupported }
            isPresent = true
            if key.type == .cosignature {
                guard let cosignature = try? Cosignature(bytes: signature.bytes),
                    cosignature.isValid(for: text, by: publicKey, checker: checker)
                else { return .invalid(line: line(ofSignature: position)) }
                earliest = min(earliest ?? cosignature.time, cosignature.time)
            } else {
                guard let plain = Signature(signature.bytes), checker.isValid(plain, for: text, by: publicKey)
                else { return .invalid(line: line(ofSignature: position)) }
            }
        }
        return isPresent ? .verified(time: earliest) : .absent
    }

    /// Checks the note against the keys one knows, by the rule of signed-note: signatures of others are ignored, even if
    /// they share a name or an ID (but not both) with a known key; a bad signature of a known key refuses the note; at
    /// least one must verify. Only then is ``text`` to be believed.
    ///
    /// - Returns: the keys that signed, in the order of `keys`.
    /// - Throws: with the line of the bad signature, or for the whole note when no known key signed it.
    public func verify(
        keys: [VerifierKey],
        checker: some SignatureChecker
    ) throws(FormatError) -> [VerifiedKey] {
        var verified: [VerifiedKey] = []
        for key in keys {
            if let time = try requireNotInvalid(key, checker: checker) {
                verified.append(VerifiedKey(key: key, time: time))
            }
        }
        guard !verified.isEmpty else {
            throw FormatError("signed note", at: .whole, "none of the known keys signed it")
        }
        return verified
    }

    /// The time of a verified signature (itself `nil` for a plain one); `nil` where there is none that can be checked.
    func requireNotInvalid(_ key: VerifierKey, checker: some SignatureChecker) throws(FormatError) -> UInt64?? {
        switch outcome(of: key, checker: checker) {
        case .absent, .unsupported: return .none
        case .verified(let time): return .some(time)
        case .invalid(let line):
            throw FormatError(
                "signed note",
                at: .line(line),
                "the signature is not \(key.name)'s: the text or the signature was changed"
            )
        }
    }

    /// The line of a signature in the whole note, from 1: the text and the empty line stand before the signatures.
    private func line(ofSignature position: Int) -> Int {
        text.count(where: { $0 == NoteSyntax.lineFeed }) + 2 + position
    }
}

#if !hasFeature(Embedded)
extension SignedNote {
    /// Signs a text with an Ed25519 key, type 0x01.
    ///
    /// - Throws: a ``FormatError`` for a text or a name that no note can hold; else what the signer throws.
    public static func sign(text: [UInt8], name: String, signer: any Signer) async throws -> SignedNote {
        try NoteSyntax.checkCharacters(text, in: "signed note")
        let key = try VerifierKey(name: name, type: .ed25519, publicKey: signer.publicKey)
        let signature = try await signer.signature(for: text)
        return try SignedNote(
            text: text,
            signatures: [NoteSignature(name: name, keyID: key.keyID, bytes: signature.bytes)]
        )
    }
}
#endif
