import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// The files in Tests/Goldens/evidence: one of each kind, and the keys and the policy to check them with. Later versions
/// must make the same bytes, and verify these whatever they make.
@Suite("Evidence that was given out must verify for good", .serialized)
struct EvidenceGoldenTests {
    static func file(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Vectors.packageRoot.appending(path: "Tests/Goldens/evidence/\(name)")))
    }

    @Test func bytesAreTheSame() async throws {
        let world = try await World()
        let transparent = TransparentStatement(world.statements[3], receipts: [try await world.receipt(3)])
        let proof = try await world.tlogProof(3, extra: world.statements[3].encoded, cosigners: [0, 1])
        let root = try await RootSignature.signed(
            root: world.tree.head.root,
            origin: World.origin,
            by: world.ledgerKey
        )
        let made: [(String, [UInt8])] = [
            ("statement.cbor", world.statements[3].encoded),
            ("statements.cbor", world.statements.flatMap { $0.encoded }),
            ("transparent-statement.cbor", try transparent.encoded()),
            ("receipt.cbor", try await world.receipt(3).encoded()),
            ("consistency-receipt.cbor", try await world.consistency(5).encoded()),
            ("checkpoint.cose", root.encoded()),
            ("statement.tlog-proof", proof.bytes),
            ("checkpoint", try await world.checkpoint(cosigners: [0, 1]).bytes),
            ("old-checkpoint", try await world.checkpoint(5, cosigners: [0, 1]).bytes),
            ("policy", try world.policy("all").bytes),
            ("ledger.vkey", Array("\(try world.logKey().text)\n".utf8)),
            ("issuer.pem", Array(world.enterpriseKey.publicKey.pem.utf8)),
        ]
        for (name, bytes) in made {
            if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil {
                try Data(bytes).write(to: Vectors.packageRoot.appending(path: "Tests/Goldens/evidence/\(name)"))
            }
            #expect(try Self.file(name) == bytes, "\(name)")
        }
    }

    @Test func filesVerify() throws {
        let issuer = TrustAnchors.IssuerKey(issuer: World.issuer, key: try PublicKey(pem: Self.file("issuer.pem")))
        let vkey = try VerifierKey(text: try Self.file("ledger.vkey").dropLast())
        let withKey = TrustAnchors(logKeys: [vkey], issuerKeys: [issuer])
        let withPolicy = TrustAnchors(policy: try TrustPolicy(bytes: Self.file("policy")), issuerKeys: [issuer])
        let statement = try Statement(decoding: Self.file("statement.cbor"))
        let old = try SignedCheckpoint(bytes: Self.file("old-checkpoint"))
        let expected: [(String, TrustAnchors, Verdict)] = [
            ("statement.cbor", withKey, .issued),
            ("statements.cbor", withKey, .issued),
            ("transparent-statement.cbor", withKey, .issuedAndLogged),
            ("transparent-statement.cbor", withPolicy, .unknownKey),
            ("receipt.cbor", withKey, .issuedAndLogged),
            ("consistency-receipt.cbor", withPolicy, .issued),
            ("checkpoint.cose", withKey, .unknownKey),
            ("statement.tlog-proof", withPolicy, .issuedAndLogged),
            ("statement.tlog-proof", withKey, .unknownKey),
            ("checkpoint", withPolicy, .issued),
            ("old-checkpoint", withPolicy, .issued),
        ]
        for (name, anchors, verdict) in expected {
            let evidence = try Evidence(decoding: Self.file(name))
            let takesStatement = name == "receipt.cbor"
            let report = anchors.verifier().verify(
                evidence,
                statement: takesStatement ? statement : nil,
                oldCheckpoint: old
            )
            #expect(report.verdict == verdict, "\(name)\n\(report.text)")
        }
    }
}
