internal import Synchronization

/// Whose turn it is: of many parties that have work without end a few go on at a time, and the others come round.
///
/// A party enters before each piece of its work. While it holds a turn that costs nothing; when its turn is over it waits
/// there for the next. Who is slow at one piece loses the turn meanwhile, so nobody can keep the others waiting.
final class Turns: Sendable {
    private struct Waiter {
        let ticket: UInt64
        let party: String
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Holder {
        let party: String
        /// Whether it held its turn at the last ``Turns/rotate()`` already.
        var isOld = false
    }

    private struct State {
        /// Who holds a turn, the longest one first.
        var holders: [Holder] = []
        /// Who waits for one, in order.
        var queue: [String] = []
        var waiters: [Waiter] = []
        var nextTicket: UInt64 = 0
    }

    private let count: Int
    private let state = Mutex(State())

    /// So many turns at a time.
    init(_ count: Int) { self.count = count }

    /// Goes on at once where `party` holds a turn, else when it gets one.
    func enter(_ party: String) async throws(CancellationError) {
        if take(party) { return }
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        do {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    wait(Waiter(ticket: ticket, party: party, continuation: continuation))
                }
            } onCancel: {
                giveUp(ticket)
            }
        } catch { throw CancellationError() }
    }

    /// Gives the turn back: the party has no more work for now.
    func leave(_ party: String) {
        let woken = state.withLock { state in
            state.holders.removeAll { $0.party == party }
            return grant(&state)
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Ends the turns that were held at the last call already, as far as others wait. Called at a steady pace, whose
    /// length is that of a turn.
    func rotate() {
        let woken = state.withLock { state in
            let over = min(state.queue.count, state.holders.prefix(while: \.isOld).count)
            state.holders.removeFirst(over)
            for place in state.holders.indices { state.holders[place].isOld = true }
            return grant(&state)
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Who holds a turn, and who waits for one.
    var holding: [String] { state.withLock { $0.holders.map(\.party) } }
    var waiting: [String] { state.withLock { $0.queue } }

    // MARK: Waiting

    private func take(_ party: String) -> Bool {
        state.withLock { state in
            if holds(party, state) { return true }
            guard state.holders.count < count, state.queue.isEmpty else { return false }
            state.holders.append(Holder(party: party))
            return true
        }
    }

    private func wait(_ waiter: Waiter) {
        let woken = state.withLock { state in
            // A cancellation from here on finds the waiter.
            if Task.isCancelled { return [] as [Waiter]? }
            if !holds(waiter.party, state), !state.queue.contains(waiter.party) { state.queue.append(waiter.party) }
            state.waiters.append(waiter)
            return grant(&state)
        }
        guard let woken else {
            waiter.continuation.resume(throwing: CancellationError())
            return
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    private func giveUp(_ ticket: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let place = state.waiters.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            let waiter = state.waiters.remove(at: place)
            if !state.waiters.contains(where: { $0.party == waiter.party }) {
                state.queue.removeAll { $0 == waiter.party }
            }
            return waiter
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    /// Gives turns that are free to those first in the queue. Those to be woken hold one.
    private func grant(_ state: inout State) -> [Waiter] {
        while state.holders.count < count, !state.queue.isEmpty {
            state.holders.append(Holder(party: state.queue.removeFirst()))
        }
        let waiters = state.waiters
        let woken = waiters.filter { holds($0.party, state) }
        if !woken.isEmpty { state.waiters = waiters.filter { !holds($0.party, state) } }
        return woken
    }

    private func holds(_ party: String, _ state: borrowing State) -> Bool {
        state.holders.contains { $0.party == party }
    }
}
