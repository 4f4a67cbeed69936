import TestSupport
import Testing
import TraceProof

@Suite("The root that a tree had when it was smaller")
struct PrefixProofTests {
    private static let leaves = (0..<130).map { TreeHash.leaf([UInt8($0)]) }

    private func tree(_ size: UInt64) -> MerkleTree { MerkleTree(leaves: Self.leaves.prefix(Int(size))) }

    /// The example: what a ledger signed at size 4 is not how its tree of size 7 begins.
    @Test func aSmallerHeadIsFoundOrNot() throws {
        let (old, new) = (tree(4).head, tree(7))
        let proof = try PrefixProof.make(oldSize: 4, newSize: 7, from: new)
        #expect(try proof.oldRoot(in: new.head) == old.root)
    }

    @Test func everySizeInEverySize() throws {
        for size in 2...130 as ClosedRange<UInt64> {
            let new = tree(size)
            for old in 1..<size {
                let proof = try PrefixProof.make(oldSize: old, newSize: size, from: new)
                #expect(try proof.oldRoot(in: new.head) == tree(old).head.root, "\(old) in \(size)")
                // It is the consistency proof, with what that leaves out at its head.
                let consistency = try ConsistencyProof.make(oldSize: old, newSize: size, from: new).path
                let isPower = old.nonzeroBitCount == 1
                #expect(proof.path == (isPower ? [tree(old).head.root] : []) + consistency)
            }
        }
    }

    @Test func whatIsAlteredLeadsNowhere() throws {
        for (old, size) in [(3, 7), (4, 7), (64, 130), (127, 128), (1, 2)] as [(UInt64, UInt64)] {
            let new = tree(size)
            let good = try PrefixProof.make(oldSize: old, newSize: size, from: new)
            for place in good.path.indices {
                var path = good.path
                path[place] = TreeHash.leaf([0xFF])
                let bad = PrefixProof(oldSize: old, newSize: size, path: path)
                #expect(throws: ProofError.rootMismatch) { try bad.oldRoot(in: new.head) }
            }
            for path in [Array(good.path.dropLast()), good.path + [new.head.root], []] {
                let bad = PrefixProof(oldSize: old, newSize: size, path: path)
                #expect(
                    throws: ProofError.wrongNumberOfHashes(expected: good.path.count, found: path.count)
                ) { try bad.oldRoot(in: new.head) }
            }
            let other = PrefixProof(oldSize: old, newSize: size, path: good.path)
            #expect(throws: ProofError.sizeMismatch(proof: size, head: old)) { try other.oldRoot(in: tree(old).head) }
        }
    }

    @Test func sizesThatCannotBe() throws {
        let head = tree(5).head
        for (old, reason) in [
            (0, ProofError.emptyTree), (5, .sizesOutOfOrder(old: 5, new: 5)), (9, .sizesOutOfOrder(old: 9, new: 5)),
        ] as [(UInt64, ProofError)] {
            #expect(throws: reason) { try PrefixProof(oldSize: old, newSize: 5, path: [head.root]).oldRoot(in: head) }
            #expect(throws: reason) { try ProofPlan.prefix(oldSize: old, newSize: 5) }
        }
    }
}
