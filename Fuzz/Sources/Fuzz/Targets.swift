import EPCIS
import EPCISJSON
import TraceProof
import TraceSigning
import TraceStatements

/// Every decoder that outside bytes reach.
let targets: [FuzzTarget] =
    proofTargets + noteTargets + eventTargets + identifierTargets + registryTargets + witnessTargets + pushTargets
    + itemTargets + pictureTargets + [
        bundleTarget, forkTarget, statement, pem,
    ]

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
        // A change reads all fields at once; before it, each is read when it is asked for.
        var changed = event
        changed.action = event.action
        if let field = difference(event, changed) { finding("the field \(field) reads otherwise by itself") }
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

/// A field that two events do not share.
private func difference(_ left: EPCISEvent, _ right: EPCISEvent) -> String? {
    if left.kind != right.kind || left.eventTimeZoneOffset != right.eventTimeZoneOffset { return "type" }
    if left.eventTime != right.eventTime || left.recordTime != right.recordTime { return "time" }
    if left.eventID != right.eventID || left.action != right.action { return "eventID" }
    if left.objects != right.objects || left.transformationID != right.transformationID { return "objects" }
    if left.quantityList != right.quantityList || left.childQuantityList != right.childQuantityList {
        return "quantity"
    }
    if left.inputQuantityList != right.inputQuantityList { return "inputQuantityList" }
    if left.outputQuantityList != right.outputQuantityList { return "outputQuantityList" }
    if left.bizStep != right.bizStep || left.disposition != right.disposition { return "bizStep" }
    if left.persistentDisposition != right.persistentDisposition { return "persistentDisposition" }
    if left.bizTransactionList != right.bizTransactionList { return "bizTransactionList" }
    if left.sourceList != right.sourceList || left.destinationList != right.destinationList { return "sourceList" }
    if left.readPoint != right.readPoint || left.bizLocation != right.bizLocation { return "readPoint" }
    if left.sensorElementList != right.sensorElementList { return "sensorElementList" }
    if left.ilmd != right.ilmd || left.extensions != right.extensions { return "extensions" }
    if left.errorDeclaration != right.errorDeclaration { return "errorDeclaration" }
    if left.certificationInfo != right.certificationInfo { return "certificationInfo" }
    if left.items != right.items { return "items" }
    return left.namespaces != right.namespaces || left.context != right.context ? "namespaces" : nil
}

private let statement = FuzzTarget(name: "Statement") { input in
    if let statement = try? Statement(decoding: input) {
        // Also where no reader of a COSE_Sign1 stood in between.
        guard let message = try? COSESign1(decoding: input), message.payload == statement.payload,
            message.signature == statement.signature.bytes
        else { finding("a statement that is no COSE_Sign1, or another") }
    }
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
struct AnySignature: SignatureChecker {
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool { true }
    func isValidPoint(_ bytes: [UInt8]) -> Bool { true }
}
