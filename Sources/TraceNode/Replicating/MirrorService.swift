internal import Logging
public import ServiceLifecycle
internal import Synchronization
internal import TraceLedger

/// All mirrors of this node: each polls its ledger, in turn with the others, and none of them can bring another down.
///
/// ```swift
/// let service = try MirrorService(mirrors, MirrorEnvironment(client: client, checker: checker, logger: logger))
/// let group = ServiceGroup(services: [client, service], logger: logger)
/// ```
/// **Fair shares.** Few updates go on at a time (``MirrorEnvironment/updatesAtATime``). An update reads its ledger a bundle at
/// a time, and between two bundles it lets another mirror have the turn when its own is over (a round of turns); until it gets the next
/// it keeps nothing but the chains that it follows anyway. So a ledger of a hundred million entries and a server that sends
/// a byte a second both cost the others their share of a turn and no more.
///
/// **What stops a mirror** is a contradiction that the ledger signed, and nothing else (``MirrorAlarm``). Everything else is
/// tried again, after longer and longer , with jitter.
public actor MirrorService: Service {
    private struct Running {
        let worker: MirrorWorker
        let task: Task<Void, Never>
    }

    private let environment: MirrorEnvironment
    private let turns: Turns
    /// The workers, whether they run or not: what everybody may see of them.
    private let workers: Mutex<[MirrorWorker]>
    /// One change of the set at a time.
    private let changing = Slots(1)
    private var running: [String: Running] = [:]
    /// `nil` before and after ``run()``.
    private var threads: MirrorThreads?

    /// The mirrors of a node; they start with ``run()``.
    ///
    /// - Throws: ``MirrorSettingsError``, or what is wrong with a URL.
    public init(_ mirrors: [MirrorSettings], _ environment: MirrorEnvironment) throws {
        try MirrorSettingsError.check(mirrors, environment.source)
        self.environment = environment
        let turns = Turns(environment.updatesAtATime)
        self.turns = turns
        workers = Mutex(mirrors.map { MirrorWorker($0, environment, turns) })
    }

    /// How each mirror is doing, in the order of the configuration.
    public nonisolated var statuses: [MirrorStatus] { workers.withLock { $0 }.map(\.status) }

    /// How the mirror of a ledger is doing; `nil` where there is none.
    public nonisolated func status(of origin: String) -> MirrorStatus? { worker(of: origin)?.status }

    /// Asks for an update of a ledger's mirror now, whatever its interval says; whether there is such a mirror.
    ///
    /// However often it is called, a mirror updates once at a time, and once a second.
    @discardableResult
    public nonisolated func update(_ origin: String) -> Bool {
        guard let worker = worker(of: origin) else { return false }
        worker.wake()
        return true
    }

    private nonisolated func worker(of origin: String) -> MirrorWorker? {
        workers.withLock { $0 }.first { $0.settings.origin.utf8.elementsEqual(origin.utf8) }
    }

    // MARK: Running

    /// Runs all mirrors until the node shuts down. What an update has proved by then is kept for the next start.
    public func run() async throws {
        let threads = MirrorThreads(environment.threads)
        self.threads = threads
        for worker in workers.withLock({ $0 }) { start(worker, threads) }
        let (clock, turn, turns) = (environment.clock, environment.turn, turns)
        let rotation = Task {
            while (try? await clock.sleep(for: turn)) != nil { turns.rotate() }
        }
        try? await gracefulShutdown()
        rotation.cancel()
        self.threads = nil
        for origin in running.keys { running[origin]?.task.cancel() }
        // A change of the set that is under way may still start one.
        while let (origin, last) = running.first {
            last.task.cancel()
            await last.task.value
            running[origin] = nil
        }
        await threads.stop()
    }

    /// Replaces the set of mirrors: those that are new start, those that are gone or changed end, and those that stay are not
    /// disturbed, but that one which is stopped by an alarm looks whether its evidence is still there.
    ///
    /// - Throws: ``MirrorSettingsError``, or what is wrong with a URL; nothing was changed then.
    public func replace(with mirrors: [MirrorSettings]) async throws {
        try MirrorSettingsError.check(mirrors, environment.source)
        try await changing.wait(changing.ticket())
        defer { changing.give() }
        let old = workers.withLock { $0 }
        let staying = old.filter { mirrors.contains($0.settings) }
        // All that end do so before another is made: it may have the same directory, and the same rows of metrics.
        for worker in old where !staying.contains(where: { $0 === worker }) { await end(worker) }
        let next = mirrors.map { settings in
            staying.first { $0.settings == settings } ?? MirrorWorker(settings, environment, turns)
        }
        workers.withLock { $0 = next }
        for worker in next {
            if staying.contains(where: { $0 === worker }) {
                if worker.status.alarm != nil { worker.wake() }
            } else if let threads {
                start(worker, threads)
            }
        }
    }

    private func start(_ worker: MirrorWorker, _ threads: MirrorThreads) {
        let task = Task(executorPreference: threads) { await worker.run() }
        running[worker.settings.origin] = Running(worker: worker, task: task)
        environment.logger.info("mirror starts", metadata: ["origin": "\(worker.settings.origin)"])
    }

    private func end(_ worker: MirrorWorker) async {
        if let known = running[worker.settings.origin], known.worker === worker {
            known.task.cancel()
            await known.task.value
            running[worker.settings.origin] = nil
        }
        worker.forget()
        environment.logger.info("mirror ends", metadata: ["origin": "\(worker.settings.origin)"])
    }
}
