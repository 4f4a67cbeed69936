internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
public import ServiceLifecycle
internal import Synchronization
public import TraceReplication

/// The node's way to other servers: HTTP/1.1 over a bounded number of connections a host, kept alive, with TLS.
///
/// ```swift
/// let client = try HTTPClient()
/// let answer = try await client.send(.get("https://ledger.example/checkpoint", responseLimit: 65_536))
/// ```
/// It is made for peers that may be slow, broken or hostile: every wait has a limit and so has a request as a whole, no more of an
/// answer is kept than its request allows, after decompression, and anything that is not strict HTTP/1.1 ends the connection.
///
/// **Redirects are not followed**, to no host: a status of 3xx is an answer like every other. Who configures a URL says whom
/// the node talks to, and nobody else does.
///
/// **Asking again.** A `GET` on a connection that was idle is sent once more, on a new one, where the server closed the old
/// without a byte of an answer. Nothing else is repeated: ``HTTPFailure/isWorthRetrying`` tells the caller.
public final class HTTPClient: PeerTransport, Service {
    /// How long and how much.
    public struct Limits: Sendable {
        /// Until a connection stands, with TLS.
        public var connect: Duration
        /// Without a byte from the server or to it.
        public var idle: Duration
        /// For a request as a whole, from its call to the last byte of the answer.
        public var request: Duration
        /// For which a connection is kept that nobody uses.
        public var keepAlive: Duration
        /// Connections a host.
        public var connectionsPerHost: Int
        /// Bytes of an answer's headers.
        public var headerBytes: Int

        /// Limits for servers on the open network.
        public init(
            connect: Duration = .seconds(10),
            idle: Duration = .seconds(30),
            request: Duration = .seconds(300),
            keepAlive: Duration = .seconds(30),
            connectionsPerHost: Int = 8,
            headerBytes: Int = 32 << 10
        ) {
            (self.connect, self.idle, self.request, self.keepAlive) = (connect, idle, request, keepAlive)
            (self.connectionsPerHost, self.headerBytes) = (connectionsPerHost, headerBytes)
        }
    }

    private struct State {
        var hosts: [HTTPURL.Host: HTTPConnections] = [:]
        var running = 0
        var isClosed = false
    }

    private let opener: ConnectionOpener
    private let limits: Limits
    private let userAgent: String
    private let state = Mutex(State())

    /// A client.
    ///
    /// - Parameters:
    ///   - trustRoots: the path of a PEM file with certificates of private authorities, which are trusted beside the
    ///     system's.
    ///   - userAgent: what the client calls itself.
    /// - Throws: where the file is not there or holds no certificate.
    public init(limits: Limits = Limits(), trustRoots: String? = nil, userAgent: String) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .seconds(1)
        if let trustRoots {
            configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(trustRoots))]
        }
        opener = ConnectionOpener(
            group: MultiThreadedEventLoopGroup.singleton,
            tls: try NIOSSLContext(configuration: configuration),
            limits: ExchangeLimits(limits)
        )
        (self.limits, self.userAgent) = (limits, userAgent)
    }

    /// Sends one request and gives the whole answer, whatever its status.
    ///
    /// - Throws: ``HTTPFailure`` where there is no answer within the limits; `CancellationError`.
    public func send(_ request: PeerRequest) async throws -> PeerResponse {
        let url = try HTTPURL(request.url)
        let deadline = NIODeadline.now() + opener.limits.request
        let connections = try enter(url)
        defer { state.withLock { $0.running -= 1 } }
        let answer: HTTPAnswer
        do {
            answer = try await exchange(request, url, connections, until: deadline, isFresh: false)
        } catch let failure as HTTPFailure where failure.isStale && request.method == .get {
            answer = try await exchange(request, url, connections, until: deadline, isFresh: true)
        }
        return PeerResponse(
            status: Int(answer.head.status.code),
            contentType: answer.head.headers.first(name: "Content-Type"),
            body: answer.body
        )
    }

    private func enter(_ url: HTTPURL) throws(HTTPFailure) -> HTTPConnections {
        let connections = state.withLock { state -> HTTPConnections? in
            if state.isClosed { return nil }
            state.running += 1
            if let known = state.hosts[url.host] { return known }
            let made = HTTPConnections(opener, count: limits.connectionsPerHost)
            state.hosts[url.host] = made
            return made
        }
        guard let connections else { throw HTTPConnections.closed(url.text) }
        return connections
    }

    private func exchange(
        _ request: PeerRequest,
        _ url: HTTPURL,
        _ connections: HTTPConnections,
        until deadline: NIODeadline,
        isFresh: Bool
    ) async throws -> HTTPAnswer {
        let lease = try await connections.lease(url, until: deadline, isFresh: isFresh)
        let channel = lease.channel
        let exchange = Exchange(
            url: url,
            head: head(request, url),
            body: request.body,
            limit: request.responseLimit,
            deadline: deadline,
            isReused: lease.isReused,
            answer: channel.eventLoop.makePromise()
        )
        // The handler keeps the promise, wherever the exchange reaches it; on a closed channel it does not.
        channel.writeAndFlush(exchange).cascadeFailure(to: exchange.answer)
        do {
            let answer = try await withTaskCancellationHandler {
                try await exchange.answer.futureResult.get()
            } onCancel: {
                exchange.answer.fail(CancellationError())
                channel.close(promise: nil)
            }
            connections.giveBack(lease, isReusable: answer.isReusable)
            return answer
        } catch {
            connections.giveBack(lease, isReusable: false)
            // What a channel says that was closed when the request came to it.
            guard error is ChannelError else { throw error }
            throw exchange.closed(.answer)
        }
    }

    private func head(_ request: PeerRequest, _ url: HTTPURL) -> HTTPRequestHead {
        var headers: HTTPHeaders = [
            "Host": url.host.header, "User-Agent": userAgent, "Accept-Encoding": "gzip",
        ]
        if let type = request.contentType { headers.add(name: "Content-Type", value: type) }
        if request.method == .post { headers.add(name: "Content-Length", value: "\(request.body.count)") }
        let method: HTTPMethod = request.method == .post ? .POST : .GET
        return HTTPRequestHead(version: .http1_1, method: method, uri: url.target, headers: headers)
    }

    // MARK: Ending

    /// As a service: shuts down when the group of services does. Services stop in the opposite order in which they are
    /// listed: the client stands before those that use it.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutDown()
    }

    /// Refuses new requests, lets those that run end, and closes all connections; what has not ended in `grace` is cut off.
    public func shutDown(grace: Duration = .seconds(5)) async {
        let hosts = state.withLock { state in
            state.isClosed = true
            return state.hosts
        }
        for (host, connections) in hosts { connections.close(host.header) }
        let end = ContinuousClock.now + grace
        while state.withLock({ $0.running > 0 }), ContinuousClock.now < end {
            do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
        }
        for connections in hosts.values { connections.cutOff() }
    }
}
