import TestSupport
import Testing
import TraceProof
import TraceReplication

/// Every status and body of add-checkpoint, and that one check comes before the other.
@Suite("What add-checkpoint answers") struct WitnessStatusTests {
    /// Seven entries, of which the witness has cosigned five.
    let log: TestLog
    let world: WitnessWorld
    /// Another history of the same log.
    let fork: TestLog

    init() async throws {
        log = try TestLog(size: 7)
        fork = try TestLog(size: 7, salt: 1)
        world = try WitnessWorld([log])
        #expect(await world.add(try await log.request(0, 5)).status == 200)
    }

    private func answers(_ wanted: Answer, _ body: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) async {
        let before = await world.store.notes
        let answer = await world.add(body)
        #expect(answer == wanted, sourceLocation: sourceLocation)
        #expect(await world.store.notes == before, "nothing was recorded", sourceLocation: sourceLocation)
    }

    @Test func malformed() async throws {
        await answers(
            Answer(
                400,
                "add-checkpoint request, line 1: not `old` and a decimal number up to 2^63 - 1 without leading zeros\n"
            ),
            []
        )
        let body = try await log.request(5, 7)
        await answers(
            Answer(
                400,
                "signed note, line 11: the last line does not end in a line feed: the text was cut off or edited\n"
            ),
            body.dropLast()
        )
    }

    @Test func unknownLog() async throws {
        let other = try TestLog("log.example/b", size: 7)
        let words = "unknown log log.example/b: ask the operator of this node to add its vkey\n"
        await answers(Answer(404, words), try await other.request(5, 7))
        await answers(Answer(404, words), try other.request(old: 9, path: [], other.checkpoint(7)))
    }

    @Test func noSignatureOfAKnownKey() async throws {
        var stranger = try TestLog(key: 3)
        stranger.tree = log.tree
        let words = "invalid signature: signed note: none of the known keys signed it\n"
        await answers(Answer(403, words), try await stranger.request(5, 7))
        // Before the sizes are looked at.
        await answers(Answer(403, words), try stranger.request(old: 9, path: [], stranger.checkpoint(7)))
        await answers(Answer(403, words), try await stranger.request(0, 7))
    }

    @Test func aWrongSignatureOfAKnownKey() async throws {
        let words =
            "invalid signature: signed note, line 5: the signature is not log.example/a's: "
            + "the text or the signature was changed\n"
        let (five, seven) = (try await log.checkpoint(5), try await log.checkpoint(7))
        let wrong = try SignedCheckpoint(note: SignedNote(text: seven.note.text, signatures: five.note.signatures))
        await answers(Answer(403, words), try log.request(old: 5, path: log.path(5, 7), wrong))
        // Also beside a right one of the same key.
        let both = try wrong.adding(seven.note.signatures)
        await answers(Answer(403, words), try log.request(old: 5, path: log.path(5, 7), both))
    }

    @Test func oldSizeAboveTheNew() async throws {
        let words = "the old size 8 is above that of the checkpoint, 7\n"
        await answers(Answer(400, words), try log.request(old: 8, path: [], log.checkpoint(7)))
    }

    @Test func anotherOldSize() async throws {
        for (old, new) in [(0, 7), (4, 7), (6, 7), (7, 7), (0, 0), (3, 5)] {
            await answers(.stale(5), try await log.request(old, new))
        }
        // Before the proof is looked at, and whatever the root is.
        await answers(.stale(5), try log.request(old: 4, path: [TreeHash.empty], log.checkpoint(7)))
        await answers(.stale(5), try await fork.request(4, 7))
    }

    @Test func aRollback() async throws {
        await answers(
            Answer(400, "the old size 5 is above that of the checkpoint, 3\n"),
            try log.request(old: 5, path: [], log.checkpoint(3))
        )
    }

    @Test func sizeZeroWithARoot() async throws {
        let other = try TestLog("log.example/b", key: 4, size: 1)
        let world = try WitnessWorld([other])
        let zero = try await other.sign(TreeHead(size: 0, root: other.tree.head.root))
        #expect(
            await world.add(try other.request(old: 0, path: [], zero))
                == Answer(422, "the root of a checkpoint of size 0 is SHA-256 of nothing, and this is another\n")
        )
        #expect(await world.store.notes.isEmpty)
        #expect(await world.add(try await other.request(0, 0)).status == 200)
        #expect(await world.add(try await other.request(0, 0)).status == 200)
        #expect(await world.add(try await other.request(0, 1)).status == 200)
    }

    @Test func aProofFromSizeZero() async throws {
        let other = try TestLog("log.example/b", key: 4, size: 2)
        let world = try WitnessWorld([other])
        for path in [[TreeHash.empty], other.tree.leaves] {
            #expect(
                await world.add(try other.request(old: 0, path: path, other.checkpoint(2)))
                    == Answer(422, "from size 0 there is nothing to prove, and the consistency proof has hashes\n")
            )
        }
        #expect(await world.store.notes.isEmpty)
    }

    @Test func wrongProofs() async throws {
        let start = "the consistency proof from size 5 to 7 does not hold: "
        let right = try log.path(5, 7)
        let seven = try await log.checkpoint(7)
        let wrong = [
            ([], "0 hashes where 4 belong"), (Array(right.dropLast()), "3 hashes where 4 belong"),
            (right + [right[0]], "5 hashes where 4 belong"),
            (
                [right[1], right[0]] + right[2...],
                "the proof does not lead to the hash of the older tree or of the subtree"
            ),
            (right.dropLast() + [right[0]], "the proof does not lead to the hash of the older tree or of the subtree"),
        ]
        for (path, reason) in wrong {
            let body = try log.request(old: 5, path: path, seven)
            let outcome = await world.witness.addCheckpoint(body)
            #expect(Answer(outcome.response) == Answer(422, "\(start)\(reason)\n"))
            #expect(outcome.finding == nil, "anybody can send a wrong proof: it says nothing of the log")
        }
        await answers(
            Answer(422, "the consistency proof from size 5 to 5 does not hold: 1 hashes where 0 belong\n"),
            try log.request(old: 5, path: [right[0]], log.checkpoint(5))
        )
        // A hash on the new tree's side alone.
        var side = right
        side[1] = TreeHash.empty
        let outcome = await world.witness.addCheckpoint(try log.request(old: 5, path: side, seven))
        #expect(
            Answer(outcome.response) == Answer(422, "\(start)the proof does not lead to the root of the tree\n")
        )
        #expect(outcome.finding == nil)
    }

    // MARK: Findings

    @Test func anotherRootOfTheSameSizeIsAFork() async throws {
        let outcome = await world.witness.addCheckpoint(try fork.request(old: 5, path: [], fork.checkpoint(5)))
        #expect(
            Answer(outcome.response)
                == Answer(422, "the log signed another root of size 5 before: no consistency proof can join the two\n")
        )
        let finding = try #require(outcome.finding)
        #expect(finding.held.checkpoint == (try await log.checkpoint(5)).checkpoint)
        #expect(try await finding.shown == fork.checkpoint(5))
        #expect(finding.path.isEmpty)
    }

    /// The path is right for the other history: it shows what root that had at the size that is held.
    @Test func aProofOfAnotherHistoryIsAFork() async throws {
        let outcome = await world.witness.addCheckpoint(try await fork.request(5, 7))
        #expect(outcome.response.status == 422)
        let finding = try #require(outcome.finding)
        #expect(finding.held.checkpoint.head == (try log.tree.head(at: 5)))
        let root = try PrefixProof(oldSize: 5, newSize: 7, path: finding.path).oldRoot(in: fork.tree.head)
        #expect(try root == fork.tree.head(at: 5).root && root != finding.held.checkpoint.head.root)
        for note in [finding.held.note, finding.shown.note] {
            _ = try note.verify(keys: [log.key], checker: TestLog.checker)
        }
    }

    /// From a size that is a power of two the path does not hold the older root: a fork and rubbish look alike.
    @Test func fromAPowerOfTwoAPathProvesNothing() async throws {
        let world = try WitnessWorld([log])
        #expect(await world.add(try await log.request(0, 4)).status == 200)
        let outcome = await world.witness.addCheckpoint(try await fork.request(4, 7))
        #expect(outcome.response.status == 422)
        #expect(outcome.finding == nil)
    }
}
