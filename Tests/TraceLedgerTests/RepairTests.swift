import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("Repair from a mirror")
struct RepairTests {
    /// 300 entries, published at 1, 100, 271 and 301, each of which the mirror saw.
    private func build() async throws -> MirroredWorld {
        let world = try MirroredWorld()
        let ledger = try await world.origin.create()
        try await world.update()
        try await world.grow(ledger, to: [100, 271, 301])
        return world
    }

    private func repair(
        _ world: LedgerWorld,
        from sources: [any LedgerSource],
        _ depth: CheckDepth = .tree
    ) async throws -> LedgerRepair.Result {
        try await LedgerRepair.run(
            world.directory,
            from: sources,
            key: try world.vkey,
            depth: depth,
            checker: LedgerWorld.checker
        )
    }

    /// The corruption table: every byte region of every public file, flipped once; the check names it, and the mirror
    /// gives it back bit for bit.
    @Test func everyPublicFileComesBack() async throws {
        let world = try await build()
        let good = try world.origin.snapshot()
        for (file, bytes) in good.sorted(by: { $0.key < $1.key })
        where !file.hasPrefix("state/") && file != "ledger.json" {
            for part in 0..<4 {
                var bad = bytes
                bad[(bytes.count - 1) * part / 3] ^= 0x04
                try await expectRepair(of: file, bad, good, world)
            }
            try await expectRepair(of: file, Array(bytes.dropLast()), good, world)
            try await expectRepair(of: file, [], good, world)
        }
    }

    private func expectRepair(
        of file: String,
        _ bad: [UInt8],
        _ good: [String: [UInt8]],
        _ world: MirroredWorld
    ) async throws {
        try world.origin.write(bad, file)
        let result = try await repair(world.origin, from: [world.copy.source])
        #expect(result.before.findings.contains { $0.file == file }, "\(file)")
        #expect(result.repair.restored.map(\.file) == [file], "\(file): \(result.repair.failed)")
        #expect(result.after.isSound, "\(file): \(result.after.findings)")
        #expect(try world.origin.snapshot() == good, "\(file)")
    }

    @Test func missingFilesComeBack() async throws {
        let world = try await build()
        let good = try world.origin.snapshot()
        for file in [
            "checkpoint", "checkpoint.cose", "tile/0/000", "tile/0/001.p/45", "tile/1/000.p/1", "tile/entries/000",
            "tile/entries/001.p/45", "checkpoints/271", "checkpoints/271.cose",
        ] {
            try world.origin.remove(file)
            let result = try await repair(world.origin, from: [world.copy.source])
            #expect(result.after.isSound, "\(file): \(result.after.findings) \(result.repair.failed)")
            #expect(try world.origin.snapshot() == good, "\(file)")
        }
        // All at once, and the mirror lends from the origin what it lacks itself.
        for file in good.keys where file.hasPrefix("tile/") { try world.origin.remove(file) }
        #expect(try await repair(world.origin, from: [world.copy.source]).after.isSound)
        #expect(try world.origin.files().filter { $0.hasPrefix("tile/0/0") }.contains("tile/0/000"))
    }

    /// Each of two copies has what the other lacks; a third lies.
    @Test func severalSources() async throws {
        let world = try await build()
        let good = try world.origin.snapshot()
        try world.origin.remove("tile/entries/000")
        try world.origin.remove("tile/0/001.p/45")
        try world.origin.remove("tile/0/000")
        let source = world.copy.source
        let lying = LyingSource(
            source,
            [
                "tile/entries/000": LyingSource.flipped(try world.copy.bytes("tile/entries/000")),
                "tile/0/001.p/45": LyingSource.flipped(try world.copy.bytes("tile/0/001.p/45")),
            ]
        )
        let first = LyingSource(source, denying: ["tile/entries/000"])
        let second = LyingSource(source, denying: ["tile/0/001.p/45", "tile/0/000"])
        let result = try await repair(world.origin, from: [lying, first, second])
        #expect(result.after.isSound, "\(result.repair.failed)")
        #expect(try world.origin.snapshot() == good)
    }

    /// What nobody has is said, and nothing unproved is written.
    @Test func onlyBytesThatVerify() async throws {
        let world = try await build()
        try world.origin.remove("tile/entries/000")
        let lie = LyingSource.flipped(try world.copy.bytes("tile/entries/000"))
        for lying in [
            LyingSource(world.copy.source, ["tile/entries/000": lie]),
            LyingSource(world.copy.source, denying: ["tile/entries/000"]),
        ] {
            let result = try await repair(world.origin, from: [lying])
            #expect(result.repair.failed.map(\.file) == ["tile/entries/000"])
            #expect(result.after.findings.first?.file == "tile/entries/000")
            #expect(!world.origin.exists("tile/entries/000"))
        }
        // Who may append is nobody else's to say.
        try world.origin.write([1], "ledger.json")
        let result = try await repair(world.origin, from: [world.copy.source])
        #expect(result.repair.failed.map(\.file) == ["ledger.json"])
        #expect(try world.origin.bytes("ledger.json") == [1])
    }

    /// A mirror that is ahead or behind helps as well: its partial files have other widths.
    @Test func sourcesOfOtherSizes() async throws {
        let world = try await build()
        let old = try world.origin.snapshot()
        let ledger = try await world.origin.open()
        try await world.grow(ledger, to: [400])
        let ahead = world.copy
        let directory = try LedgerWorld()
        try directory.restore(old)
        try directory.remove("tile/entries/001.p/45")
        try directory.remove("tile/0/001.p/45")
        let result = try await repair(directory, from: [ahead.source])
        #expect(result.repair.restored.count == 2, "\(result.repair)")
        #expect(result.repair.broughtUp?.to == 400)
        #expect(result.after.isSound)
    }

    // MARK: Older directories

    /// The story of the restore protocol: a backup is put back, refuses to append, is brought up, and appends.
    @Test func aBackupIsBroughtUp() async throws {
        let world = try await build()
        let backup = try world.origin.snapshot()
        do {
            let ledger = try await world.origin.open()
            try await world.grow(ledger, to: [700])
        }
        let newest = try world.origin.snapshot()
        try world.origin.restore(backup)
        let peers = RestoreCheck.Peers(mirrors: [MirrorPeer(world.copy.source)])
        await expectRefusal("saw size 700; to append here would fork the ledger") {
            try await open(world.origin, peers)
        }
        let result = try await repair(world.origin, from: [world.copy.source], .statements)
        #expect(result.after.isSound, "\(result.after.findings)")
        #expect(result.repair.broughtUp?.from == 301)
        for (file, bytes) in newest where !file.hasPrefix("state/") && !file.hasPrefix("checkpoints/") {
            #expect(try world.origin.bytes(file) == bytes, "\(file)")
        }
        let ledger = try await open(world.origin, peers)
        #expect(await ledger.size == 700)
        try await world.grow(ledger, to: [710])
        #expect(try await world.origin.fsck().isSound)
    }

    private func open(_ world: LedgerWorld, _ peers: RestoreCheck.Peers) async throws -> Ledger {
        try await Ledger.open(world.directory, signer: world.ledgerKey, checker: LedgerWorld.checker, peers: peers)
    }

    /// Only a ledger.json and the word where the key is are left: enough for the owner to go on.
    @Test func everythingElseWasLost() async throws {
        let world = try await build()
        let information = try world.origin.bytes("ledger.json")
        try world.origin.restore(["ledger.json": information, "state/ledger-key": Array("/key.pem".utf8)])
        let result = try await repair(world.origin, from: [world.copy.source], .statements)
        #expect(result.after.isSound, "\(result.after.findings)")
        try await expectItGoesOn(world)
        // Or the copy is made first, and then made the owner's.
        try world.origin.restore([:])
        try world.origin.remove("state")
        _ = try await Mirror(world.origin.directory, key: world.origin.vkey, depth: .tree, checker: LedgerWorld.checker)
            .update(from: [world.copy.source])
        try world.origin.write(Array("/key.pem".utf8), "state/ledger-key")
        #expect(try await repair(world.origin, from: []).repair.restored.map(\.file) == ["state/checkpoint"])
        try await expectItGoesOn(world)
    }

    private func expectItGoesOn(_ world: MirroredWorld) async throws {
        let ledger = try await world.origin.open()
        #expect(await ledger.size == 301)
        _ = try await ledger.append([world.origin.note("more", in: ledger)])
        _ = try await ledger.publish()
        #expect(try await world.origin.fsck().isSound)
    }

    /// A source with another history changes nothing and leaves evidence.
    @Test func aSourceWithAnotherHistory() async throws {
        let world = try await build()
        let other = try MirroredWorld()
        let twin = try await other.origin.create()
        _ = try await twin.append(other.origin.notes((0..<500).map { "other \($0)" }, in: twin))
        _ = try await twin.publish()
        let before = try world.shown(world.origin)
        await expectRefusal("does not extend the first") { try await repair(world.origin, from: [other.origin.source]) }
        #expect(try world.shown(world.origin) == before)
        #expect(try world.origin.files().contains { $0.hasPrefix("evidence/fork-501-") })
    }

    @Test func theWritersCheckpointComesBackFromThePublicOne() async throws {
        let world = try await build()
        let good = try world.origin.snapshot()
        try world.origin.write([1, 2, 3], "state/checkpoint")
        let result = try await repair(world.origin, from: [])
        #expect(result.repair.restored.map(\.file) == ["state/checkpoint"])
        #expect(try world.origin.snapshot() == good)
        try world.origin.remove("state/checkpoint")
        #expect(try await repair(world.origin, from: []).repair.restored.map(\.file) == ["state/checkpoint"])
        #expect(try world.origin.snapshot() == good)
        // A damaged journal may hold what nobody else has.
        let segment = try world.origin.segment()
        try world.origin.write([1, 2, 3], segment)
        let failed = try await repair(world.origin, from: [world.copy.source]).repair.failed
        #expect(failed.map(\.file) == [segment])
    }

    @Test func aWriterKeepsTheRepairOut() async throws {
        let world = try await build()
        let ledger = try await world.origin.open()
        await expectRefusal("another writer holds") { try await repair(world.origin, from: [world.copy.source]) }
        #expect(await ledger.size == 301)
    }
}
