import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// A ledger and a mirror of it.
struct MirroredWorld {
    let origin: LedgerWorld
    let copy: LedgerWorld

    init() throws { (origin, copy) = (try LedgerWorld(), try LedgerWorld()) }

    func mirror(_ depth: CheckDepth = .statements) throws -> Mirror {
        Mirror(copy.directory, key: try origin.vkey, depth: depth, checker: LedgerWorld.checker)
    }

    @discardableResult
    func update(_ depth: CheckDepth = .statements, from source: (any LedgerSource)? = nil) async throws
        -> Mirror.Outcome
    {
        try await mirror(depth).update(from: [source ?? origin.source])
    }

    /// Publishes at each of these sizes, with an update of the mirror behind each.
    func grow(_ ledger: Ledger, to sizes: [Int], updating: Bool = true) async throws {
        for size in sizes {
            let done = Int(await ledger.size)
            let notes = try await origin.notes((done..<size).map { "entry \($0)" }, in: ledger)
            _ = try await ledger.append(notes)
            _ = try await ledger.publish()
            if updating { try await update() }
        }
    }

    /// What of the copy any static server would show.
    func shown(_ world: LedgerWorld) throws -> [String: [UInt8]] {
        try world.snapshot().filter { !$0.key.hasPrefix("state/") && !$0.key.hasPrefix("evidence/") }
    }
}

@Suite("A mirror")
struct MirrorTests {
    let world: MirroredWorld

    init() throws { world = try MirroredWorld() }

    /// The example: a ledger grows, its mirror follows, and the copy is the ledger byte for byte.
    @Test func theCopyIsTheLedger() async throws {
        let ledger = try await world.origin.create()
        #expect(try await world.update() == .advanced(from: 0, to: try await head()))
        try await world.grow(ledger, to: [100, 271, 301])
        #expect(try await world.update() == .unchanged(try await head()))
        #expect(try await world.copy.fsck().findings.isEmpty)
        let (theirs, ours) = (try world.shown(world.origin), try world.shown(world.copy))
        for (path, bytes) in theirs { #expect(ours[path] == bytes, "\(path)") }
        #expect(Set(ours.keys) == Set(theirs.keys))
    }

    private func head() async throws -> TreeHead { try await world.origin.reader().checkpoint().checkpoint.head }

    @Test(arguments: CheckDepth.allCases) func everyDepthAndManySizes(_ depth: CheckDepth) async throws {
        let ledger = try await world.origin.create()
        for size in [255, 256, 257, 512, 600, 1300] {
            try await world.grow(ledger, to: [size], updating: false)
            try await world.update(depth)
            let report = try await world.copy.fsck()
            #expect(report.findings.isEmpty)
            #expect(report.size == UInt64(size))
        }
        try world.copy.checkLayout(size: 1300)
    }

    /// One mirror that stays open, as a follower does.
    @Test func aFollowerKeepsItsChains() async throws {
        let ledger = try await world.origin.create()
        let mirror = try world.mirror()
        for size in [3, 300, 301, 700] {
            try await world.grow(ledger, to: [size], updating: false)
            guard case .advanced = try await mirror.update(from: [world.origin.source]) else {
                Issue.record("size \(size) was not taken over")
                return
            }
        }
        #expect(try await world.copy.fsck().isSound)
    }

    /// Wherever it was cut off, the next update proves what lies there and goes on.
    @Test func itResumes() async throws {
        let ledger = try await world.origin.create()
        try await world.grow(ledger, to: [600], updating: false)
        for stop in 0..<12 {
            let copy = try MirroredWorld()
            let cut = CuttingSource(world.origin.source, after: stop)
            let mirror = Mirror(
                copy.copy.directory,
                key: try world.origin.vkey,
                depth: .chains,
                checker: LedgerWorld.checker
            )
            _ = try? await mirror.update(from: [cut])
            // What a crash may have left of a file that was not synced.
            for file in try copy.copy.files() where file.hasPrefix("tile/") && !copy.copy.exists("checkpoint") {
                try copy.copy.write(Array(try copy.copy.bytes(file).dropLast(5)), file)
                break
            }
            _ = try await mirror.update(from: [world.origin.source])
            #expect(try await copy.copy.fsck().isSound, "cut off after \(stop) files")
        }
    }

    @Test func aSourceThatDoesNotAnswerChangesNothing() async throws {
        let ledger = try await world.origin.create()
        try await world.grow(ledger, to: [300])
        let before = try world.shown(world.copy)
        try await world.grow(ledger, to: [600], updating: false)
        await #expect(throws: (any Error).self) {
            try await world.update(from: CuttingSource(world.origin.source, after: 3))
        }
        let after = try world.shown(world.copy)
        #expect(before.allSatisfy { after[$0.key] == $0.value })
        #expect(try await world.copy.fsck().isSound)
    }

    // MARK: Sources that lie

    @Test func wrongBytesAreNamedAndNotTakenOver() async throws {
        let ledger = try await world.origin.create()
        try await world.grow(ledger, to: [300])
        let before = try world.copy.snapshot()
        try await world.grow(ledger, to: [900], updating: false)
        for (file, words) in [
            ("tile/entries/001", "tile/entries/001: entry "), ("tile/entries/003.p/132", "tile/entries/003.p/132: "),
            ("tile/0/003.p/132", "the tiles at the right edge"), ("tile/1/000.p/3", "the tiles at the right edge"),
        ] {
            let good = try world.origin.bytes(file)
            for bad in [LyingSource.flipped(good), Array(good.dropLast()), []] {
                // What an earlier attempt brought would make up for the lie.
                try world.copy.restore(before)
                let text = await refused { try await world.update(from: LyingSource(world.origin.source, [file: bad])) }
                let isMalformed = bad.count != good.count
                #expect(text.contains(isMalformed ? "" : words), "\(file): \(text)")
                #expect(text != "accepted", "\(file)")
                #expect(try world.copy.bytes("checkpoint") == before["checkpoint"])
            }
        }
        // A leaf tile is not needed where the entries lead to the tile above.
        let lying = LyingSource(world.origin.source, ["tile/0/002": []])
        #expect(try await world.update(from: lying) != .unchanged(try await head()))
        #expect(try await world.copy.fsck().isSound)
    }

    @Test func aForkIsEvidence() async throws {
        let other = try MirroredWorld()
        let (ledger, twin) = (try await world.origin.create(), try await other.origin.create())
        try await world.grow(ledger, to: [20])
        let held = try world.copy.bytes("checkpoint")
        let texts = (1..<40).map { "another story \($0)" }
        _ = try await twin.append(other.origin.notes(Array(texts[..<19]), in: twin))
        _ = try await twin.publish()
        let sameSize = try await expectStop(.fork, "two roots of one size", from: other.origin, held)
        try expectProof(in: sameSize, between: 20, and: 20)
        _ = try await twin.append(other.origin.notes(Array(texts[19...]), in: twin))
        _ = try await twin.publish()
        let folder = try await expectStop(.fork, "the second does not extend the first", from: other.origin, held)
        #expect(try world.copy.bytes("\(folder)/held.checkpoint") == held)
        #expect(try world.copy.bytes("\(folder)/shown.checkpoint") == other.origin.bytes("checkpoint"))
        try expectProof(in: folder, between: 20, and: 40)
        // The other way round: what is shown is older and another.
        try await world.grow(ledger, to: [60])
        let older = try await expectStop(.fork, "does not extend", from: other.origin, world.copy.bytes("checkpoint"))
        try expectProof(in: older, between: 40, and: 60)
    }

    /// One file proves the fork to whoever has the ledger's key, and to nobody else.
    private func expectProof(in folder: String, between smaller: UInt64, and larger: UInt64) throws {
        let evidence = try ForkEvidence(decoding: world.copy.bytes("\(folder)/fork.evidence"))
        let sizes = [evidence.smaller, evidence.larger].map(\.checkpoint.head.size)
        #expect(sizes == [smaller, larger])
        #expect(verdict(evidence, [try world.origin.vkey]) == .notInLedger)
        #expect(verdict(evidence, []) == .unknownKey)
    }

    private func verdict(_ evidence: ForkEvidence, _ keys: [VerifierKey]) -> Verdict {
        let verifier = Verifier(anchors: TrustAnchors(logKeys: keys), checker: LedgerWorld.checker)
        return verifier.verify(.forkEvidence(evidence)).verdict
    }

    @Test func aRollbackIsEvidence() async throws {
        let ledger = try await world.origin.create()
        try await world.grow(ledger, to: [20])
        let backup = try world.origin.snapshot()
        try await world.grow(ledger, to: [40])
        try world.origin.restore(backup)
        try await expectStop(
            .rollback,
            "size 20 is shown, and size 40",
            from: world.origin,
            try world.copy.bytes("checkpoint")
        )
    }

    @discardableResult
    private func expectStop(
        _ kind: MirrorStop.Kind,
        _ words: String,
        from source: LedgerWorld,
        _ held: [UInt8]
    ) async throws -> String {
        let mirror = try world.mirror()
        do {
            let outcome = try await mirror.update(from: [source.source])
            Issue.record("accepted: \(outcome)")
            return ""
        } catch let error as MirrorStop {
            #expect(error.kind == kind)
            #expect(error.reason.contains(words), "\(error)")
            #expect(try world.copy.bytes("checkpoint") == held, "what was verified stays")
            #expect(try await world.copy.fsck().isSound)
            let folder = String(error.evidence.dropFirst(world.copy.directory.count + 1))
            #expect(world.copy.exists("\(folder)/reason.txt"))
            return folder
        }
    }

    /// A ledger that takes in what no ledger should: the tree is right, the entries are not.
    @Test func aBadStatementStopsIt() async throws {
        let ledger = try await world.origin.create()
        try await world.grow(ledger, to: [10])
        let link = try #require(await ledger.nextLink(for: world.origin.dairy.publicKey))
        var unsigned = try await world.origin.note("x", in: ledger, link: link).encoded
        unsigned[unsigned.count - 1] ^= 1
        let gap = try await world.origin.note("x", in: ledger, link: ChainLink(sequence: 40, previous: link.previous))
        for (entry, depth, words) in [
            (unsigned, CheckDepth.statements, "entry 10: the signature"),
            (unsigned, .chains, "entry 10: the signature"),
            (gap.encoded, .chains, "entry 10: gap"), ([1, 2, 3], .chains, "entry 10: statement"),
        ] {
            let forged = try await forge(adding: entry)
            let mirror = try world.mirror(depth)
            let text = await refused { try await mirror.update(from: [forged.source]) }
            #expect(text.contains(words), "\(text)")
            #expect(try await world.copy.reader().checkpoint().checkpoint.head.size == 10)
        }
        let forged = try await forge(adding: gap.encoded)
        #expect(try await world.update(.tree, from: forged.source) != .unchanged(try await head()))
    }

    /// The origin's entries and one more, under tiles and a checkpoint that are right.
    private func forge(adding entry: [UInt8]) async throws -> LedgerWorld {
        let reader = try world.origin.reader()
        let head = try await reader.checkpoint().checkpoint.head
        var entries: [[UInt8]] = []
        try await reader.forEachEntry(in: 0..<head.size, of: head) { _, bytes in entries.append(bytes) }
        entries.append(entry)
        let forged = try LedgerWorld()
        let tree = MerkleTree(leaves: entries.map { TreeHash.leaf($0) })
        let tile = try #require(TileCoordinate(level: 0, index: 0, width: entries.count))
        try forged.write(try #require(Tile(tile, hashes: tree.leaves)).encoded, tile.path)
        let bundle = try #require(BundleCoordinate(index: 0, width: entries.count))
        try forged.write(try EntryBundle(entries).encoded, bundle.path)
        let checkpoint = try Checkpoint(origin: LedgerWorld.origin, head: tree.head)
        try forged.write(
            try await SignedCheckpoint.sign(checkpoint, signer: world.origin.ledgerKey).bytes,
            "checkpoint"
        )
        return forged
    }

    @Test func anotherKeyAndAnotherLedger() async throws {
        _ = try await world.origin.create()
        let stranger = try VerifierKey(
            name: LedgerWorld.origin,
            type: .ed25519,
            publicKey: try LedgerWorld.key(9).publicKey
        )
        let mirror = Mirror(world.copy.directory, key: stranger, depth: .tree, checker: LedgerWorld.checker)
        await expectRefusal("did not sign") { try await mirror.update(from: [world.origin.source]) }
        let other = try VerifierKey(name: "example.com/x", type: .ed25519, publicKey: world.origin.ledgerKey.publicKey)
        let second = Mirror(try LedgerWorld().directory, key: other, depth: .tree, checker: LedgerWorld.checker)
        await expectRefusal("the origin is") { try await second.update(from: [world.origin.source]) }
    }

    @Test func twoMirrorsInOneDirectory() async throws {
        _ = try await world.origin.create()
        let mirror = try world.mirror()
        _ = try await mirror.update(from: [world.origin.source])
        await expectRefusal("another writer holds") { try await world.update() }
    }
}
