import Foundation
import MetricsTestKit
import NIOHTTP1
import Synchronization
import Testing
import TraceLedger
import TraceProof

@testable import TraceNode

@Suite("A node's mirrors")
struct MirrorServiceTests {
    /// The example: three ledgers grow, and the mirrors follow over HTTP.
    @Test func theyFollow() async throws {
        let host = LedgerHost()
        let ledgers = [try await host.ledger("a"), try await host.ledger("b"), try await host.ledger("c")]
        try await LoopbackServer.with(reply: host.reply) { server in
            let client = try HTTPClient.impatient()
            let mirrors = try zip(ledgers, CheckDepth.allCases).map { try $0.mirrored(by: server, depth: $1) }
            let service = try MirrorService(mirrors, .quick(client))
            try await service.running { service in
                for size: UInt64 in [1, 300, 301, 700] {
                    for ledger in ledgers { try await ledger.grow(to: size) }
                    for ledger in ledgers { try await service.holds(ledger, size) }
                }
            }
            for ledger in ledgers { #expect(try await ledger.copyIsSound(size: 700)) }
            for status in service.statuses {
                #expect(status.lag == 0)
                #expect(status.failure == nil && status.failuresInARow == 0)
                #expect(status.alarm == nil)
                #expect(status.copied == nil)
                #expect(status.bytesFetched > 20_000)
                #expect(status.lastSuccess != nil && status.lastAttempt != nil)
            }
            #expect(service.statuses.map(\.origin) == mirrors.map(\.origin))
        }
    }

    /// What a liar shows of a ledger of 10 entries, when it has 20.
    enum Lie: String, CaseIterable, Sendable {
        case fork, rollback, wrongTile, wrongBundle, wrongSignature, nothing, refusal, endless

        /// A contradiction that the ledger signed; the rest is a fault of who serves it.
        var stop: MirrorStop.Kind? {
            switch self {
            case .fork: .fork
            case .rollback: .rollback
            default: nil
            }
        }

        /// Tells the lie.
        func tell(_ host: LedgerHost, _ ledger: TestLedger) async throws {
            func flipped(_ path: String) -> LedgerHost.Lie {
                return { asked in
                    guard asked == path, var bytes = try? ledger.bytes(path) else { return nil }
                    bytes[bytes.count - 5] ^= 1
                    return .answer(body: bytes)
                }
            }
            switch self {
            case .fork:
                let other = try await host.ledger(ledger.name, nonce: 2)
                try await other.grow(to: 20)
                host.show(ledger.name, from: other)
            case .rollback:
                let old = try ledger.bytes("checkpoints/1")
                host.lie(ledger.name) { $0 == "checkpoint" ? .answer(body: old) : nil }
            case .wrongTile: host.lie(ledger.name, flipped("tile/0/000.p/20"))
            case .wrongBundle: host.lie(ledger.name, flipped("tile/entries/000.p/20"))
            case .wrongSignature: host.lie(ledger.name, flipped("checkpoint"))
            case .nothing: host.lie(ledger.name) { _ in .close }
            case .refusal: host.lie(ledger.name) { _ in .answer(status: 503) }
            case .endless: host.lie(ledger.name) { $0 == "checkpoint" ? .endless([:]) : nil }
            }
        }
    }

    @Test(arguments: Lie.allCases) func oneThatLiesIsAlone(_ lie: Lie) async throws {
        let host = LedgerHost()
        let (honest, liar) = (try await host.ledger("honest"), try await host.ledger("liar"))
        try await LoopbackServer.with(reply: host.reply) { server in
            let client = try HTTPClient.impatient()
            let mirrors = [try liar.mirrored(by: server), try honest.mirrored(by: server)]
            let service = try MirrorService(mirrors, .quick(client))
            try await service.running { service in
                for ledger in [honest, liar] {
                    try await ledger.grow(to: 10)
                    try await service.holds(ledger, 10)
                }
                try await lie.tell(host, liar)
                for ledger in [honest, liar] { try await ledger.grow(to: 20) }
                switch lie.stop {
                case nil: try await service.comesTo(liar) { $0.failuresInARow > 1 }
                case let kind?: try await service.comesTo(liar) { $0.alarm?.kind == kind }
                }
                try await service.holds(honest, 20)
            }
            let status = try #require(service.status(of: liar.origin))
            #expect(status.held?.size == 10)
            #expect(try await liar.copyIsSound(size: 10))
            #expect(status.failure == nil || lie.stop == nil)
            if let alarm = status.alarm {
                #expect(FileManager.default.fileExists(atPath: "\(alarm.evidence)/shown.checkpoint"))
                #expect(FileManager.default.fileExists(atPath: "\(alarm.evidence)/held.checkpoint"))
            }
            #expect(try await honest.copyIsSound(size: 20))

            try await mending(lie, host, liar, mirrors, client)
        }
    }

    /// A fault goes away by itself; a contradiction stands, also for the next run, until the evidence is moved.
    private func mending(
        _ lie: Lie,
        _ host: LedgerHost,
        _ liar: TestLedger,
        _ mirrors: [MirrorSettings],
        _ client: HTTPClient
    ) async throws {
        host.lie(liar.name, nil)
        host.show(liar.name, from: liar)
        _ = host.paths(of: liar.name)
        let service = try MirrorService(mirrors, .quick(client))
        try await service.running { service in
            if let kind = lie.stop {
                try await service.comesTo(liar) { $0.alarm?.kind == kind }
                service.update(liar.origin)
                try await service.replace(with: mirrors)
                try await Task.sleep(for: .milliseconds(20))
                #expect(host.paths(of: liar.name).isEmpty)
                #expect(service.status(of: liar.origin)?.held?.size == 10)
                try FileManager.default.moveItem(
                    atPath: "\(liar.directory)-copy/evidence",
                    toPath: "\(liar.directory)-settled"
                )
                service.update(liar.origin)
            }
            try await service.holds(liar, 20)
            try await service.comesTo(liar) { $0.alarm == nil && $0.failure == nil }
        }
        #expect(try await liar.copyIsSound(size: 20))
    }

    /// A copy that lags stands in for the ledger's own server, and that is no rollback.
    @Test func anotherURLStandsIn() async throws {
        let host = LedgerHost()
        let ledger = try await host.ledger("ledger")
        try await ledger.grow(to: 10)
        try await LoopbackServer.with(reply: host.reply) { server in
            let main = Mutex("up")
            try await LoopbackServer.with { request in
                main.withLock { $0 } == "up" ? await host.reply(to: request) : .close
            } _: { other in
                var settings = try ledger.mirrored(by: server)
                settings.urls = [other.url("/ledger"), server.url("/ledger")]
                let service = try MirrorService([settings], .quick(try HTTPClient.impatient()))
                try await service.running { service in
                    try await service.holds(ledger, 10)
                    main.withLock { $0 = "down" }
                    // The copy shows an old checkpoint for a while.
                    let old = try ledger.bytes("checkpoints/1")
                    host.lie("ledger") { $0 == "checkpoint" ? .answer(body: old) : nil }
                    try await service.comesTo(ledger) { $0.failure?.contains("a copy of the ledger that lags") == true }
                    host.lie("ledger", nil)
                    try await ledger.grow(to: 20)
                    try await service.holds(ledger, 20)
                    #expect(service.statuses[0].alarm == nil)
                }
            }
        }
    }

    @Test func everyCheckpointIsSeenOnce() async throws {
        let host = LedgerHost()
        let ledger = try await host.ledger("ledger")
        try await LoopbackServer.with(reply: host.reply) { server in
            let seen = Mutex<[SeenCheckpoint]>([])
            var environment = MirrorEnvironment.quick(try HTTPClient.impatient())
            environment.onCheckpoint = { checkpoint in seen.withLock { $0.append(checkpoint) } }
            var settings = try ledger.mirrored(by: server)
            settings.interval = .seconds(3600)
            environment.clock = ContinuousClock()
            let service = try MirrorService([settings], environment)
            try await service.running { service in
                try await service.holds(ledger, 1)
                try await ledger.grow(to: 5)
                // Asked for, since the interval is long.
                #expect(service.update(settings.origin))
                #expect(!service.update("ledger.example/another"))
                try await service.holds(ledger, 5)
            }
            let all = seen.withLock { $0 }
            #expect(all.map(\.checkpoint.checkpoint.head.size) == [1, 5])
            #expect(all.allSatisfy { $0.source == settings.urls[0] && $0.origin == settings.origin })
        }
    }

    @Test func oneProcessADirectory() async throws {
        let host = LedgerHost()
        let ledger = try await host.ledger("ledger")
        try await LoopbackServer.with(reply: host.reply) { server in
            let client = try HTTPClient.impatient()
            let settings = [try ledger.mirrored(by: server)]
            let first = try MirrorService(settings, .quick(client))
            let second = try MirrorService(settings, .quick(client))
            try await first.running { first in
                try await first.holds(ledger, 1)
                try await second.running { second in
                    try await second.comesTo(ledger) {
                        $0.failure?.contains("another writer holds this ledger") == true
                    }
                }
            }
            // Whoever ends lets go of the lock.
            try await second.running { second in
                try await second.comesTo(ledger) { $0.lastSuccess != nil && $0.failure == nil }
            }
        }
    }

    @Test func theMetricsSayIt() async throws {
        let host = LedgerHost()
        let ledger = try await host.ledger("ledger")
        try await ledger.grow(to: 30)
        try await LoopbackServer.with(reply: host.reply) { server in
            let metrics = TestMetrics()
            let service = try MirrorService(
                [try ledger.mirrored(by: server)],
                .quick(try HTTPClient.impatient(), metrics: metrics)
            )
            let label = [("origin", "ledger.example/ledger")]
            func gauge(_ name: String) throws -> Double? {
                try metrics.expectGauge("tracenode_mirror_\(name)", label).values.last
            }
            try await service.running { service in
                try await service.holds(ledger, 30)
                try await eventually { (try? gauge("entries")) == 30 && (try? gauge("lag_entries")) == 0 }
                #expect(try gauge("alarm") == 0)
                try await LedgerLies.rollBack(ledger, host, service)
                try await eventually { (try? gauge("alarm")) == 1 }
                #expect(metrics.counterTotal(label: "tracenode_mirror_updates_total", dimensions: label) > 0)
                #expect(metrics.counterTotal(label: "tracenode_mirror_fetched_bytes_total", dimensions: label) > 5_000)
                #expect(metrics.counterTotal(label: "tracenode_mirror_failures_total", dimensions: label) == 0)
                try await service.replace(with: [])
                #expect(metrics.recorders.isEmpty && metrics.counters.isEmpty)
            }
        }
    }
}

enum LedgerLies {
    /// Has a ledger be shown as it was at first.
    static func rollBack(_ ledger: TestLedger, _ host: LedgerHost, _ service: MirrorService) async throws {
        let old = try ledger.bytes("checkpoints/1")
        host.lie(ledger.name) { $0 == "checkpoint" ? .answer(body: old) : nil }
        try await service.comesTo(ledger) { $0.alarm?.kind == .rollback }
    }
}
