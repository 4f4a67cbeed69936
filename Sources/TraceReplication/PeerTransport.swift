/// How a request reaches another party: over HTTP in the node, in memory in tests.
///
/// The protocols of this module say what to send and what an answer means; sockets, retries and time limits are the
/// transport's.
public protocol PeerTransport: Sendable {
    /// Sends one request and gives the whole answer, whatever its status.
    ///
    /// - Throws: where there is no answer: no connection, a certificate that does not hold, a time limit, or a body of more
    ///   than ``PeerRequest/responseLimit`` bytes.
    func send(_ request: PeerRequest) async throws -> PeerResponse
}

/// One request to another party.
public struct PeerRequest: Sendable {
    /// What is asked for.
    public enum Method: String, Sendable {
        /// Reads a resource.
        case get = "GET"
        /// Submits the body.
        case post = "POST"
    }

    /// What is asked for.
    public var method: Method
    /// The absolute URL, `http` or `https`.
    public var url: String
    /// The media type of the body; `nil` where there is none.
    public var contentType: String?
    /// The body; empty for a `GET`.
    public var body: [UInt8]
    /// The most bytes of an answer that are taken, after any decompression.
    public var responseLimit: Int

    /// A request for the resource at `url`.
    public static func get(_ url: String, responseLimit: Int) -> PeerRequest {
        PeerRequest(method: .get, url: url, contentType: nil, body: [], responseLimit: responseLimit)
    }

    /// A submission to `url`.
    public static func post(
        _ body: [UInt8],
        _ contentType: String,
        to url: String,
        responseLimit: Int
    ) -> PeerRequest {
        PeerRequest(method: .post, url: url, contentType: contentType, body: body, responseLimit: responseLimit)
    }
}

/// What another party answered.
public struct PeerResponse: Sendable {
    /// The HTTP status code.
    public var status: Int
    /// The media type, as sent.
    public var contentType: String?
    /// The body, decompressed.
    public var body: [UInt8]

    /// An answer of these parts.
    public init(status: Int, contentType: String? = nil, body: [UInt8] = []) {
        (self.status, self.contentType, self.body) = (status, contentType, body)
    }

    /// Whether its media type, parameters aside, is this one.
    func isOfType(_ mediaType: String) -> Bool {
        let type = contentType?.prefix { $0 != ";" }.lowercased()
        return type.map { $0.split(separator: " ").joined() == mediaType } ?? false
    }
}
