import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

/// A ledger whose key is rotated, and those who read it.
struct RotatedWorld {
    let world: LedgerWorld
    let copy: LedgerWorld

    init() throws { (world, copy) = (try LedgerWorld(), try LedgerWorld()) }

    static func key(_ number: UInt8) throws -> SigningKey { try LedgerWorld.key(100 + number) }

    static func vkey(_ signer: SigningKey) throws -> VerifierKey {
        try VerifierKey(name: LedgerWorld.origin, type: .ed25519, publicKey: signer.publicKey)
    }

    func append(_ count: Int, to ledger: Ledger) async throws {
        let size = Int(await ledger.size)
        _ = try await ledger.append(world.notes((size..<size + count).map { "entry \($0)" }, in: ledger))
        _ = try await ledger.publish()
    }

    /// A ledger that was rotated once for each of `sizes`, at that size, and grew by two entries since.
    @discardableResult
    func rotated(at sizes: [Int]) async throws -> Ledger {
        var ledger = try await world.create()
        for (number, size) in sizes.enumerated() {
            let missing = size - 1 - Int(await ledger.size)
            if missing > 0 { try await append(missing, to: ledger) }
            ledger = try await ledger.rotateKey(to: RotatedWorld.key(UInt8(number)))
        }
        try await append(2, to: ledger)
        return ledger
    }

    func fsck(_ key: VerifierKey, _ depth: CheckDepth = .statements) async -> [String] {
        await Fsck.run(world.source, key: key, depth: depth, checker: LedgerWorld.checker).findings.map {
            "\($0.file) \($0.index.map { "\($0)" } ?? "-"): \($0.reason)"
        }
    }

    func mirror(_ key: VerifierKey, _ depth: CheckDepth = .statements) -> Mirror {
        Mirror(copy.directory, key: key, depth: depth, checker: LedgerWorld.checker)
    }
}

@Suite("The rotation of a ledger's own key")
struct RotationTests {
    let rotated: RotatedWorld
    var world: LedgerWorld { rotated.world }

    init() throws { rotated = try RotatedWorld() }

    /// The example: the old key signs its successor into the ledger, both sign one checkpoint, and the new key goes on.
    @Test func theOldKeyHandsOver() async throws {
        let (old, new) = (world.ledgerKey, try RotatedWorld.key(0))
        var ledger = try await world.create()
        try await rotated.append(3, to: ledger)
        ledger = try await ledger.rotateKey(to: new, keyPath: "/keys/new.pem")
        #expect(ledger.information.key == (try RotatedWorld.vkey(new)))
        #expect(ledger.information.earlierKeys == [LedgerKeys.Earlier(key: try world.vkey, until: 5)])
        #expect(try Ledger.rememberedKeyPath(world.directory) == "/keys/new.pem")
        try await rotated.append(2, to: ledger)

        let reader = try await LedgerReader(world.source, checker: LedgerWorld.checker)
        let both = try await reader.checkpoint(size: 5)
        for key in [old, new] {
            #expect(
                both.note.outcome(of: try RotatedWorld.vkey(key), checker: LedgerWorld.checker) == .verified(time: nil)
            )
        }
        let entry = try Statement(decoding: try await reader.entry(4, in: both.checkpoint.head).bytes)
        let succession = try KeySuccession(
            entry,
            origin: LedgerWorld.origin,
            from: old.publicKey,
            checker: LedgerWorld.checker
        )
        #expect(succession.new == new.publicKey)
        let latest = try await reader.checkpoint()
        #expect(latest.note.outcome(of: try world.vkey, checker: LedgerWorld.checker) == .absent)
        // What was signed before stands under the old key, receipts too.
        let before = try await reader.checkpoint(size: 4)
        let (bytes, proof) = try await reader.entry(2, in: before.checkpoint.head)
        let receipt = try Receipt.inclusion(proof, signature: try await reader.rootSignature(for: before.checkpoint))
        let root = try receipt.verify(leaf: TreeHash.leaf(bytes), key: old.publicKey, checker: LedgerWorld.checker)
        #expect(root == before.checkpoint.head.root)
    }

    @Test(arguments: CheckDepth.allCases) func fsckKnowsEveryKey(_ depth: CheckDepth) async throws {
        try await rotated.rotated(at: [5, 9, 256])
        for key in [world.ledgerKey] + (try (0..<3).map { try RotatedWorld.key($0) }) {
            #expect(await rotated.fsck(try RotatedWorld.vkey(key), depth) == [])
        }
        let stranger = try RotatedWorld.vkey(try RotatedWorld.key(9))
        #expect(await rotated.fsck(stranger, depth).contains { $0.contains("did not sign this checkpoint") })
    }

    /// At the end of a tile, in the middle of one, twice in a row.
    @Test(arguments: [[256], [257], [255, 256], [2, 3], [512, 700]])
    func atAnySize(_ sizes: [Int]) async throws {
        let ledger = try await rotated.rotated(at: sizes)
        let size = await ledger.size
        try await ledger.close()
        let newest = try RotatedWorld.key(UInt8(sizes.count - 1))
        let again = try await world.open(signer: newest)
        #expect(await again.size == size)
        try await rotated.append(300, to: again)
        #expect(await rotated.fsck(try world.vkey) == [])
        try world.checkLayout(size: size + 300)
    }

    @Test func theOldKeyIsOut() async throws {
        let ledger = try await rotated.rotated(at: [5])
        let link = await ledger.nextLink(for: world.ledgerKey.publicKey)
        await expectRefusal("not in the ledger's admission list") {
            try await ledger.append([
                world.note("x", in: ledger, by: world.ledgerKey, link: link, issuer: LedgerWorld.origin)
            ])
        }
        try await ledger.close()
        await expectRefusal("another one was given") { try await world.open() }
    }

    /// The new key is as a ledger's key must be, and a succession comes from the rotation alone.
    @Test func whatIsRefused() async throws {
        let ledger = try await world.create()
        try await rotated.append(3, to: ledger)
        await expectRefusal("one key has one use") { try await ledger.rotateKey(to: world.ledgerKey) }
        await expectRefusal("one key has one use") { try await ledger.rotateKey(to: world.dairy) }
        let succession = try await KeySuccession.sign(
            origin: LedgerWorld.origin,
            from: world.ledgerKey,
            to: RotatedWorld.key(0),
            moment: LedgerWorld.time,
            chain: try #require(await ledger.nextLink(for: world.ledgerKey.publicKey))
        )
        await expectRefusal("written by the ledger itself") { try await ledger.append([succession]) }
        let second = try await ledger.rotateKey(to: RotatedWorld.key(0))
        await expectRefusal("one key has one use") { try await second.rotateKey(to: world.ledgerKey) }
        await expectRefusal("writer was closed") { try await ledger.publish() }
    }

    /// Map roots go on under the new key, in a chain of its own.
    @Test func mapRootsUnderEachKey() async throws {
        var ledger = try await world.create()
        try await rotated.append(3, to: ledger)
        _ = try await ledger.logMapRoot()
        ledger = try await ledger.rotateKey(to: RotatedWorld.key(0))
        try await rotated.append(2, to: ledger)
        let root = try #require(try await ledger.logMapRoot())
        let statement = try Statement(decoding: try #require(ledger.entry(root.index)))
        #expect(statement.header.publicKey == (try RotatedWorld.key(0).publicKey))
        #expect(statement.header.chain?.sequence == 0)
        for depth in CheckDepth.allCases { #expect(await rotated.fsck(try world.vkey, depth) == []) }
        _ = try await rotated.mirror(try world.vkey).update(from: [world.source])
        #expect(try rotated.copy.bytes("checkpoint") == world.bytes("checkpoint"))
    }

    /// A statement in the ledger's name by a key that is not the ledger's any more is found, whoever published it.
    @Test(arguments: [CheckDepth.chains, .statements]) func theOldKeySignsOn(_ depth: CheckDepth) async throws {
        let ledger = try await rotated.rotated(at: [5])
        let head = try await ledger.publish().checkpoint.head
        let reader = try await LedgerReader(world.source, checker: LedgerWorld.checker)
        var entries: [[UInt8]] = []
        try await reader.forEachEntry(in: 0..<head.size, of: head) { _, bytes in entries.append(bytes) }
        let link = ChainLink(sequence: 2, previous: TreeHash.leaf(entries[4]))
        let note = try await world.note("x", in: ledger, by: world.ledgerKey, link: link, issuer: LedgerWorld.origin)
        entries.append(note.encoded)
        // The operator's new key signs what the writer would never have let in.
        let kept = try ["ledger.json", "checkpoints/5", "checkpoints/5.cose"].map { ($0, try world.bytes($0)) }
        let edge = try ["tile/0/000.p/5", "tile/entries/000.p/5"].map { ($0, try world.bytes($0)) }
        try await FsckTests.write(entries, to: world, signer: RotatedWorld.key(0))
        for (path, bytes) in kept + edge { try world.write(bytes, path) }
        let findings = await rotated.fsck(try world.vkey, depth)
        #expect(findings.count == 1 && findings[0].contains("handed the ledger over with entry 4"), "\(findings)")
        await expectRefusal("handed the ledger over with entry 4") {
            try await rotated.mirror(try world.vkey, depth).update(from: [world.source])
        }
    }

    /// What an operator forges who has the old key and puts in a succession that is short of something.
    @Test func successionsThatAreNone() async throws {
        let (old, new, thief) = (world.ledgerKey, try RotatedWorld.key(0), try RotatedWorld.key(1))
        let (origin, moment) = (LedgerWorld.origin, LedgerWorld.time)
        func rotation(
            from: SigningKey,
            to: SigningKey,
            registry: String = origin
        ) async throws -> (end: KeyEnd, grant: KeyGrant, consent: Signature) {
            let enrolment = try await Enrolment.rotation(
                registry: registry,
                party: origin,
                from: from,
                to: to,
                use: .ledger(origin: origin),
                moment: moment
            )
            guard case .rotate(let end, let grant, let consent) = enrolment.action else { throw Falsified("none") }
            return (end, grant, consent)
        }
        let good = try await rotation(from: old, to: new)
        let other = try await rotation(from: thief, to: new)
        let foreign = try await rotation(from: old, to: new, registry: "example.com/x")
        let same = try await rotation(from: old, to: old)
        func enrolment(_ end: KeyEnd, _ grant: KeyGrant, _ consent: Signature) throws -> Enrolment {
            try Enrolment(party: origin, .rotate(end, grant, consent: consent))
        }
        for (enrolment, signer, words) in [
            (try enrolment(good.end, good.grant, good.consent), old, "accepted"),
            (try enrolment(good.end, good.grant, good.consent), thief, "did not sign it"),
            (try enrolment(other.end, other.grant, other.consent), old, "is not the ledger's"),
            (try enrolment(good.end, good.grant, other.consent), old, "consent"),
            (try enrolment(good.end, foreign.grant, good.consent), old, "possession"),
            (try enrolment(same.end, same.grant, same.consent), old, "the old one"),
            (try enrolment(good.end, good.grant.since(moment + 1), good.consent), old, "another moment"),
            (try Enrolment(party: LedgerWorld.gln, .retire(good.end)), old, "no rotation"),
        ] {
            let statement = try await Statement.sign(
                kind: .enrolment,
                payload: enrolment.encoded,
                issuer: origin,
                subject: origin,
                issuedAt: moment,
                chain: ChainLink(sequence: 1, previous: TreeHash.empty),
                with: signer
            )
            await expectRefusal(words) {
                try KeySuccession(statement, origin: origin, from: old.publicKey, checker: LedgerWorld.checker)
            }
        }
    }

    /// The ledger's signer fails: the ledger stays the old key's.
    @Test func aSignerThatFails() async throws {
        struct Broken: Signer {
            struct Failure: Error {}
            let publicKey: PublicKey
            func signature(for message: [UInt8]) async throws -> Signature { throw Failure() }
        }
        struct Lying: Signer {
            let publicKey: PublicKey
            let other: SigningKey
            func signature(for message: [UInt8]) async throws -> Signature { other.signature(for: message) }
        }
        var ledger = try await world.create()
        try await rotated.append(3, to: ledger)
        let key = try RotatedWorld.key(0).publicKey
        for signer in [Broken(publicKey: key), Lying(publicKey: key, other: world.dairy)] as [any Signer] {
            await #expect(throws: (any Error).self) { try await ledger.rotateKey(to: signer) }
            ledger = try await world.open()
            #expect(await ledger.size == 4)
        }
        #expect(await rotated.fsck(try world.vkey) == [])
    }

    @Test func anUnchangedFormOfThePlan() async throws {
        let plan = try await plan()
        let bytes = plan.encoded
        #expect(try RotationPlan(decoding: bytes, checker: LedgerWorld.checker).encoded == bytes)
        for position in stride(from: 0, to: bytes.count, by: 3) {
            var bad = bytes
            bad[position] ^= 1
            // The path of the key file is nobody's to verify.
            guard position < bytes.count - 13 else { continue }
            #expect(throws: FormatError.self, "byte \(position)") {
                try RotationPlan(decoding: bad, checker: LedgerWorld.checker)
            }
        }
    }

    private func plan() async throws -> RotationPlan {
        let (old, new) = (world.ledgerKey, try RotatedWorld.key(0))
        let statement = try await KeySuccession.sign(
            origin: LedgerWorld.origin,
            from: old,
            to: new,
            moment: LedgerWorld.time,
            chain: ChainLink(sequence: 1, previous: TreeHash.empty)
        )
        let head = MerkleTree(leaves: [TreeHash.empty, statement.leafHash]).head
        let checkpoint = try Checkpoint(origin: LedgerWorld.origin, head: head)
        let byOld = try await SignedCheckpoint.sign(checkpoint, signer: old)
        let byNew = try await SignedCheckpoint.sign(checkpoint, signer: new)
        return try RotationPlan(
            statement.encoded,
            byOld.adding(byNew.note.signatures),
            await RootSignature.signed(root: head.root, origin: LedgerWorld.origin, by: new),
            from: RotatedWorld.vkey(old),
            to: RotatedWorld.vkey(new),
            keyPath: "/a.pem/b.pem",
            checker: LedgerWorld.checker
        )
    }
}

@Suite("A mirror of a ledger whose key is rotated")
struct RotationMirrorTests {
    let rotated: RotatedWorld
    var world: LedgerWorld { rotated.world }

    init() throws { rotated = try RotatedWorld() }

    private func check(_ key: VerifierKey) async throws {
        let report = await Fsck.run(
            rotated.copy.source,
            key: key,
            depth: .statements,
            checker: LedgerWorld.checker
        )
        #expect(report.findings.isEmpty, "\(report.findings)")
        let (theirs, ours) = (try world.bytes("checkpoint"), try rotated.copy.bytes("checkpoint"))
        #expect(ours == theirs)
    }

    @Test(arguments: CheckDepth.allCases) func itFollows(_ depth: CheckDepth) async throws {
        var ledger = try await world.create()
        try await rotated.append(3, to: ledger)
        let mirror = rotated.mirror(try world.vkey, depth)
        _ = try await mirror.update(from: [world.source])
        ledger = try await ledger.rotateKey(to: RotatedWorld.key(0))
        try await rotated.append(300, to: ledger)
        let outcome = try await mirror.update(from: [world.source])
        #expect(outcome == .advanced(from: 4, to: try await ledger.publish().checkpoint.head))
        try await check(try world.vkey)
        ledger = try await ledger.rotateKey(to: RotatedWorld.key(1))
        // Right at the handover, under the key before it.
        _ = try await mirror.update(from: [world.source])
        ledger = try await ledger.rotateKey(to: RotatedWorld.key(2))
        try await rotated.append(3, to: ledger)
        _ = try await mirror.update(from: [world.source])
        try await check(try world.vkey)
        #expect(try rotated.copy.bytes("ledger.json") == world.bytes("ledger.json"))
    }

    /// Set up with the first key, one in between or the last, started again with any of them.
    @Test func fromAnyKey() async throws {
        let ledger = try await rotated.rotated(at: [5, 300])
        let keys = try [world.ledgerKey, RotatedWorld.key(0), RotatedWorld.key(1)].map { try RotatedWorld.vkey($0) }
        let held = try world.snapshot()
        try await rotated.append(10, to: ledger)
        let newer = try world.snapshot()
        for key in keys {
            try world.restore(held)
            try? rotated.copy.restore([:])
            _ = try await rotated.mirror(key).update(from: [world.source])
            try await check(key)
            for again in keys {
                // A rollback is noticed under whichever key it is asked for.
                try world.restore(newer)
                _ = try await rotated.mirror(again).update(from: [world.source])
                try await check(again)
                try world.restore(held)
                await expectRefusal("rollback") { try await rotated.mirror(again).update(from: [world.source]) }
            }
        }
    }

    @Test func itIsCutOff() async throws {
        var ledger = try await world.create()
        try await rotated.append(3, to: ledger)
        _ = try await rotated.mirror(try world.vkey).update(from: [world.source])
        let before = try rotated.copy.snapshot()
        ledger = try await ledger.rotateKey(to: RotatedWorld.key(0))
        try await rotated.append(20, to: ledger)
        for stop in 0..<60 {
            try rotated.copy.restore(before)
            let mirror = rotated.mirror(try world.vkey)
            _ = try? await mirror.update(from: [CuttingSource(world.source, after: stop)])
            _ = try await mirror.update(from: [world.source])
            try await check(try world.vkey)
        }
    }

    /// The operator puts another key in the place of the ledger's, in every file that he writes.
    @Test func aKeyWithoutASuccession() async throws {
        let ledger = try await world.create()
        try await rotated.append(3, to: ledger)
        let mirror = rotated.mirror(try world.vkey)
        _ = try await mirror.update(from: [world.source])
        let shown = try rotated.copy.bytes("checkpoint")
        try await rotated.append(2, to: ledger)
        let thief = try RotatedWorld.key(0)
        let real = try await world.reader().checkpoint().checkpoint
        let swapped = try await SignedCheckpoint.sign(real, signer: thief)
        let information = try LedgerInformation(decoding: try world.bytes("ledger.json"), path: "ledger.json")
        let keys = information.keys.handedOver(to: try RotatedWorld.vkey(thief), until: 4)
        let lies = [
            "checkpoint": swapped.bytes, "ledger.json": try information.with(keys).encoded(),
            "checkpoints/4": try await SignedCheckpoint(bytes: shown).adding(
                SignedCheckpoint.sign(try SignedCheckpoint(bytes: shown).checkpoint, signer: thief).note.signatures
            ).bytes,
        ]
        for missing in [nil, "ledger.json", "checkpoints/4"] {
            var lies = lies
            if let missing { lies[missing] = nil }
            let source = LyingSource(world.source, lies)
            await expectRefusal("did not sign this checkpoint") { try await mirror.update(from: [source]) }
        }
        #expect(try rotated.copy.bytes("checkpoint") == shown)
        // In his own directory it is a finding, under the key that was and under the one that he put there.
        for (path, bytes) in lies { try world.write(bytes, path) }
        for key in [world.ledgerKey, thief] {
            let findings = await rotated.fsck(try RotatedWorld.vkey(key))
            #expect(findings.contains { $0.contains("did not sign this checkpoint") || $0.contains("genesis") })
        }
    }
}
