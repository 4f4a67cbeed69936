internal import Synchronization

/// Wakes one who sleeps; rung while nobody sleeps, it is heard by the next. However often it is rung, that is once.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes whoever waits, or the next.
    func ring() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            state.isRung = state.sleeper == nil
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Sleeps until it rings, or the task is cancelled. One at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.isRung || Task.isCancelled || state.sleeper != nil {
                        state.isRung = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                defer { state.sleeper = nil }
                return state.sleeper
            }
            sleeper?.resume()
        }
    }
}
