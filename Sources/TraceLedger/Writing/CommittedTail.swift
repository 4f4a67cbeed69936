internal import Synchronization
internal import TraceProof

/// The entries that are committed and not yet published, in memory: what the publisher takes, and what this process can
/// read before anybody else can.
final class CommittedTail: Sendable {
    /// What one commit made durable.
    struct Group: Sendable {
        let first: UInt64
        let entries: [[UInt8]]
        let leaves: [Digest]

        var end: UInt64 { first + UInt64(entries.count) }
        var byteCount: Int { entries.reduce(0) { $0 + $1.count } }
    }

    private struct State {
        var groups: [Group] = []
        var byteCount = 0
        /// The number of committed entries.
        var end: UInt64
    }

    private let state: Mutex<State>

    /// The tail behind `size` published entries.
    init(size: UInt64) { state = Mutex(State(end: size)) }

    /// The number of committed entries.
    var end: UInt64 { state.withLock { $0.end } }

    /// The bytes that wait for their publication.
    var byteCount: Int { state.withLock { $0.byteCount } }

    func append(_ group: Group) {
        state.withLock { state in
            state.groups.append(group)
            state.byteCount += group.byteCount
            state.end = group.end
        }
    }

    /// The groups behind the first `size` entries.
    func groups(behind size: UInt64) -> [Group] {
        state.withLock { state in Array(state.groups.drop { $0.end <= size }) }
    }

    /// Forgets what is published.
    func release(upTo size: UInt64) {
        state.withLock { state in
            let published = state.groups.prefix { $0.end <= size }
            state.byteCount -= published.reduce(0) { $0 + $1.byteCount }
            state.groups.removeFirst(published.count)
        }
    }

    /// The entry at `index`, if it waits here.
    func entry(_ index: UInt64) -> [UInt8]? {
        state.withLock { state in
            var (low, high) = (0, state.groups.count)
            while low < high {
                let middle = (low + high) / 2
                if state.groups[middle].end <= index { low = middle + 1 } else { high = middle }
            }
            guard low < state.groups.count, state.groups[low].first <= index else { return nil }
            return state.groups[low].entries[Int(index - state.groups[low].first)]
        }
    }
}
