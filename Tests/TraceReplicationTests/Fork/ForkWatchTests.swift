import Testing
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning
import TraceVerification

@Suite("Whoever shows two histories is found out")
struct ForkWatchTests {
    /// A ledger, and another history of it from entry 20 on.
    private func histories(_ size: Int = 300) throws -> (StatementLog, StatementLog) {
        let entries = (0..<size).map { Array("entry \($0)".utf8) }
        let other = entries[..<20] + [Array("another story".utf8)] + entries[21...]
        return (try StatementLog(opaque: entries), try StatementLog(opaque: Array(other)))
    }

    private func word(_ finding: ForkWatch.Finding) -> String {
        switch finding {
        case .consistent: "consistent"
        case .ahead: "ahead"
        case .fork(let fork): "fork of \(fork.party) and \(fork.other ?? "the copy")"
        case .unbelievable(let reason): reason
        }
    }

    private func verdict(_ evidence: ForkEvidence, _ log: StatementLog) throws -> Verdict {
        let read = try ForkEvidence(decoding: evidence.encoded)
        let verifier = Verifier(anchors: TrustAnchors(logKeys: [log.key]), checker: StatementLog.checker)
        return verifier.verify(.forkEvidence(read)).verdict
    }

    /// The example: what others show is compared with the copy, at once or when the copy has grown so far.
    @Test func aForkIsFoundWhereverItsSidesMeet() async throws {
        let (log, other) = try histories()
        let watch = ForkWatch()
        let copy = try await log.reader(100)
        for size in [1, 7, 64, 100] {
            #expect(try await word(watch.see(log.checkpoint(size), from: "origin", copy: copy)) == "consistent")
        }
        #expect(try await word(watch.see(other.checkpoint(20), from: "mirror", copy: copy)) == "consistent")
        for size in [21, 32, 99, 100] {
            let finding = try await watch.see(other.checkpoint(size), from: "mirror", copy: copy)
            guard case .fork(let fork) = finding else {
                Issue.record("size \(size): \(word(finding))")
                continue
            }
            #expect(fork.party == "mirror" && fork.other == nil)
            #expect(try verdict(fork.evidence, log) == .notInLedger)
        }
    }

    @Test func whatIsAheadWaitsForTheCopy() async throws {
        let (log, other) = try histories()
        let watch = ForkWatch()
        let copy = try await log.reader(100)
        #expect(try await word(watch.see(log.checkpoint(200), from: "origin", copy: copy)) == "ahead")
        #expect(try await word(watch.see(other.checkpoint(150), from: "a", copy: copy)) == "ahead")
        #expect(try await word(watch.see(other.checkpoint(256), from: "b", copy: copy)) == "ahead")
        #expect(try await watch.compare(with: log.reader(149)).isEmpty)
        let first = try await watch.compare(with: log.reader(260))
        #expect(first.map(\.party).sorted() == ["a", "b"])
        for fork in first { #expect(try verdict(fork.evidence, log) == .notInLedger) }
        // What was compared waits no longer.
        #expect(try await watch.compare(with: log.reader(300)).isEmpty)
    }

    @Test func twoThatWaitCanExcludeEachOther() async throws {
        let (log, other) = try histories()
        let watch = ForkWatch()
        let copy = try await log.reader(10)
        #expect(try await word(watch.see(log.checkpoint(200), from: "a", copy: copy)) == "ahead")
        #expect(try await word(watch.see(log.checkpoint(200), from: "b", copy: copy)) == "ahead")
        let finding = try await watch.see(other.checkpoint(200), from: "c", copy: copy)
        #expect(word(finding) == "fork of c and a")
    }

    @Test func aNodeWithoutACopyYetOnlyWaits() async throws {
        let (log, other) = try histories()
        let watch = ForkWatch()
        let empty = LedgerReader(MemorySource(files: [:]), key: log.key, checker: StatementLog.checker)
        #expect(try await word(watch.see(other.checkpoint(50), from: "a", copy: empty)) == "ahead")
        #expect(try await watch.compare(with: empty).isEmpty)
        #expect(try await watch.compare(with: log.reader(50)).count == 1)
    }

    @Test func whatTheLedgerDidNotSignIsNobodysFault() async throws {
        let (log, other) = try histories()
        let copy = try await log.reader(100)
        let watch = ForkWatch()
        let forged = try await other.checkpoint(50, by: StatementLog.signer(9))
        #expect(try await word(watch.see(forged, from: "a", copy: copy)) == "the ledger's key did not sign it")
        let foreign = try await StatementLog(opaque: [[1]], origin: "other.example").checkpoint()
        #expect(try await word(watch.see(foreign, from: "a", copy: copy)) == "it is of the ledger other.example")
        let empty = try await log.checkpoint(0)
        #expect(try await word(watch.see(empty, from: "a", copy: copy)) == "consistent")
        let text = Array("\(log.origin)\n0\n\(Base64.encode(TreeHash.leaf([1]).bytes))\n".utf8)
        let odd = try await SignedNote.sign(text: text, name: log.origin, signer: log.ledgerKey)
        let finding = try await watch.see(SignedCheckpoint(note: odd), from: "a", copy: copy)
        #expect(word(finding).hasPrefix("it is of size 0"))
        #expect(try await watch.compare(with: log.reader(300)).isEmpty)
    }

    /// Memory is bounded, and a party that floods loses its own.
    @Test func nobodyCrowdsOutTheOthers() async throws {
        let (log, other) = try histories()
        let copy = try await log.reader(10)
        let watch = ForkWatch(capacity: 8)
        #expect(try await word(watch.see(other.checkpoint(290), from: "quiet", copy: copy)) == "ahead")
        for size in 30..<130 { _ = try await watch.see(log.checkpoint(size), from: "loud", copy: copy) }
        let forks = try await watch.compare(with: log.reader(300))
        #expect(forks.map(\.party) == ["quiet"])
    }

    /// A copy that cannot be read loses nothing.
    @Test func aCopyThatFailsIsAskedAgain() async throws {
        let (log, other) = try histories()
        let watch = ForkWatch()
        _ = try await watch.see(other.checkpoint(150), from: "a", copy: try await log.reader(100))
        var broken = try await log.source(300)
        broken.files["tile/0/000"] = nil
        let reader = LedgerReader(broken, key: log.key, checker: StatementLog.checker)
        await #expect(throws: (any Error).self) { try await watch.compare(with: reader) }
        #expect(try await watch.compare(with: log.reader(300)).count == 1)
    }
}
