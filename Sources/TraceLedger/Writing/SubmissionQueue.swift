internal import Synchronization

/// What one call of `append` brings, and where its answer goes.
struct Submission: Sendable {
    let candidates: [Candidate]
    let allowDuplicates: Bool
    let answer: CheckedContinuation<Result<[Ledger.Appended], LedgerError>, Never>

    var byteCount: Int { candidates.reduce(0) { $0 + $1.entry.count } }
}

/// The callers that wait for a commit, in their order.
///
/// The next group is whatever arrived while the one before it was made durable: no timer, no batch age. Callers beyond the
/// bound wait before their entries are looked into, so that memory does not grow with their number.
final class SubmissionQueue: Sendable {
    /// What one commit takes at most; a larger call is a group by itself.
    private static let maximumGroup = 8 << 20
    /// What may be in the hands of callers beyond the bound: the rest waits outside.
    private static let maximumBytes = 32 << 20

    private struct State {
        var waiting: [Submission] = []
        var isDraining = false
        var isHeld = false
        /// The bytes of callers that were let in.
        var byteCount = 0
        var outside: [(byteCount: Int, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Waits until there is room for a call of so many bytes; ``leave(_:)`` gives it back.
    func enter(_ byteCount: Int) async {
        await withCheckedContinuation { continuation in
            let isIn = state.withLock { state in
                guard state.outside.isEmpty, state.byteCount == 0 || state.byteCount + byteCount <= Self.maximumBytes
                else {
                    state.outside.append((byteCount, continuation))
                    return false
                }
                state.byteCount += byteCount
                return true
            }
            if isIn { continuation.resume() }
        }
    }

    /// Lets the next ones in.
    func leave(_ byteCount: Int) {
        let next = state.withLock { state in
            state.byteCount -= byteCount
            var count = 0
            while count < state.outside.count,
                state.byteCount == 0 || state.byteCount + state.outside[count].byteCount <= Self.maximumBytes
            {
                state.byteCount += state.outside[count].byteCount
                count += 1
            }
            let next = state.outside.prefix(count)
            state.outside.removeFirst(count)
            return next
        }
        for (_, continuation) in next { continuation.resume() }
    }

    /// Takes a submission in.
    ///
    /// - Returns: whether somebody has to begin draining.
    func append(_ submission: Submission) -> Bool {
        state.withLock { state in
            state.waiting.append(submission)
            guard !state.isDraining, !state.isHeld else { return false }
            state.isDraining = true
            return true
        }
    }

    /// The submissions of the next group, in their order; none, and the draining is over, where nobody waits.
    func take() -> [Submission] {
        state.withLock { state in
            guard !state.waiting.isEmpty, !state.isHeld else {
                state.isDraining = false
                return []
            }
            var (count, bytes) = (0, 0)
            while count < state.waiting.count {
                bytes += state.waiting[count].byteCount
                if count > 0, bytes > Self.maximumGroup { break }
                count += 1
            }
            if count == state.waiting.count {
                // The whole array is handed over: a busy ledger has thousands of callers here.
                let taken = state.waiting
                state.waiting = []
                state.waiting.reserveCapacity(taken.count)
                return taken
            }
            let taken = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            return taken
        }
    }

    /// How many calls wait for a commit.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Holds commits back while too much waits for its publication, and lets them go on.
    ///
    /// - Returns: whether somebody has to begin draining.
    func hold(_ isHeld: Bool) -> Bool {
        state.withLock { state in
            state.isHeld = isHeld
            guard !isHeld, !state.isDraining, !state.waiting.isEmpty else { return false }
            state.isDraining = true
            return true
        }
    }
}
