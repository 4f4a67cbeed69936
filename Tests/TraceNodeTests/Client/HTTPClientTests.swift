import NIOHTTP1
import Testing
import TraceReplication

@testable import TraceNode

extension HTTPClient {
    /// A client of a test, with limits that a test may shorten and that a busy machine does not reach.
    static func impatient(
        connect: Duration = .seconds(20),
        idle: Duration = .seconds(20),
        request: Duration = .seconds(20),
        keepAlive: Duration = .seconds(30),
        connections: Int = 8,
        trustRoots: String? = nil
    ) throws -> HTTPClient {
        let limits = Limits(
            connect: connect,
            idle: idle,
            request: request,
            keepAlive: keepAlive,
            connectionsPerHost: connections
        )
        return try HTTPClient(limits: limits, trustRoots: trustRoots, userAgent: "tracenode/test")
    }

    func get(_ url: String, limit: Int = 1 << 20) async throws -> PeerResponse {
        try await send(.get(url, responseLimit: limit))
    }
}

/// The failure that a request must end with.
func failure<Value>(_ body: () async throws -> Value) async throws -> HTTPFailure {
    do {
        let value = try await body()
        throw Unexpected(description: "no failure but \(value)")
    } catch let failure as HTTPFailure { return failure }
}

struct Unexpected: Error, CustomStringConvertible { let description: String }

@Suite("The HTTP client")
struct HTTPClientTests {
    /// The example: a file, and a submission.
    @Test func filesAndSubmissions() async throws {
        try await LoopbackServer.with { request in
            .answer(
                status: request.head.method == .POST ? 202 : 200,
                headers: ["Content-Type": "text/plain"],
                body: Array("\(request.head.method.rawValue) \(request.head.uri) ".utf8) + request.body
            )
        } _: { server in
            let client = try HTTPClient(userAgent: "tracenode/1.2")
            let file = try await client.send(.get(server.url("/tile/0/000?x=1"), responseLimit: 100))
            #expect(file.status == 200)
            #expect(file.contentType == "text/plain")
            #expect(String(decoding: file.body, as: UTF8.self) == "GET /tile/0/000?x=1 ")

            let taken = try await client.send(.post([104, 105], "text/x", to: server.url(), responseLimit: 100))
            #expect(taken.status == 202)
            #expect(String(decoding: taken.body, as: UTF8.self) == "POST / hi")
            let heads = server.counts.requests.map(\.head)
            #expect(heads[0].headers["User-Agent"] == ["tracenode/1.2"])
            #expect(heads[0].headers["Host"] == ["127.0.0.1:\(server.port)"])
            #expect(heads[0].headers["Accept-Encoding"] == ["gzip"])
            #expect(heads[1].headers["Content-Length"] == ["2"])
            #expect(heads[1].headers["Content-Type"] == ["text/x"])
        }
    }

    @Test func connectionsAreKept() async throws {
        try await LoopbackServer.with { _ in
            .answer(body: [1])
        } _: { server in
            let client = try HTTPClient.impatient()
            for _ in 0..<20 { _ = try await client.get(server.url()) }
            #expect(server.counts.connections == 1)
            #expect(server.counts.requests.map(\.position) == Array(0..<20))
        }
    }

    @Test func connectionsAHostAreBounded() async throws {
        try await LoopbackServer.with { _ in
            try? await Task.sleep(for: .milliseconds(2))
            return .answer(body: [1])
        } _: { server in
            let client = try HTTPClient.impatient(connections: 3)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<60 { group.addTask { _ = try await client.get(server.url()) } }
                try await group.waitForAll()
            }
            #expect(server.counts.requests.count == 60)
            #expect(server.counts.connections == 3)
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await LoopbackServer.with { _ in
            .answer(body: [1])
        } _: { server in
            let client = try HTTPClient.impatient(keepAlive: .milliseconds(50))
            _ = try await client.get(server.url())
            try await eventually { server.counts.open == 0 }
            _ = try await client.get(server.url())
            #expect(server.counts.connections == 2)
        }
    }

    /// The server put the connection down between two requests: a `GET` goes out once more.
    @Test func aStaleConnectionIsReplaced() async throws {
        try await LoopbackServer.with { request in
            request.position == 0 ? .answer(body: [UInt8(request.connection)]) : .close
        } _: { server in
            let client = try HTTPClient.impatient()
            for connection in 0..<3 {
                #expect(try await client.get(server.url()).body == [UInt8(connection)])
            }
            #expect(server.counts.requests.count == 5)
        }
    }

    /// A new connection that gives no answer is not a stale one, and a submission may have been taken.
    @Test func onlyAStaleGetIsRepeated() async throws {
        try await LoopbackServer.with { request in
            request.head.uri == "/good" ? .answer() : .close
        } _: { server in
            let client = try HTTPClient.impatient()
            let fresh = try await failure { try await client.get(server.url("/bad")) }
            #expect(fresh.phase == .answer && fresh.isWorthRetrying)
            _ = try await client.get(server.url("/good"))
            let post = try await failure {
                try await client.send(.post([1], "a/b", to: server.url("/bad"), responseLimit: 10))
            }
            #expect(post.phase == .answer)
            #expect(server.counts.requests.map(\.head.uri) == ["/bad", "/good", "/bad"])
        }
    }

    /// Closed behind the answer without a word: seen in time, mostly, and asked again where not.
    @Test func aConnectionClosedBehindTheAnswerIsNotUsedAgain() async throws {
        try await LoopbackServer.with { _ in
            .answerAndClose(body: [7])
        } _: { server in
            let client = try HTTPClient.impatient()
            for _ in 0..<10 { #expect(try await client.get(server.url()).body == [7]) }
            #expect(server.counts.connections == 10)
        }
    }

    @Test func redirectsAreAnswers() async throws {
        try await LoopbackServer.with { request in
            .answer(status: 302, headers: ["Location": "http://127.0.0.1:1/elsewhere"], body: [1])
        } _: { server in
            let client = try HTTPClient.impatient()
            #expect(try await client.get(server.url()).status == 302)
            #expect(server.counts.requests.count == 1)
            let failure = try await failure {
                try await RemoteLedger(server.url("/ledger"), transport: client).read("checkpoint", limit: 10)
            }
            #expect(failure.url == server.url("/ledger/checkpoint"))
            #expect(failure.phase == .status && !failure.isWorthRetrying)
            #expect(failure.description.contains("redirects are not followed"))
        }
    }

    @Test func cancellationEndsARequestAtOnce() async throws {
        try await LoopbackServer.with { _ in
            .silence
        } _: { server in
            let client = try HTTPClient.impatient(idle: .seconds(30), request: .seconds(30), connections: 1)
            let tasks = (0..<3).map { _ in Task { try await client.get(server.url()) } }
            try await eventually { server.counts.requests.count == 1 }
            for task in tasks { task.cancel() }
            for task in tasks {
                await #expect(throws: CancellationError.self) { _ = try await task.value }
            }
            try await eventually { server.counts.open == 0 }
        }
    }

    @Test func aShutDownLetsRequestsEnd() async throws {
        try await LoopbackServer.with { _ in
            try? await Task.sleep(for: .milliseconds(50))
            return .answer(body: [9])
        } _: { server in
            let client = try HTTPClient.impatient(connections: 1)
            let running = Task { try await client.get(server.url()) }
            try await eventually { server.counts.requests.count == 1 }
            let waiting = Task { try await failure { try await client.get(server.url()) } }
            try await Task.sleep(for: .milliseconds(10))
            await client.shutDown()
            #expect(try await running.value.body == [9])
            #expect(try await waiting.value.reason.contains("shutting down"))
            let late = try await failure { try await client.get(server.url()) }
            #expect(late.phase == .waiting)
            try await eventually { server.counts.open == 0 }
        }
    }

    @Test func aShutDownCutsOffWhatHangs() async throws {
        try await LoopbackServer.with { _ in
            .silence
        } _: { server in
            let client = try HTTPClient.impatient(idle: .seconds(30), request: .seconds(30))
            let running = Task { try await failure { try await client.get(server.url()) } }
            try await eventually { server.counts.requests.count == 1 }
            await client.shutDown(grace: .milliseconds(30))
            #expect(try await running.value.phase == .answer)
        }
    }
}

/// Waits for what another thread is about to do.
func eventually(sourceLocation: SourceLocation = #_sourceLocation, _ condition: () -> Bool) async throws {
    for _ in 0..<2000 {
        if condition() { return }
        try await Task.sleep(for: .milliseconds(1))
    }
    Issue.record("did not come about in 2 s", sourceLocation: sourceLocation)
}
