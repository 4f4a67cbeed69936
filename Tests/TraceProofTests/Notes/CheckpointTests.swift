import TestSupport
import Testing
import TraceProof

@Suite struct CheckpointTests {
    let checker = NoteTestChecker()

    @Test func aLogSignsAndAWitnessCosigns() async throws {
        let log = try NoteTestSigner(seed: 1)
        let witness = try NoteTestSigner(seed: 2)
        let checkpoint = try Checkpoint(origin: "ledger.example/a", head: TreeHead(size: 0, root: TreeHash.empty))

        let signed = try await SignedCheckpoint.sign(checkpoint, signer: log)
        let line = try await Cosignature.sign(signed.note.text, name: "w.example", time: 1_700_000_000, signer: witness)
        let served = try signed.adding([line]).bytes

        let read = try SignedCheckpoint(bytes: served)
        let logKey = try VerifierKey(name: "ledger.example/a", type: .ed25519, publicKey: log.publicKey)
        let witnessKey = try VerifierKey(name: "w.example", type: .cosignature, publicKey: witness.publicKey)
        #expect(try read.note.verify(keys: [logKey], checker: checker).count == 1)
        #expect(try read.cosignatures(by: [logKey, witnessKey], checker: checker).map(\.time) == [1_700_000_000])
        #expect(read.checkpoint == checkpoint)
    }

    // The examples of tlog-checkpoint and tlog-cosignature.
    @Test func theStandardsExampleIsRead() throws {
        let text = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

            """
        let signed = try SignedCheckpoint(bytes: Array(text.utf8))
        #expect(signed.checkpoint.origin == "example.com/behind-the-sofa")
        #expect(signed.checkpoint.head.size == 20_852_163)
        #expect(try Cosignature(bytes: signed.note.signatures[1].bytes).time == 1_679_315_147)
        #expect(signed.bytes == Array(text.utf8))
        let message = Cosignature.message(time: 1_679_315_147, noteText: signed.note.text)
        #expect(message.starts(with: "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n".utf8))
    }

    @Test func foreignOriginsAndExtensionLinesAreKept() throws {
        let text = Array("go.sum database tree\n1\n\(Base64.encode(TreeHash.empty.bytes))\nextra one\n— x\n".utf8)
        let checkpoint = try Checkpoint(noteText: text)
        #expect(checkpoint.origin == "go.sum database tree")
        #expect(checkpoint.extensionLines == ["extra one", "— x"])
        #expect(checkpoint.noteText == text)
    }

    @Test func extensionLinesAreCosignedToo() throws {
        let witness = try NoteTestSigner(seed: 2)
        let text = try NoteWorld().checkpoint.noteText
        let line = try witness.cosign(text + Array("more\n".utf8), name: "w", time: 7)
        let cosignature = try Cosignature(bytes: line.bytes)
        #expect(cosignature.isValid(for: text + Array("more\n".utf8), by: witness.publicKey, checker: checker))
        #expect(!cosignature.isValid(for: text, by: witness.publicKey, checker: checker))
        let later = try Cosignature(time: 8, signature: cosignature.signature)
        #expect(!later.isValid(for: text + Array("more\n".utf8), by: witness.publicKey, checker: checker))
    }

    @Test func theEarliestOfSeveralCosignaturesCounts() throws {
        let world = try NoteWorld()
        let text = world.checkpoint.noteText
        let later = try world.witnesses[0].cosign(text, name: NoteWorld.witnessName(0), time: 900)
        let earlier = try world.witnesses[0].cosign(text, name: NoteWorld.witnessName(0), time: 800)
        let signed = try world.signed(at: []).adding([later, earlier])
        #expect(try signed.cosignatures(by: world.witnessKeys, checker: checker).map(\.time) == [800])
    }

    static let root = Base64.encode(TreeHash.empty.bytes)

    @Test(arguments: [
        ("", 1, "origin is missing"),
        ("\n1\n\(root)\n", 1, "origin is empty"),
        ("a\n", 2, "size is missing"),
        ("a\n\n\(root)\n", 2, "size is empty"),
        ("a\n01\n\(root)\n", 2, "leading zeros"),
        ("a\n+1\n\(root)\n", 2, "decimal"),
        ("a\n1 \n\(root)\n", 2, "decimal"),
        ("a\n-1\n\(root)\n", 2, "decimal"),
        ("a\n９\n\(root)\n", 2, "decimal"),
        ("a\n9223372036854775808\n\(root)\n", 2, "2^63 - 1"),
        ("a\n18446744073709551616\n\(root)\n", 2, "2^63 - 1"),
        ("a\n1\n", 3, "root hash is missing"),
        ("a\n1\nAAAA\n", 3, "32 bytes"),
        ("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", 3, "canonical"),
        ("a\n1\n\(root)", 3, "line feed"),
        ("a\n1\n\(root)\n\n", 4, "extension line is empty"),
        ("a\n1\n\(root)\nx\n\ny\n", 5, "extension line is empty"),
        ("a\r\n1\n\(root)\n", 1, "control"),
    ])
    func refused(text: String, line: Int, words: String) {
        expectRefusal(line: line, words) { _ = try Checkpoint(noteText: Array(text.utf8)) }
    }

    @Test func theLargestSizeIsRead() throws {
        let text = Array("a\n9223372036854775807\n\(CheckpointTests.root)\n".utf8)
        #expect(try Checkpoint(noteText: text).head.size == UInt64(Int64.max))
        #expect(try Checkpoint(noteText: text).noteText == text)
    }

    @Test func whatWeWouldNotSign() throws {
        let root = TreeHash.leaf([])
        for (origin, words) in [("", "empty"), ("a b", "space"), ("a+b", "plus"), ("a\nb", "control")] {
            expectRefusal(line: 1, words) { _ = try Checkpoint(origin: origin, head: TreeHead(size: 1, root: root)) }
        }
        let longest = String(repeating: "a", count: 255)
        #expect(try Checkpoint(origin: longest, head: TreeHead(size: 1, root: root)).origin == longest)
        expectRefusal(line: 1, "255") { _ = try Checkpoint(origin: longest + "a", head: TreeHead(size: 1, root: root)) }
        expectRefusal(line: 3, "empty tree") { _ = try Checkpoint(origin: "a", head: TreeHead(size: 0, root: root)) }
    }

    @Test func cosignatureBounds() throws {
        let good = try Cosignature(bytes: [0x7F] + [UInt8](repeating: 0xFF, count: 71))
        #expect(good.time == UInt64(Int64.max))
        #expect(good.bytes == [0x7F] + [UInt8](repeating: 0xFF, count: 71))
        #expect(throws: FormatError.self) { _ = try Cosignature(bytes: [0x80] + [UInt8](repeating: 0, count: 71)) }
        for count in [0, 8, 71, 73] {
            expectRefusal(line: nil, "64-byte") { _ = try Cosignature(bytes: [UInt8](repeating: 0, count: count)) }
        }
    }

    @Test func originsThatOnlyLookTheSameDiffer() throws {
        let composed = try Checkpoint(origin: "caf\u{E9}", head: TreeHead(size: 1, root: TreeHash.empty))
        let decomposed = try Checkpoint(origin: "cafe\u{301}", head: TreeHead(size: 1, root: TreeHash.empty))
        #expect(composed != decomposed)
    }

    @Test func aChangedTextIsRefusedOrWrittenAsItWasRead() throws {
        let good = try NoteWorld().checkpoint.noteText
        forAll(2_000) { generator in
            let text = mutate(good, using: &generator)
            guard let read = try? Checkpoint(noteText: text) else { return }
            try check(read.noteText == text, "not canonical")
        }
    }
}
