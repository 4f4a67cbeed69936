import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Every single-bit change of a file: it is refused by a decoder or by a check, and never ends in exit 0. The tree has a
/// power of two of entries: elsewhere a receipt's size, which nobody signs, can be another and lead to the same root.
@Suite("Every bit counts")
struct BitFlipTests {
    private func flip(
        _ bytes: [UInt8],
        _ anchors: TrustAnchors,
        statement: Statement? = nil,
        old: SignedCheckpoint? = nil
    ) throws {
        let verifier = anchors.verifier()
        let whole = verifier.verify(try Evidence(decoding: bytes), statement: statement, oldCheckpoint: old)
        #expect(whole.verdict.exitCode == 0, "\(whole.text)")
        var changed = bytes
        for bit in 0..<(8 * bytes.count) {
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            if let evidence = try? Evidence(decoding: changed) {
                let report = verifier.verify(evidence, statement: statement, oldCheckpoint: old)
                #expect(report.verdict.exitCode != 0, "bit \(bit % 8) of byte \(bit / 8)\n\(report.text)")
            }
            changed[bit / 8] = bytes[bit / 8]
        }
        // And every beginning of it.
        for count in 0..<bytes.count {
            guard let evidence = try? Evidence(decoding: Array(bytes[..<count])) else { continue }
            let report = verifier.verify(evidence, statement: statement, oldCheckpoint: old)
            #expect(report.verdict.exitCode != 0, "cut to \(count) bytes\n\(report.text)")
        }
    }

    @Test func statement() async throws {
        let world = try await World()
        try flip(world.statements[1].encoded, try world.anchors())
        try flip(world.statements[0].encoded, try world.anchors())
    }

    @Test func transparentStatement() async throws {
        let world = try await World()
        let transparent = TransparentStatement(world.statements[3], receipts: [try await world.receipt(3)])
        try flip(try transparent.encoded(), try world.anchors())
    }

    @Test func receipt() async throws {
        let world = try await World()
        try flip(try await world.receipt(3).encoded(), try world.anchors(), statement: world.statements[3])
    }

    @Test func consistencyReceipt() async throws {
        let world = try await World()
        let receipt = try await world.consistency(5).encoded()
        try flip(receipt, try world.anchors(), old: try await world.checkpoint(5))
    }

    @Test("Checkpoints whose every line the quorum needs; a line that is not needed may be lost")
    func checkpoint() async throws {
        let world = try await World()
        try flip(try await world.checkpoint().bytes, try world.anchors())
        try flip(try await world.checkpoint(cosigners: [0, 1]).bytes, try world.anchors("all"))
    }

    @Test func tlogProof() async throws {
        let world = try await World()
        let proof = try await world.tlogProof(3, extra: world.statements[3].encoded, cosigners: [0, 1])
        try flip(proof.bytes, try world.anchors("all"))
    }
}
