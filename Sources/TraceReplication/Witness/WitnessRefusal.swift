public import TraceProof

/// Why a checkpoint is not taken, in the order in which it is asked (C2SP tlog-witness, `add-checkpoint`).
public enum WitnessRefusal: Error, Sendable {
    /// The body is not a request: 400. Only what can be read has an origin, so this comes first.
    case malformed(FormatError)
    /// The origin is not among the logs: 404.
    case unknownLog(origin: String)
    /// No trusted key of the log signed it, or a signature in the name of one is not its: 403.
    case invalidSignature(String)
    /// The old size is above the checkpoint's: 400.
    case oldSizeTooLarge(old: UInt64, new: UInt64)
    /// The old size is not the one that is held: 409, with that as ``sizeContentType``.
    case conflict(held: UInt64)
    /// It does not extend what is held, or the proof does not show it: 422. Where the two contradict each other whatever
    /// proof there might be, that is the finding.
    case inconsistent(String, WitnessFinding?)
    /// What is held could not be read or written, or the witness's key did not sign: 500. The reason is the operator's and is
    /// not told to the client.
    case failed(String)

    /// The media type of the size in an answer 409; without it no 409 is about the size.
    public static let sizeContentType = "text/x.tlog.size"

    /// The HTTP status code.
    public var status: Int {
        switch self {
        case .malformed, .oldSizeTooLarge: 400
        case .invalidSignature: 403
        case .unknownLog: 404
        case .conflict: 409
        case .inconsistent: 422
        case .failed: 500
        }
    }

    /// The answer to the client: for people, except that of a conflict.
    public var response: PeerResponse {
        if case .conflict(let size) = self {
            return PeerResponse(
                status: status,
                contentType: WitnessRefusal.sizeContentType,
                body: Array("\(size)\n".utf8)
            )
        }
        var reason = description
        if case .failed = self {
            reason = "the checkpoint could not be recorded, so it is not cosigned; try again later"
        }
        return PeerResponse(
            status: status,
            contentType: WitnessRequest.contentType,
            body: Array("\(reason)\n".utf8)
        )
    }
}

extension WitnessRefusal: CustomStringConvertible {
    /// What is wrong, for the log of the node.
    public var description: String {
        switch self {
        case .malformed(let error): error.description
        case .unknownLog(let origin): "unknown log \(origin): ask the operator of this node to add its vkey"
        case .invalidSignature(let reason): "invalid signature: \(reason)"
        case .oldSizeTooLarge(let old, let new): "the old size \(old) is above that of the checkpoint, \(new)"
        case .conflict(let held): "the latest checkpoint here is of size \(held)"
        case .inconsistent(let reason, _): reason
        case .failed(let reason): reason
        }
    }
}

/// Two checkpoints that a log signed and that cannot both be of one append-only tree: it forked.
///
/// They are of one size and have different roots; or ``path`` leads to the root of ``shown`` from another root than that
/// of ``held``, so that the tree of ``shown`` had that other root at the size of ``held``.
public struct WitnessFinding: Hashable, Sendable {
    /// What was taken before, with the log's signature.
    public let held: SignedCheckpoint
    /// What was refused, with the log's signature and no others.
    public let shown: SignedCheckpoint
    /// The consistency path from the size of ``held`` to ``shown``; empty at one size.
    public let path: [Digest]

    /// A finding of these parts.
    public init(held: SignedCheckpoint, shown: SignedCheckpoint, path: [Digest]) {
        (self.held, self.shown, self.path) = (held, shown, path)
    }
}
