internal import TraceProof

/// Why an upload is not complete with a 200 (C2SP tlog-mirror, `add-entries`).
enum PushRefusal: Error {
    /// The header is none, or no package was proved before the body ended: 400.
    case malformed(String)
    /// Nobody mirrors the log here: 404.
    case unknownLog
    /// The sizes do not fit what the mirror has: 409, with what does.
    case conflict(MirrorInfo)
    /// There is more to come: 202, with where to go on.
    case incomplete(MirrorInfo)
    /// A proof does not hold, or an entry is wrong that the ledger has: 422.
    case unprovable(String)
    /// The mirror's own trouble: 500. The reason is the operator's and is not told to the client.
    case failed(String)

    /// The answer to the client.
    var response: PeerResponse {
        switch self {
        case .malformed(let reason): PushRefusal.text(400, reason)
        case .unknownLog:
            PushRefusal.text(404, "unknown log: ask the operator of this mirror to add its vkey")
        case .conflict(let info):
            PeerResponse(status: 409, contentType: MirrorInfo.contentType, body: info.bytes)
        case .incomplete(let info):
            PeerResponse(status: 202, contentType: MirrorInfo.contentType, body: info.bytes)
        case .unprovable(let reason): PushRefusal.text(422, reason)
        case .failed: PushRefusal.text(500, "the entries could not be taken over; try again later")
        }
    }

    private static func text(_ status: Int, _ reason: String) -> PeerResponse {
        PeerResponse(status: status, contentType: WitnessRequest.contentType, body: Array("\(reason)\n".utf8))
    }
}
