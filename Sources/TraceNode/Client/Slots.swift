internal import Synchronization

/// So many at a time, the others in the order in which they came.
final class Slots: Sendable {
    /// Names who waits, so that waiting can be given up.
    typealias Ticket = UInt64

    private struct State {
        var free: Int
        var nextTicket: Ticket = 0
        var queue: [(ticket: Ticket, continuation: CheckedContinuation<Void, any Error>)] = []
        /// Why nobody gets in any more.
        var closed: (any Error)?
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Takes a slot where one is free and nobody waits for it.
    func take() throws -> Bool {
        try state.withLock { state in
            if let closed = state.closed { throw closed }
            guard state.free > 0, state.queue.isEmpty else { return false }
            state.free -= 1
            return true
        }
    }

    /// A name to wait under.
    func ticket() -> Ticket {
        state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
    }

    /// Waits for a slot.
    ///
    /// - Throws: what ``giveUp(_:_:)`` or ``close(_:)`` says, and `CancellationError`.
    func wait(_ ticket: Ticket) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if let closed = state.closed { return .failure(closed) }
                    // A cancellation from here on finds the ticket in the queue.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0, state.queue.isEmpty {
                        state.free -= 1
                        return .success(())
                    }
                    state.queue.append((ticket, continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            giveUp(ticket, CancellationError())
        }
    }

    /// Has the wait under a ticket end with an error, if it has not ended.
    func giveUp(_ ticket: Ticket, _ error: any Error) {
        let waiter = state.withLock { state in
            state.queue.firstIndex { $0.ticket == ticket }.map { state.queue.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: error)
    }

    /// Gives a slot back, to the first that waits.
    func give() {
        let waiter = state.withLock { state in
            if state.queue.isEmpty {
                state.free += 1
                return nil as CheckedContinuation<Void, any Error>?
            }
            return state.queue.removeFirst().continuation
        }
        waiter?.resume()
    }

    /// Lets nobody in any more.
    func close(_ error: any Error) {
        let waiters = state.withLock { state in
            state.closed = error
            defer { state.queue = [] }
            return state.queue
        }
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
    }
}
