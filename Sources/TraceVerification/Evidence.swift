public import TraceProof
public import TraceStatements

/// A file that somebody brings as evidence, by what its bytes are.
public enum Evidence: Sendable {
    /// One or more statements (a CBOR sequence).
    case statements([Statement])
    /// A statement with its receipts.
    case transparentStatement(TransparentStatement)
    /// A receipt of inclusion; its statement comes apart.
    case receipt(Receipt)
    /// A receipt of consistency; the older checkpoint comes apart.
    case consistencyReceipt(Receipt)
    /// A ledger's COSE signature over a root; the checkpoint comes apart.
    case rootSignature(RootSignature)
    /// An offline proof in text, usually with its statement.
    case tlogProof(TLogProof)
    /// A checkpoint note.
    case checkpoint(SignedCheckpoint)
    /// A registry at one checkpoint.
    case registryPack(RegistryPack)
    /// What brings a registry to a newer checkpoint.
    case registryUpdate(RegistryUpdate)
    /// All entries of a ledger about a subject, and that there are no others.
    case subjectProof(SubjectProof)
    /// What an enterprise asks an authority for.
    case enrolmentRequest(EnrolmentRequest)
    /// Statements of one or more ledgers with all that a checker needs.
    case evidenceBundle(EvidenceBundle)
    /// Two checkpoints of a ledger that exclude each other.
    case forkEvidence(ForkEvidence)
    /// The text of a code on a pack.
    case stamp(Stamp)
    /// One item of a logged batch.
    case loggedItem(LoggedItem)
    /// All items of a logged batch.
    case batchPack(BatchPack)
    /// Recalls.
    case recallPack(RecallPack)

    /// Tells from the bytes what the evidence is and reads it.
    ///
    /// - Throws: ``FormatError`` of the format that the first bytes announce.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        if bytes.starts(with: "c2sp.org/tlog-proof@".utf8) {
            self = .tlogProof(try TLogProof(bytes: bytes))
        } else if Evidence.isLink(bytes) {
            self = .stamp(try Stamp(parsing: try Evidence.line(bytes)))
        } else if let name = TravellingFile.name(of: bytes) {
            self = try Evidence.file(name, bytes)
        } else if bytes.first == 0xD2 {
            self = try Evidence.message(bytes)
        } else if let first = bytes.first, (0x20..<0x7F).contains(first) || first >= 0xC2 {
            self = .checkpoint(try SignedCheckpoint(bytes: bytes))
        } else {
            throw FormatError(
                "evidence",
                at: .offset(0),
                "neither a COSE message (tag 18), nor a file of TraceLedger (tag 55799), nor a tlog-proof, nor a checkpoint "
                    + "note, nor the code on a pack (https://)"
            )
        }
    }

    /// Whether the bytes begin as an http(s) URI does, in any case.
    private static func isLink(_ bytes: [UInt8]) -> Bool {
        let start = bytes.prefix(8).map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return start.starts(with: "http://".utf8) || start.elementsEqual("https://".utf8)
    }

    /// The one line of a file, which may end with a line feed.
    private static func line(_ bytes: [UInt8]) throws(FormatError) -> String {
        var line = bytes[...]
        if line.last == 0x0A { line.removeLast() }
        if line.last == 0x0D { line.removeLast() }
        guard line.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw FormatError("stamp", at: .whole, "a code is one line of printable ASCII without spaces")
        }
        return String(decoding: Array(line), as: UTF8.self)
    }

    private static func file(_ name: String, _ bytes: [UInt8]) throws(FormatError) -> Evidence {
        if name.hasSameUTF8(as: RegistryPack.file.name) { return .registryPack(try RegistryPack(decoding: bytes)) }
        if name.hasSameUTF8(as: RegistryUpdate.file.name) {
            return .registryUpdate(try RegistryUpdate(decoding: bytes))
        }
        if name.hasSameUTF8(as: EnrolmentRequest.file.name) {
            return .enrolmentRequest(try EnrolmentRequest(decoding: bytes))
        }
        if name.hasSameUTF8(as: EvidenceBundle.file.name) {
            return .evidenceBundle(try EvidenceBundle(decoding: bytes))
        }
        if name.hasSameUTF8(as: SubjectProof.file.name) { return .subjectProof(try SubjectProof(decoding: bytes)) }
        if name.hasSameUTF8(as: LoggedItem.file.name) { return .loggedItem(try LoggedItem(decoding: bytes)) }
        if name.hasSameUTF8(as: BatchPack.file.name) { return .batchPack(try BatchPack(decoding: bytes)) }
        if name.hasSameUTF8(as: RecallPack.file.name) { return .recallPack(try RecallPack(decoding: bytes)) }
        if name.hasSameUTF8(as: ForkEvidence.file.name) { return .forkEvidence(try ForkEvidence(decoding: bytes)) }
        throw FormatError("evidence", at: .offset(0), "\(name) is no file that this program knows")
    }

    private static func message(_ bytes: [UInt8]) throws(FormatError) -> Evidence {
        var statements: [Statement] = []
        var sequence = CBORSequence(bytes)
        while let item = try sequence.next()?.bytes {
            let message = try COSESign1(decoding: item, format: "COSE_Sign1")
            if message.payload != nil, message.unprotected.entries.isEmpty {
                statements.append(try Statement(decoding: item))
                continue
            }
            guard item.count == bytes.count else {
                throw FormatError("evidence", at: .offset(0), "only plain statements may stand in a sequence")
            }
            if message.payload != nil { return .transparentStatement(try TransparentStatement(decoding: bytes)) }
            if message.unprotected.entries.isEmpty { return .rootSignature(try RootSignature(decoding: bytes)) }
            let receipt = try Receipt(decoding: bytes)
            if case .consistency = receipt.proof { return .consistencyReceipt(receipt) }
            return .receipt(receipt)
        }
        return .statements(statements)
    }

    /// What it is called in reports.
    public var type: String {
        switch self {
        case .statements(let statements): statements.count == 1 ? "statement" : "statements"
        case .transparentStatement: "transparent statement"
        case .receipt: "receipt"
        case .consistencyReceipt: "consistency receipt"
        case .rootSignature: "root signature"
        case .tlogProof: "tlog-proof"
        case .checkpoint: "checkpoint"
        case .registryPack: "registry pack"
        case .subjectProof: "subject proof"
        case .registryUpdate: "registry update"
        case .enrolmentRequest: "enrolment request"
        case .evidenceBundle: EvidenceBundle.type
        case .forkEvidence: "fork evidence"
        case .stamp: "stamp"
        case .loggedItem: "item proof"
        case .batchPack: "batch pack"
        case .recallPack: "recall pack"
        }
    }
}
