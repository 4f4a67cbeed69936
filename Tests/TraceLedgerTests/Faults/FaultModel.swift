import Synchronization
import TestSupport
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

/// What callers were told: everything that a ledger may never take back (engine.md, "What must hold").
final class FaultModel: Sendable {
    private struct State {
        var acknowledged: [UInt64: Digest] = [:]
        var heads: Set<TreeHead> = []
    }

    private let state = Mutex(State())

    /// What was acknowledged, by its index.
    var acknowledged: [UInt64: Digest] { state.withLock { $0.acknowledged } }
    /// The heads of all checkpoints that left the process.
    var heads: [TreeHead] { state.withLock { $0.heads.sorted { $0.size < $1.size } } }

    init(_ leaves: [Digest] = []) {
        state.withLock { state in
            for (index, leaf) in leaves.enumerated() { state.acknowledged[UInt64(index)] = leaf }
        }
    }

    /// Notes an answer; it must agree with every other one.
    func acknowledge(_ answers: [Ledger.Appended]) throws {
        try state.withLock { state in
            for answer in answers {
                let before = state.acknowledged.updateValue(answer.leafHash, forKey: answer.index)
                try check(
                    before == nil || before == answer.leafHash,
                    "entry \(answer.index) was acknowledged as another one"
                )
            }
        }
    }

    /// Notes a head that somebody saw.
    func see(_ head: TreeHead) { state.withLock { _ = $0.heads.insert(head) } }
}

/// What must hold of a simulated disk whenever somebody looks, and how it is looked at.
struct FaultInspector: Sendable {
    static let directory = "/ledger"

    let key: VerifierKey
    let checker: any SignatureChecker

    func reader(_ system: any FileSystem) -> LedgerReader {
        LedgerReader(DirectorySource(FaultInspector.directory, on: system), key: key, checker: checker)
    }

    /// The heads of checkpoints that readers could see; each must bear the ledger's signature.
    func seen(_ shown: [[UInt8]], _ model: FaultModel) throws {
        for bytes in shown {
            let signed = try SignedCheckpoint(bytes: bytes)
            guard case .verified = signed.note.outcome(of: key, checker: checker) else {
                throw Falsified("a checkpoint that the ledger did not sign was shown")
            }
            model.see(signed.checkpoint.head)
        }
    }

    /// What a reader of `image` sees: a checkpoint with every entry under it, all acknowledged ones among them that are
    /// so far, and every earlier head below it. `nil` where nothing was published yet, or the very first checkpoint went
    /// with the power.
    @discardableResult
    func readable(_ image: DiskImage, _ model: FaultModel, mayBeMissing: Bool = false) async throws -> [Digest]? {
        let system = SimulatedDisk(image).process()
        guard system.exists("\(FaultInspector.directory)/checkpoint") else {
            try check(mayBeMissing || model.heads.isEmpty, "the public checkpoint is gone")
            return nil
        }
        let reader = reader(system)
        let head = try await reader.checkpoint().checkpoint.head
        var leaves: [Digest] = []
        try await reader.forEachEntry(in: 0..<head.size, of: head) { _, bytes in leaves.append(TreeHash.leaf(bytes)) }
        try check(UInt64(leaves.count) == head.size, "\(leaves.count) entries under a head of size \(head.size)")
        try check(MerkleTree(leaves: leaves).head == head, "the entries do not give the root")
        for (index, leaf) in model.acknowledged where index < head.size {
            try check(leaves[Int(index)] == leaf, "entry \(index) is another one than was acknowledged")
        }
        var grown = CompactRange()
        for old in model.heads where old.size <= head.size {
            try grown.append(contentsOf: leaves[Int(grown.size)..<Int(old.size)])
            try check(grown.head == old, "forked from size \(old.size)")
        }
        return leaves
    }

    /// After a writer was opened and has published: nothing of what was promised is missing, and fsck is content.
    func whole(_ disk: SimulatedDisk, _ model: FaultModel, known: Set<Digest>?) async throws {
        try seen(disk.shown, model)
        guard let leaves = try await readable(disk.image, model) else { throw Falsified("nothing is published") }
        for (index, leaf) in model.acknowledged {
            try check(index < leaves.count && leaves[Int(index)] == leaf, "acknowledged entry \(index) is lost")
        }
        try check(model.heads.allSatisfy { $0.size <= leaves.count }, "a larger checkpoint was shown before")
        try check(Set(leaves).count == leaves.count, "an entry stands twice")
        try check(known?.isSuperset(of: leaves) ?? true, "an entry that nobody brought")
        let source = DirectorySource(FaultInspector.directory, on: disk.process())
        let report = await Fsck.run(source, key: key, depth: .statements, checker: checker)
        try check(report.isSound, "fsck: \(report.findings.map { "\($0.file): \($0.reason)" })")
    }
}

/// Remembers which signatures were good: the same statements are checked in every run of a fault table.
final class RememberingChecker: SignatureChecker {
    private let known = Mutex<[Digest: Bool]>([:])

    private func remember(_ question: [UInt8], _ answer: () -> Bool) -> Bool {
        let key = SHA256.hash(question)
        if let known = known.withLock({ $0[key] }) { return known }
        let answer = answer()
        known.withLock { $0[key] = answer }
        return answer
    }

    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        remember(signature.bytes + key.bytes + message) {
            LedgerWorld.checker.isValid(signature, for: message, by: key)
        }
    }

    func isValidPoint(_ bytes: [UInt8]) -> Bool { remember(bytes) { LedgerWorld.checker.isValidPoint(bytes) } }
}
