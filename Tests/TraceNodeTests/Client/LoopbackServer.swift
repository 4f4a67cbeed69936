import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A web server of a test on a free port of this machine, which can behave as badly as a test wants.
final class LoopbackServer: Sendable {
    /// What it does with a request.
    enum Reply: Sendable {
        /// A proper answer.
        case answer(status: Int = 200, headers: HTTPHeaders = [:], body: [UInt8] = [])
        /// These bytes and nothing else; then the connection is closed, or stays.
        case raw(String, closes: Bool)
        /// These bytes, then a byte every so often, without end.
        case drip(String, every: TimeAmount)
        /// A head, then as much as the client takes, without end.
        case endless(HTTPHeaders)
        /// A proper answer, and the connection closed behind it though it said nothing of it.
        case answerAndClose(body: [UInt8])
        /// The connection closed without a byte.
        case close
        /// Nothing.
        case silence
    }

    /// A request as it came.
    struct Request: Sendable {
        let head: HTTPRequestHead
        let body: [UInt8]
        /// Which connection, and the how-manieth on it, both from zero.
        let connection: Int
        let position: Int
    }

    struct Counts: Sendable {
        var connections = 0
        var open = 0
        var requests: [Request] = []
    }

    private let channel: any Channel
    private let counter: Counter

    /// Counts what happens, over all connections.
    final class Counter: Sendable {
        let counts = Mutex(Counts())
    }

    private init(_ channel: any Channel, _ counter: Counter) { (self.channel, self.counter) = (channel, counter) }

    /// Runs `body` with a server that answers as `reply` says.
    static func with<Value>(
        tls: NIOSSLContext? = nil,
        host: String = "127.0.0.1",
        reply: @escaping @Sendable (Request) async -> Reply,
        _ body: (LoopbackServer) async throws -> Value
    ) async throws -> Value {
        let counter = Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
                    try pipeline.addHandler(LoopbackHandler(counter, reply))
                }
            }
            .bind(host: host, port: 0).get()
        let server = LoopbackServer(channel, counter)
        do {
            let value = try await body(server)
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var counts: Counts { counter.counts.withLock { $0 } }

    func url(_ path: String = "/", host: String = "127.0.0.1", scheme: String = "http") -> String {
        "\(scheme)://\(host):\(port)\(path)"
    }
}

private final class LoopbackHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let counter: LoopbackServer.Counter
    private let reply: @Sendable (LoopbackServer.Request) async -> LoopbackServer.Reply
    private var number = 0
    private var position = 0
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(
        _ counter: LoopbackServer.Counter,
        _ reply: @escaping @Sendable (LoopbackServer.Request) async -> LoopbackServer.Reply
    ) { (self.counter, self.reply) = (counter, reply) }

    func channelActive(context: ChannelHandlerContext) {
        number = counter.counts.withLock { counts in
            counts.connections += 1
            counts.open += 1
            return counts.connections - 1
        }
    }

    func channelInactive(context: ChannelHandlerContext) { counter.counts.withLock { $0.open -= 1 } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let part): body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            let request = LoopbackServer.Request(head: head, body: body, connection: number, position: position)
            position += 1
            counter.counts.withLock { $0.requests.append(request) }
            let channel = context.channel
            let reply = reply
            Task { await LoopbackHandler.send(await reply(request), on: channel) }
        }
    }

    private static func send(_ reply: LoopbackServer.Reply, on channel: any Channel) async {
        switch reply {
        case .answer(let status, let headers, let body): respond(status, headers, body, on: channel, closes: false)
        case .answerAndClose(let body): respond(200, [:], body, on: channel, closes: true)
        case .raw(let text, let closes):
            try? await raw(text, on: channel)
            if closes { channel.close(promise: nil) }
        case .drip(let text, let pause):
            try? await raw(text, on: channel)
            while channel.isActive {
                try? await Task.sleep(for: Duration(pause))
                guard (try? await raw("x", on: channel)) != nil else { return }
            }
        case .endless(let headers):
            channel.write(part(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers))), promise: nil)
            let filler = ByteBuffer(repeating: 0x61, count: 1 << 16)
            while (try? await channel.writeAndFlush(part(.body(.byteBuffer(filler)))).get()) != nil {}
        case .close: channel.close(promise: nil)
        case .silence: break
        }
    }

    private static func respond(
        _ status: Int,
        _ headers: HTTPHeaders,
        _ body: [UInt8],
        on channel: any Channel,
        closes: Bool
    ) {
        var headers = headers
        if !headers.contains(name: "Transfer-Encoding") {
            headers.replaceOrAdd(name: "Content-Length", value: "\(body.count)")
        }
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        channel.write(part(.head(head)), promise: nil)
        channel.write(part(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        let sent = channel.writeAndFlush(part(.end(nil)))
        if closes { sent.whenComplete { _ in channel.close(promise: nil) } }
    }

    private static func part(_ part: HTTPServerResponsePart) -> HTTPServerResponsePart { part }

    /// Past the encoder: its handlers come first in the pipeline, so bytes are written from theirs.
    private static func raw(_ text: String, on channel: any Channel) async throws {
        try await channel.eventLoop.flatSubmit {
            do {
                let encoder = try channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
                let promise = channel.eventLoop.makePromise(of: Void.self)
                encoder.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: promise)
                return promise.futureResult
            } catch { return channel.eventLoop.makeFailedFuture(error) }
        }.get()
    }
}
