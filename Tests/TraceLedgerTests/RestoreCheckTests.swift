import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

@testable import TraceLedger

/// A peer that answers what it is told to.
struct StubPeer: CheckpointPeer {
    struct Silent: Error, CustomStringConvertible { var description: String { "no route to host" } }

    let name: String
    var answer: [UInt8]?
    var isSilent = false

    func latestCheckpoint(origin: String) async throws -> [UInt8]? {
        if isSilent { throw Silent() }
        return answer
    }
}

@Suite("Before a ledger is opened for writing")
struct RestoreCheckTests {
    let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    /// A ledger published at sizes 1, 5 and 9; its checkpoints by size.
    private func build() async throws -> [UInt64: [UInt8]] {
        let ledger = try await world.create()
        var checkpoints: [UInt64: [UInt8]] = [1: try world.bytes("checkpoint")]
        for size in [5, 9] {
            let texts = await (Int(ledger.size)..<size).map { "entry \($0)" }
            _ = try await ledger.append(world.notes(texts, in: ledger))
            checkpoints[UInt64(size)] = try await ledger.publish().bytes
        }
        return checkpoints
    }

    private func open(_ peers: RestoreCheck.Peers?) async throws -> Ledger {
        try await Ledger.open(world.directory, signer: world.ledgerKey, checker: LedgerWorld.checker, peers: peers)
    }

    private func checkpoint(_ size: UInt64, _ root: Digest) async throws -> [UInt8] {
        let checkpoint = try Checkpoint(origin: LedgerWorld.origin, head: TreeHead(size: size, root: root))
        return try await SignedCheckpoint.sign(checkpoint, signer: world.ledgerKey).bytes
    }

    @Test func peersThatSawNoMoreLetItOpen() async throws {
        let seen = try await build()
        for answer in [nil, seen[1], seen[5], seen[9]] {
            _ = try await open(RestoreCheck.Peers(mirrors: [StubPeer(name: "a", answer: answer)]))
        }
        #expect(world.exists("state/place"))
    }

    @Test func oneThatSawMoreRefusesIt() async throws {
        let seen = try await build()
        let larger = StubPeer(name: "https://b.example", answer: try await checkpoint(12, TreeHash.leaf([1])))
        let peers = RestoreCheck.Peers(mirrors: [
            StubPeer(name: "a", answer: seen[9]), larger, StubPeer(name: "c", isSilent: true),
        ])
        let before = try world.snapshot()
        let text = await refused { try await open(peers) }
        #expect(text.contains("of size 9: https://b.example saw size 12"), "\(text)")
        #expect(text.contains("--repair-from"))
        #expect(try world.snapshot() == before)
    }

    @Test func anotherRootIsAFork() async throws {
        _ = try await build()
        for size in [5, 9] as [UInt64] {
            let forged = try await checkpoint(size, TreeHash.leaf([9]))
            let text = await refused {
                try await open(RestoreCheck.Peers(mirrors: [StubPeer(name: "a", answer: forged)]))
            }
            #expect(text.contains("another root of size \(size)"), "\(text)")
            let kept = try world.files().filter { $0.hasPrefix("evidence/fork-\(size)-") }
            #expect(kept.count == 4)
            let file = try #require(kept.first { $0.hasSuffix("/fork.evidence") })
            let anchors = TrustAnchors(logKeys: [try world.vkey])
            let verifier = Verifier(anchors: anchors, checker: LedgerWorld.checker)
            #expect(verifier.verify(try .init(decoding: world.bytes(file))).verdict == .notInLedger)
        }
    }

    @Test func whatTheLedgerDidNotSignIsNoAnswer() async throws {
        let seen = try await build()
        let stranger = try Checkpoint(origin: LedgerWorld.origin, head: TreeHead(size: 99, root: TreeHash.leaf([1])))
        let forged = try await SignedCheckpoint.sign(stranger, signer: try LedgerWorld.key(9)).bytes
        for answer in [forged, [1, 2, 3], Array((seen[9] ?? []).dropLast(5))] {
            let text = await refused {
                try await open(RestoreCheck.Peers(mirrors: [StubPeer(name: "a", answer: answer)]))
            }
            #expect(text.contains("a: what it answered is not a checkpoint that this ledger's key signed"), "\(text)")
        }
    }

    @Test func moreThanHalfOfTheMirrorsMustAnswer() async throws {
        let seen = try await build()
        let (good, silent) = (StubPeer(name: "good", answer: seen[9]), StubPeer(name: "silent", isSilent: true))
        _ = try await open(RestoreCheck.Peers(mirrors: [good, good, silent]))
        for mirrors in [[good, silent], [silent], [silent, silent, good]] {
            let text = await refused { try await open(RestoreCheck.Peers(mirrors: mirrors)) }
            #expect(text.contains("silent: no route to host"), "\(text)")
        }
    }

    @Test func theQuorumOfWitnessesMustAnswer() async throws {
        let seen = try await build()
        var policy = TrustPolicy()
        var names: [TrustPolicy.Token] = []
        for number in 1...3 as ClosedRange<UInt8> {
            let name = try TrustPolicy.Token("w\(number)")
            let key = try VerifierKey(
                name: "w\(number)",
                type: .cosignature,
                publicKey: try LedgerWorld.key(20 + number).publicKey
            )
            try policy.addWitness(name, key: key, url: number == 3 ? nil : TrustPolicy.Token("https://w\(number)"))
            names.append(name)
        }
        try policy.addGroup(TrustPolicy.Token("two"), threshold: 2, members: names)
        try policy.setQuorum(TrustPolicy.Token("two"))
        let (good, silent) = (StubPeer(name: "good", answer: seen[5]), StubPeer(name: "silent", isSilent: true))
        _ = try await open(RestoreCheck.Peers(witnesses: [0: good, 1: good], policy: policy))
        let text = await refused {
            try await open(RestoreCheck.Peers(witnesses: [0: good, 1: silent], policy: policy))
        }
        #expect(
            text.contains("silent: no route to host") && text.contains("w3: it has no URL in the policy"),
            "\(text)"
        )
        // It is remembered, and a quorum that could never be asked is refused at once.
        let list = try PeerList(mirrors: ["https://m.example"], policy: policy)
        try list.save(in: world.directory)
        #expect(try PeerList.load(from: world.directory) == list)
        try policy.addGroup(TrustPolicy.Token("sole"), threshold: 1, members: [TrustPolicy.Token("two")])
        var strict = TrustPolicy()
        let key = try VerifierKey(name: "w", type: .cosignature, publicKey: try LedgerWorld.key(30).publicKey)
        try strict.addWitness(TrustPolicy.Token("w"), key: key)
        try strict.setQuorum(TrustPolicy.Token("w"))
        #expect(throws: FormatError.self) { try PeerList(mirrors: [], policy: strict) }
    }

    @Test func offlineOnlyWhereItWas() async throws {
        let seen = try await build()
        let silent = StubPeer(name: "silent", isSilent: true)
        let offline = RestoreCheck.Peers(mirrors: [silent], isOffline: true)
        await expectRefusal("this directory is another one") { try await open(offline) }
        _ = try await open(RestoreCheck.Peers(mirrors: [StubPeer(name: "a", answer: seen[9])]))
        _ = try await open(offline)
        // A backup that is put back is another directory.
        let backup = try world.snapshot()
        let other = try LedgerWorld()
        try other.restore(backup)
        await expectRefusal("this directory is another one") {
            try await Ledger.open(
                other.directory,
                signer: other.ledgerKey,
                checker: LedgerWorld.checker,
                peers: offline
            )
        }
    }

    @Test func whoForgetsThePeersIsReminded() async throws {
        _ = try await build()
        try PeerList(mirrors: ["https://m.example"], policy: nil).save(in: world.directory)
        await expectRefusal("name them (`peers:`)") { try await world.open() }
        for bad in [[], Array("{}".utf8), Array(#"{"version": 2, "mirrors": []}"#.utf8)] as [[UInt8]] {
            try world.write(bad, "state/peers")
            await expectRefusal("state/peers: not the list") { try await world.open() }
        }
    }

    @Test func mirrorsAndWitnessesAreAskedAtTheirPaths() async throws {
        let seen = try await build()
        let mirror = MirrorPeer(world.source)
        #expect(try await mirror.latestCheckpoint(origin: LedgerWorld.origin) == seen[9])
        let witness = WitnessPeer(
            LyingSource(world.source, ["\(SHA256.hash(Array(LedgerWorld.origin.utf8)))/checkpoint": [7]])
        )
        #expect(try await witness.latestCheckpoint(origin: LedgerWorld.origin) == [7])
        #expect(try await witness.latestCheckpoint(origin: "another") == nil)
        let unmounted = MirrorPeer(DirectorySource("/nonexistent/mirror"))
        await expectRefusal("no such directory") { try await unmounted.latestCheckpoint(origin: "x") }
    }
}
