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
            // Some wait for it before they send a body (RFC 9110 section 10.1.1); not while another answer is under way.
            if underWay == 1, head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
            expire(in: requestTime, context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        // Not before the last byte is out: whoever reads slowly has the time of the request for it.
        let written = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenSuccess {
            let (own, context) = bound.value
            own.underWay -= 1
            if own.deadline != nil { own.expire(in: own.underWay > 0 ? own.requestTime : own.headerTime, context) }
        }
        context.write(data, promise: written)
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
    private let rate: Double
    private let buckets = Mutex<[String: TokenBucket]>([:])

    /// So many requests a second; 0: no limit.
    init(rate: Double) { self.rate = rate }

    /// Takes one; the seconds to wait where there is none left.
    func take(_ address: String, now: ContinuousClock.Instant) -> Double? {
        guard rate > 0 else { return nil }
        let bucket = buckets.withLock { buckets in
            if buckets.count >= 10_000 { buckets = buckets.filter { !$0.value.isFull(now: now) } }
            // Still too many: whoever is new shares one.
            let key = buckets.count >= 10_000 && buckets[address] == nil ? "" : address
            if let bucket = buckets[key] { return bucket }
            let bucket = TokenBucket(rate: rate, burst: max(1, rate))
            buckets[key] = bucket
            return bucket
        }
        return bucket.take(now: now)
    }
}
