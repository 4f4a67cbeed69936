import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import TestSupport
import Testing
import TraceReplication

@testable import TraceNode

/// What a server may do to a client, by mishap or on purpose: each costs a bounded amount and says what it was.
@Suite("A hostile server")
struct HostileServerTests {
    private func failing(
        limit: Int = 1 << 20,
        idle: Duration = .seconds(20),
        request: Duration = .seconds(20),
        _ reply: LoopbackServer.Reply
    ) async throws -> HTTPFailure {
        try await LoopbackServer.with { _ in
            reply
        } _: { server in
            let client = try HTTPClient.impatient(idle: idle, request: request)
            let failure = try await failure { try await client.get(server.url(), limit: limit) }
            #expect(failure.url == server.url())
            // Whatever it was, the connection is not used again.
            try await eventually { server.counts.open == 0 }
            return failure
        }
    }

    @Test func anEndlessBody() async throws {
        let failure = try await failing(limit: 100_000, .endless([:]))
        #expect(failure.phase == .body && !failure.isWorthRetrying)
        #expect(failure.reason.contains("more than the 100000 bytes"))
    }

    @Test func aLongBodyIsRefusedBeforeItComes() async throws {
        let failure = try await failing(limit: 10, .raw("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", closes: false))
        #expect(failure.reason.contains("more than the 10 bytes"))
    }

    @Test func exactlyTheLimitIsTaken() async throws {
        try await LoopbackServer.with { _ in
            .answer(body: [UInt8](repeating: 1, count: 4096))
        } _: { server in
            let client = try HTTPClient.impatient()
            #expect(try await client.get(server.url(), limit: 4096).body.count == 4096)
        }
    }

    @Test func silence() async throws {
        let failure = try await failing(idle: .milliseconds(60), .silence)
        #expect(failure.phase == .answer && failure.isWorthRetrying)
        #expect(failure.reason == "the server sent nothing for 60 ms")
    }

    /// Never silent for long, and never done.
    @Test func aSlowDrip() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
        let failure = try await timingOut(in: .body, .drip(head, every: .milliseconds(5)))
        #expect(failure.isWorthRetrying)
        #expect(failure.reason.hasPrefix("the whole answer did not come in "))
    }

    @Test func aSlowDripOfHeaders() async throws {
        let failure = try await timingOut(in: .answer, .drip("HTTP/1.1 200 OK\r\nX: ", every: .milliseconds(5)))
        #expect(failure.reason.hasPrefix("the whole answer did not come in "))
    }

    /// With more and more time, since a busy machine may not come so far in little.
    private func timingOut(in phase: HTTPFailure.Phase, _ reply: LoopbackServer.Reply) async throws -> HTTPFailure {
        for time in [200, 2000, 10_000] {
            let failure = try await failing(request: .milliseconds(time), reply)
            if failure.phase == phase { return failure }
        }
        throw Unexpected(description: "not once in phase \(phase)")
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Half",
    ])
    func aTruncatedAnswer(_ text: String) async throws {
        let failure = try await failing(.raw(text, closes: true))
        #expect(failure.isWorthRetrying)
        #expect(failure.reason.contains("broke off") || failure.reason.contains("closed"))
    }

    @Test(arguments: [
        // Two lengths, a length beside chunks, a length that is none: each read by somebody in another way.
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nBad Header: 1\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ])
    func notHTTP(_ text: String) async throws {
        let failure = try await failing(.raw(text, closes: false))
        #expect(!failure.isWorthRetrying, "\(failure)")
    }

    /// What comes behind an answer belongs to nobody: the connection is not used for another request.
    @Test func aBodyThatIsLongerThanItsLength() async throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlying"
        try await LoopbackServer.with { _ in
            .raw(text, closes: false)
        } _: { server in
            let client = try HTTPClient.impatient()
            for _ in 0..<3 {
                let body = try await client.get(server.url()).body
                #expect(String(decoding: body, as: UTF8.self) == "hello")
            }
            #expect(server.counts.connections == 3)
        }
    }

    @Test func oversizedHeaders() async throws {
        let long = "HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 40_000))\r\nContent-Length: 0\r\n\r\n"
        #expect(try await failing(.raw(long, closes: false)).reason.contains("headers are too long"))
        let many = "HTTP/1.1 200 OK\r\n\(String(repeating: "X: y\r\n", count: 101))Content-Length: 0\r\n\r\n"
        #expect(try await failing(.raw(many, closes: false)).reason.contains("headers are too long"))
        let trailers =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\(String(repeating: "X: y\r\n", count: 101))\r\n"
        #expect(try await failing(.raw(trailers, closes: false)).reason.contains("headers are too long"))
    }

    @Test func informationBeforeTheAnswerIsPassedOver() async throws {
        let text = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        try await LoopbackServer.with { _ in
            .raw(text, closes: false)
        } _: { server in
            let client = try HTTPClient.impatient()
            #expect(try await client.get(server.url()).body == Array("ok".utf8))
        }
    }

    // MARK: gzip

    @Test func gzipIsUndone() async throws {
        let plain = (0..<50_000).map { UInt8($0 >> 7 & 255) }
        let packed = try await Gzip.compress(plain)
        try await LoopbackServer.with { _ in
            .answer(headers: ["Content-Encoding": "gzip"], body: packed)
        } _: { server in
            let client = try HTTPClient.impatient()
            #expect(try await client.get(server.url(), limit: plain.count).body == plain)
            #expect(try await client.get(server.url(), limit: plain.count).body == plain)
            #expect(server.counts.connections == 1)
            let failure = try await failure { try await client.get(server.url(), limit: plain.count - 1) }
            #expect(failure.reason.contains("more than"))
        }
    }

    /// 16 MiB of zeros in 16 KiB: not more than the limit is ever there.
    @Test func aBomb() async throws {
        let bomb = try await Gzip.compress([UInt8](repeating: 0, count: 16 << 20))
        #expect(bomb.count < 20_000)
        let before = Memory.peak
        let failure = try await failing(limit: 8192, .answer(headers: ["Content-Encoding": "gzip"], body: bomb))
        #expect(failure.phase == .body && failure.reason.contains("more than the 8192 bytes"))
        #expect(Memory.peak - before < 12 << 20)
    }

    @Test func damagedGzip() async throws {
        let packed = try await Gzip.compress(Array("some bytes that are worth packing".utf8))
        var flipped = packed
        flipped[packed.count - 6] ^= 1  // the check value
        let cut = Array(packed.dropLast(12))
        for (body, isDamage) in [(flipped, true), (cut, false), (packed + [0, 1, 2], true), ([1, 2, 3], true)] {
            let failure = try await failing(.answer(headers: ["Content-Encoding": "gzip"], body: body))
            #expect(failure.reason.contains(isDamage ? "gzip of the body is damaged" : "broke off"), "\(failure)")
        }
    }

    @Test(arguments: ["br", "deflate", "gzip, gzip", "zstd"])
    func otherEncodingsAreRefused(_ coding: String) async throws {
        let failure = try await failing(.answer(headers: ["Content-Encoding": coding], body: [1, 2, 3]))
        #expect(failure.reason.contains("content encoding \(coding)"))
    }

    // MARK: Connecting

    @Test func nobodyListens() async throws {
        // A port that was just free.
        let url = try await LoopbackServer.with { _ in
            .silence
        } _: {
            $0.url()
        }
        let failure = try await failure { try await HTTPClient.impatient().get(url) }
        #expect(failure.phase == .connecting && failure.isWorthRetrying)
    }

    @Test func anUnknownName() async throws {
        let failure = try await failure { try await HTTPClient.impatient().get("http://no-such-host.invalid/") }
        #expect(failure.phase == .connecting)
    }

    /// All connections hang: who waits for one is told when the time is up, and the others in turn.
    @Test func everyConnectionIsBusy() async throws {
        try await LoopbackServer.with { _ in
            .silence
        } _: { server in
            let url = try HTTPURL(server.url())
            let opener = ConnectionOpener(
                group: MultiThreadedEventLoopGroup.singleton,
                tls: try NIOSSLContext(configuration: .makeClientConfiguration()),
                limits: ExchangeLimits(HTTPClient.Limits())
            )
            let connections = HTTPConnections(opener, count: 1)
            let far = NIODeadline.now() + .seconds(20)
            let first = try await connections.lease(url, until: far, isFresh: false)
            let second = try await failure {
                try await connections.lease(url, until: .now() + .milliseconds(20), isFresh: false)
            }
            #expect(second.phase == .waiting && second.isWorthRetrying)
            async let third = connections.lease(url, until: far, isFresh: false)
            connections.giveBack(first, isReusable: true)
            let lease = try await third
            #expect(lease.channel === first.channel && lease.isReused)
            connections.giveBack(lease, isReusable: false)
        }
    }
}

/// gzip as the system does it.
enum Gzip {
    static func compress(_ bytes: [UInt8]) async throws -> [UInt8] {
        let path = "\(FileManager.default.temporaryDirectory.path)/gzip-\(UUID())"
        defer { for end in ["", ".gz"] { try? FileManager.default.removeItem(atPath: path + end) } }
        try Data(bytes).write(to: URL(filePath: path))
        try await Tool.run("/bin/gzip", ["-9", path])
        return [UInt8](try Data(contentsOf: URL(filePath: "\(path).gz")))
    }
}

/// What this process takes.
enum Memory {
    /// The most that it ever had, in bytes.
    static var peak: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return 1024 * (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
    }
}
