public import TraceLedger
public import TraceReplication

/// A ledger behind a web server, read through its tlog-tiles paths; a mirror's or a witness's monitoring path likewise.
public struct RemoteLedger: LedgerSource {
    /// The URL, without a slash at its end.
    public let name: String

    private let transport: any PeerTransport

    /// The ledger at `url`.
    ///
    /// - Throws: ``HTTPFailure`` for what is not the URL of a ledger.
    public init(_ url: String, transport: any PeerTransport) throws(HTTPFailure) {
        let parsed = try HTTPURL(url)
        guard !parsed.target.contains("?") else {
            throw HTTPFailure(
                url,
                .url,
                "the URL of a ledger has no query",
                remedy: "write the part before the question mark",
                retry: false
            )
        }
        var name = url
        while name.hasSuffix("/") { name.removeLast() }
        (self.name, self.transport) = (name, transport)
    }

    /// One resource: its bytes for status 200, `nil` for 404 and 410.
    ///
    /// - Throws: ``HTTPFailure`` for every other status and where there is no answer.
    public func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        let url = "\(name)/\(path)"
        let response = try await transport.send(.get(url, responseLimit: limit))
        switch response.status {
        case 200: return response.body
        case 404, 410: return nil
        case let status: throw RemoteLedger.failure(url, status)
        }
    }

    private static func failure(_ url: String, _ status: Int) -> HTTPFailure {
        let isPassing = status >= 500 || status == 408 || status == 425 || status == 429
        let remedy =
            switch status {
            case 300..<400: "redirects are not followed: configure the URL that it leads to (curl -I shows it)"
            case 401, 403, 407: "the server does not let this node read: ask whoever runs it"
            case 429, 503: "the server asks for patience: it is asked again later"
            case 500...: "ask again later; if it stays so, tell whoever runs the server"
            default: "check that the URL is that of a ledger"
            }
        return HTTPFailure(url, .status, "the server answered with status \(status)", remedy: remedy, retry: isPassing)
    }
}
