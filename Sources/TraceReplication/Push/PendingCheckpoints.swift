internal import TraceLedger
internal import TraceProof

/// The checkpoints of a log that a mirror takes entries for, and how far it has come with them (C2SP tlog-mirror, "pending
/// checkpoint", "next entry"): newest first, each an extension of those behind it.
struct PendingState: Equatable, Sendable {
    /// So many are remembered: whoever uploads up to one of them need not make its proofs again when a newer one comes.
    static let capacity = 8

    /// The checkpoints; empty before the first.
    var checkpoints: [SignedCheckpoint] = []
    /// The first entry that was not durable here when this was written.
    var next: UInt64 = 0

    /// The newest.
    var latest: SignedCheckpoint? { checkpoints.first }

    /// The one of this size.
    func checkpoint(_ size: UInt64) -> SignedCheckpoint? { checkpoints.first { $0.checkpoint.head.size == size } }

    /// The same beside what the mirror shows, which may have come otherwise: nothing below that is pending any more.
    func beside(_ held: SignedCheckpoint?) -> PendingState {
        guard let held else { return self }
        let head = held.checkpoint.head
        var state = self
        state.checkpoints.removeAll { $0.checkpoint.head.size < head.size }
        // Of one size and another root it was proved in another history, and so was all above it.
        if state.checkpoint(head.size).map({ $0.checkpoint.head != head }) ?? false { state = PendingState() }
        if state.checkpoint(head.size) == nil { state.checkpoints.append(held) }
        if state.checkpoints.count == 1 || state.next < head.size { state.next = head.size }
        return state
    }

    /// The same with a newer checkpoint, or the newest one signed again.
    func adding(_ new: SignedCheckpoint) -> PendingState {
        let older = checkpoints.filter { $0.checkpoint.head != new.checkpoint.head }
        return PendingState(checkpoints: Array(([new] + older).prefix(PendingState.capacity)), next: next)
    }
}

extension PendingState {
    /// The record in a store: `[next, [* checkpoint]]` in deterministic CBOR.
    var encoded: [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(next)
        writer.array(checkpoints.count)
        for checkpoint in checkpoints { writer.bytes(checkpoint.bytes) }
        return writer.output
    }

    /// Reads a record.
    init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: bytes, format: "pending checkpoints")
        try reader.array(count: 2)
        next = try reader.unsigned()
        let count = try reader.array()
        guard count <= PendingState.capacity, next <= TreeSize.maximum else {
            throw reader.refuse("more than \(PendingState.capacity) checkpoints, or an entry above 2^63 - 1")
        }
        for _ in 0..<count {
            let place = reader
            let note = try reader.byteString()
            do { checkpoints.append(try SignedCheckpoint(bytes: note)) } catch {
                throw place.refuse(error.description)
            }
        }
    }
}

/// The record of one log's pending checkpoints, as ``CheckpointRegister`` compares and replaces it.
struct PendingCheckpoints: CheckpointStore {
    let store: any CheckpointStore
    let log: OriginHash
    /// What the mirror shows.
    let held: SignedCheckpoint?
    /// Signature lines of the log that its known key does not explain: where it hands over to another one they are that
    /// one's, and the mirror needs them to follow.
    var others: [NoteSignature] = []

    /// What is pending now.
    ///
    /// A record that is damaged counts for nothing: no signature stands on it, and what was uploaded is uploaded again.
    func load() async throws -> (state: PendingState, record: [UInt8]?) {
        let record = try await store.checkpoint(of: log)
        let state = record.flatMap { try? PendingState(decoding: $0) } ?? PendingState()
        return (state.beside(held), record)
    }

    /// Changes the record, whoever else does so meanwhile.
    @discardableResult
    func update(_ change: @Sendable (PendingState) -> PendingState) async throws -> PendingState {
        for _ in 0..<PendingCheckpoints.attempts {
            let (state, record) = try await load()
            let new = change(state)
            if new.encoded == record { return new }
            if try await store.replace(record, with: new.encoded, of: log) { return new }
        }
        throw FormatError("pending checkpoints", at: .whole, "too many changes at once")
    }

    private static let attempts = 100

    func checkpoint(of log: OriginHash) async throws -> [UInt8]? { try await load().state.latest?.bytes }

    func replace(_ old: [UInt8]?, with new: [UInt8], of log: OriginHash) async throws -> Bool {
        let (state, record) = try await load()
        guard state.latest?.bytes == old else { return false }
        let checkpoint = try SignedCheckpoint(bytes: new).adding(others)
        return try await store.replace(record, with: state.adding(checkpoint).encoded, of: self.log)
    }
}
