public import TraceProof

/// What a cosigner's answer to `add-checkpoint` comes to (C2SP tlog-witness).
public enum CosignerAnswer: Hashable, Sendable {
    /// It cosigned: a valid line of its key.
    case cosigned(NoteSignature)
    /// It holds another size than the proof starts from.
    case stale(size: UInt64)

    /// The longest answer that is taken: some dozens of post-quantum cosignatures.
    public static let maximumByteCount = 1 << 16

    /// Reads an answer about `note`, believing nothing in it but a valid cosignature of `key`.
    ///
    /// A 409 is about the size only where it says so; older witnesses answer it to two roots of one size.
    /// - Throws: ``CosignerFailure`` for everything else.
    public init(
        _ response: PeerResponse,
        on note: SignedNote,
        by key: VerifierKey,
        checker: any SignatureChecker,
        limits: CosigningLimits
    ) throws(CosignerFailure) {
        if response.status == 409, response.isOfType(WitnessRefusal.sizeContentType) {
            guard let size = CosignerAnswer.size(response.body) else {
                throw .invalid("a 409 whose body is not a size in decimal and a line feed")
            }
            self = .stale(size: size)
            return
        }
        guard response.status == 200 else {
            throw .refused(status: response.status, CosignerAnswer.shown(response.body))
        }
        let lines: [NoteSignature]
        do throws(FormatError) { lines = try NoteSignature.lines(response.body) } catch {
            throw .invalid(error.description)
        }
        self = .cosigned(try CosignerAnswer.line(of: key, among: lines, on: note, checker, limits))
    }

    /// The first line that is a cosignature of the key; others are ignored, also those that only claim to be.
    private static func line(
        of key: VerifierKey,
        among lines: [NoteSignature],
        on note: SignedNote,
        _ checker: any SignatureChecker,
        _ limits: CosigningLimits
    ) throws(CosignerFailure) -> NoteSignature {
        var failure = CosignerFailure.invalid("no line is of the key \(key.text)")
        for line in lines {
            let outcome = (try? SignedNote(text: note.text, signatures: [line]))?.outcome(of: key, checker: checker)
            switch outcome {
            case .verified(let time?):
                if limits.isPlausible(time) { return line }
                failure = .implausibleTime(time, now: limits.now())
            case .invalid: failure = .invalid("the line of \(key.name) does not verify")
            default: break
            }
        }
        throw failure
    }

    private static func size(_ body: [UInt8]) -> UInt64? {
        guard body.last == NoteSyntax.lineFeed else { return nil }
        return NoteSyntax.decimal(body.dropLast())
    }

    /// The start of another's words as they may stand in a log or on a page: no control, format or private characters.
    private static func shown(_ body: [UInt8]) -> String {
        var text = ""
        for scalar in String(decoding: body.prefix(200), as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
