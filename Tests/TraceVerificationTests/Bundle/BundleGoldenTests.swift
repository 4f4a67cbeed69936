import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Tests/Goldens/bundle: a bundle with all that one can have, and the policy to check it with. Later versions must make the
/// same bytes, and verify these whatever they make.
@Suite("A bundle that was given out must verify for good", .serialized)
struct BundleGoldenTests {
    private func url(_ name: String) -> URL { Vectors.packageRoot.appending(path: "Tests/Goldens/bundle/\(name)") }

    private func file(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }

    @Test func bytesAreTheSame() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let end = try KeyEnd(
            key: world.enterpriseKey.publicKey,
            moment: 1_767_225_650,
            reason: .keyCompromise,
            lastGood: []
        )
        try await registry.record(try Enrolment(party: World.issuer, .revoke(end)))
        let policy = try registry.policy(world)
        let bundle = try await world.bundle(
            policy: policy,
            registry: try await registry.pack(world),
            anchors: [try await world.anchor(3, time: 1_767_225_640)]
        )
        for (name, bytes) in [("item.bundle", bundle.encoded), ("policy", policy.bytes)] {
            if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil {
                try FileManager.default.createDirectory(at: url(""), withIntermediateDirectories: true)
                try Data(bytes).write(to: url(name))
            }
            #expect(try file(name) == bytes, "\(name)")
        }
    }

    @Test func theFileVerifies() throws {
        var anchors = TrustAnchors(policy: try TrustPolicy(bytes: file("policy")))
        anchors.registryOrigin = RegistryWorld.origin
        let bundle = try EvidenceBundle(decoding: file("item.bundle"))
        let result = anchors.verifier().verify(bundle)
        #expect(result.rows.map(\.verdict) == [.issuedAndLogged, .issuedAndLogged, .keyRevoked], "\(result.report.text)")
        #expect(result.report.verdict == .keyRevoked)
        #expect(bundle.encoded == (try file("item.bundle")))
        guard case .evidenceBundle = try Evidence(decoding: file("item.bundle")) else {
            Issue.record("it is not known as what it is")
            return
        }
    }
}
