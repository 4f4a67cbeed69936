public import TraceProof
internal import TraceStatements

/// A file about items, by what its bytes are: what a device that looks at packs keeps beside its policy and its registry.
///
/// ``Evidence`` has all kinds of files; who carries the code along, as a page does, carries only the readers of these.
public enum ItemFile: Sendable {
    /// One item of a batch.
    case item(LoggedItem)
    /// All items of a batch.
    case pack(BatchPack)
    /// Recalls.
    case recalls(RecallPack)
    /// All entries about an item.
    case history(SubjectProof)

    /// Tells from the bytes what the file is and reads it.
    ///
    /// - Throws: ``FormatError`` for a file of another kind, and that of the kind that the file says it is.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        guard let name = TravellingFile.name(of: bytes) else {
            throw FormatError("file", at: .offset(0), "this is no file of TraceLedger (tag 55799)")
        }
        if name.hasSameUTF8(as: LoggedItem.file.name) {
            self = .item(try LoggedItem(decoding: bytes))
        } else if name.hasSameUTF8(as: BatchPack.file.name) {
            self = .pack(try BatchPack(decoding: bytes))
        } else if name.hasSameUTF8(as: RecallPack.file.name) {
            self = .recalls(try RecallPack(decoding: bytes))
        } else if name.hasSameUTF8(as: SubjectProof.file.name) {
            self = .history(try SubjectProof(decoding: bytes))
        } else {
            throw FormatError("file", at: .offset(0), "\(name) is no file about items")
        }
    }

    /// The name that the file gives itself, without `traceledger/`.
    public var name: String {
        switch self {
        case .item: "item-proof"
        case .pack: "batch-pack"
        case .recalls: "recall-pack"
        case .history: "subject-proof"
        }
    }
}

extension ItemEvidence {
    /// Takes a file in.
    public mutating func add(_ file: ItemFile) {
        switch file {
        case .item(let item): items.append(item)
        case .pack(let pack): packs.append(pack)
        case .recalls(let pack): recalls.append(pack)
        case .history(let history): histories.append(history)
        }
    }
}

extension Verifier {
    /// Checks a file about items by itself, as ``verify(_:statement:oldCheckpoint:)`` does.
    public func verify(itemFile file: ItemFile) -> VerificationReport {
        var report = VerificationReport(type: file.name, best: .issuedAndLogged)
        switch file {
        case .item(let item): check(item, &report)
        case .pack(let pack): check(pack, &report)
        case .recalls(let pack): check(pack, &report)
        case .history(let history):
            report.asOf = check(history.checkpoint, &report)
            if checkInclusion(of: history, &report) { checkMap(of: history, &report) }
        }
        judgeKeys(&report)
        return report
    }
}
