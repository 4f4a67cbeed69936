internal import TraceProof

/// Why there is no cosignature of a cosigner on a checkpoint.
public enum CosignerFailure: Error, Hashable, Sendable {
    /// It did not answer; the words are the transport's.
    case noAnswer(String)
    /// It did not answer in time.
    case timedOut
    /// It refused with this status. That is final for the checkpoint; the words are its own, cleaned and cut.
    case refused(status: Int, String)
    /// It holds a tree of a size that this ledger never signed: an alarm. Somebody else signs with the ledger's key, or this
    /// ledger was restored from an old state.
    case ahead(size: UInt64)
    /// It said again and again that it holds another size.
    case conflicting(size: UInt64)
    /// What it answered is no cosignature of its key on this checkpoint.
    case invalid(String)
    /// The cosignature is valid and its time cannot be: both in POSIX seconds.
    case implausibleTime(UInt64, now: UInt64)
    /// A larger checkpoint was given to it meanwhile.
    case superseded(size: UInt64)
    /// The proof for it could not be made; the words are the ledger's.
    case unproved(String)

    /// Whether somebody should look at it at once: the cosigner may hold another history of the ledger.
    public var isAlarm: Bool {
        switch self {
        case .ahead, .refused(status: 422, _): true
        default: false
        }
    }
}

extension CosignerFailure: CustomStringConvertible {
    /// What is wrong, and the remedy where there is one.
    public var description: String {
        switch self {
        case .noAnswer(let reason): "no answer: \(reason)"
        case .timedOut: "no answer in time"
        case .refused(let status, let reason) where isAlarm:
            "it holds another history of this ledger than this one, or is broken: compare its latest checkpoint with "
                + "this ledger's; it answered \(status) \(reason)"
        case .refused(let status, let reason): "it refused: \(status) \(reason)"
        case .ahead(let size):
            "it cosigned a checkpoint of size \(size), which this ledger never signed: if the ledger was restored from "
                + "a backup, stop and run the restore check; else somebody else has its key"
        case .conflicting(let size): "it said again and again that it holds another size, at last \(size)"
        case .invalid(let reason): "its answer is no cosignature on this checkpoint: \(reason)"
        case .implausibleTime(let time, let now):
            "its cosignature is of the time \(time), and it is \(now) here: one of the clocks is wrong"
        case .superseded(let size): "it was asked for the larger checkpoint of size \(size) meanwhile"
        case .unproved(let reason): "the consistency proof for it could not be made: \(reason)"
        }
    }
}

/// Too few cosigners answered for the policy's quorum. The checkpoint is not shown, and may be asked for again.
public struct QuorumFailure: Error, Sendable {
    /// Who cosigned.
    public let cosigned: [Cosigner]
    /// Who did not, and why.
    public let missing: [(cosigner: Cosigner, failure: CosignerFailure)]
}

extension QuorumFailure: CustomStringConvertible {
    /// Who did not cosign and why.
    public var description: String {
        let reasons = missing.map { "\($0.cosigner.key.name) (\($0.cosigner.url)): \($0.failure)" }
        return "the quorum of cosigners is not reached, with \(cosigned.count) of \(cosigned.count + missing.count); "
            + reasons.joined(separator: "; ")
    }
}
