import TestSupport
import Testing
import TraceProof

@Suite struct TLogProofTests {
    @Test func aProofTravelsAsOneFile() throws {
        let world = try NoteWorld()
        let sibling = TreeHash.leaf(NoteWorld.entries[1])
        let proof = try TLogProof(extra: [1, 2, 3], index: 0, path: [sibling], checkpoint: world.signed())

        let read = try TLogProof(bytes: proof.bytes)
        #expect(read == proof)

        let policy = try TrustPolicy(bytes: Array(world.policyText().utf8))
        #expect(policy.evaluate(read.checkpoint, checker: NoteTestChecker()).isAccepted)
        try read.inclusion.verify(leaf: TreeHash.leaf(NoteWorld.entries[0]), in: read.checkpoint.checkpoint.head)
        #expect(throws: ProofError.self) {
            try read.inclusion.verify(leaf: TreeHash.leaf(NoteWorld.entries[1]), in: read.checkpoint.checkpoint.head)
        }
    }

    // The example of tlog-proof, with whole signatures and an `extra` that is base64 in place of its elided ones.
    @Test func theStandardsExampleIsRead() throws {
        let text = """
            c2sp.org/tlog-proof@v1
            extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6
            index 73894
            gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
            B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
            EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
            RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
            AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

            example.com/fancylog
            109482
            sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

            — example.com/fancylog hI2DJwE=

            """
        let proof = try TLogProof(bytes: Array(text.utf8))
        #expect(proof.extra == Array("age-v1.2.1-darwin-arm64.tar.gz".utf8))
        #expect(proof.index == 73_894)
        #expect(proof.path.count == 5)
        #expect(proof.checkpoint.checkpoint.head.size == 109_482)
        #expect(proof.bytes == Array(text.utf8))
    }

    @Test func oneEntryNeedsNoHashes() throws {
        let proof = try TLogProof(index: 0, path: [], checkpoint: NoteWorld().signed())
        #expect(proof.bytes.starts(with: "c2sp.org/tlog-proof@v1\nindex 0\n\nledger.example".utf8))
        #expect(try TLogProof(bytes: proof.bytes) == proof)
    }

    static let tail = "\na\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— a AAAAAAE=\n"
    static let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

    @Test(arguments: [
        ("", 1, "first line"),
        ("c2sp.org/tlog-proof@v2\nindex 0\n" + tail, 1, "first line"),
        ("c2sp.org/tlog-proof@v1\n", 2, "index"),
        ("c2sp.org/tlog-proof@v1\nindex  0\n" + tail, 2, "decimal"),
        ("c2sp.org/tlog-proof@v1\nindex 00\n" + tail, 2, "leading zeros"),
        ("c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n" + tail, 2, "2^63 - 1"),
        ("c2sp.org/tlog-proof@v1\nextra \nindex 0\n" + tail, 2, "at least one byte"),
        ("c2sp.org/tlog-proof@v1\nextra AB==\nindex 0\n" + tail, 2, "canonical"),
        ("c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n" + tail, 3, "index"),
        ("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n" + tail, 3, "32-byte"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n" + hash + "x" + hash + tail, 4, "32-byte"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n" + hash, 4, "empty line"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n" + String(repeating: hash, count: 64) + tail, 66, "63"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n\na\n01\nAAAA\n\n— a AAAAAAE=\n", 5, "leading zeros"),
        ("c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n\na\n1\nAAAA\n\n— a x\n", 9, "base64"),
    ])
    func refused(text: String, line: Int, words: String) {
        expectRefusal(line: line, words) { _ = try TLogProof(bytes: Array(text.utf8)) }
    }

    @Test func sixtyThreeHashesAreRead() throws {
        let text = "c2sp.org/tlog-proof@v1\nindex 0\n" + String(repeating: TLogProofTests.hash, count: 63)
        #expect(try TLogProof(bytes: Array((text + TLogProofTests.tail).utf8)).path.count == 63)
    }

    @Test func whatWeWouldNotWrite() throws {
        let checkpoint = try NoteWorld().signed()
        let hashes = [Digest](repeating: TreeHash.empty, count: 64)
        expectRefusal(line: nil, "left out") {
            _ = try TLogProof(extra: [], index: 0, path: [], checkpoint: checkpoint)
        }
        expectRefusal(line: nil, "2^63 - 1") { _ = try TLogProof(index: 1 << 63, path: [], checkpoint: checkpoint) }
        expectRefusal(line: nil, "63 hashes") { _ = try TLogProof(index: 0, path: hashes, checkpoint: checkpoint) }
    }

    @Test func aChangedProofIsRefusedOrWrittenAsItWasRead() throws {
        let world = try NoteWorld()
        let hashes = NoteWorld.entries.map { TreeHash.leaf($0) }
        let good = try TLogProof(extra: [9], index: 1, path: hashes, checkpoint: world.signed()).bytes
        forAll(2_000) { generator in
            let bytes = mutate(good, using: &generator)
            guard let read = try? TLogProof(bytes: bytes) else { return }
            try check(read.bytes == bytes, "not canonical")
        }
    }
}
