import Logging
import MetricsTestKit
import Synchronization
import Testing
import TraceLedger
import TraceProof
import TraceSigning

@testable import TraceNode

/// A clock on which every sleep is over in a moment, and written down.
struct QuickClock: Clock {
    final class Sleeps: Sendable {
        let all = Mutex<[Duration]>([])
    }

    let sleeps = Sleeps()

    var now: ContinuousClock.Instant { ContinuousClock.now }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        sleeps.all.withLock { $0.append(ContinuousClock.now.duration(to: deadline)) }
        try await Task.sleep(for: .milliseconds(5))
    }
}

extension MirrorEnvironment {
    /// Mirrors of a test: they poll all the time.
    static func quick(
        _ client: HTTPClient,
        clock: any Clock<Duration> = QuickClock(),
        metrics: TestMetrics = TestMetrics()
    ) -> MirrorEnvironment {
        var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .trace
        var environment = MirrorEnvironment(client: client, checker: TestLedger.checker, logger: logger)
        environment.clock = clock
        environment.metrics = metrics
        environment.spread = { 0.5 }
        return environment
    }
}

extension MirrorService {
    /// Runs `body` while this service runs.
    func running<Value>(_ body: (MirrorService) async throws -> Value) async throws -> Value {
        let task = Task { try await self.run() }
        do {
            let value = try await body(self)
            task.cancel()
            try await task.value
            return value
        } catch {
            task.cancel()
            _ = await task.result
            throw error
        }
    }

    /// Waits until a mirror holds so much.
    func holds(_ ledger: TestLedger, _ size: UInt64, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await comesTo(ledger, sourceLocation: sourceLocation) { $0.held?.size == size }
    }

    /// Waits until a mirror's status is so.
    func comesTo(
        _ ledger: TestLedger,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: (MirrorStatus) -> Bool
    ) async throws {
        let origin = ledger.origin
        for _ in 0..<10_000 {
            if let status = status(of: origin), condition(status) { return }
            try await Task.sleep(for: .milliseconds(3))
        }
        Issue.record("did not come about: \(status(of: origin).map { "\($0)" } ?? "-")", sourceLocation: sourceLocation)
        throw Unexpected(description: "\(origin) did not get there")
    }
}
