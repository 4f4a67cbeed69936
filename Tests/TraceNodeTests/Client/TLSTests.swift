import NIOCore
import NIOHTTP1
import NIOPosix
import Testing
import TraceReplication

@testable import TraceNode

@Suite("TLS of the client")
struct TLSTests {
    /// A private authority is named, and only then trusted.
    @Test func aPrivateAuthority() async throws {
        let authority = try await TestAuthority()
        let tls = try await authority.server("DNS:localhost,IP:127.0.0.1")
        try await LoopbackServer.with(tls: tls) { _ in
            .answer(body: [1])
        } _: { server in
            let trusting = try HTTPClient.impatient(trustRoots: authority.path)
            for host in ["localhost", "127.0.0.1", "localhost"] {
                #expect(try await trusting.get(server.url(host: host, scheme: "https")).body == [1])
            }
            #expect(server.counts.connections == 2)

            let failure = try await failure {
                try await HTTPClient.impatient().get(server.url(host: "localhost", scheme: "https"))
            }
            #expect(failure.phase == .securing && !failure.isWorthRetrying)
            #expect(failure.reason.contains("certificate is not valid here"))
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func aCertificateForAnotherName(_ host: String) async throws {
        let authority = try await TestAuthority()
        let tls = try await authority.server("DNS:ledger.example,IP:192.0.2.1")
        try await LoopbackServer.with(tls: tls) { _ in
            .answer(body: [1])
        } _: { server in
            let client = try HTTPClient.impatient(trustRoots: authority.path)
            let failure = try await failure { try await client.get(server.url(host: host, scheme: "https")) }
            #expect(failure.phase == .securing && !failure.isWorthRetrying)
            #expect(failure.reason.contains("certificate is for another host name"), "\(failure)")
            #expect(server.counts.requests.isEmpty)
        }
    }

    @Test func anExpiredCertificate() async throws {
        let authority = try await TestAuthority()
        let tls = try await authority.server("DNS:localhost", days: -1)
        try await LoopbackServer.with(tls: tls) { _ in
            .answer(body: [1])
        } _: { server in
            let client = try HTTPClient.impatient(trustRoots: authority.path)
            let failure = try await failure {
                try await client.get(server.url(host: "localhost", scheme: "https"))
            }
            #expect(failure.phase == .securing && failure.reason.contains("expired"))
        }
    }

    /// A server that takes the connection and says nothing: the handshake has no end of its own.
    @Test func aHandshakeThatNeverEnds() async throws {
        let mute = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
            host: "127.0.0.1",
            port: 0
        )
        .get()
        let client = try HTTPClient.impatient(connect: .milliseconds(100))
        let failure = try await failure { try await client.get("https://127.0.0.1:\(mute.localAddress?.port ?? 0)/") }
        #expect(failure.phase == .securing || failure.phase == .connecting)
        #expect(failure.reason.contains("no connection in 100 ms") && failure.isWorthRetrying, "\(failure)")
        try await mute.close()
    }

    /// The other side does not know TLS and hangs up.
    @Test func noServerOfTLS() async throws {
        try await LoopbackServer.with { _ in
            .silence
        } _: { server in
            let client = try HTTPClient.impatient()
            let failure = try await failure { try await client.get(server.url(scheme: "https")) }
            #expect(failure.phase == .securing)
        }
    }

    /// Neither a length nor chunks: such an answer ends where the connection does, and TLS tells whether it was cut.
    @Test func anAnswerUpToTheEndOfTheConnection() async throws {
        let authority = try await TestAuthority()
        let tls = try await authority.server("DNS:localhost")
        try await LoopbackServer.with(tls: tls) { request in
            .raw("HTTP/1.1 200 OK\r\n\r\nall of it", closes: request.head.uri == "/closed")
        } _: { server in
            let client = try HTTPClient.impatient(trustRoots: authority.path)
            let whole = try await client.get(server.url("/closed", host: "localhost", scheme: "https"))
            #expect(String(decoding: whole.body, as: UTF8.self) == "all of it")
            let hasty = try HTTPClient.impatient(idle: .milliseconds(500), trustRoots: authority.path)
            let open = try await failure {
                try await hasty.get(server.url("/open", host: "localhost", scheme: "https"))
            }
            #expect(open.reason.hasPrefix("the server sent nothing"))
        }
    }

    @Test func trustRootsThatAreNotThere() {
        #expect(throws: (any Error).self) { try HTTPClient.impatient(trustRoots: "/no/such/file.pem") }
    }
}
