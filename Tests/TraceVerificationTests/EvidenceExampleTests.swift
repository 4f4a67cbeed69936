import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// One example of each kind of evidence: bytes and trusted keys in, a verdict with its steps out.
@Suite("Evidence, kind by kind")
struct EvidenceExampleTests {
    @Test("A statement: its issuer signed it; whether it is logged stays open")
    func statement() async throws {
        let world = try await World()
        let file = world.statements[1].encoded

        // Trust comes from outside the file: here, one key that speaks for one issuer.
        let anchors = TrustAnchors(issuerKeys: [.init(issuer: World.issuer, key: world.enterpriseKey.publicKey)])
        let verifier = Verifier(anchors: anchors, checker: SodiumSignatureChecker())
        let report = verifier.verify(try Evidence(decoding: file))

        #expect(report.type == "statement")
        #expect(report.verdict == .issued)
        #expect(report.verdict.exitCode == 0)
        #expect(report.names(true) == ["key", "signature"])
        #expect(report.unchecked.count == 1)  // its genesis is not in the file
        #expect(report.asOf == nil)

        // Without the key nothing is proved, and the report says what would help.
        let stranger = TrustAnchors().verifier().verify(try Evidence(decoding: file))
        #expect(stranger.verdict == .unknownKey)
        #expect(stranger.verdict.exitCode == 2)
        #expect(stranger.unchecked.contains { $0.contains("--issuer-key") })
    }

    @Test("Statements: their chain is checked from the genesis on")
    func statements() async throws {
        let world = try await World()
        let file = world.statements.flatMap { $0.encoded }
        let report = try world.anchors().verifier().verify(try Evidence(decoding: file))
        #expect(report.type == "statements")
        #expect(report.verdict == .issued)
        #expect(report.steps.filter { $0.name == "chain" }.count == 7)
        #expect(report.steps.filter { $0.name == "genesis" }.count == 1)
        #expect(report.unchecked.isEmpty)
    }

    @Test("A transparent statement: signed and logged, at a position that the receipt only claims")
    func transparentStatement() async throws {
        let world = try await World()
        let transparent = TransparentStatement(world.statements[3], receipts: [try await world.receipt(3)])
        let report = try world.anchors().verifier().verify(try Evidence(decoding: transparent.encoded()))
        #expect(report.type == "transparent statement")
        #expect(report.verdict == .issuedAndLogged)
        #expect(report.names(true) == ["key", "signature", "inclusion", "receipt"])
        #expect(report.unchecked.contains { $0.starts(with: "position") })
    }

    @Test("A receipt: its statement comes in another file")
    func receipt() async throws {
        let world = try await World()
        let evidence = try Evidence(decoding: try await world.receipt(3).encoded())
        let verifier = try world.anchors().verifier()
        #expect(verifier.verify(evidence, statement: world.statements[3]).verdict == .issuedAndLogged)
        #expect(verifier.verify(evidence, statement: world.statements[4]).verdict == .forged)

        let alone = verifier.verify(evidence)
        #expect(alone.type == "receipt")
        #expect(alone.verdict == .unknownKey)
        #expect(alone.unchecked.contains { $0.contains("--statement") })
    }

    @Test("A tlog-proof: statement, path and cosigned checkpoint in one text")
    func tlogProof() async throws {
        let world = try await World()
        let proof = try await world.tlogProof(3, extra: world.statements[3].encoded, cosigners: [0, 1])
        let report = try world.anchors("all").verifier().verify(try Evidence(decoding: proof.bytes))
        #expect(report.type == "tlog-proof")
        #expect(report.verdict == .issuedAndLogged)
        #expect(report.asOf?.origin == World.origin)
        #expect(report.asOf?.size == 8)
        #expect(report.asOf?.time == 1_767_225_701)
        #expect(
            report.names(true)
                == ["checkpoint", "cosignatures", "cosignatures", "cosignatures", "key", "signature", "inclusion"]
        )
    }

    @Test("A checkpoint: the log signed it, and the quorum has seen it")
    func checkpoint() async throws {
        let world = try await World()
        let file = try await world.checkpoint(cosigners: [0, 1]).bytes
        let report = try world.anchors("all").verifier().verify(try Evidence(decoding: file))
        #expect(report.type == "checkpoint")
        #expect(report.verdict == .issued)
        #expect(report.asOf?.size == 8)
        #expect(report.unchecked.isEmpty)

        // Without a policy nobody has said who the cosigners are.
        let open = try world.anchors().verifier().verify(try Evidence(decoding: file))
        #expect(open.verdict == .unknownKey)
        #expect(open.unchecked.filter { $0.contains("--policy") }.count == 2)
    }

    @Test("A consistency receipt: the older checkpoint comes in another file")
    func consistencyReceipt() async throws {
        let world = try await World()
        let evidence = try Evidence(decoding: try await world.consistency(5).encoded())
        let verifier = try world.anchors().verifier()
        let report = verifier.verify(evidence, oldCheckpoint: try await world.checkpoint(5))
        #expect(report.type == "consistency receipt")
        #expect(report.verdict == .issued)
        #expect(report.names(true) == ["checkpoint", "consistency", "receipt"])

        let alone = verifier.verify(evidence)
        #expect(alone.verdict == .unknownKey)
        #expect(alone.unchecked.contains { $0.contains("--old-checkpoint") })
    }

    @Test("A root signature: nothing can be checked without the root")
    func rootSignature() async throws {
        let world = try await World()
        let signature = try await RootSignature.signed(
            root: world.tree.head.root,
            origin: World.origin,
            by: world.ledgerKey
        )
        let report = try world.anchors().verifier().verify(try Evidence(decoding: signature.encoded()))
        #expect(report.type == "root signature")
        #expect(report.verdict == .unknownKey)
    }

    @Test("What is none of these is refused with a reason")
    func others() throws {
        for bytes: [UInt8] in [[], [0], [0xD2], [0xD2, 0x84], Array("c2sp.org/tlog-proof@v2\n".utf8), [0x80, 0x80]] {
            #expect(throws: FormatError.self) { try Evidence(decoding: bytes) }
        }
    }
}
