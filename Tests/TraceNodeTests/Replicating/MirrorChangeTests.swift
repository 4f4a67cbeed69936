import Foundation
import ServiceLifecycle
import Synchronization
import Testing
import TraceLedger

@testable import TraceNode

/// A gate that requests of a test wait at.
actor TestGate {
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
}

@Suite("Mirrors that change")
struct MirrorChangeTests {
    /// As on SIGHUP: one is added, one goes, one changes, and the one that stays goes on within its update.
    @Test func theSetIsReplaced() async throws {
        let host = LedgerHost()
        let (staying, going, changing, coming) = (
            try await host.ledger("staying"), try await host.ledger("going"), try await host.ledger("changing"),
            try await host.ledger("coming")
        )
        try await staying.grow(to: 600)
        let gate = TestGate()
        host.lie("staying") { path in
            if path == "tile/entries/001" { await gate.pass() }
            return nil
        }
        try await LoopbackServer.with(reply: host.reply) { server in
            let stay = try staying.mirrored(by: server)
            var change = try changing.mirrored(by: server)
            let service = try MirrorService(
                [stay, try going.mirrored(by: server), change],
                .quick(try HTTPClient.impatient())
            )
            try await service.running { service in
                try await service.holds(going, 1)
                try await service.holds(changing, 1)
                while await gate.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }

                change.depth = .tree
                try await service.replace(with: [try coming.mirrored(by: server), change, stay])
                #expect(
                    service.statuses.map(\.origin) == ["coming", "changing", "staying"].map { "ledger.example/\($0)" }
                )
                #expect(service.status(of: change.origin)?.settings.depth == .tree)
                try await service.holds(coming, 1)
                try await changing.grow(to: 20)
                try await service.holds(changing, 20)
                // It has ended, and its directory is free.
                _ = host.paths(of: "going")
                let free = Mirror(
                    "\(going.directory)-copy",
                    key: try going.vkey,
                    depth: .tree,
                    checker: TestLedger.checker
                )
                _ = try await free.update(from: [DirectorySource(going.directory)])
                #expect(host.paths(of: "going").isEmpty)

                await gate.open()
                try await service.holds(staying, 600)
                #expect(await gate.arrived == 1)
            }
            #expect(try await staying.copyIsSound(size: 600))
        }
    }

    @Test func aSetThatCannotBeIsRefused() async throws {
        let host = LedgerHost()
        let (one, two) = (try await host.ledger("one"), try await host.ledger("two"))
        try await LoopbackServer.with(reply: host.reply) { server in
            let (first, second) = (try one.mirrored(by: server), try two.mirrored(by: server))
            let service = try MirrorService([first], .quick(try HTTPClient.impatient()))
            try await service.running { service in
                var twice = second
                twice.directory = first.directory
                await #expect(throws: MirrorSettingsError.self) { try await service.replace(with: [first, twice]) }
                await #expect(throws: MirrorSettingsError.self) { try await service.replace(with: [first, first]) }
                var nowhere = second
                nowhere.urls = []
                await #expect(throws: MirrorSettingsError.self) { try await service.replace(with: [nowhere]) }
                var wrong = second
                wrong.urls = ["ftp://ledger.example"]
                await #expect(throws: HTTPFailure.self) { try await service.replace(with: [wrong]) }
                try await service.holds(one, 1)
                #expect(service.statuses.count == 1)
            }
        }
    }

    /// SIGTERM while a server hangs: the group of services ends at once, and what was copied is not fetched again.
    @Test func aGracefulEnd() async throws {
        let host = LedgerHost()
        let ledger = try await host.ledger("ledger")
        try await ledger.grow(to: 256 * 6)
        let gate = TestGate()
        host.lie("ledger") { path in
            if path == "tile/entries/004" { await gate.pass() }
            return nil
        }
        try await LoopbackServer.with(reply: host.reply) { server in
            let client = try HTTPClient.impatient()
            let settings = [try ledger.mirrored(by: server)]
            let service = try MirrorService(settings, .quick(client))
            let group = ServiceGroup(services: [client, service], logger: MirrorEnvironment.quick(client).logger)
            let task = Task { try await group.run() }
            while await gate.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
            try await service.comesTo(ledger) { $0.copied == 1024 }
            await group.triggerGracefulShutdown()
            try await task.value
            #expect(service.statuses[0].held == nil && service.statuses[0].failure == nil)
            await gate.open()
            host.lie("ledger", nil)

            let fetched = host.paths(of: "ledger").filter { $0.hasPrefix("tile/entries/00") }
            #expect(fetched.contains("tile/entries/003"))
            let next = try MirrorService(settings, .quick(try HTTPClient.impatient()))
            try await next.running { try await $0.holds(ledger, 256 * 6) }
            let again = host.paths(of: "ledger").filter { $0.hasPrefix("tile/entries/00") }
            #expect(!again.contains("tile/entries/003") && again.contains("tile/entries/004"))
            #expect(try await ledger.copyIsSound(size: 256 * 6))
        }
    }

    /// One turn for all: while a ledger with a backlog waits for its slow server, the others have theirs.
    @Test func aBacklogLetsOthersThrough() async throws {
        let host = LedgerHost()
        let slow = try await host.ledger("slow")
        try await slow.grow(to: 256 * 12)
        let gate = TestGate()
        host.lie("slow") { path in
            // The last bundle does not come before the others are done.
            if path == "tile/entries/011" { await gate.pass() }
            return nil
        }
        let others = [try await host.ledger("x"), try await host.ledger("y"), try await host.ledger("z")]
        for ledger in others { try await ledger.grow(to: 20) }
        try await LoopbackServer.with(reply: host.reply) { server in
            var environment = MirrorEnvironment.quick(try HTTPClient.impatient())
            environment.updatesAtATime = 1
            let mirrors = try ([slow] + others).map { try $0.mirrored(by: server, depth: .tree) }
            let service = try MirrorService(mirrors, environment)
            try await service.running { service in
                for ledger in others { try await service.holds(ledger, 20) }
                for ledger in others {
                    try await ledger.grow(to: 30)
                    try await service.holds(ledger, 30)
                }
                #expect(service.status(of: slow.origin)?.held == nil)
                await gate.open()
                try await service.holds(slow, 256 * 12)
            }
        }
    }
}
