import Foundation
import GS1
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Tests/Goldens/stamps: codes, the files that a device holds, and the verdict that every verifier reaches: this one, the one that
/// Tests/Wasm runs in Node, and the page that Tests/Page drives in a browser.
@Suite("Codes that were printed must verify for good", .serialized)
struct StampGoldenTests {
    /// One case of `cases.json`.
    struct Case: Codable {
        var name: String
        var stamp: String
        var verdict: String
        var now: UInt64 = ItemWorld.now
        var files: [String]
        var code: String?
        var own: String?
    }

    static func url(_ name: String) -> URL { Vectors.packageRoot.appending(path: "Tests/Goldens/stamps/\(name)") }
    static func file(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }

    @Test func filesAreTheSame() async throws {
        var maker = try await StampGoldens()
        try await maker.make()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        maker.files["cases.json"] = [UInt8](try encoder.encode(maker.cases)) + [0x0A]
        for (name, bytes) in maker.files {
            if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil {
                try FileManager.default.createDirectory(at: Self.url(""), withIntermediateDirectories: true)
                try Data(bytes).write(to: Self.url(name))
            }
            #expect(try Self.file(name) == bytes, "\(name)")
        }
    }

    @Test func verdictsAreTheSame() throws {
        let cases = try JSONDecoder().decode([Case].self, from: Data(try Self.file("cases.json")))
        #expect(Set(cases.map(\.verdict)) == Set(Verdict.allCases.map(\.name)))
        for each in cases {
            let stamp = try Stamp(parsing: each.stamp)
            var anchors = TrustAnchors()
            var evidence = ItemEvidence()
            for name in each.files {
                let bytes = try Self.file(name)
                if name.hasSuffix("policy") {
                    anchors.policy = try TrustPolicy(bytes: bytes)
                } else if name.hasSuffix("registry-pack") {
                    anchors.registry = anchors.verifier().registry(of: try RegistryPack(decoding: bytes)).registry
                } else {
                    evidence.add(try ItemFile(decoding: bytes))
                }
            }
            if let code = each.code, let item = stamp.item {
                let seed = try HiddenCode(parsing: code).seed
                evidence.secretKey = try SigningKey.item(seed: seed, identity: item.text).publicKey
            }
            evidence.ownActivation = try each.own.map { try Statement(decoding: Self.file($0)).leafHash }
            let result = Verifier(anchors: anchors, checker: World.checker, now: each.now).verify(stamp, with: evidence)
            #expect(result.verdict.name == each.verdict, "\(each.name): \(result.report.text)")
        }
    }
}

/// Makes the files and the cases.
private struct StampGoldens {
    var files: [String: [UInt8]] = [:]
    var cases: [StampGoldenTests.Case] = []
    private var cans: ItemWorld
    private let rival: SigningKey

    init() async throws {
        cans = try await ItemWorld()
        rival = try World.key(21)
    }

    static let host = "id.example.cn"
    static let trust = ["policy", "registry-pack"]

    private mutating func add(
        _ name: String,
        _ stamp: Stamp,
        _ verdict: Verdict,
        _ files: [String] = [],
        trust: [String] = trust,
        now: UInt64 = ItemWorld.now,
        code: String? = nil,
        own: String? = nil
    ) throws {
        let seed = try code.map { try #require(HiddenCode(seed: ItemWorld.seed($0))) }
        cases.append(
            .init(
                name: name,
                stamp: try stamp.uri(host: Self.host),
                verdict: verdict.name,
                now: now,
                files: trust + files,
                code: seed?.text,
                own: own
            )
        )
    }

    mutating func make() async throws {
        try await makeTrust()
        files["item.proof"] = try await cans.item().encoded()
        files["lot.pack"] = try await cans.pack().encoded()
        try await makePlain()
        try await makeAltered()
        try await makeKeys()
        try await makeOpenings()
        try await makeRecalls()
    }

    private mutating func makeTrust() async throws {
        var registry = try await RegistryWorld(world: cans.world)
        files["policy"] = try registry.policy(cans.world).bytes
        files["other-policy"] = try cans.world.policy("any").bytes
        files["old-registry-pack"] = try await registry.pack(cans.world).encoded
        try await registry.record(try await registry.enrolment("9521105000005", rival, prefixes: ["9521105"]))
        files["registry-pack"] = try await registry.pack(cans.world).encoded
        let end = try KeyEnd(key: cans.world.enterpriseKey.publicKey, moment: 1_767_225_800, reason: .keyCompromise)
        try await registry.record(try Enrolment(party: World.issuer, .revoke(end)))
        files["revoked-registry-pack"] = try await registry.pack(cans.world).encoded
    }

    private mutating func makePlain() async throws {
        let stamp = try await cans.stamp()
        try add("no-trust", stamp, .unknownKey, trust: [])
        try add("issued", stamp, .issued)
        try add("logged", stamp, .issuedAndLogged, ["item.proof"])
        try add("logged-by-pack", stamp, .issuedAndLogged, ["lot.pack"])
        try add("secret", stamp, .secretMatches, ["item.proof"], code: "C1")
        try add("secret-by-pack", stamp, .secretMatches, ["lot.pack"], code: "C1")
        try add("secret-without-proof", stamp, .issued, code: "C1")
        try add("wrong-secret", stamp, .forged, ["item.proof"], code: "C2")
        try add("not-in-pack", try await cans.stamp("C9"), .notInLedger, ["lot.pack"])
        try add("another-lots-pack", try await cans.stamp("C9", lot: "L2"), .issued, ["lot.pack"])
        try add("on-its-last-day", stamp, .issued, now: 1_798_761_599)
        try add("expired", stamp, .expired, now: 1_798_761_600)
    }

    private mutating func makeAltered() async throws {
        let stamp = try await cans.stamp()
        let others: [(String, [Element])] = [
            ("altered-serial", ItemWorld.elements("C2")), ("altered-lot", ItemWorld.elements(lot: "L2")),
            ("altered-expiry", ItemWorld.elements(expiry: "271231")),
            ("altered-market", ItemWorld.elements() + [Element(ai: Stamp.marketAI, value: "CN")]),
            ("altered-gtin", ItemWorld.elements().map { $0.ai == 1 ? Element(ai: 1, value: "09521101530025") : $0 }),
        ]
        for (name, elements) in others {
            try add(
                name,
                try Stamp(elements: elements, keyID: stamp.keyID, signature: stamp.signature),
                .forged,
                ["item.proof"]
            )
        }
        let text = try stamp.uri(host: Self.host)
        let value = try #require(text.split(separator: "=").last)
        for (name, same) in [
            ("another-host", "http://dead.example/01/\(ItemWorld.gtin)/10/L1/21/C1?17=261231&S=\(value)"),
            ("another-order", "https://id.example.cn/01/\(ItemWorld.gtin)/10/L1/21/C1?S=\(value)&17=261231"),
        ] {
            try add(name, stamp, .issued)
            cases[cases.count - 1].stamp = same
        }
        let proof = try cans.proof()
        let swapped = ItemProof(index: proof.index, count: proof.count, leaf: proof.leaf, path: proof.path.reversed())
        files["swapped.proof"] = try LoggedItem(swapped, of: try await cans.batch()).encoded()
        try add("altered-proof", stamp, .forged, ["swapped.proof"])
    }

    private mutating func makeKeys() async throws {
        let stamp = try await cans.stamp()
        let stranger = try await Stamp.sign(ItemWorld.elements(), with: cans.world.strangerKey)
        try add("unknown-issuer", stranger, .unknownKey)
        try add("another-enterprise", try await Stamp.sign(ItemWorld.elements(), with: rival), .unknownKey)
        let revoked = ["policy", "revoked-registry-pack"]
        try add("revoked", stamp, .keyRevoked, trust: revoked)
        try add("revoked-but-logged", stamp, .issuedAndLogged, ["item.proof"], trust: revoked)
        try add("another-policy", stamp, .unknownKey, trust: ["other-policy", "registry-pack"])
    }

    private mutating func makeOpenings() async throws {
        var opened = cans
        let first = try await opened.open(nonce: 1)
        files["first.cose"] = first.encoded
        files["second.cose"] = try await opened.open(nonce: 2).encoded
        files["opened.history"] = try await opened.history().encoded
        files["opened.proof"] = try await opened.item().encoded()
        let stamp = try await cans.stamp()
        let evidence = ["opened.proof", "opened.history"]
        try add("activated", stamp, .alreadyActivated, evidence)
        try add("first-opening-is-mine", stamp, .secretMatches, evidence, code: "C1", own: "first.cose")
        try add("second-opening-is-mine", stamp, .alreadyActivated, evidence, code: "C1", own: "second.cose")
    }

    private mutating func makeRecalls() async throws {
        for (name, lot, verdict) in [
            ("recalled", ItemWorld.lot, Verdict.recalled), ("another-lot-recalled", "L2", .issued),
        ] {
            var recalled = cans
            let recall = try Recall(
                identifier: "R1",
                level: .first,
                scopes: [try RecallScope(gtin: ItemWorld.gtin, lot: lot)],
                reason: "Salmonella was found in samples of this lot.",
                instruction: "Do not eat it. Bring it back to the shop.",
                opened: 1_767_225_900
            )
            try await recalled.log(.recall, recall.encoded, recall.subject)
            files["\(name).recalls"] = try await recalled.recallPack().encoded
            try add(name, try await cans.stamp(), verdict, ["\(name).recalls"])
        }
    }
}
