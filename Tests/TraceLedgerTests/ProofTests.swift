import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("Proofs at every published size")
struct ProofTests {
    /// 21 sizes up to 301, the partial tiles of the first twenty pruned: each entry in each, each to each later one.
    @Test func everyEntryAtEverySize() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        var heads = [try await world.reader().checkpoint().checkpoint.head]
        var leaves: [Digest] = []
        for part in 0..<20 {
            let notes = try await world.notes((0..<15).map { "entry \(part) \($0)" }, in: ledger)
            _ = try await ledger.append(notes)
            leaves += notes.map(\.leafHash)
            heads.append(try await ledger.publish().checkpoint.head)
        }
        try world.checkLayout(size: 301)
        #expect(!world.exists("tile/0/000.p"))
        #expect(world.exists("tile/0/001.p/15"))
        #expect(world.exists("tile/1/000.p/1"))
        let reader = try world.reader()
        for (position, head) in heads.enumerated() {
            let checkpoint = try await reader.checkpoint(size: head.size).checkpoint
            #expect(checkpoint.head == head)
            let signature = try await reader.rootSignature(for: checkpoint)
            for index in stride(from: 1, to: head.size, by: 3) {
                let leaf = leaves[Int(index) - 1]
                let proof = try await reader.inclusionProof(index: index, leaf: leaf, in: head)
                try Receipt.inclusion(proof, signature: signature).verify(
                    leaf: leaf,
                    key: world.ledgerKey.publicKey,
                    checker: LedgerWorld.checker
                )
            }
            for later in heads[position...] {
                try await reader.consistencyProof(from: head, to: later).verify(old: head, new: later)
            }
        }
        // From any size at all, published or not: what a cosigner holds may be an own checkpoint that was not kept.
        let tree = MerkleTree(leaves: [heads[0].root] + leaves)
        for size in UInt64(1)...301 {
            let proof = try await reader.consistencyProof(fromSize: size, to: heads[20])
            try proof.verify(old: tree.head(at: size), new: heads[20])
        }
        #expect(try await reader.consistencyProof(fromSize: 0, to: heads[20]).path.isEmpty)
        await #expect(throws: ProofError.sizesOutOfOrder(old: 302, new: 301)) {
            try await reader.consistencyProof(fromSize: 302, to: heads[20])
        }
        await expectRefusal("no checkpoint was published at this size") { try await reader.checkpoint(size: 17) }
        await expectRefusal("the ledger has 301 entries, not 302") { try await reader.checkpoint(size: 302) }
        await expectRefusal("there is no entry 16 among 16") { try await reader.entry(16, in: heads[1]) }
        await expectRefusal("the proof of entry 1 from the tiles") {
            try await reader.inclusionProof(index: 1, leaf: leaves[1], in: heads[2])
        }
    }

    /// One proof of many entries out of the tiles, at several sizes; anything but what is there is refused.
    @Test func oneProofOfManyEntries() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        let notes = try await world.notes((0..<700).map { "entry \($0)" }, in: ledger)
        _ = try await ledger.append(notes)
        let head = try await ledger.publish().checkpoint.head
        let reader = try world.reader()
        for indices: [UInt64] in [[1], [700], [1, 2, 255, 256, 257, 600, 700], Array(1...700), Array(250..<520)] {
            let entries = indices.map { (index: $0, leaf: notes[Int($0) - 1].leafHash) }
            let proof = try await reader.multiproof(of: entries, in: head)
            try proof.verify(leaves: entries.map(\.leaf), in: head)
        }
        await expectRefusal("the proof of 2 entries from the tiles") {
            let wrong = [(index: UInt64(1), leaf: notes[1].leafHash), (index: 2, leaf: notes[1].leafHash)]
            return try await reader.multiproof(of: wrong, in: head)
        }
        for indices: [UInt64] in [[], [3, 2], [2, 2], [701]] {
            await #expect(throws: ProofError.self) {
                try await reader.multiproof(of: indices.map { ($0, TreeHash.empty) }, in: head)
            }
        }
    }

    /// The directory is a conforming log at each size around the ends of tiles.
    @Test func aroundTheEndsOfTiles() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        var size = 1
        for next in [2, 255, 256, 257, 511, 512, 513] {
            _ = try await ledger.append(world.notes((size..<next).map { "entry \($0)" }, in: ledger))
            size = next
            _ = try await ledger.publish()
            try world.checkLayout(size: UInt64(size))
            #expect(world.exists("tile/0/000") == (size >= 256))
            #expect(world.exists("tile/1/000.p/1") == (size >= 256))
            #expect(world.exists("tile/0/000.p/255") == (size == 255))
        }
        #expect(!world.exists("tile/1/000"))
        let attributes = try FileManager.default.attributesOfItem(atPath: world.path("state"))
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        let names = try world.files().filter { $0.hasSuffix(".tmp") }
        #expect(names.isEmpty)
    }

    @Test func seventyThousandAtOnce() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        let clock = ContinuousClock()
        var notes: [Statement] = []
        let sign = try await clock.measure { notes = try await world.notes((1..<70_000).map { "\($0)" }, in: ledger) }
        let append = try await clock.measure { _ = try await ledger.append(notes) }
        let one = try await clock.measure { _ = try await ledger.append([world.note("one more", in: ledger)]) }
        let publish = try await clock.measure { _ = try await ledger.publish() }
        let next = try await clock.measure {
            _ = try await ledger.append([world.note("and one", in: ledger)])
            _ = try await ledger.publish()
        }
        let head = try await world.reader().checkpoint().checkpoint.head
        #expect(head.size == 70_002)
        #expect(world.exists("tile/2/000.p/1"))
        #expect(world.exists("tile/1/000"))
        var report = FsckReport?.none
        let check = try await clock.measure { report = try await world.fsck(.tree) }
        #expect(report?.isSound == true)
        let copy = try LedgerWorld()
        try copy.restore(try world.snapshot())
        var opened = Ledger?.none
        let open = try await clock.measure { opened = try await copy.open() }
        #expect(await opened?.size == 70_002)
        _ = try await world.reader().entry(69_999, in: head)
        print(
            "70,000 entries: sign \(sign), append \(append), one more \(one), publish \(publish), "
                + "append and publish one \(next), fsck tree \(check), open \(open)"
        )
    }
}
