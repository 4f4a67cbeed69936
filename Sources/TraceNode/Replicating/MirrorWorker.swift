internal import Logging
internal import Synchronization
internal import TraceLedger
internal import TraceProof

/// One mirror at work: it updates, sleeps, and updates again, until it is cancelled; after a contradiction it only waits.
final class MirrorWorker: Sendable {
    let settings: MirrorSettings

    private let environment: MirrorEnvironment
    private let turns: Turns
    private let bell = Bell()
    private let logger: Logger
    private let metrics: MirrorMetrics
    private let state: Mutex<MirrorStatus>

    /// Requests to update may come faster than this, and are answered no faster.
    private static let leastPause = Duration.seconds(1)

    init(_ settings: MirrorSettings, _ environment: MirrorEnvironment, _ turns: Turns) {
        (self.settings, self.environment, self.turns) = (settings, environment, turns)
        var logger = environment.logger
        logger[metadataKey: "origin"] = "\(settings.origin)"
        self.logger = logger
        metrics = MirrorMetrics(origin: settings.origin, factory: environment.metrics)
        state = Mutex(MirrorStatus(settings))
    }

    /// How it is doing.
    var status: MirrorStatus { state.withLock { $0 } }

    /// Asks for an update now.
    func wake() { bell.ring() }

    /// The mirror's rows leave the metrics: it is not configured any more.
    func forget() { metrics.remove() }

    func run() async {
        // Let go of at the end: whoever made it for this worker alone has its lock gone with it.
        let mirror = environment.mirror(settings)
        var schedule = PollSchedule(interval: settings.interval)
        await recall()
        while !Task.isCancelled {
            if let alarm = await StandingEvidence.find(in: settings.directory) {
                raise(alarm)
                await bell.wait()
                continue
            }
            lower()
            let pause = await update(mirror, &schedule)
            await sleep(pause)
        }
    }

    /// What the directory holds from earlier runs.
    private func recall() async {
        let held = try? await knownKeys().checkpoint().checkpoint.head
        change { $0.held = held ?? $0.held }
        metrics.show(status)
    }

    /// A reader of the copy, which knows what became of the ledger's key up to there.
    private func knownKeys() async throws -> LedgerReader {
        let own = DirectorySource(settings.directory)
        return try await LedgerReader(own, key: settings.key, checker: environment.checker).following()
    }

    // MARK: Updating

    private func update(_ mirror: Mirror, _ schedule: inout PollSchedule) async -> Duration {
        let keys = (try? await knownKeys().keys) ?? LedgerKeys(current: settings.key)
        let log = ReadingLog { [self] in saw($0, from: $1, keys) }
        let before = status.held?.size
        change { $0.lastAttempt = environment.now() }
        defer {
            turns.leave(settings.directory)
            metrics.count(bytes: log.bytes)
            change { status in
                status.bytesFetched &+= log.bytes
                status.copied = nil
            }
            metrics.show(status)
        }
        do {
            try await turns.enter(settings.directory)
            let outcome = try await mirror.update(from: try sources(schedule.failures, log)) { [self] done, total in
                change { ($0.copied, $0.shownSize) = (done, total) }
            }
            succeed(outcome, from: before)
            return schedule.afterSuccess(spread: environment.spread())
        } catch {
            // Whatever it is called: what was cancelled has not failed.
            if Task.isCancelled { return .zero }
            await recall()
            if let stop = error as? MirrorStop {
                raise(MirrorAlarm(kind: stop.kind, reason: stop.reason, evidence: stop.evidence))
                // The next round finds the evidence, as a start of the node does, and stays there.
                return PollSchedule.firstPause
            }
            fail(error, log.failure)
            let isPassing = (error as? HTTPFailure)?.isWorthRetrying ?? true
            return schedule.afterFailure(isPassing: isPassing, spread: environment.spread())
        }
    }

    /// The configured sources. After a failure another one goes first, which then decides what the ledger shows.
    private func sources(_ failures: Int, _ log: ReadingLog) throws -> [any LedgerSource] {
        let urls = settings.urls
        let first = failures % urls.count
        let floor = first == 0 ? nil : status.held?.size
        return try (urls[first...] + urls[..<first]).map { url in
            MirrorSource(
                base: try environment.source(url),
                turns: turns,
                party: settings.directory,
                log: log,
                floor: url == urls[first] ? floor : nil
            )
        }
    }

    private func saw(_ signed: SignedCheckpoint, from source: String, _ keys: LedgerKeys) {
        let head = signed.checkpoint.head
        guard signed.checkpoint.origin.utf8.elementsEqual(settings.origin.utf8) else { return }
        for key in keys.signers(of: head.size) {
            guard case .verified = signed.note.outcome(of: key, checker: environment.checker) else { return }
        }
        change { $0.shownSize = max(head.size, $0.shownSize ?? 0) }
        metrics.show(status)
        environment.onCheckpoint(SeenCheckpoint(origin: settings.origin, source: source, checkpoint: signed))
    }

    private func succeed(_ outcome: Mirror.Outcome, from before: UInt64?) {
        let head: TreeHead
        switch outcome {
        case .unchanged(let held):
            head = held
            logger.debug("mirror is up to date", metadata: ["size": "\(head.size)"])
        case .advanced(let from, let to):
            head = to
            logger.info("mirror advanced", metadata: ["from": "\(before ?? from)", "size": "\(to.size)"])
        }
        metrics.countUpdate()
        change { status in
            (status.held, status.shownSize) = (head, max(head.size, status.shownSize ?? 0))
            (status.lastSuccess, status.failure, status.failuresInARow) = (environment.now(), nil, 0)
        }
    }

    private func fail(_ error: any Error, _ cause: (any Error)?) {
        var text = "\(error)"
        if let cause, "\(cause)" != text { text += " (a request failed before: \(cause))" }
        metrics.countFailure()
        change { status in
            status.failure = text
            status.failuresInARow += 1
        }
        logger.warning(
            "mirror could not update",
            metadata: ["reason": "\(text)", "failures": "\(status.failuresInARow)"]
        )
    }

    // MARK: Stopping

    private func raise(_ alarm: MirrorAlarm) {
        guard status.alarm != alarm else { return }
        change { $0.alarm = alarm }
        metrics.show(status)
        logger.critical(
            "mirror stopped",
            metadata: ["kind": "\(alarm.kind.rawValue)", "reason": "\(alarm.reason)", "evidence": "\(alarm.evidence)"]
        )
    }

    private func lower() {
        guard status.alarm != nil else { return }
        change { $0.alarm = nil }
        metrics.show(status)
        logger.notice("mirror goes on: its evidence was moved away")
    }

    // MARK: Waiting

    /// Until the time is over or somebody asks.
    private func sleep(_ pause: Duration) async {
        let clock = environment.clock
        let least = min(pause, MirrorWorker.leastPause)
        try? await clock.sleep(for: least)
        guard pause > least else { return }
        await withTaskGroup(of: Void.self) { [bell] group in
            group.addTask { try? await clock.sleep(for: pause - least) }
            group.addTask { await bell.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func change(_ body: (inout MirrorStatus) -> Void) { state.withLock { body(&$0) } }
}
