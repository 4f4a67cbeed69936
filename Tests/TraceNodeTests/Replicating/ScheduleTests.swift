import Synchronization
import TestSupport
import Testing

@testable import TraceNode

@Suite("When mirrors ask again")
struct ScheduleTests {
    @Test func pausesGrowUpToTheLongest() {
        var schedule = PollSchedule(interval: .seconds(60))
        let pauses = (0..<12).map { _ in schedule.afterFailure(isPassing: true, spread: 1).components.seconds }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
        #expect(schedule.afterSuccess(spread: 0.5) == .seconds(60))
        #expect(schedule.afterFailure(isPassing: true, spread: 1) == .seconds(1))
        #expect(schedule.afterFailure(isPassing: false, spread: 1) == .seconds(300))
    }

    /// Whatever the interval, the random number and the past: never sooner than half of what is meant, never later than it.
    @Test func pausesStayInTheirBounds() {
        forAll { generator in
            let interval = Duration.milliseconds(Int.random(in: 1...86_400_000, using: &generator))
            let longest = max(interval, PollSchedule.longestPause)
            var schedule = PollSchedule(interval: interval)
            var last = Duration.zero
            for count in 0..<Int.random(in: 1...2000, using: &generator) {
                let pause = schedule.afterFailure(isPassing: true, spread: .random(in: 0..<1, using: &generator))
                try check(pause >= .milliseconds(500) && pause <= longest, "pause \(pause) after \(count)")
                try check(pause >= last * 0.5, "\(pause) is less than half of \(last)")
                last = pause
            }
            let pause = schedule.afterSuccess(spread: .random(in: 0..<1, using: &generator))
            try check(pause >= interval * 0.9 && pause <= interval * 1.1, "\(pause) for \(interval)")
        }
    }

    /// The same on the clock of a running mirror.
    @Test func aFailingMirrorSleepsLongerAndLonger() async throws {
        let host = LedgerHost()
        let ledger = try await host.ledger("ledger")
        host.lie("ledger") { _ in .answer(status: 500) }
        try await LoopbackServer.with(reply: host.reply) { server in
            let clock = QuickClock()
            var environment = MirrorEnvironment.quick(try HTTPClient.impatient(), clock: clock)
            environment.spread = { 1 }
            environment.turn = .seconds(1000)
            let service = try MirrorService([try ledger.mirrored(by: server, interval: .seconds(20))], environment)
            try await service.running { service in
                try await service.comesTo(ledger) { $0.failuresInARow > 10 }
                host.lie("ledger", nil)
                try await service.comesTo(ledger) { $0.lastSuccess != nil }
            }
            let sleeps = clock.sleeps.all.withLock { $0 }.map { Int(($0 / .seconds(1)).rounded()) }.filter {
                $0 != 1000
            }
            // A second that nobody can cut short, and the rest.
            let expected = [1] + [2, 4, 8, 16, 32, 64, 128, 256, 300].flatMap { [1, $0 - 1] }
            #expect(Array(sleeps.prefix(expected.count)) == expected)
            #expect(sleeps.contains(21))
        }
    }
}

@Suite("Turns")
struct TurnsTests {
    /// Two at a time; the third waits until one leaves.
    @Test func soManyAtATime() async throws {
        let turns = Turns(2)
        for party in ["a", "b", "a", "b"] { try await turns.enter(party) }
        let third = Task { try await turns.enter("c") }
        try await Task.sleep(for: .milliseconds(10))
        turns.rotate()
        turns.leave("b")
        try await third.value
        // Held by a and c now.
        for party in ["a", "c"] { try await turns.enter(party) }
    }

    /// With nobody waiting a turn has no end; with somebody, it ends between the first and the second round.
    @Test func aTurnEndsWhereOthersWait() async throws {
        let turns = Turns(1)
        try await turns.enter("a")
        for _ in 0..<5 { turns.rotate() }
        try await turns.enter("a")

        let order = Order()
        @Sendable func enter(_ party: String) -> Task<Void, any Error> {
            Task {
                try await turns.enter(party)
                order.list.withLock { $0.append(party) }
            }
        }
        let second = enter("b")
        while !turns.isWaiting("b") { await Task.yield() }
        turns.rotate()
        try await second.value
        // It was a's no more, and comes round behind b; all of a's work waits together.
        let first = [enter("a"), enter("a")]
        while !turns.isWaiting("a") { await Task.yield() }
        turns.rotate()
        try await turns.enter("b")
        turns.rotate()
        for task in first { try await task.value }
        #expect(order.list.withLock { $0 } == ["b", "a", "a"])
    }

    @Test func whoIsCancelledLeavesTheQueue() async throws {
        let turns = Turns(1)
        try await turns.enter("a")
        let gone = Task { try await turns.enter("b") }
        while !turns.isWaiting("b") { await Task.yield() }
        gone.cancel()
        await #expect(throws: CancellationError.self) { try await gone.value }
        #expect(!turns.isWaiting("b"))
        turns.leave("a")
        try await turns.enter("c")
    }

    /// Parties come, work and go at random: never more than so many hold a turn, and everybody gets through.
    @Test func underLoad() async throws {
        let turns = Turns(3)
        let done = Order()
        let rotation = Task {
            while !Task.isCancelled {
                turns.rotate()
                await Task.yield()
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for party in 0..<20 {
                group.addTask {
                    for _ in 0..<50 {
                        try await turns.enter("\(party)")
                        await Task.yield()
                        #expect(turns.holderCount <= 3)
                    }
                    turns.leave("\(party)")
                    done.list.withLock { $0.append("\(party)") }
                }
            }
            try await group.waitForAll()
        }
        rotation.cancel()
        #expect(done.list.withLock { $0.count } == 20)
        #expect(turns.holderCount == 0)
    }
}

/// What happened, in order.
private final class Order: Sendable {
    let list = Mutex<[String]>([])
}

extension Turns {
    fileprivate func isWaiting(_ party: String) -> Bool { waiting.contains(party) }
    fileprivate var holderCount: Int { holding.count }
}

@Suite("A bell")
struct BellTests {
    @Test func itIsHeardOnce() async {
        let bell = Bell()
        bell.ring()
        bell.ring()
        await bell.wait()
        let sleeper = Task { await bell.wait() }
        try? await Task.sleep(for: .milliseconds(5))
        bell.ring()
        await sleeper.value
    }

    @Test func aCancelledSleeperWakes() async {
        let bell = Bell()
        let sleeper = Task { await bell.wait() }
        sleeper.cancel()
        await sleeper.value
        // And hears nothing for others.
        bell.ring()
        await bell.wait()
    }
}
