internal import Synchronization
internal import TraceLedger
internal import TraceProof

/// A source as a mirror's update reads it: in turn with other mirrors' updates, counted, and with an eye on the checkpoints
/// that it shows.
struct MirrorSource: LedgerSource {
    let base: any LedgerSource
    let turns: Turns
    /// Under which the mirror takes its turns.
    let party: String
    let log: ReadingLog
    /// What a source that is not the ledger's own must show at least: a copy may lag, and that is no rollback.
    let floor: UInt64?

    var name: String { base.name }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        try await turns.enter(party)
        let bytes: [UInt8]?
        do { bytes = try await base.read(path, limit: limit) } catch {
            log.note(failure: error)
            throw error
        }
        guard let bytes else { return nil }
        log.count(bytes.count)
        if path == MirrorSource.checkpointPath, let signed = try? SignedCheckpoint(bytes: bytes) {
            if let floor, signed.checkpoint.head.size < floor {
                throw LaggingCopy(source: name, size: signed.checkpoint.head.size, held: floor)
            }
            log.saw(signed, from: name)
        }
        return bytes
    }

    private static let checkpointPath = "checkpoint"
}

/// A store that is to stand in for the ledger's own, and is behind what the mirror holds.
struct LaggingCopy: Error, CustomStringConvertible {
    let source: String
    let size: UInt64
    let held: UInt64

    var description: String {
        "\(source): shows size \(size), and this mirror holds \(held) already: a copy of the ledger that lags; it is asked again later"
    }
}

/// What one update read.
final class ReadingLog: Sendable {
    private struct State {
        var bytes: UInt64 = 0
        var failure: (any Error)?
        var lastSeen: SignedCheckpoint?
    }

    private let state = Mutex(State())
    private let onCheckpoint: @Sendable (SignedCheckpoint, String) -> Void

    /// - Parameter onCheckpoint: is told of each checkpoint, once, and of the URL that showed it. Nothing of it is verified.
    init(onCheckpoint: @escaping @Sendable (SignedCheckpoint, String) -> Void) { self.onCheckpoint = onCheckpoint }

    var bytes: UInt64 { state.withLock { $0.bytes } }
    /// The first request that failed: what the update says of the files that it lacks is a consequence, mostly.
    var failure: (any Error)? { state.withLock { $0.failure } }

    fileprivate func count(_ bytes: Int) { state.withLock { $0.bytes &+= UInt64(bytes) } }

    fileprivate func note(failure: any Error) {
        if failure is CancellationError { return }
        state.withLock { $0.failure = $0.failure ?? failure }
    }

    fileprivate func saw(_ signed: SignedCheckpoint, from source: String) {
        let isNew = state.withLock { state in
            defer { state.lastSeen = signed }
            return state.lastSeen != signed
        }
        if isNew { onCheckpoint(signed, source) }
    }
}
