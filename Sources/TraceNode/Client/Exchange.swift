internal import NIOCore
internal import NIOHTTP1

/// One request on its way and what is awaited of it.
struct Exchange: Sendable {
    let url: HTTPURL
    let head: HTTPRequestHead
    let body: [UInt8]
    /// The most bytes of a body, decompressed.
    let limit: Int
    /// When it must be over.
    let deadline: NIODeadline
    /// Whether its connection has answered before.
    let isReused: Bool
    let answer: EventLoopPromise<HTTPAnswer>

    func failure(_ phase: HTTPFailure.Phase, _ reason: String, remedy: String, retry: Bool = true) -> HTTPFailure {
        HTTPFailure(url.text, phase, reason, remedy: remedy, retry: retry)
    }

    /// The connection ended before the answer did.
    func closed(_ phase: HTTPFailure.Phase) -> HTTPFailure {
        var failure = failure(
            phase,
            phase == .body
                ? "the connection was closed within the answer" : "the server closed the connection and gave no answer",
            remedy: "ask again later; if it stays so, see the server's log"
        )
        failure.isStale = isReused && phase == .answer
        return failure
    }
}

/// A whole answer.
struct HTTPAnswer: Sendable {
    let head: HTTPResponseHead
    let body: [UInt8]
    /// Whether the connection can take another request.
    let isReusable: Bool
}

/// An answer as it comes in, held to its limits part by part: never more is kept than may be.
struct AnswerAssembly {
    private let exchange: Exchange
    private(set) var head: HTTPResponseHead?
    private var body: [UInt8] = []

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// How far it came.
    var phase: HTTPFailure.Phase { head == nil ? .answer : .body }

    mutating func take(_ head: HTTPResponseHead) throws(HTTPFailure) {
        guard head.status.code >= 200 else {
            throw exchange.failure(
                .answer,
                "the server wants to change the protocol (status \(head.status.code))",
                remedy: "it is not an HTTP/1.1 server of this kind: check the URL",
                retry: false
            )
        }
        let codings = head.headers[canonicalForm: "Content-Encoding"].map { $0.lowercased() }
        guard codings.isEmpty || codings == ["gzip"] || codings == ["identity"] else {
            throw exchange.failure(
                .answer,
                "the server sent the content encoding \(codings.joined(separator: ", ").prefix(100)), and gzip was offered",
                remedy: "have the server send these files plain or with gzip",
                retry: false
            )
        }
        self.head = head
        let length = head.headers.first(name: "Content-Length").flatMap { Int($0) }
        if let length, codings != ["gzip"] {
            guard length <= exchange.limit else { throw tooLong }
            body.reserveCapacity(length)
        }
    }

    mutating func take(_ part: ByteBuffer) throws(HTTPFailure) {
        guard part.readableBytes <= exchange.limit - body.count else { throw tooLong }
        body.append(contentsOf: part.readableBytesView)
    }

    private var tooLong: HTTPFailure {
        exchange.failure(
            .body,
            "the body has more than the \(exchange.limit) bytes that it may have",
            remedy: "the server does not serve what is asked for: check the URL, and tell whoever runs the server",
            retry: false
        )
    }

    /// The answer, once its end came.
    func end(isReusable: Bool) -> HTTPAnswer? {
        head.map { HTTPAnswer(head: $0, body: body, isReusable: isReusable && $0.isKeepAlive) }
    }
}
