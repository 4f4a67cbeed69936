import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("Calls that come in between")
struct ConcurrencyTests {
    let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    /// A publication waits for its signer; meanwhile others append and publish, and none of it is lost or shown twice.
    @Test func whileTheSignerTakesItsTime() async throws {
        let signer = WaitingSigner(world.ledgerKey)
        let ledger = try await world.create(signer: signer)
        let notes = try await world.notes((0..<400).map { "entry \($0)" }, in: ledger)
        let genesis = try await world.reader().entry(0, in: try await world.reader().checkpoint().checkpoint.head)
        _ = try await ledger.append(Array(notes[..<200]))
        await signer.hold()
        async let first = ledger.publish()
        await signer.waitForCaller()
        // The first one hangs at size 201. These go on behind it, past the end of a tile.
        _ = try await ledger.append(Array(notes[200..<390]))
        async let second = ledger.publish()
        #expect(try await world.reader().checkpoint().checkpoint.head.size == 1)
        await signer.release()
        let sizes = try await [first, second].map(\.checkpoint.head.size)
        #expect(sizes.allSatisfy { [201, 391].contains($0) }, "\(sizes)")
        #expect(sizes.last == 391)
        _ = try await ledger.append(Array(notes[390...]))
        // Ten entries are in the journal alone: it was released up to what is published and not further.
        let shown = try await world.reader().checkpoint().checkpoint.head
        #expect(shown.size == 391)
        try await world.checkHolds([genesis.bytes] + notes[..<390].map(\.encoded), shown: [shown])
        let held = try world.snapshot()
        try world.restore(held)
        let again = try LedgerWorld()
        try again.restore(held)
        _ = try await again.open()
        try await again.checkHolds([genesis.bytes] + notes.map(\.encoded), shown: [shown])
    }

    @Test func aHundredCallersAtOnce() async throws {
        let ledger = try await world.create()
        let world = world
        let answers = try await withThrowingTaskGroup(of: (UInt64, Digest).self) { group in
            for number in 0..<100 {
                group.addTask {
                    let key = SigningKey.generate()
                    let note = try await world.note("entry \(number)", in: ledger, by: key)
                    guard let answer = try await ledger.append([note]).first else { throw Falsified("no answer") }
                    if number % 7 == 0 { _ = try await ledger.publish() }
                    return (answer.index, note.leafHash)
                }
            }
            return try await group.reduce(into: [UInt64: Digest]()) { $0[$1.0] = $1.1 }
        }
        let head = try await ledger.publish().checkpoint.head
        #expect(Set(answers.keys) == Set(1...100))
        for (index, leaf) in answers {
            _ = try await world.reader().inclusionProof(index: index, leaf: leaf, in: head)
        }
        #expect(try await world.fsck().isSound)
    }

    /// Any order of appending, publishing, opening again and losing the process equals a list.
    @Test func randomOrders() async throws {
        for seed in (0..<6).map({ _ in UInt64.random(in: .min ... .max) }) {
            do { try await randomOrder(seed) } catch { Issue.record("seed \(seed): \(error)") }
        }
    }

    private func randomOrder(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let world = try LedgerWorld()
        let keys = try (10..<13).map { try LedgerWorld.key($0) }
        var ledger: Ledger? = try await world.create()
        let reader = try world.reader()
        var model = [try await reader.entry(0, in: try await reader.checkpoint().checkpoint.head).bytes]
        var shown = [try await reader.checkpoint().checkpoint.head]
        for step in 0..<60 {
            guard let open = ledger else { throw Falsified("no ledger") }
            switch Int.random(in: 0..<10, using: &random) {
            case 0...5:
                let texts = (0..<Int.random(in: 1...30, using: &random)).map { "\(step) \($0)" }
                let notes = try await world.notes(texts, in: open, by: keys.randomElement(using: &random))
                let answers = try await open.append(notes)
                try check(answers.map(\.index) == notes.indices.map { UInt64(model.count + $0) }, "indices at \(step)")
                model += notes.map(\.encoded)
            case 6, 7:
                let head = try await open.publish().checkpoint.head
                try check(head == MerkleTree(leaves: model.map { TreeHash.leaf($0) }).head, "head at step \(step)")
                shown.append(head)
            case 8:
                let again = try await open.append([try Statement(decoding: model[model.count / 2])])
                try check(again.map(\.index) == [UInt64(model.count / 2)], "a duplicate at step \(step)")
            default:
                // The process dies and another one opens the same bytes.
                let files = try world.snapshot()
                ledger = nil
                try world.restore(files)
                ledger = try await world.open()
                try check(await ledger?.size == UInt64(model.count), "size after opening at step \(step)")
                shown.append(try await reader.checkpoint().checkpoint.head)
            }
        }
        _ = try await ledger?.publish()
        try await world.checkHolds(model, shown: shown)
    }
}

/// A signer whose callers wait until they are let go.
actor WaitingSigner: Signer {
    nonisolated let publicKey: PublicKey
    private let key: SigningKey
    private var isHolding = false
    private var callers: [CheckedContinuation<Void, Never>] = []
    private var arrivals = 0
    private var watcher: CheckedContinuation<Void, Never>?

    init(_ key: SigningKey) { (self.key, publicKey) = (key, key.publicKey) }

    func hold() { isHolding = true }

    func release() {
        isHolding = false
        for caller in callers { caller.resume() }
        callers = []
    }

    /// Returns when one more caller waits.
    func waitForCaller() async {
        if arrivals == 0 { await withCheckedContinuation { watcher = $0 } }
        arrivals -= 1
    }

    func signature(for message: [UInt8]) async throws -> Signature {
        if isHolding {
            arrivals += 1
            watcher?.resume()
            watcher = nil
            await withCheckedContinuation { callers.append($0) }
        }
        return key.signature(for: message)
    }
}
