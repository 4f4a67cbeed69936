import Synchronization
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning

/// The tiles of a log's whole tree, for readers of its latest size.
struct MemoryTiles: LedgerSource {
    let name = "memory"
    let tree: MerkleTree

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        guard let coordinate = try? TileCoordinate(path: path) else { return nil }
        let nodes = (0..<UInt64(coordinate.width)).map {
            NodeCoordinate(level: 8 * coordinate.level, index: 256 * coordinate.index + $0)
        }
        return (try? tree.hashes(of: nodes)).flatMap { Tile(coordinate, hashes: $0)?.encoded }
    }
}

extension TestLog {
    var reader: LedgerReader { LedgerReader(MemoryTiles(tree: tree), key: key, checker: TestLog.checker) }
}

/// A transport in memory: each URL's host answers as the test says, and what was asked is counted.
final class TestTransport: PeerTransport {
    typealias Host = @Sendable (PeerRequest) async throws -> PeerResponse

    struct Unreachable: Error {}

    private let state = Mutex<(hosts: [String: Host], sent: [PeerRequest])>(([:], []))

    /// Puts a host at `url`; `nil` takes it off the net.
    func host(_ url: String, _ host: Host?) { state.withLock { $0.hosts["\(url)/add-checkpoint"] = host } }

    /// Puts a witness at `url`.
    func host(_ url: String, _ witness: Witness) {
        host(url) { await witness.addCheckpoint($0.body).response }
    }

    /// What was sent to `url` since the last call.
    func sent(_ url: String) -> [PeerRequest] {
        state.withLock { state in
            let sent = state.sent.filter { $0.url == "\(url)/add-checkpoint" }
            state.sent.removeAll { $0.url == "\(url)/add-checkpoint" }
            return sent
        }
    }

    func send(_ request: PeerRequest) async throws -> PeerResponse {
        let host = state.withLock { state in
            state.sent.append(request)
            return state.hosts[request.url]
        }
        guard let host else { throw Unreachable() }
        return try await host(request)
    }
}

/// Time that passes when the test says so.
final class TestTime: Sendable {
    private struct State {
        var now = WitnessWorld.time
        var next = 0
        var sleepers: [Int: (duration: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state = Mutex(State())

    var now: UInt64 {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    func sleep(_ duration: Duration) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                state.withLock { state in
                    // Cancelled before it slept: the handler found nothing to wake.
                    guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                    state.sleepers[number] = (duration, continuation)
                }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Waits until somebody sleeps so long, and wakes all who do.
    func pass(_ duration: Duration) async {
        while true {
            let woken = state.withLock { state in
                let found = state.sleepers.filter { $0.value.duration == duration }
                for number in found.keys { state.sleepers[number] = nil }
                return found
            }
            for sleeper in woken.values { sleeper.continuation.resume() }
            if !woken.isEmpty { return }
            await Task.yield()
        }
    }

    var limits: CosigningLimits {
        CosigningLimits(now: { self.now }, sleep: { try await self.sleep($0) })
    }
}

/// A door that requests wait at until the test opens it.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private(set) var arrived = 0

    func pass() async {
        arrived += 1
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    func waitForArrivals(_ count: Int) async { while arrived < count { await Task.yield() } }
}

/// A log, some witnesses of it, and the transport between them.
struct CosigningWorld {
    let transport = TestTransport()
    let time = TestTime()
    var log: TestLog
    let witnesses: [Witness]
    let cosigners: [Cosigner]

    init(size: Int, witnesses count: Int = 1) throws {
        log = try TestLog(size: size)
        let (log, time) = (log, time)
        witnesses = try (0..<count).map { place in
            try Witness(
                name: "w\(place).example",
                signer: TestLog.signer(UInt8(200 + place)),
                logs: [log.key],
                store: MemoryStore(),
                checker: TestLog.checker,
                now: { time.now }
            )
        }
        cosigners = try witnesses.enumerated().map { place, witness in
            try Cosigner(key: witness.key, url: "https://w\(place).example/witness")
        }
        for (witness, cosigner) in zip(witnesses, cosigners) { transport.host(cosigner.url, witness) }
    }

    func client(_ place: Int = 0) -> CosignerClient {
        CosignerClient(cosigners[place], transport: transport, checker: TestLog.checker, limits: time.limits)
    }

    func quorum(_ policy: TrustPolicy? = nil) throws -> CosignerQuorum {
        try CosignerQuorum(
            cosigners,
            policy: policy,
            transport: transport,
            checker: TestLog.checker,
            limits: time.limits
        )
    }

    /// So many of the witnesses must have cosigned.
    func policy(_ threshold: Int) throws -> TrustPolicy {
        var policy = TrustPolicy()
        try policy.addLog(key: log.key)
        let names = try witnesses.indices.map { try TrustPolicy.Token("w\($0)") }
        for (name, witness) in zip(names, witnesses) { try policy.addWitness(name, key: witness.key) }
        try policy.addGroup(TrustPolicy.Token("most"), threshold: threshold, members: names)
        try policy.setQuorum(TrustPolicy.Token("most"))
        return policy
    }

    func ask(_ client: CosignerClient, _ size: Int) async throws -> Result<NoteSignature, CosignerFailure> {
        await client.cosignature(on: try await log.checkpoint(size), in: log.reader)
    }
}
