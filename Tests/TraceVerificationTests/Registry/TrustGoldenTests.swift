import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Tests/Goldens/trust: what was given out must be made in the same bytes, and verify for good.
@Suite(.serialized) struct TrustGoldenTests {
    private func url(_ name: String) -> URL { Vectors.packageRoot.appending(path: "Tests/Goldens/trust/\(name)") }

    private func file(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }

    private func make() async throws -> (files: [(String, [UInt8])], policy: TrustPolicy) {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let old = try await registry.pack(world)
        let request = try await EnrolmentRequest.signed(
            registry: RegistryWorld.origin,
            created: RegistryWorld.start,
            try await registry.enrolment("9521102000008", try World.key(20), prefixes: ["9521102"]),
            by: try World.key(20)
        )
        try await registry.record(request.enrolment)
        try await registry.record(
            try await Enrolment.rotation(
                registry: RegistryWorld.origin,
                party: "9521102000008",
                from: try World.key(20),
                to: try World.key(21),
                moment: RegistryWorld.start + 10,
                lastGood: [.init(origin: World.origin, number: 3, hash: TreeHash.leaf([3]))]
            )
        )
        let new = try await registry.pack(world)
        let update = try RegistryUpdate(
            from: 3,
            checkpoint: new.checkpoint,
            entries: Array(new.entries.dropFirst(3)),
            consistency: try ConsistencyProof.make(oldSize: 3, newSize: 5, from: registry.tree).path,
            rootSignature: new.rootSignature
        )
        return (
            [
                ("request", request.encoded), ("old.pack", old.encoded), ("new.pack", new.encoded),
                ("update", update.encoded), ("policy", try registry.policy(world).bytes),
            ], try registry.policy(world)
        )
    }

    @Test func bytesAreTheSame() async throws {
        for (name, bytes) in try await make().files {
            if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil {
                try FileManager.default.createDirectory(at: url(""), withIntermediateDirectories: true)
                try Data(bytes).write(to: url(name))
            }
            #expect(try file(name) == bytes, "\(name)")
        }
    }

    @Test func theFilesVerify() throws {
        let verifier = TrustAnchors(policy: try TrustPolicy(bytes: file("policy"))).verifier()
        let old = try RegistryPack(decoding: file("old.pack"))
        let new = try old.applying(try RegistryUpdate(decoding: file("update")))
        #expect(new.encoded == (try file("new.pack")))
        for (pack, parties) in [(old, 2), (new, 3)] {
            let (registry, report) = verifier.registry(of: pack)
            #expect(registry?.parties.count == parties, "\(report.text)")
        }
        #expect(try EnrolmentRequest(decoding: file("request")).problem(checker: World.checker) == nil)
    }

    /// Statements one by one, in memory for the newest of each signer alone.
    @Test func aStreamIsCheckedAsItComes() async throws {
        let world = try await World()
        var stream = StatementStream(try world.anchors().verifier())
        for statement in world.statements { #expect(stream.verify(statement).verdict == .issued) }
        // One that does not follow is told when it comes.
        let gap = try await World.note(9, after: world.statements[7].leafHash, by: world.enterpriseKey)
        #expect(stream.verify(gap).verdict != .issued)
    }
}
