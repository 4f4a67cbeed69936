import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// A ledger that tells two stories: the second differs from the first in one entry.
struct ForkedWorld {
    let world: World
    /// Both histories, to size 12.
    let (first, second): ([Digest], [Digest])

    init(forkAt place: Int = 3) async throws {
        world = try await World()
        first = world.statements.map { $0.leafHash } + (0..<4).map { TreeHash.leaf([UInt8($0)]) }
        var other = first
        other[place] = TreeHash.leaf(Array("another story".utf8))
        second = other
    }

    func signed(_ leaves: [Digest], _ size: Int, by key: SigningKey? = nil, origin: String = World.origin) async throws
        -> SignedCheckpoint
    {
        let head = MerkleTree(leaves: leaves.prefix(size)).head
        return try await SignedCheckpoint.sign(
            try Checkpoint(origin: origin, head: head),
            signer: key ?? world.ledgerKey
        )
    }

    /// What the first history signed at one size, and the second at another.
    func evidence(_ one: Int, _ other: Int, by keys: [SigningKey?] = [nil, nil]) async throws -> ForkEvidence {
        try ForkEvidence(
            try await signed(first, one, by: keys[0]),
            try await signed(second, other, by: keys[1]),
            path: try path(min(one, other), max(one, other), other > one ? second : first)
        )
    }

    func path(_ old: Int, _ new: Int, _ leaves: [Digest]) throws -> [Digest] {
        if old == new { return [] }
        let tree = MerkleTree(leaves: leaves.prefix(new))
        return try PrefixProof.make(oldSize: UInt64(old), newSize: UInt64(new), from: tree).path
    }
}

@Suite("Evidence of a fork")
struct ForkEvidenceTests {
    private func verify(_ evidence: ForkEvidence, _ anchors: TrustAnchors) throws -> VerificationReport {
        let decoded = try Evidence(decoding: evidence.encoded)
        guard case .forkEvidence(let read) = decoded else { throw FormatError("test", at: .whole, "\(decoded.type)") }
        #expect(read == evidence)
        return anchors.verifier().verify(decoded)
    }

    /// The example: two checkpoints, and one file that proves to anybody that they exclude each other.
    @Test func oneFileProvesIt() async throws {
        let forked = try await ForkedWorld()
        let report = try verify(try await forked.evidence(7, 11), try forked.world.anchors())
        #expect(report.verdict == .notInLedger, "\(report.text)")
        #expect(report.verdict.exitCode == 1)
        #expect(report.names(true) == ["checkpoint", "checkpoint"] && report.names(false) == ["fork"])
        #expect(report.reason.hasPrefix("fork: \(World.origin) signed size 7 with root "), "\(report.reason)")
        #expect(report.unchecked.isEmpty)
    }

    @Test func everyPairOfSizesBehindTheFork() async throws {
        let forked = try await ForkedWorld()
        let anchors = try forked.world.anchors()
        for one in 4...12 {
            for other in 4...12 {
                let report = try verify(try await forked.evidence(one, other), anchors)
                #expect(report.verdict == .notInLedger, "\(one) \(other)\n\(report.text)")
            }
        }
    }

    @Test func beforeTheForkThereIsNone() async throws {
        let forked = try await ForkedWorld()
        for (one, other) in [(1, 12), (2, 9), (3, 4), (12, 2)] {
            let report = try verify(try await forked.evidence(one, other), try forked.world.anchors())
            #expect(report.verdict == .forged)
            #expect(
                report.reason.hasPrefix("fork: there is none: the tree of size \(min(one, other)) is the beginning")
            )
        }
    }

    @Test func whoDoesNotKnowTheKeyLearnsNothing() async throws {
        let forked = try await ForkedWorld()
        let report = try verify(try await forked.evidence(5, 9), TrustAnchors())
        #expect(report.verdict == .unknownKey && report.names(false).isEmpty, "\(report.text)")
        // One of the two by a stranger is nobody's fork.
        for keys in [[forked.world.strangerKey, nil], [nil, forked.world.strangerKey]] {
            let half = try verify(try await forked.evidence(5, 9, by: keys), try forked.world.anchors())
            #expect(half.verdict == .unknownKey && half.unchecked.contains { $0.contains("--log-key") })
        }
    }

    /// A policy that asks for cosigners says when a checkpoint is to be relied on, not who signed it.
    @Test func noQuorumIsAsked() async throws {
        let forked = try await ForkedWorld()
        let evidence = try await forked.evidence(5, 9)
        #expect(try verify(evidence, try forked.world.anchors("all")).verdict == .notInLedger)
        let cosigned = try ForkEvidence(
            try await forked.world.cosigned(evidence.smaller, by: [0]),
            evidence.larger,
            path: evidence.path
        )
        #expect(try verify(cosigned, try forked.world.anchors("all")).verdict == .notInLedger)
        #expect(try verify(cosigned, try forked.world.anchors()).verdict == .notInLedger)
    }

    @Test func aWrongSignatureIsNoEvidence() async throws {
        let forked = try await ForkedWorld()
        let good = try await forked.evidence(5, 9)
        for place in [0, 1] {
            var notes = [good.smaller, good.larger]
            let line = notes[place].note.signatures[0]
            var bytes = line.bytes
            bytes[9] ^= 1
            let bad = try NoteSignature(name: line.name, keyID: line.keyID, bytes: bytes)
            notes[place] = try SignedCheckpoint(note: SignedNote(text: notes[place].note.text, signatures: [bad]))
            let report = try verify(
                ForkEvidence(notes[0], notes[1], path: good.path),
                try forked.world.anchors()
            )
            #expect(report.verdict == .forged && report.names(false) == ["checkpoint"], "\(report.text)")
            // Beside the right one it spoils nothing: whoever forks may add it.
            notes[place] = try notes[place].adding([line])
            let both = try verify(ForkEvidence(notes[0], notes[1], path: good.path), try forked.world.anchors())
            #expect(both.verdict == .notInLedger, "\(both.text)")
        }
    }

    @Test func aKeyThatIsNoPointProvesNothing() async throws {
        // The identity signs everything in some libraries.
        let forked = try await ForkedWorld()
        let weak = try #require(PublicKey([1] + [UInt8](repeating: 0, count: 31)))
        let key = try VerifierKey(name: World.origin, type: .ed25519, publicKey: weak)
        let report = try verify(try await forked.evidence(5, 9), TrustAnchors(logKeys: [key]))
        #expect(report.verdict == .unknownKey)
    }

    @Test func noBitCanBeFlippedUnnoticed() async throws {
        let forked = try await ForkedWorld()
        let verifier = try forked.world.anchors().verifier()
        for (one, other) in [(5, 9), (8, 12), (9, 9)] {
            let good = try await forked.evidence(one, other)
            let bytes = good.encoded
            for place in bytes.indices {
                var flipped = bytes
                flipped[place] ^= 1 << UInt8(place % 8)
                guard let evidence = try? ForkEvidence(decoding: flipped) else { continue }
                #expect(evidence.encoded == flipped)
                // What is left is at most a line that names somebody else.
                let report = verifier.verify(.forkEvidence(evidence))
                #expect(report.verdict < .notInLedger, "byte \(place)\n\(report.text)")
            }
            for length in bytes.indices where (try? ForkEvidence(decoding: Array(bytes[..<length]))) != nil {
                Issue.record("\(length) bytes of \(bytes.count) are read")
            }
        }
    }

    @Test func whatCannotBeEvidence() async throws {
        let forked = try await ForkedWorld()
        let good = try await forked.evidence(5, 9)
        let foreign = try await forked.signed(forked.second, 9, origin: "other.example")
        let again = try await forked.signed(forked.first, 5, by: forked.world.strangerKey)
        let empty = try await forked.signed([], 0)
        for (one, other, path, words) in [
            (good.smaller, foreign, good.path, "two ledgers"), (good.smaller, again, [], "the same tree"),
            (empty, good.larger, good.path, "without entries"), (good.smaller, good.larger, [], "0 hashes"),
            (good.smaller, try await forked.signed(forked.second, 5), good.path, "hashes between the sizes 5 and 5"),
            (good.smaller, good.larger, Array(repeating: TreeHash.empty, count: 65), "65 hashes"),
        ] {
            #expect {
                _ = try ForkEvidence(one, other, path: path)
            } throws: { error in
                "\(error)".contains(words)
            }
        }
        // Hashes that lead nowhere are evidence that is read, and shows nothing.
        for path in [Array(good.path.dropLast()), good.path.map { _ in TreeHash.empty }] {
            let report = try verify(
                ForkEvidence(good.smaller, good.larger, path: path),
                try forked.world.anchors()
            )
            #expect(report.verdict == .forged && report.reason.hasPrefix("fork: "), "\(report.text)")
        }
    }

    @Test func oneOrderOneForm() async throws {
        let forked = try await ForkedWorld()
        let good = try await forked.evidence(9, 5)
        #expect(good.smaller.checkpoint.head.size == 5)
        let swapped = ForkEvidence.file.encoded { writer in
            writer.map { map in
                map.entry(1) { $0.bytes(good.larger.bytes) }
                map.entry(2) { $0.bytes(good.smaller.bytes) }
            }
        }
        #expect(throws: FormatError.self) { try ForkEvidence(decoding: swapped) }
        let same = try await forked.evidence(9, 9)
        let spelled = ForkEvidence.file.encoded { writer in
            writer.map { map in
                map.entry(1) { $0.bytes(same.smaller.bytes) }
                map.entry(2) { $0.bytes(same.larger.bytes) }
                map.entry(3) { $0.array(0) }
            }
        }
        #expect(throws: FormatError.self) { try ForkEvidence(decoding: spelled) }
    }
}

/// Tests/Goldens/fork: later versions must make the same bytes, and find the same in these whatever they make.
@Suite("Fork evidence that was given out must hold for good")
struct ForkGoldenTests {
    private func url(_ name: String) -> URL { Vectors.packageRoot.appending(path: "Tests/Goldens/fork/\(name)") }

    @Test func bytesAndVerdicts() async throws {
        let forked = try await ForkedWorld()
        let vkey = try VerifierKey(
            text: [UInt8](Data(contentsOf: Vectors.packageRoot.appending(path: "Tests/Goldens/evidence/ledger.vkey")))
                .dropLast()
        )
        for (name, one, other) in [("sizes.evidence", 8, 11), ("roots.evidence", 9, 9)] {
            let bytes = try await forked.evidence(one, other).encoded
            if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil {
                try FileManager.default.createDirectory(at: url(""), withIntermediateDirectories: true)
                try Data(bytes).write(to: url(name))
            }
            let kept = [UInt8](try Data(contentsOf: url(name)))
            #expect(kept == bytes, "\(name)")
            let report = TrustAnchors(logKeys: [vkey]).verifier().verify(try Evidence(decoding: kept))
            #expect(report.verdict == .notInLedger, "\(report.text)")
        }
    }
}
