internal import NIOCore
internal import Synchronization

/// The connections to one host: a bounded number, kept alive between requests.
final class HTTPConnections: Sendable {
    /// A connection that one request has to itself.
    struct Lease: Sendable {
        let channel: any Channel
        /// Whether it has answered before, and may have been put down by the server since.
        let isReused: Bool
    }

    private struct State {
        /// Those that nobody uses, the one last used at the end: what is too many falls idle and is closed.
        var idle: [any Channel] = []
        var open: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let opener: ConnectionOpener
    private let slots: Slots
    private let state = Mutex(State())

    init(_ opener: ConnectionOpener, count: Int) { (self.opener, slots) = (opener, Slots(count)) }

    /// A connection to the host of `url`, which the caller gives back in every case.
    ///
    /// - Parameter isFresh: whether one that was used before will not do.
    func lease(_ url: HTTPURL, until deadline: NIODeadline, isFresh: Bool) async throws -> Lease {
        try await takeSlot(url, until: deadline)
        do {
            if !isFresh, let channel = takeIdle() { return Lease(channel: channel, isReused: true) }
            let channel = try await opener.open(url, until: deadline)
            guard add(channel) else { throw HTTPConnections.closed(url) }
            return Lease(channel: channel, isReused: false)
        } catch {
            slots.give()
            throw error
        }
    }

    private func takeSlot(_ url: HTTPURL, until deadline: NIODeadline) async throws {
        if try slots.take() { return }
        let ticket = slots.ticket()
        let timer = opener.group.any().scheduleTask(deadline: deadline) { [slots] in
            let failure = HTTPFailure(
                url.text,
                .waiting,
                "every connection that \(url.host.header) may have was busy until the request's time was up",
                remedy: "ask again later; the server is slow, or asked for more than it can give"
            )
            slots.giveUp(ticket, failure)
        }
        defer { timer.cancel() }
        try await slots.wait(ticket)
    }

    private func takeIdle() -> (any Channel)? {
        state.withLock { state in
            while let channel = state.idle.popLast() {
                if channel.isActive { return channel }
            }
            return nil
        }
    }

    private func add(_ channel: any Channel) -> Bool {
        let isOpen = state.withLock { state in
            if state.isClosed { return false }
            state.open[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isOpen else {
            channel.close(promise: nil)
            return false
        }
        channel.closeFuture.whenComplete { _ in self.remove(channel) }
        return true
    }

    private func remove(_ channel: any Channel) {
        state.withLock { state in
            state.open[ObjectIdentifier(channel)] = nil
            state.idle.removeAll { $0 === channel }
        }
    }

    /// Gives a connection back, to be used again or not.
    func giveBack(_ lease: Lease, isReusable: Bool) {
        let isKept = state.withLock { state in
            guard isReusable, !state.isClosed, lease.channel.isActive else { return false }
            state.idle.append(lease.channel)
            return true
        }
        if !isKept { lease.channel.close(promise: nil) }
        slots.give()
    }

    /// Lets nobody in any more and closes what nobody uses.
    func close(_ url: String) {
        slots.close(HTTPConnections.closed(url))
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for channel in idle { channel.close(promise: nil) }
    }

    /// Closes what is still open, whoever uses it.
    func cutOff() {
        for channel in state.withLock({ Array($0.open.values) }) { channel.close(promise: nil) }
    }

    private static func closed(_ url: HTTPURL) -> HTTPFailure { closed(url.text) }

    static func closed(_ url: String) -> HTTPFailure {
        HTTPFailure(url, .waiting, "this node is shutting down", remedy: "start it again", retry: false)
    }
}
