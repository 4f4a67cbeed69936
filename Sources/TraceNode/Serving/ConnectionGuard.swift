internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// What keeps slow and greedy clients from costing others anything: a time for each header, a time for each answer, and so
/// many connections an address.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let counter: ConnectionCounter
    private let headerTime: TimeAmount
    private let requestTime: TimeAmount
    private var address: String?
    /// Requests whose answers are not out yet: some clients send the next before they have the last answer.
    private var underWay = 0
    /// Whether a request has begun and not ended.
    private var isReading = false
    /// Whether the client waits for a word before it sends its body (RFC 9110 section 10.1.1).
    private var awaitsContinue = false
    /// Whether the answer that is under way says that it is the last.
    private var isLast = false
    private var deadline: Scheduled<Void>?

    init(_ counter: ConnectionCounter, headerSeconds: Double, requestSeconds: Double) {
        self.counter = counter
        headerTime = .milliseconds(Int64(headerSeconds * 1000))
        requestTime = .milliseconds(Int64(requestSeconds * 1000))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard let address = context.channel.remoteAddress?.ipAddress else { return expire(in: headerTime, context) }
        guard counter.enter(address) else { return context.close(promise: nil) }
        self.address = address
        expire(in: headerTime, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            underWay += 1
            awaitsContinue = head.headerFields.expectsContinue
            expire(in: requestTime, context)
        }
        if case .end = unwrapInboundIn(data) { isReading = false } else { isReading = true }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        if case .head(let head) = part { isLast = head.headerFields[.connection]?.lowercased() == "close" }
        guard case .end = part else { return context.write(data, promise: promise) }
        let isLast = isLast
        // Not before the last byte is out: whoever reads slowly has the time of the request for it.
        let written = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenSuccess {
            let (own, context) = bound.value
            own.underWay -= 1
            if isLast { return own.finish(context) }
            if own.deadline != nil { own.expire(in: own.underWay > 0 ? own.requestTime : own.headerTime, context) }
        }
        context.write(data, promise: written)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        // Not while another answer is under way, into which it would fall.
        if awaitsContinue, underWay == 1 {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        awaitsContinue = false
        promise?.succeed()
    }

    /// Closes behind the last answer; where the client is still sending, not at once, or the answer is lost with the connection.
    private func finish(_ context: ChannelHandlerContext) {
        guard isReading else { return context.close(promise: nil) }
        expire(in: .seconds(1), context)
    }

    private func expire(in time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    private func leave() {
        deadline?.cancel()
        deadline = nil
        if let address { counter.leave(address) }
        address = nil
    }
}

/// How many connections each address has.
final class ConnectionCounter: Sendable {
    private let limit: Int
    private let counts = Mutex<[String: Int]>([:])

    /// At most `limit` an address.
    init(limit: Int) { self.limit = limit }

    func enter(_ address: String) -> Bool {
        counts.withLock { counts in
            let count = counts[address, default: 0]
            guard count < limit else { return false }
            counts[address] = count + 1
            return true
        }
    }

    func leave(_ address: String) {
        counts.withLock { counts in
            let count = counts[address, default: 0]
            counts[address] = count > 1 ? count - 1 : nil
        }
    }

    /// All connections.
    var total: Int { counts.withLock { $0.values.reduce(0, +) } }
}

/// A rate for each address that has no token; addresses that were quiet are forgotten.
final class AddressRates: Sendable {
    private let rate, burst: Double
    private let buckets = Mutex<[String: TokenBucket]>([:])

    /// So many requests a second, at most `burst` at once (as many as in a second where it is not given); 0: no limit.
    init(rate: Double, burst: Double? = nil) { (self.rate, self.burst) = (rate, max(1, burst ?? rate)) }

    /// Takes one; the seconds to wait where there is none left.
    func take(_ address: String, now: ContinuousClock.Instant) -> Double? {
        guard rate > 0 else { return nil }
        let bucket = buckets.withLock { buckets in
            if buckets.count >= 10_000 { buckets = buckets.filter { !$0.value.isFull(now: now) } }
            // Still too many: whoever is new shares one.
            let key = buckets.count >= 10_000 && buckets[address] == nil ? "" : address
            if let bucket = buckets[key] { return bucket }
            let bucket = TokenBucket(rate: rate, burst: burst)
            buckets[key] = bucket
            return bucket
        }
        return bucket.take(now: now)
    }
}

/// Told by whoever is about to read a request's body.
struct BodyWanted: Sendable {}

extension HTTPFields {
    /// Whether the client waits for a word before it sends its body.
    var expectsContinue: Bool { self[.expect]?.lowercased() == "100-continue" }
}
