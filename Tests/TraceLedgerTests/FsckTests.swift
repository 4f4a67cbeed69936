import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("A check of the whole ledger")
struct FsckTests {
    let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    /// What a dishonest operator can do: any entries at all under tiles, a checkpoint and a root signature that are right.
    private func forge(_ entries: [[UInt8]]) async throws {
        try await FsckTests.write(entries, to: world, signer: world.ledgerKey)
    }

    /// The files of a ledger of these entries, whatever they are.
    static func write(_ entries: [[UInt8]], to world: LedgerWorld, signer: SigningKey) async throws {
        try world.restore([:])
        let tree = MerkleTree(leaves: entries.map { TreeHash.leaf($0) })
        let growth = try TileGrowth(to: tree.size)
        for coordinate in growth {
            let first = coordinate.index << 8
            let nodes = (first..<first + UInt64(coordinate.width)).map {
                NodeCoordinate(level: 8 * coordinate.level, index: $0)
            }
            let tile = try #require(Tile(coordinate, hashes: try tree.hashes(of: nodes)))
            try world.write(tile.encoded, coordinate.path)
        }
        for bundle in growth.bundles {
            let part = entries[Int(bundle.firstEntry)...].prefix(bundle.width)
            try world.write(try EntryBundle(part).encoded, bundle.path)
        }
        let checkpoint = try Checkpoint(origin: LedgerWorld.origin, head: tree.head)
        try world.write(try await SignedCheckpoint.sign(checkpoint, signer: signer).bytes, "checkpoint")
        let root = try await RootSignature.signed(
            root: tree.head.root,
            origin: LedgerWorld.origin,
            by: signer
        )
        try world.write(root.encoded(), "checkpoint.cose")
    }

    private func honest(_ count: Int) async throws -> [Statement] {
        let ledger = try await world.create()
        let notes = try await world.notes((0..<count).map { "entry \($0)" }, in: ledger)
        _ = try await ledger.append(notes)
        let head = try await ledger.publish().checkpoint.head
        let genesis = try await world.reader().entry(0, in: head).bytes
        return [try Statement(decoding: genesis)] + notes
    }

    private func findings(_ depth: CheckDepth) async throws -> [String] {
        try await world.fsck(depth).findings.map { "\($0.file) \($0.index.map(String.init) ?? "-"): \($0.reason)" }
    }

    @Test(arguments: CheckDepth.allCases) func anHonestLedgerIsSound(_ depth: CheckDepth) async throws {
        let entries = try await honest(300)
        #expect(try await findings(depth).isEmpty)
        // So is one that was only put together from the same entries.
        try await forge(entries.map(\.encoded))
        let report = try await world.fsck(depth)
        #expect(report.isSound)
        #expect(report.size == 301)
        #expect(report.depth == depth)
    }

    @Test func progressReachesTheEnd() async throws {
        _ = try await honest(300)
        var seen: [UInt64] = []
        _ = await Fsck.run(world.source, key: try world.vkey, depth: .tree, checker: LedgerWorld.checker) { done, of in
            #expect(of == 301)
            seen.append(done)
        }
        #expect(seen == [256, 301])
    }

    @Test func aBrokenChainIsFoundAtChains() async throws {
        var entries = try await honest(20)
        let broken = try await Statement.sign(
            kind: .note,
            payload: [1],
            issuer: LedgerWorld.gln,
            subject: "s",
            issuedAt: 1,
            chain: ChainLink(sequence: 20, previous: entries[3].leafHash),
            with: world.dairy
        )
        entries.append(broken)
        try await forge(entries.map(\.encoded))
        #expect(try await findings(.tree).isEmpty, "the tree is right: that is what makes it dishonest")
        for depth in [CheckDepth.chains, .statements] {
            let found = try await findings(depth)
            #expect(found.count == 1)
            #expect(found.first?.contains("21: sequence 20 names") == true)
        }
        await expectRefusal("entry 21: sequence 20 names") {
            try world.write(Array(try await self.information().utf8), "ledger.json")
            let signed = try world.bytes("checkpoint")
            try world.write(signed, "state/checkpoint")
            return try await world.open()
        }
    }

    private func information() async throws -> String {
        let other = try LedgerWorld()
        _ = try await other.create()
        return String(decoding: try other.bytes("ledger.json"), as: UTF8.self)
    }

    @Test func eachBreakIsOneFinding() async throws {
        let entries = try await honest(6)
        let tampered: [(String, [Statement], String)] = [
            (
                "left out", Array(entries[..<3] + entries[4...]),
                "3: gap in the signer's chain: sequence 2 is next and 3"
            ),
            ("twice", Array(entries[...3] + [entries[3]] + entries[4...]), "4: sequence 2 is taken"),
            ("no genesis", Array(entries[1...]), "0: the first entry is not the genesis"),
            ("a second genesis", entries + [entries[0]], "7: a genesis statement may only be entry 0"),
            ("no beginning", Array(entries[..<1] + entries[2...]), "1: no earlier entry introduces the key"),
        ]
        for (name, statements, words) in tampered {
            try await forge(statements.map(\.encoded))
            let found = try await findings(.chains)
            #expect(found.contains { $0.contains(words) }, "\(name): \(found)")
            if name == "left out" || name == "twice" || name == "a second genesis" { #expect(found.count == 1) }
        }
        try await forge(entries.map(\.encoded) + [[1, 2, 3]])
        #expect(try await findings(.tree).isEmpty)
        #expect(try await findings(.chains).first?.contains("7: statement") == true)
    }

    @Test func aBadSignatureInTheMiddleIsFoundAtStatements() async throws {
        let entries = try await honest(5)
        // The chain is whole, but entry 3 was signed by nobody; the rest was chained behind it by the true key.
        var bytes = entries[3].encoded
        bytes[bytes.count - 1] ^= 1
        let unsigned = try Statement(decoding: bytes)
        let last = try await Statement.sign(
            kind: .note,
            payload: [2],
            issuer: LedgerWorld.gln,
            subject: "s",
            issuedAt: 1,
            chain: ChainLink(sequence: 3, previous: unsigned.leafHash),
            with: world.dairy
        )
        try await forge((entries[..<3] + [unsigned, last]).map(\.encoded))
        #expect(try await findings(.tree).isEmpty)
        #expect(try await findings(.chains).isEmpty, "one signature at the end of each chain is what `chains` asks for")
        let found = try await findings(.statements)
        #expect(found.count == 1)
        #expect(found.first?.contains("3: the signature is not that of the key") == true)
        // At the end of its chain it is found at `chains`.
        try await forge((entries[..<3] + [unsigned]).map(\.encoded))
        #expect(try await findings(.chains).first?.contains("3: the signature is not that of the key") == true)
    }

    @Test func theGenesisIsTheLedgersOwn() async throws {
        let stranger = try LedgerWorld.key(8)
        for (origin, key, signer) in [
            ("example.com/other", world.ledgerKey, world.ledgerKey), (LedgerWorld.origin, stranger, world.ledgerKey),
            (LedgerWorld.origin, world.ledgerKey, stranger),
        ] {
            let payload = try #require(
                Genesis(
                    origin: origin,
                    ledgerKey: key.publicKey,
                    created: 1,
                    nonce: [UInt8](repeating: 1, count: Genesis.nonceLength)
                )
            )
            let genesis = try await Statement.sign(
                kind: .genesis,
                payload: payload.encoded,
                issuer: LedgerWorld.origin,
                subject: LedgerWorld.origin,
                issuedAt: 1,
                chain: Genesis.link(origin: LedgerWorld.origin),
                with: signer
            )
            try await forge([genesis.encoded])
            #expect(try await findings(.tree).isEmpty)
            let found = try await findings(.chains)
            #expect(found.first?.contains("the genesis statement is not that of example.com/ledger") == true)
        }
    }

    @Test func aWrongRootAndAWrongKey() async throws {
        let entries = try await honest(5)
        let checkpoint = try world.bytes("checkpoint")
        let root = try world.bytes("checkpoint.cose")
        try await forge(entries.dropLast().map(\.encoded) + [[1]])
        try world.write(checkpoint, "checkpoint")
        try world.write(root, "checkpoint.cose")
        let found = try await findings(.tree)
        #expect(found.first?.hasPrefix("checkpoint -: the entries and tiles give the root") == true, "\(found)")
        let other = try VerifierKey(
            name: LedgerWorld.origin,
            type: .ed25519,
            publicKey: try LedgerWorld.key(9).publicKey
        )
        let report = await Fsck.run(world.source, key: other, depth: .tree, checker: LedgerWorld.checker)
        #expect(report.findings.map(\.file) == ["checkpoint"])
        #expect(report.root == nil)
    }

    /// A store that changes an entry and the tile with it fools nobody who reads by a signed head.
    @Test func aStoreThatServesItsOwnEntries() async throws {
        let entries = try await honest(300)
        let checkpoint = try world.bytes("checkpoint")
        let head = try await world.reader().checkpoint().checkpoint.head
        var changed = entries.map(\.encoded)
        changed[20] = [1, 2, 3]
        try await forge(changed)
        try world.write(checkpoint, "checkpoint")
        let reader = try world.reader()
        await expectRefusal("tile/0/000: its hashes do not lead to the signed root") {
            try await reader.forEachEntry(in: 0..<301, of: head) { _, _ in }
        }
        await expectRefusal("there is no entry 301 among 301") {
            try await reader.forEachEntry(in: 0..<302, of: head) { _, _ in }
        }
    }
}
