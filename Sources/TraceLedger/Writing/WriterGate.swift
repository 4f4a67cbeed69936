internal import Synchronization

/// Whether the writer is open, and its lock.
///
/// Any I/O error closes the writer: whatever the error left on disk, nothing is signed on top of it before it was read
/// again. The lock is let go of when nobody is in the middle of writing any more, since the next writer may begin at once.
final class WriterGate: Sendable {
    private struct State: ~Copyable {
        var lock: WriterLock?
        var failure: LedgerError?
        var writers = 0
    }

    private let state: Mutex<State>

    init(_ lock: consuming WriterLock) { state = Mutex(State(lock: lock)) }

    /// Throws where the writer is closed.
    func checkOpen() throws(LedgerError) {
        if let failure = state.withLock({ $0.failure }) { throw .closed(reason: failure.description) }
    }

    /// Begins to write files; ``leave()`` ends it.
    func enter() throws(LedgerError) {
        let failure = state.withLock { state in
            if state.failure == nil { state.writers += 1 }
            return state.failure
        }
        if let failure { throw .closed(reason: failure.description) }
    }

    func leave() {
        state.withLock { state in
            state.writers -= 1
            if state.failure != nil && state.writers == 0 { state.lock = nil }
        }
    }

    /// Closes the writer because of `error`, which it gives back; the first one stays the reason.
    func close(_ error: LedgerError) -> LedgerError {
        state.withLock { state in
            if state.failure == nil { state.failure = error }
            if state.writers == 0 { state.lock = nil }
        }
        return error
    }
}
