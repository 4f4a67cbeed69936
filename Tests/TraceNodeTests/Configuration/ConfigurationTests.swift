import Foundation
import Testing
import TraceLedger
import TraceProof
import TraceSigning

@testable import TraceNode

/// One YAML file says everything; what is wrong in it is told with its line, all at once, before anything runs.
@Suite struct ConfigurationTests {
    private static let log = "log.example/l+3f1e3d9b+AZTso0jHVa30fJXVYBIIqY6F87PzSU6Jjx4u6t0EO1yM"

    private func read(_ yaml: String) throws -> NodeConfiguration {
        try NodeConfiguration(yaml: yaml, file: "/etc/tracenode/node.yaml")
    }

    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try read(yaml)
            return []
        } catch let problems as ConfigurationProblems { return problems.problems.map(\.description) } catch {
            return ["\(error)"]
        }
    }

    private static func vkey(_ name: String, _ type: SignatureType, _ seed: UInt8) throws -> String {
        let key = try SigningKey(seed: [UInt8](repeating: seed, count: 32))
        return try VerifierKey(name: name, type: type, publicKey: key.publicKey).text
    }

    @Test func aWholeConfiguration() throws {
        let configuration = try read(
            """
            listen: "[::1]:8443"
            tls: { certificate: tls/cert.pem, key: /etc/keys/tls.pem }
            url: https://node.example/
            data: /var/lib/tracenode
            ledgers:
              - path: farm
                origin: node.example/farm
                key: keys/farm.pem
                admission: [9521101000009, registry]
                capture: { issuer: 9521101000009, key: keys/enterprise.pem, validate: warn }
                tokens:
                  - { name: erp, file: erp.token, rate: 100, quota: 5000 }
                  - { name: mes, environment: MES_TOKEN }
              - { path: raw, origin: node.example/raw, key: raw.pem, directory: /srv/raw, admission: any }
            mirrors:
              - { vkey: \(try Self.vkey("dairy.example/log", .ed25519, 3)), url: https://dairy.example/l, depth: tree, interval: 2 }
            mirror: { name: node.example/mirror, key: mirror.pem }
            witness:
              name: node.example/witness
              key: witness.pem
              ledgers: [\(try Self.vkey("dairy.example/log", .ed25519, 3))]
            limits: { connections: 100, headerSeconds: 5 }
            logging: { level: debug, format: json }
            metrics: false
            """
        )
        #expect(configuration.listen == .init(host: "::1", port: 8443))
        // Paths are relative to the file's folder, directories to `data`.
        #expect(configuration.tls == .init(certificate: "/etc/tracenode/tls/cert.pem", key: "/etc/keys/tls.pem"))
        #expect(configuration.ledgers.map(\.directory) == ["/var/lib/tracenode/farm", "/srv/raw"])
        #expect(configuration.url == "https://node.example")
        let farm = try #require(configuration.ledgers.first)
        #expect(farm.admission == .statements(issuers: ["9521101000009"], registry: true))
        #expect(farm.capture?.validation == .warn)
        #expect(farm.tokens.map(\.secret) == [.file("/etc/tracenode/erp.token"), .environment("MES_TOKEN")])
        #expect(farm.tokens.map(\.quota) == [5000, nil])
        #expect(configuration.ledgers[1].admission == .any)
        #expect(configuration.mirrors.first?.depth == .tree)
        #expect(configuration.witness?.ledgers.map(\.name) == ["dairy.example/log"])
        #expect((configuration.limits.connections, configuration.limits.requestSeconds) == (100, 120))
        #expect(!configuration.metrics)
    }

    @Test func theSmallestOneListensOnLoopbackAndTakesNoEntries() throws {
        let configuration = try read("data: d\nledgers: [{ path: l, origin: o.example/l, key: k.pem }]")
        #expect(configuration.listen == .init(host: "127.0.0.1", port: 8080))
        #expect(configuration.ledgers.first?.admission == .closed)
        #expect(configuration.tls == nil)
    }

    @Test func everythingThatIsWrongIsToldWithItsLine() {
        let found = problems(
            """
            data: d
            lisen: 8080
            ledgers:
              - path: farm
                origin: o.example/l
                kee: k.pem
            limits: { connections: many }
            """
        )
        #expect(found.count == 4)
        #expect(found.contains { $0.hasPrefix("/etc/tracenode/node.yaml:2: lisen: there is no such key here") })
        #expect(found.contains { $0.contains("ledgers[0].key: it is missing") })
        #expect(found.contains { $0.hasPrefix("/etc/tracenode/node.yaml:6: ledgers[0].kee: there is no such key") })
        #expect(found.contains { $0.hasPrefix("/etc/tracenode/node.yaml:7: limits.connections: a whole number") })
    }

    @Test(arguments: [
        ("data: d\nledgers: [{ path: mirror, origin: o, key: k }]", "a route of the node itself"),
        ("data: d\nledgers: [{ path: A/b, origin: o, key: k }]", "one segment of lower-case letters"),
        ("data: d\nledgers: [{ path: a, origin: 'a b', key: k }]", "an origin has 1 to 255 bytes"),
        (
            "data: d\nledgers: [{ path: a, origin: o, key: k }, { path: a, origin: p, key: k }]",
            "path a: it is there twice"
        ),
        (
            "data: d\nledgers: [{ path: a, origin: o, key: k }, { path: b, origin: o, key: k }]",
            "origin o: it is there twice"
        ),
        ("data: d\nledgers: [{ path: a, origin: o, key: k, admission: [123] }]", "13-digit GLN"),
        (
            "data: d\nledgers: [{ path: a, origin: o, key: k, capture: { issuer: 9521101000009, key: e } }]",
            "give the tokens"
        ),
        ("data: d\nledgers: [{ path: a, origin: o, key: k, tokens: [{ name: t }] }]", "never the token itself"),
        ("data: d\nlisten: 99999", "an address and a port"), ("data: d\nurl: ftp://x", "no http or https URL"),
        ("listen: 1", "data: it is missing"), ("data: [", "not YAML"), ("", "it is empty"),
        ("data: d\nwitness: { name: w, key: k, ledgers: [nonsense] }", "witness.ledgers"),
        ("data: d\nlogging: { level: loud }", "loud is no level"),
        ("data: d\nledgers: [{ path: activations, origin: o, key: k }]", "a route of the node itself"),
        ("data: d\nresolver: { packs: public }", "`packs` does not say in which directory"),
        ("data: d\nresolver: { proofs: public }", "`packs` does not say in which directory"),
        ("data: d\nresolver: { history: public }", "no ledger of this node holds events"),
        ("data: d\npacks: p\nresolver: { packs: tokens }", "needs some"),
        ("data: d\nresolver: { tokens: [{ name: t, file: f }] }", "nothing takes its tokens"),
        ("data: d\nresolver: { ledger: x }", "this is no ledger of events"),
        ("data: d\nresolver: { packs: perhaps }", "perhaps is none of off, tokens, public"),
        ("data: d\npolicy: /no/such/file", "/no/such/file cannot be read"),
    ])
    func whatIsWrong(_ yaml: String, _ reason: String) {
        let found = problems(yaml)
        #expect(found.contains { $0.contains(reason) }, "\(found)")
    }

    @Test func consumersAreShownLittleUnlessItIsSaid() throws {
        let quiet = try read("data: d\nledgers: [{ path: l, origin: o.example/l, key: k.pem }]")
        #expect((quiet.resolver, quiet.page, quiet.trust) == (.init(), nil, .init()))
        #expect(quiet.ledgers.first?.activations == true)
        let configuration = try read(
            """
            data: d
            ledgers: [{ path: l, origin: o.example/l, key: k.pem, activations: false, mapRootSeconds: 5 }]
            mirrors:
              - { vkey: \(try Self.vkey("a.example/l", .ed25519, 3)), url: https://A.example:8443/deep/l }
              - { vkey: \(try Self.vkey("b.example/l", .ed25519, 4)), url: http://b.example/l, activations: https://c.example/activations }
            page: web
            packs: /srv/packs
            trust: { registry: r.pack, policy: /etc/policy }
            resolver: { packs: tokens, proofs: public, history: off, tokens: [{ name: shop, file: shop.token }] }
            limits: { keptActivations: 5, subjects: 7 }
            """
        )
        #expect((configuration.page, configuration.packs) == ("/etc/tracenode/web", "/srv/packs"))
        #expect(configuration.trust == .init(registry: "/etc/tracenode/r.pack", policy: "/etc/policy", recalls: nil))
        #expect(configuration.resolver.packs == .tokens && configuration.resolver.proofs == .public)
        #expect((configuration.limits.keptActivations, configuration.limits.subjects) == (5, 7))
        #expect(
            configuration.activationTargets.map(\.url) == [
                "https://a.example:8443/activations", "https://c.example/activations",
            ]
        )
        #expect(configuration.ledgers.first?.mapRootSeconds == 5 && configuration.ledgers.first?.activations == false)
    }

    @Test func cosignersGoWithAPolicyThatTheyCanReach() throws {
        let w1 = try Self.vkey("w1", .cosignature, 5)
        let w2 = try Self.vkey("w2", .cosignature, 6)
        let folder = FileManager.default.temporaryDirectory.appending(path: "tracenode-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let policy = folder.appending(path: "policy")
        try Data("witness a \(w1)\nwitness b \(w2)\ngroup both all a b\nquorum both\n".utf8).write(to: policy)
        let start = "data: d\npolicy: \(policy.path)\ncosigners:\n  - { vkey: \(w1), url: http://a.example/w }\n"
        #expect(problems(start).contains { $0.contains("cannot reach its quorum") })
        #expect(problems(start + "  - { vkey: \(w2), url: http://b.example/w }\n") == [])
        #expect(
            problems("data: d\ncosigners: [{ vkey: \(w1), url: http://a.example }]").contains { $0.contains("policy") }
        )
    }
}
