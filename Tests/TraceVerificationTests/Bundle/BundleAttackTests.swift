import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Bundles that say what is not so.
@Suite struct BundleAttackTests {
    private func verdict(_ ledger: EvidenceBundle.Ledger, _ anchors: TrustAnchors) throws -> Verdict {
        let result = anchors.verifier().verify(try ledger.bundle)
        #expect(result.rows.count == ledger.entries.count)
        return result.report.verdict
    }

    @Test func oneStatementSwapped() async throws {
        let world = try await World()
        let anchors = try world.anchors("all")
        let good = try await world.bundle().ledgers[0]
        // With a statement that its signer did sign, in the same ledger.
        var entries = good.entries
        entries[1] = EvidenceBundle.Entry(index: 2, statement: world.statements[3])
        let result = anchors.verifier().verify(try good.with(entries: entries).bundle)
        #expect(result.report.verdict == .forged)
        #expect(result.rows.allSatisfy { $0.verdict == .forged }, "one proof for all: none of them counts")
        #expect(result.rows.allSatisfy { $0.reason?.contains("root") == true }, "and each row says why")
        // Two in each other's place.
        entries = good.entries
        entries[0] = EvidenceBundle.Entry(index: 1, statement: good.entries[1].statement)
        entries[1] = EvidenceBundle.Entry(index: 2, statement: good.entries[0].statement)
        #expect(try verdict(good.with(entries: entries), anchors) == .forged)
        // At the place of another entry, where that changes no number of hashes.
        entries = good.entries
        entries[2] = EvidenceBundle.Entry(index: 4, statement: good.entries[2].statement)
        #expect(try verdict(good.with(entries: entries), anchors) == .forged)
    }

    @Test func hashesFlippedDroppedAdded() async throws {
        let world = try await World()
        let anchors = try world.anchors("all")
        let good = try await world.bundle().ledgers[0]
        for place in good.hashes.indices {
            var hashes = good.hashes
            hashes[place] = TreeHash.leaf([1])
            #expect(try verdict(good.with(hashes: hashes), anchors) == .forged)
            hashes.remove(at: place)
            #expect(throws: FormatError.self) { try good.with(hashes: hashes) }
            #expect(throws: FormatError.self) { try good.with(hashes: good.hashes + [TreeHash.empty]) }
        }
        var swapped = good.hashes
        swapped.swapAt(0, 1)
        #expect(try verdict(good.with(hashes: swapped), anchors) == .forged)
    }

    @Test func theCheckpointOfAnotherTree() async throws {
        let world = try await World()
        let anchors = try world.anchors("all")
        let good = try await world.bundle().ledgers[0]
        let other = MerkleTree(leaves: world.tree.leaves.reversed())
        let signed = try await SignedCheckpoint.sign(
            Checkpoint(origin: World.origin, head: other.head),
            signer: world.ledgerKey
        )
        let cosigned = try await world.cosigned(signed, by: [0, 1])
        #expect(try verdict(good.with(checkpoint: cosigned), anchors) == .forged)
        // Of another ledger whose log is trusted: its own entries are proved, and these are not its own.
        let elsewhere = try await world.cosigned(
            try await SignedCheckpoint.sign(
                Checkpoint(origin: "other.example", head: other.head),
                signer: world.strangerKey
            ),
            by: [0, 1]
        )
        var both = anchors
        both.logKeys = [try world.logKey("other.example", world.strangerKey)]
        #expect(try verdict(good.with(checkpoint: elsewhere), both) == .forged)
        // By a stranger under the ledger's name, and without the quorum.
        let byStranger = try await world.checkpoint(by: world.strangerKey, cosigners: [0, 1])
        #expect(try verdict(good.with(checkpoint: byStranger), anchors) == .unknownKey)
        #expect(try verdict(good.with(checkpoint: try await world.checkpoint(cosigners: [0])), anchors) == .unknownKey)
    }

    @Test func entriesOutOfOrderTwiceOrOutside() async throws {
        let world = try await World()
        let good = try await world.bundle().ledgers[0]
        #expect(throws: FormatError.self) { try good.with(entries: good.entries.reversed()) }
        #expect(throws: FormatError.self) {
            try good.with(entries: [good.entries[0], good.entries[0], good.entries[2]])
        }
        #expect(throws: FormatError.self) { try good.with(entries: []) }
        for index: UInt64 in [8, .max] {
            let last = EvidenceBundle.Entry(index: index, statement: world.statements[5])
            #expect(throws: FormatError.self) { try good.with(entries: good.entries.dropLast() + [last]) }
        }
    }

    /// What is forged must not hide behind what is missing, nor what is missing behind what is good.
    @Test func theMostSevereVerdictIsThatOfTheBundle() async throws {
        let world = try await World()
        var anchors = try world.anchors("all")
        let stranger = try await World.note(
            0,
            after: world.statements[0].leafHash,
            by: world.strangerKey,
            issuer: "9521101000016"
        )
        var forgedBytes = world.statements[3].encoded
        forgedBytes[forgedBytes.count - 40] ^= 1
        let forged = try Statement(decoding: forgedBytes)
        func result(_ statements: [Statement]) async throws -> BundleReport {
            // In a ledger that admits everything, so that each has its proof.
            let tree = MerkleTree(leaves: statements.map(\.leafHash))
            let indices = Array(0..<UInt64(statements.count))
            let signed = try await SignedCheckpoint.sign(
                Checkpoint(origin: World.origin, head: tree.head),
                signer: world.ledgerKey
            )
            let ledger = try EvidenceBundle.Ledger(
                checkpoint: try await world.cosigned(signed, by: [0, 1]),
                entries: zip(indices, statements).map { EvidenceBundle.Entry(index: $0, statement: $1) },
                hashes: []
            )
            return anchors.verifier().verify(try ledger.bundle)
        }
        let missing = try await result([world.statements[1], stranger, world.statements[2]])
        #expect(missing.rows.map(\.verdict) == [.issuedAndLogged, .unknownKey, .issuedAndLogged])
        #expect(missing.report.verdict == .unknownKey)
        #expect(missing.rows[1].reason != nil)
        let wrong = try await result([world.statements[1], stranger, forged])
        #expect(wrong.rows.map(\.verdict) == [.issuedAndLogged, .unknownKey, .forged])
        #expect(wrong.report.verdict == .forged)
        // A signer's chain that goes back, stands still, or names another statement.
        let back = try await result([world.statements[3], world.statements[2]])
        #expect(back.rows.map(\.verdict) == [.issuedAndLogged, .forged])
        let fork = try await World.note(1, after: world.statements[1].leafHash, by: world.enterpriseKey, text: "other")
        #expect(try await result([world.statements[2], fork]).report.verdict == .forged)
        let slipped = try await World.note(2, after: TreeHash.empty, by: world.enterpriseKey)
        #expect(try await result([world.statements[2], slipped]).report.verdict == .forged)
        #expect(try await result([world.statements[1], world.statements[5]]).report.verdict == .issuedAndLogged)
        // Very many bad ones are summed up, and each row still says what is with it.
        let many = try await result([stranger] + [Statement](repeating: stranger, count: 99))
        #expect(many.rows.count == 100)
        #expect(many.report.unchecked.count < 30)
        anchors.issuerKeys = []
        #expect(try await result([world.statements[1]]).report.verdict == .unknownKey)
    }

    /// A thief with the operator's help gives an old number to a new statement (Docs/Trust.md): alone it cannot be told from
    /// what the key signed in its time, beside the last good entry it can.
    @Test func slippedInBehindTheLastGoodEntry() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let last = world.statements[3]
        let end = try KeyEnd(
            key: world.enterpriseKey.publicKey,
            moment: 1_767_225_650,
            reason: .keyCompromise,
            lastGood: [.init(origin: World.origin, number: 2, hash: last.leafHash)]
        )
        try await registry.record(try Enrolment(party: World.issuer, .revoke(end)))
        let slipped = try await World.note(1, after: world.statements[1].leafHash, by: world.enterpriseKey, text: "new")
        let tree = MerkleTree(leaves: [world.statements[0], last, slipped].map(\.leafHash))
        let signed = try await SignedCheckpoint.sign(
            Checkpoint(origin: World.origin, head: tree.head),
            signer: world.ledgerKey
        )
        let checkpoint = try await world.cosigned(signed, by: [0, 1])
        func verdicts(_ entries: [(UInt64, Statement)]) async throws -> [Verdict] {
            let indices = entries.map(\.0)
            let ledger = try EvidenceBundle.Ledger(
                checkpoint: checkpoint,
                entries: entries.map { EvidenceBundle.Entry(index: $0, statement: $1) },
                hashes: InclusionMultiproof.make(indices: indices, treeSize: 3, from: tree).hashes
            )
            return try await registry.anchors(world).verifier().verify(try ledger.bundle).rows.map(\.verdict)
        }
        #expect(try await verdicts([(1, last)]) == [.issuedAndLogged])
        #expect(try await verdicts([(1, last), (2, slipped)]) == [.issuedAndLogged, .forged])
    }

    @Test func anchorsOfAnotherLedgerOrOutOfOrder() async throws {
        let world = try await World()
        let good = try await world.bundle().ledgers[0]
        let (three, five) = (try await world.anchor(3, time: 5), try await world.anchor(5, time: 6))
        _ = try good.with(anchors: [three, five])
        for wrong in [[five, three], [three, three]] {
            #expect(throws: FormatError.self) { try good.with(anchors: wrong) }
        }
        let elsewhere = EvidenceBundle.Anchor(
            checkpoint: try await world.checkpoint(3, origin: "other.example"),
            consistency: three.consistency
        )
        let whole = EvidenceBundle.Anchor(checkpoint: good.checkpoint, consistency: [])
        for wrong in [elsewhere, whole] { #expect(throws: FormatError.self) { try good.with(anchors: [wrong]) } }
    }

    @Test func ledgersTwiceOrOutOfOrder() async throws {
        let world = try await World()
        let a = try world.ledger([1], try await world.checkpoint(origin: "a.example"))
        let b = try world.ledger([1], try await world.checkpoint(origin: "b.example"))
        for ledgers in [[b, a], [a, a], []] {
            #expect(throws: FormatError.self) {
                try EvidenceBundle(policy: nil, registry: nil, ledgers: ledgers)
            }
        }
        #expect(throws: FormatError.self) {
            try EvidenceBundle(policy: Array("no policy".utf8), registry: nil, ledgers: [a])
        }
    }

    // MARK: Bytes

    @Test func cutShortAtEveryByte() async throws {
        let world = try await World()
        let registry = try await RegistryWorld(world: world)
        let bytes = try await world.bundle(policy: registry.policy(world), registry: registry.pack(world)).encoded
        for length in bytes.indices {
            #expect(throws: FormatError.self) { try EvidenceBundle(decoding: Array(bytes[..<length])) }
        }
        #expect(throws: FormatError.self) { try EvidenceBundle(decoding: bytes + [0]) }
    }

    @Test func countsThatAreNotThere() throws {
        // 3: an array that says it has 2^60 ledgers; a ledger whose entries do.
        for head: [UInt8] in [
            [0xA1, 0x03, 0x9B, 0x10, 0, 0, 0, 0, 0, 0, 0], [0xA1, 0x03, 0x9A, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            let bytes = EvidenceBundle.file.encoded { $0.encoded(head) }
            #expect(throws: FormatError.self) { try EvidenceBundle(decoding: bytes) }
        }
    }

    /// Whatever is changed in the bytes is refused, or is another bundle that says less; nothing is accepted in two forms.
    @Test func everyFlippedBitIsFound() async throws {
        let world = try await World()
        let bundle = try await world.bundle([1, 2, 5])
        let anchors = try world.anchors("all")
        let bytes = bundle.encoded
        for place in bytes.indices {
            for bit in [0, 3, 7] {
                var changed = bytes
                changed[place] ^= 1 << bit
                guard let read = try? EvidenceBundle(decoding: changed) else { continue }
                #expect(read.encoded == changed, "byte \(place)")
                let verdict = anchors.verifier().verify(read).report.verdict
                #expect(verdict != .issuedAndLogged, "byte \(place), bit \(bit)")
            }
        }
    }
}
