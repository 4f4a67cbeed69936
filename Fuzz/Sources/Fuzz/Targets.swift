import EPCIS
import EPCISJSON
import TraceProof
import TraceSigning
import TraceStatements

/// Every decoder that outside bytes reach.
let targets: [FuzzTarget] = proofTargets + noteTargets + eventTargets + identifierTargets + [statement, pem]

private let proofTargets: [FuzzTarget] = [
    FuzzTarget(name: "CBOR") { input in
        roundTrip(input, "CBOR") { try CBORValue(decoding: $0).encoded() }
        _ = try? CBORDiagnostic.text(of: input, pretty: true)
        var sequence = CBORSequence(input)
        while (try? sequence.next()) != nil {}
    },
    FuzzTarget(name: "COSESign1") { input in
        roundTrip(input, "COSE_Sign1") { try COSESign1(decoding: $0).encoded() }
        _ = try? COSESign1(inspecting: input)
    },
    FuzzTarget(name: "Receipt") { input in
        roundTrip(input, "receipt") { try Receipt(decoding: $0).encoded() }
        roundTrip(input, "root signature") { try RootSignature(decoding: $0).encoded() }
        guard let receipt = try? Receipt(decoding: input) else { return }
        _ = try? receipt.verify(leaf: TreeHash.empty, key: key, checker: AnySignature())
        _ = try? receipt.verify(oldRoot: TreeHash.empty, key: key, checker: AnySignature())
    },
    FuzzTarget(name: "EntryBundle") { input in
        // The first byte is how many entries the reader expects.
        guard let width = input.first else { return }
        roundTrip(Array(input.dropFirst()), "entry bundle") {
            try EntryBundle(EntryBundle(decoding: $0, width: Int(width)).map { Array($0) }).encoded
        }
    },
]

private let noteTargets: [FuzzTarget] = [
    FuzzTarget(name: "Note") { input in
        roundTrip(input, "signed note") { try SignedNote(bytes: $0).bytes }
        roundTrip(input, "vkey") { try Array(VerifierKey(text: $0).text.utf8) }
        roundTrip(input, "checkpoint") { try SignedCheckpoint(bytes: $0).bytes }
        roundTrip(input, "checkpoint text") { try Checkpoint(noteText: $0).noteText }
    },
    FuzzTarget(name: "TLogProof") { input in
        roundTrip(input, "tlog-proof") { try TLogProof(bytes: $0).bytes }
    },
    FuzzTarget(name: "Policy") { input in
        // Comments and spaces are the author's: what is written again must mean the same.
        guard let policy = try? TrustPolicy(bytes: input) else { return }
        roundTrip(policy.bytes, "policy") { try TrustPolicy(bytes: $0).bytes }
    },
]

private let eventTargets: [FuzzTarget] = [
    FuzzTarget(name: "Payload") { input in
        guard let event = try? EPCISEvent(payload: input) else { return }
        guard let payload = try? event.payload() else { finding("a decoded event cannot be encoded") }
        guard let again = try? EPCISEvent(payload: payload), again == event else {
            finding("an event changes through its payload")
        }
        if again.hashID() != event.hashID() { finding("an event's hash changes through its payload") }
    },
    FuzzTarget(name: "EPCISJSON") { input in
        guard let document = try? EPCISDocument(json: input) else { return }
        for located in document.events {
            let written = DocumentWriter.event(located.event).serialized()
            guard let again = try? EPCISDocument(json: written) else { finding("our own JSON is refused") }
            if DocumentWriter.event(again.events[0].event).serialized() != written {
                finding("JSON changes when rewritten")
            }
            guard let payload = try? located.event.payload() else { continue }
            guard let read = try? EPCISEvent(payload: payload) else { finding("our own payload is refused") }
            if read.hashID() != located.event.hashID() { finding("an event's hash changes through its payload") }
        }
    },
    FuzzTarget(name: "CSV") { input in
        // A mapping, a zero byte, a table.
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let mapping = try? CSVMapping(json: Array(parts[0])),
            var reader = try? CSVEventReader(Array(parts[1]), mapping: mapping)
        else { return }
        while let located = try? reader.next() {
            let written = DocumentWriter.event(located.event).serialized()
            guard let again = try? EPCISDocument(json: written), again.events.map(\.event) == [located.event] else {
                finding("an event of CSV changes through its JSON")
            }
        }
    },
]

private let statement = FuzzTarget(name: "Statement") { input in
    _ = try? Statement(decoding: input)
    roundTrip(input, "transparent statement") { try TransparentStatement(decoding: $0).encoded() }
    roundTrip(input, "genesis") { try Genesis(decoding: $0).encoded }
}

private let pem = FuzzTarget(name: "PEM") { input in
    if let key = try? PublicKey(pem: input), !key.pem.utf8.elementsEqual(plainPEM(input)) {
        finding("public key PEM accepted a form that is neither its own nor one of the three it documents")
    }
    _ = try? SigningKey(pem: input)
    roundTrip(input, "COSE_Key") { bytes in
        let key = try COSEKey.decode(bytes)
        let plain = COSEKey.encode(key)
        return plain == bytes ? plain : COSEKey.encode(key, withKeyID: true)
    }
}

/// A PEM text without what the reader documents to pass over: text before the BEGIN line, CR before LF, no last LF.
private func plainPEM(_ input: [UInt8]) -> [UInt8] {
    var lines = input.split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { $0.last == 0x0D ? $0.dropLast() : $0 }
    if lines.last?.isEmpty == true { lines.removeLast() }
    let begin = lines.firstIndex { $0.starts(with: Array("-----BEGIN ".utf8)) } ?? 0
    return lines[begin...].flatMap { $0 + [0x0A] }
}

// 32 bytes make a key; which ones does not matter here.
private let key: PublicKey = {
    guard let key = PublicKey([UInt8](repeating: 7, count: 32)) else { finding("32 bytes are no key") }
    return key
}()

/// Accepts every signature, so that what lies behind the check is reached.
private struct AnySignature: SignatureChecker {
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool { true }
    func isValidPoint(_ bytes: [UInt8]) -> Bool { true }
}
