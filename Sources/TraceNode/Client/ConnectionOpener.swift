internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import NIOPosix
internal import NIOSSL

/// Opens connections: the name looked up, TCP, TLS with the certificate and the host name checked, and HTTP/1.1 on top.
struct ConnectionOpener: Sendable {
    let group: any EventLoopGroup
    let tls: NIOSSLContext
    let limits: ExchangeLimits

    /// A connection to the host of `url` that is ready for an ``Exchange``.
    ///
    /// - Throws: ``HTTPFailure``, or `CancellationError`.
    func open(_ url: HTTPURL, until deadline: NIODeadline) async throws -> any Channel {
        let loop = group.next()
        let deadline = min(deadline, .now() + limits.connect)
        let ready = loop.makePromise(of: Void.self)
        let opened = loop.makePromise(of: (any Channel).self)
        bootstrap(url, on: loop, until: deadline).connect(host: url.host.name, port: url.host.port).whenComplete {
            switch $0 {
            case .failure(let error): ready.fail(failure(url, error))
            case .success(let channel):
                // Whoever gave up meanwhile does not close it.
                ready.futureResult.whenFailure { _ in channel.close(promise: nil) }
                let readiness = ExchangeHandler.Readiness(url: url, deadline: deadline, ready: ready)
                channel.triggerUserOutboundEvent(readiness).whenFailure { ready.fail(failure(url, $0)) }
                ready.futureResult.map { channel }.cascade(to: opened)
            }
        }
        ready.futureResult.cascadeFailure(to: opened)
        return try await withTaskCancellationHandler {
            try await opened.futureResult.get()
        } onCancel: {
            ready.fail(CancellationError())
        }
    }

    private func bootstrap(_ url: HTTPURL, on loop: any EventLoop, until deadline: NIODeadline) -> ClientBootstrap {
        ClientBootstrap(group: loop)
            .connectTimeout(max(.milliseconds(1), deadline - .now()))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try addHandlers(to: channel.pipeline.syncOperations, url.host) }
            }
    }

    private func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations, _ host: HTTPURL.Host) throws {
        if host.isSecure {
            // Without a name the certificate must list the address.
            let name = host.isAddress ? nil : host.name
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
        }
        var heads = NIOHTTPDecoderLimitConfiguration()
        heads.maxHeaderListSize = limits.headers
        heads.maxHeaderFieldSize = limits.headers
        heads.maxHeaderFieldCount = 100
        try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes, decoderLimitConfiguration: heads)
        // The limit is each request's own, and the handler behind keeps to it.
        try pipeline.addHandler(NIOHTTPResponseDecompressor(limit: .none))
        try pipeline.addHandler(ExchangeHandler(isSecure: host.isSecure, limits: limits))
    }

    private func failure(_ url: HTTPURL, _ error: any Error) -> HTTPFailure {
        HTTPFailure(
            url.text,
            // A connection that stood, and was closed before anything was asked of it.
            ErrorText.isClosing(error) && url.host.isSecure ? .securing : .connecting,
            "\(url.host.header) cannot be reached: \(ErrorText.of(error))",
            remedy: "ask again later; check the host name and the port, and that nothing between blocks them"
        )
    }
}

/// The limits as the event loop counts them.
struct ExchangeLimits: Sendable {
    let connect: TimeAmount
    let idle: TimeAmount
    let request: TimeAmount
    let keepAlive: TimeAmount
    let headers: Int

    init(_ limits: HTTPClient.Limits) {
        connect = TimeAmount(limits.connect)
        idle = TimeAmount(limits.idle)
        request = TimeAmount(limits.request)
        keepAlive = TimeAmount(limits.keepAlive)
        headers = limits.headerBytes
    }
}
