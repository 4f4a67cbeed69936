import Testing

@testable import TraceNode

@Suite("URLs that a node fetches")
struct HTTPURLTests {
    @Test(arguments: [
        ("https://ledger.example/a/b", "ledger.example", 443, "/a/b", "ledger.example"),
        ("HTTPS://Ledger.Example", "ledger.example", 443, "/", "ledger.example"),
        ("http://localhost:8080/x?y=1&z=%2F", "localhost", 8080, "/x?y=1&z=%2F", "localhost:8080"),
        ("http://127.0.0.1:80/", "127.0.0.1", 80, "/", "127.0.0.1"),
        ("http://[::1]:81/", "::1", 81, "/", "[::1]:81"),
        ("https://xn--mnchen-3ya.example:443", "xn--mnchen-3ya.example", 443, "/", "xn--mnchen-3ya.example"),
        ("http://node_1:80?x", "node_1", 80, "/?x", "node_1"),
        ("http://a.example/..a/.well-known/x", "a.example", 80, "/..a/.well-known/x", "a.example"),
    ])
    func good(_ text: String, _ name: String, _ port: Int, _ target: String, _ header: String) throws {
        let url = try HTTPURL(text)
        #expect(url.host.name == name)
        #expect(url.host.port == port)
        #expect(url.target == target)
        #expect(url.host.header == header)
        #expect(url.host.isSecure == text.lowercased().hasPrefix("https"))
    }

    @Test(arguments: [
        "", "ledger.example", "ftp://a.example/", "file:///etc/passwd", "http:/a.example", "http://", "http:///x",
        "//a.example",
        "http://user@a.example/", "http://user:secret@a.example/", "http://a.example/#x", "http://a.example:0/",
        "http://a.example:65536/", "http://a.example:/", "http://a.example:80x/", "http://a.example:+80/",
        "http://a..example/", "http://.example/", "http://a.example./", "http://-a.example/", "http://a b.example/",
        "http://a.example/a b", "http://a.example/\u{e9}", "http://m\u{fc}nchen.example/", "http://a.example/\r\nX: y",
        "http://a.example/%", "http://a.example/%4", "http://a.example/%zz", "http://a%2eexample/",
        "http://a.example/../x", "http://a.example/a/./b", "http://a.example/%2e%2E/x", "http://a.example/.%2e",
        "http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://127.0.0.01/", "http://1.2.3.256/",
        "http://[::1/", "http://::1/", "http://[fe80::1%25eth0]/", "http://[1.2.3.4]/", "http://[]/", "http://[::1]x/",
        "http://a.example\\b/", "http://a.example/<x>",
    ])
    func refused(_ text: String) {
        #expect {
            try HTTPURL(text)
        } throws: { error in
            guard let failure = error as? HTTPFailure else { return false }
            return failure.phase == .url && !failure.isWorthRetrying
        }
    }

    /// A URL in a message is never longer than a line or two.
    @Test func aLongOneIsCutInMessages() throws {
        let long = "http://a.example/" + String(repeating: "a", count: 5000)
        #expect { try HTTPURL(long) } throws: { "\($0)".utf8.count < 400 }
    }
}
