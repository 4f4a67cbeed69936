internal import EPCISJSON
internal import Logging
internal import ServiceLifecycle
internal import TraceLedger
internal import TraceProof
internal import TraceReplication
internal import TraceStatements

/// Keeps activations of mirrored ledgers until those hold them: handed on to the ledger's own node, later and later where
/// that does not answer, and let go of when a receipt is held that the ledger's key signed.
///
/// **Durable.** A statement is on the device before 202 is answered, since ``DurableStore/write(_:to:)`` returns behind the
/// fsync of the file and of its folder; the receipt likewise, before the statement is removed. That removal need not be
/// durable: a statement that a power cut brings back finds its receipt beside it, or is handed on once more, and the ledger
/// answers the very same entry. So nothing but those two writes is ever synchronized.
///
/// **Bounded** in number (`limits.keptActivations`), and each by the length of a request. Of who sent one nothing is kept.
actor ActivationDesk: Service {
    /// A mirrored ledger, and where its own node takes activations.
    struct Target: Sendable, Equatable {
        let key: VerifierKey
        let directory: String
        /// `nil`: nobody knows, and none are taken.
        let url: String?

        var origin: String { key.name }
    }

    /// How far an activation is.
    enum Standing: Sendable {
        /// It is here, durably.
        case kept
        /// The ledger has it, and has not published it yet.
        case forwarded
        /// The ledger refused it.
        case refused(String)
        /// The ledger holds it, and this is its word.
        case held([UInt8])
    }

    /// One that waits.
    struct Waiting {
        let origin: String
        let number: UInt64
        var isForwarded = false
        /// Whether it would survive a power cut: nobody is told before.
        var isDurable = false
        var due: ContinuousClock.Instant
        var isUnderWay = false
    }

    private let store: DurableStore
    private let transport: any PeerTransport
    private let checker: any SignatureChecker
    private let limit: Int
    private let logger: Logger
    private let metrics: ActivationMetrics
    private let clock: any Clock<Duration>

    private var targets: [String: Target] = [:]
    private(set) var waiting: [Digest: Waiting] = [:]
    private var refused: [Digest: String] = [:]
    /// The receipts that are here, the oldest first as far as this run knows.
    private var receipts: [Digest] = []
    private var held: Set<Digest> = []
    private var next: UInt64 = 0
    private var schedules: [String: (schedule: PollSchedule, notBefore: ContinuousClock.Instant, failure: String?)] = [:]
    private var isLoaded = false

    /// A desk whose files are in `directory`.
    init(
        _ directory: String,
        limit: Int,
        transport: any PeerTransport,
        checker: any SignatureChecker,
        metrics: ActivationMetrics,
        logger: Logger,
        clock: any Clock<Duration> = ContinuousClock()
    ) throws {
        store = try DurableStore(directory, limit: max(ActivationRoutes.maximumLength, ActivationReceipt.maximumByteCount))
        (self.limit, self.transport, self.checker) = (limit, transport, checker)
        (self.metrics, self.logger, self.clock) = (metrics, logger, clock)
    }

    /// From now on these ledgers are mirrored. What waits for one that is not any more goes on waiting.
    func replace(with targets: [Target]) {
        self.targets = Dictionary(targets.map { ($0.origin, $0) }) { first, _ in first }
    }

    /// Whether activations of this ledger are taken.
    func takes(_ origin: String) -> Bool { limit > 0 && targets[origin]?.url != nil }

    /// How many wait, how many receipts are here, and why the last forwarding to a ledger failed.
    func status() -> NodeStatus.Activations {
        NodeStatus.Activations(
            kept: waiting.count,
            receipts: receipts.count,
            failures: schedules.compactMap { origin, schedule in schedule.failure.map { (origin, $0) } }
                .sorted { $0.0 < $1.0 }
        )
    }

    // MARK: Taking

    /// Keeps an activation, whose signature was checked, durably; or says how far it is where it came before.
    ///
    /// - Throws: ``Problem`` 503 where too many wait, or the disk fails.
    func take(_ statement: Statement, for origin: String) async throws -> Standing {
        try await load()
        let leaf = statement.leafHash
        if let standing = try await standing(of: leaf) { return standing }
        guard waiting.count < limit else {
            throw Problem.unavailable("too many activations wait for their ledgers", detail: "keep it and send it later", after: 60)
        }
        // Its place is taken before the disk is: many at once must not be more than the limit.
        waiting[leaf] = Waiting(origin: origin, number: next, due: .now, isUnderWay: true)
        next += 1
        do { try await store.write(statement.encoded, to: ActivationDesk.statement(leaf)) } catch {
            waiting[leaf] = nil
            logger.error("an activation could not be kept", metadata: ["reason": "\(error)"])
            throw Problem.unavailable("the activation could not be kept", detail: "keep it and send it later", after: 60)
        }
        waiting[leaf]?.isDurable = true
        waiting[leaf]?.isUnderWay = false
        metrics.count(origin, "kept")
        metrics.show(waiting: waiting.count)
        return .kept
    }

    /// How far an activation is; `nil` where it never came here.
    func standing(of leaf: Digest) async throws -> Standing? {
        if let found = waiting[leaf] {
            guard found.isDurable else { throw Problem.unavailable("it is being kept", after: 1) }
            return found.isForwarded ? .forwarded : .kept
        }
        if let reason = refused[leaf] { return .refused(reason) }
        guard held.contains(leaf) else { return nil }
        return try await store.read(ActivationDesk.receipt(leaf)).map { .held($0) }
    }

    private static func statement(_ leaf: Digest) -> String { "\(leaf).cose" }
    private static func receipt(_ leaf: Digest) -> String { "\(leaf).json" }

    /// Finds out once what an earlier run left here.
    private func load() async throws {
        guard !isLoaded else { return }
        let names = try await store.names()
        guard !isLoaded else { return }
        isLoaded = true
        receipts = names.filter { $0.hasSuffix(".json") }.compactMap { ActivationDesk.leaf($0) }
        held = Set(receipts)
        for name in names where name.hasSuffix(".cose") {
            guard let leaf = ActivationDesk.leaf(name), waiting[leaf] == nil else { continue }
            let statement = try await store.read(name).flatMap { try? Statement(decoding: $0) }
            guard let statement, let origin = try? Activation.read(statement).activation.origin, !held.contains(leaf) else {
                try await store.remove(name)
                continue
            }
            waiting[leaf] = Waiting(origin: origin, number: next, isDurable: true, due: .now)
            next += 1
        }
        metrics.show(waiting: waiting.count)
    }

    private static func leaf(_ name: String) -> Digest? { Hex.decode(String(name.prefix(64))).flatMap { Digest($0) } }

    // MARK: Forwarding

    /// So many are under way to one ledger at a time.
    private static let perLedger = 8
    /// So many refusals are remembered.
    private static let maximumRefused = 1000

    /// Hands on what waits until the node shuts down.
    func run() async throws {
        do { try await load() } catch {
            logger.error("the activations kept cannot be read", metadata: ["reason": "\(error)"])
        }
        let clock = clock
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    for leaf in await self.due() { group.addTask { await self.forward(leaf) } }
                    try? await clock.sleep(for: .milliseconds(100))
                }
            }
        }
    }

    /// Those that are to be handed on now, the oldest first.
    private func due() -> [Digest] {
        guard !waiting.isEmpty else { return [] }
        let now = ContinuousClock.now
        var underWay: [String: Int] = [:]
        for (_, one) in waiting where one.isUnderWay { underWay[one.origin, default: 0] += 1 }
        var chosen: [Digest] = []
        let ready = waiting.filter { !$0.value.isUnderWay && $0.value.due <= now }
        for (leaf, one) in ready.sorted(by: { $0.value.number < $1.value.number }) {
            // After a failure one goes ahead, and the others follow when that was heard.
            let failures = schedules[one.origin]?.schedule.failures ?? 0
            guard targets[one.origin]?.url != nil, schedules[one.origin].map({ $0.notBefore <= now }) ?? true,
                underWay[one.origin, default: 0] < (failures > 0 ? 1 : ActivationDesk.perLedger)
            else { continue }
            underWay[one.origin, default: 0] += 1
            waiting[leaf]?.isUnderWay = true
            chosen.append(leaf)
        }
        return chosen
    }

    private func forward(_ leaf: Digest) async {
        defer { waiting[leaf]?.isUnderWay = false }
        guard let one = waiting[leaf], let target = targets[one.origin], let url = target.url else { return }
        do {
            guard let bytes = try await store.read(ActivationDesk.statement(leaf)) else {
                waiting[leaf] = nil
                return
            }
            let answer = try await transport.send(
                .post(bytes, ActivationRoutes.mediaType, to: url, responseLimit: ActivationReceipt.maximumByteCount)
            )
            try await hear(answer, leaf, target)
        } catch is CancellationError { return } catch { fail(one.origin, "\(error)") }
    }

    private func hear(_ answer: PeerResponse, _ leaf: Digest, _ target: Target) async throws {
        switch answer.status {
        case 201:
            let reader = LedgerReader(DirectorySource(target.directory), key: target.key, checker: checker)
            // The ledger may have handed over to another key: the copy here knows.
            let keys = ((try? await reader.following()) ?? reader).keys
            let receipt = try ActivationReceipt(answer.body, of: leaf, origin: target.origin, keys: keys, checker: checker)
            try await settle(leaf, receipt)
        case 202:
            if waiting[leaf]?.isForwarded == false { metrics.count(target.origin, "forwarded") }
            waiting[leaf]?.isForwarded = true
            waiting[leaf]?.due = .now + .seconds(2) * Double.random(in: 0.5...1.5)
        case 400, 409, 413, 415, 422:
            let reason = ActivationDesk.reason(answer)
            logger.warning("a ledger refused an activation", metadata: ["origin": "\(target.origin)", "reason": "\(reason)"])
            if refused.count >= ActivationDesk.maximumRefused { refused = [:] }
            refused[leaf] = reason
            try await store.remove(ActivationDesk.statement(leaf))
            waiting[leaf] = nil
            metrics.count(target.origin, "refused")
        default:
            fail(target.origin, "\(target.url ?? ""): the answer is \(answer.status): \(ActivationDesk.reason(answer))")
            return
        }
        schedules[target.origin] = nil
        metrics.show(waiting: waiting.count)
    }

    private func settle(_ leaf: Digest, _ receipt: ActivationReceipt) async throws {
        try await store.write(receipt.document.serialized() + [0x0A], to: ActivationDesk.receipt(leaf))
        if held.insert(leaf).inserted { receipts.append(leaf) }
        waiting[leaf] = nil
        try await store.remove(ActivationDesk.statement(leaf))
        while receipts.count > limit {
            let oldest = receipts.removeFirst()
            held.remove(oldest)
            try await store.remove(ActivationDesk.receipt(oldest))
        }
        metrics.count(receipt.origin, "receipts")
    }

    private func fail(_ origin: String, _ reason: String) {
        let now = ContinuousClock.now
        let known = schedules[origin]
        // Several that were under way together failed once.
        guard known.map({ $0.notBefore <= now }) ?? true else { return }
        var schedule = known?.schedule ?? PollSchedule(interval: .seconds(1))
        let pause = schedule.afterFailure(isPassing: true, spread: Double.random(in: 0..<1))
        if known == nil {
            logger.warning("activations wait for their ledger", metadata: ["origin": "\(origin)", "reason": "\(reason)"])
        }
        schedules[origin] = (schedule, now + pause, reason)
        metrics.count(origin, "failures")
    }

    /// What a problem document says.
    private static func reason(_ answer: PeerResponse) -> String {
        let document = try? JSONValue(parsing: Array(answer.body.prefix(4096)))
        let words = [document?["title"]?.string, document?["detail"]?.string].compactMap(\.self)
        return words.isEmpty ? "status \(answer.status)" : String(words.joined(separator: ": ").prefix(500))
    }
}
