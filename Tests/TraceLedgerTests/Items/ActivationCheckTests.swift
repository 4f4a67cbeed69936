import EPCIS
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

/// The rule of admission, held against a ledger that others wrote: by `fsck` and by mirrors at depth `statements`.
@Suite("Activations that stand")
struct ActivationCheckTests {
    let batch: ItemBatch

    init() throws { batch = try ItemBatch(300) }

    /// Genesis, the batch's event, and these openings behind notes.
    private func honest(_ world: LedgerWorld, openings: Int = 3, notes: Int = 2) async throws -> [Statement] {
        let ledger = try await world.create()
        var entries = [try await batch.commission(in: ledger, by: world)]
        _ = try await ledger.append(entries)
        for number in 0..<openings {
            let made = try await world.notes((0..<notes).map { "\(number) \($0)" }, in: ledger)
            let opening = try await batch.opening(of: number, commissioned: entries[0].leafHash)
            _ = try await ledger.append(made + [opening])
            entries += made + [opening]
        }
        let head = try await ledger.publish().checkpoint.head
        let genesis = try await world.reader().entry(0, in: head).bytes
        try await ledger.close()
        return [try Statement(decoding: genesis)] + entries
    }

    private func findings(_ world: LedgerWorld, _ depth: CheckDepth = .statements) async throws -> [String] {
        try await world.fsck(depth).findings.map { "\($0.index.map(String.init) ?? "-"): \($0.reason)" }
    }

    @Test(arguments: CheckDepth.allCases) func anHonestLedgerIsSoundAndFollowed(_ depth: CheckDepth) async throws {
        let world = try MirroredWorld()
        // Over the edge of a bundle, so that event and openings stand in different ones.
        _ = try await honest(world.origin, openings: 4, notes: 90)
        #expect(try await findings(world.origin, depth) == [])
        try await world.update(depth)
        #expect(try await findings(world.copy, depth) == [])
    }

    /// A mirror that is opened again knows what was commissioned before.
    @Test func aMirrorGoesOnBehindWhatItHolds() async throws {
        let world = try MirroredWorld()
        let ledger = try await world.origin.create()
        let event = try await batch.commission(in: ledger, by: world.origin)
        _ = try await ledger.append([event])
        _ = try await ledger.publish()
        try await world.update()
        let other = try LedgerWorld()
        let key = try world.origin.vkey
        let follower = Mirror(other.directory, key: key, depth: .statements, checker: LedgerWorld.checker)
        for number in 0..<4 {
            _ = try await ledger.append([try await batch.opening(of: number, commissioned: event.leafHash)])
            _ = try await ledger.publish()
            // One that is opened anew each time, and one that stays open.
            for outcome in [try await world.update(), try await follower.update(from: [world.origin.source])] {
                guard case .advanced = outcome else {
                    Issue.record("opening \(number) was not taken over")
                    return
                }
            }
        }
        #expect(try await world.copy.fsck().isSound)
        #expect(try await other.fsck().isSound)
    }

    /// What a dishonest operator can write: any entries in any order, under a checkpoint that is right.
    private func forged(_ change: (inout [Statement]) async throws -> Void) async throws -> (LedgerWorld, [String]) {
        let world = try LedgerWorld()
        var entries = try await honest(world)
        try await change(&entries)
        try await FsckTests.write(entries.map(\.encoded), to: world, signer: world.ledgerKey)
        return (world, try await findings(world))
    }

    private func refusedByMirrors(_ world: LedgerWorld) async throws -> Bool {
        let copy = try LedgerWorld()
        let mirror = Mirror(copy.directory, key: try world.vkey, depth: .statements, checker: LedgerWorld.checker)
        do {
            _ = try await mirror.update(from: [world.source])
            return false
        } catch { return true }
    }

    @Test func anOpeningOfNothingIsNamed() async throws {
        let unknown = SHA256.hash([1])
        let opening = try await batch.opening(of: 7, commissioned: unknown)
        let (world, found) = try await forged { $0.append(opening) }
        #expect(found == ["11: \(ActivationError.noItems(unknown))"])
        #expect(try await refusedByMirrors(world))
        // Those who look less deep do not see it, and say nothing of it.
        #expect(try await findings(world, .chains) == [])
    }

    @Test func anOpeningInFrontOfItsEventIsNamed() async throws {
        let (world, found) = try await forged { entries in
            let opening = entries.remove(at: 4)
            entries.insert(opening, at: 1)
        }
        #expect(found.count == 1 && found.first?.hasPrefix("1: ") == true, "\(found)")
        #expect(try await refusedByMirrors(world))
    }

    @Test func forgedOpeningsAreNamed() async throws {
        let leafHash = Mutable<Digest?>(nil)
        let (world, found) = try await forged { entries in
            let leaf = entries[1].leafHash
            leafHash.value = leaf
            var bytes = try await batch.opening(of: 5, commissioned: leaf).encoded
            bytes[bytes.count - 1] ^= 1
            entries.append(try Statement(decoding: bytes))
            entries.append(try await batch.opening(of: 5, commissioned: leaf, origin: "example.com/other"))
            let stranger = try ItemBatch(300, lot: 9)
            let payload = try ItemBatch.activation(stranger.tree.proof(ofIndex: 0), commissioned: leaf)
            entries.append(try await ItemBatch.statement(payload, by: try ItemBatch.key(0, 9)))
            entries.append(try await ItemBatch.statement([1, 2, 3], by: try ItemBatch.key(0, 9)))
        }
        let leaf = try #require(leafHash.value)
        #expect(found.count == 4, "\(found)")
        #expect(found.first == "11: \(ActivationError.signature(try ItemBatch.key(5).publicKey))")
        #expect(found.dropFirst().first?.hasPrefix("12: the activation is for the ledger example.com/other") == true)
        #expect(found.dropFirst(2).first == "13: \(ActivationError.otherTree(leaf))")
        #expect(found.last?.hasPrefix("14: ") == true)
        #expect(try await refusedByMirrors(world))
    }

    /// A damaged event is one finding: the openings of its items are not named for it.
    @Test func aDamagedEventIsOneFinding() async throws {
        let world = try LedgerWorld()
        let entries = try await honest(world)
        let file = try #require(BundleCoordinate(holding: 0, treeSize: UInt64(entries.count))).path
        var bytes = try world.bytes(file)
        // Behind the genesis entry and two lengths, in the payload.
        bytes[2 + entries[0].encoded.count + 2 + 150] ^= 1
        try world.write(bytes, file)
        let found = try await findings(world)
        #expect(found.count == 1 && found.first?.hasPrefix("1: ") == true, "\(found)")
    }
}

/// A value that a closure sets.
private final class Mutable<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}
