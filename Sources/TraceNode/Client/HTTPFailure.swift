/// Why a request got no answer that counts, in words for whoever runs the node.
public struct HTTPFailure: Error, Sendable {
    /// How far a request came.
    public enum Phase: String, Sendable {
        /// Reading the URL; nothing was sent.
        case url
        /// Waiting for one of the connections that a host may have; nothing was sent.
        case waiting
        /// Finding the host and opening a connection; nothing was sent.
        case connecting
        /// Agreeing on TLS; nothing was sent.
        case securing
        /// Waiting for the status line and the headers. Whether a submission was taken is not known.
        case answer
        /// Taking the body.
        case body
        /// The answer is whole, and its status is not what was asked for.
        case status
    }

    /// What was asked for.
    public let url: String
    /// How far it came.
    public let phase: Phase
    /// What went wrong.
    public let reason: String
    /// What to do about it.
    public let remedy: String
    /// Whether waiting may mend it, with nobody changing anything here.
    public let isWorthRetrying: Bool
    /// The connection had answered before, and was closed before a byte of this answer: the server had put it down, and a
    /// new one may well answer.
    var isStale = false

    init(_ url: String, _ phase: Phase, _ reason: String, remedy: String, retry: Bool = true) {
        (self.url, self.phase, self.reason, self.remedy, isWorthRetrying) = (url, phase, reason, remedy, retry)
    }
}

extension HTTPFailure: CustomStringConvertible {
    /// The URL, what went wrong, and the remedy.
    public var description: String { "\(url): \(reason); \(remedy)" }
}
