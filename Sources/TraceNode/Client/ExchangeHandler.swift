internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import NIOTLS

/// The end of a connection's pipeline: one exchange after the other, each within its limits of time and size.
///
/// An ``Exchange`` that is written to the channel is sent, and its promise kept in every case. The connection closes by
/// itself after anything that is not as it should be, and when nobody needed it for a while.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Exchange
    typealias OutboundOut = HTTPClientRequestPart

    /// Asks whether the connection can be used; sent once, when it stands.
    struct Readiness: Sendable {
        let url: HTTPURL
        let deadline: NIODeadline
        let ready: EventLoopPromise<Void>
    }

    private struct Running {
        let exchange: Exchange
        var assembly: AnswerAssembly
        /// Bytes moved last.
        var lastMove = NIODeadline.now()
        var isSent = false
    }

    private enum State {
        /// TLS is being agreed on.
        case securing(Readiness?)
        case idle
        case running(Running)
        case closed(any Error)
    }

    private var state: State
    private var timer: Scheduled<Void>?
    private let limits: ExchangeLimits

    init(isSecure: Bool, limits: ExchangeLimits) {
        state = isSecure ? .securing(nil) : .idle
        self.limits = limits
    }

    // MARK: Opening

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let readiness = event as? Readiness else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        switch state {
        case .securing:
            state = .securing(readiness)
            wake(context, at: readiness.deadline)
        case .closed(let error): readiness.ready.fail(tls(readiness.url, error))
        case .idle, .running: readiness.ready.succeed()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .securing(let readiness) = state, case .handshakeCompleted(let agreed)? = event as? TLSUserEvent {
            // Where the server chose no protocol it speaks HTTP/1.1.
            guard agreed == nil || agreed == "http/1.1" else {
                close(context, ChannelError.inappropriateOperationForState)
                return
            }
            rest(context)
            readiness?.ready.succeed()
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func tls(_ url: HTTPURL, _ error: any Error) -> HTTPFailure {
        HTTPFailure(
            url.text,
            .securing,
            "no secure connection to \(url.host.header): \(ErrorText.of(error))",
            remedy: "check the host name, the server's certificate and its dates; a private authority's certificate is "
                + "named in the configuration",
            retry: ErrorText.isPassing(error)
        )
    }

    // MARK: Sending

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        // It is taken; what becomes of it is said by its own promise.
        promise?.succeed()
        guard case .idle = state, context.channel.isActive else {
            exchange.answer.fail(exchange.closed(.answer))
            return
        }
        state = .running(Running(exchange: exchange, assembly: AnswerAssembly(exchange)))
        wake(context, at: min(exchange.deadline, .now() + limits.idle))
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        var body = ByteBuffer(bytes: exchange.body)
        // In parts, so that a long submission over a slow line is seen to move.
        while body.readableBytes > 0, let part = body.readSlice(length: min(body.readableBytes, 1 << 16)) {
            context.write(wrapOutboundOut(.body(.byteBuffer(part))), promise: whenSent(context, isAll: false))
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: whenSent(context, isAll: true))
    }

    private func whenSent(_ context: ChannelHandlerContext, isAll: Bool) -> EventLoopPromise<Void> {
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess {
            guard case .running(var running) = self.state else { return }
            self.state = .idle
            running.isSent = isAll
            running.lastMove = .now()
            self.state = .running(running)
        }
        return sent
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .running(var running) = state else { return }
        running.lastMove = .now()
        // Only one copy of the body may be there while it grows.
        state = .idle
        do throws(HTTPFailure) {
            switch unwrapInboundIn(data) {
            case .head(let head): try running.assembly.take(head)
            case .body(let part): try running.assembly.take(part)
            case .end:
                guard let answer = running.assembly.end(isReusable: running.isSent) else { return }
                rest(context)
                running.exchange.answer.succeed(answer)
                if !answer.isReusable { close(context, ChannelError.ioOnClosedChannel) }
                return
            }
            state = .running(running)
        } catch {
            running.exchange.answer.fail(error)
            close(context, error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(context, error) }

    func channelInactive(context: ChannelHandlerContext) {
        close(context, ChannelError.eof)
        context.fireChannelInactive()
    }

    // MARK: Closing

    /// Fails what waits for this connection, and closes it.
    private func close(_ context: ChannelHandlerContext, _ error: any Error) {
        let old = state
        if case .closed = old { return }
        state = .closed(error)
        timer?.cancel()
        switch old {
        case .securing(let readiness): if let readiness { readiness.ready.fail(tls(readiness.url, error)) }
        case .running(let running): running.exchange.answer.fail(failure(running, error))
        case .idle, .closed: break
        }
        context.close(promise: nil)
    }

    private func failure(_ running: Running, _ error: any Error) -> HTTPFailure {
        let exchange = running.exchange
        let phase = running.assembly.phase
        if let error = error as? HTTPFailure { return error }
        if ErrorText.isClosing(error) { return exchange.closed(phase) }
        if ErrorText.isTruncation(error) {
            return exchange.failure(
                phase,
                "the answer broke off before its end",
                remedy: "ask again; if it stays so, the server or a proxy before it cuts answers short"
            )
        }
        if error is HTTPParserError || error is NIOHTTPDecoderError {
            return exchange.failure(
                phase,
                "the answer is not strict HTTP/1.1, or its headers are too long: \(ErrorText.of(error))",
                remedy: "check that the URL is that of a web server",
                retry: false
            )
        }
        if error is NIOHTTPDecompression.DecompressionError || error is NIOHTTPDecompression.ExtraDecompressionError {
            return exchange.failure(
                phase,
                "the gzip of the body is damaged: \(ErrorText.of(error))",
                remedy: "ask again; if it stays so, the server's file is damaged"
            )
        }
        return exchange.failure(phase, ErrorText.of(error), remedy: "ask again later")
    }

    // MARK: Time

    /// Waits for the next exchange, not for ever.
    private func rest(_ context: ChannelHandlerContext) {
        state = .idle
        wake(context, at: .now() + limits.keepAlive)
    }

    private func wake(_ context: ChannelHandlerContext, at deadline: NIODeadline) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timeIsUp(context) }
    }

    private func timeIsUp(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        switch state {
        case .closed: break
        case .idle: close(context, ChannelError.eof)
        case .securing: close(context, ChannelError.connectTimeout(limits.connect))
        case .running(let running):
            let exchange = running.exchange
            if now >= exchange.deadline {
                let failure = exchange.failure(
                    running.assembly.phase,
                    "the whole answer did not come in \(limits.request.seconds)",
                    remedy: "ask again later; the server or the way to it is too slow"
                )
                close(context, failure)
            } else if now >= running.lastMove + limits.idle {
                let failure = exchange.failure(
                    running.assembly.phase,
                    "the server sent nothing for \(limits.idle.seconds)",
                    remedy: "ask again later; the server hangs, or something between drops packets"
                )
                close(context, failure)
            } else {
                wake(context, at: min(exchange.deadline, running.lastMove + limits.idle))
            }
        }
    }
}

extension TimeAmount {
    /// In words, for messages.
    var seconds: String {
        nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000) s" : "\(nanoseconds / 1_000_000) ms"
    }
}
