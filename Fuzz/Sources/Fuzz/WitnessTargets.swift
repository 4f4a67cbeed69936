import TraceProof
import TraceReplication

/// What comes to a witness, and what comes back from one.
let witnessTargets: [FuzzTarget] = [
    FuzzTarget(name: "WitnessRequest") { input in
        roundTrip(input, "add-checkpoint request") { try WitnessRequest(bytes: $0).bytes }
        guard let request = try? WitnessRequest(bytes: input),
            let logs = try? WitnessedLogs([logKey], checker: AnySignature()),
            let taken = try? WitnessDecision.authenticate(request, logs: logs, checker: AnySignature())
        else { return }
        if taken.note.text != request.checkpoint.note.text { finding("a checkpoint changes when it is taken") }
        if taken.note.signatures.count != 1 || taken.note.signatures[0].keyID != logKey.keyID {
            finding("a line that is not of the log's key is kept")
        }
        // Whether it extends nothing, and whether it extends itself.
        for held in [nil, taken] {
            guard (try? WitnessDecision.checkExtends(held, taken, request)) != nil else { continue }
            if request.oldSize != held?.checkpoint.head.size ?? 0 { finding("taken from another size than is held") }
            if !request.path.isEmpty { finding("taken with a proof where none belongs") }
        }
    },
    FuzzTarget(name: "CosignerAnswer") { input in
        // The first byte says what kind of answer: a 200, a 409 about the size, or what else.
        guard let kind = input.first else { return }
        let body = Array(input.dropFirst())
        let response =
            switch kind {
            case UInt8(ascii: "="): PeerResponse(status: 200, body: body)
            case UInt8(ascii: "<"): PeerResponse(status: 409, contentType: "text/x.tlog.size", body: body)
            default: PeerResponse(status: 400 + Int(kind), body: body)
            }
        let limits = CosigningLimits(now: { 1_767_225_600 }, sleep: { _ in })
        do throws(CosignerFailure) {
            let answer = try CosignerAnswer(
                response,
                on: asked,
                by: witnessKey,
                checker: AnySignature(),
                limits: limits
            )
            switch answer {
            case .cosigned(let line):
                let isOfKey = line.keyID == witnessKey.keyID && line.name.hasSameUTF8(as: witnessKey.name)
                if !isOfKey || kind != UInt8(ascii: "=") { finding("a cosignature of another key is taken") }
                guard let time = try? Cosignature(bytes: line.bytes).time, time <= 1_767_225_900 else {
                    finding("a cosignature of the future is taken")
                }
            case .stale(let size):
                if body != Array("\(size)\n".utf8) { finding("a size is read that is not the body") }
            }
        } catch {
            if "\(error)".utf8.contains(where: { $0 < 0x20 }) { finding("another's control characters are printed") }
        }
    },
]

private func vkey(_ name: String, _ type: SignatureType) -> VerifierKey {
    guard let key = PublicKey([UInt8](repeating: 7, count: 32)),
        let vkey = try? VerifierKey(name: name, type: type, publicKey: key)
    else { finding("32 bytes are no key") }
    return vkey
}

private let logKey = vkey("log.example/a", .ed25519)
private let witnessKey = vkey("w.example", .cosignature)

private let asked: SignedNote = {
    let text = Array("log.example/a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n".utf8)
    guard let line = try? NoteSignature(name: logKey.name, keyID: logKey.keyID, bytes: [0]),
        let note = try? SignedNote(text: text, signatures: [line])
    else { finding("the note of the target is none") }
    return note
}()
