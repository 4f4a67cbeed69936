public import TraceProof

/// What is decided about a checkpoint, in two steps without any state of their own: is it the log's, and does it extend what
/// is held (C2SP tlog-witness, `add-checkpoint`, in the order of its paragraphs).
///
/// A witness cosigns what passes; a mirror (tlog-mirror) makes it its pending checkpoint.
public enum WitnessDecision {
    /// The checkpoint of a request, once a trusted key of its log signed it.
    ///
    /// - Returns: the note with one signature line of each trusted key that signed, and no other line: those are whatever
    ///   somebody put there, perhaps in the witness's own name, and to keep or repeat them would lend them its word.
    /// - Throws: 404 for an unknown origin; 403 where no trusted key signed, or a signature in the name of one is wrong.
    public static func authenticate(
        _ request: WitnessRequest,
        logs: WitnessedLogs,
        checker: any SignatureChecker
    ) throws(WitnessRefusal) -> SignedCheckpoint {
        let origin = request.checkpoint.checkpoint.origin
        guard let keys = logs.keys(of: origin) else { throw .unknownLog(origin: origin) }
        let note = request.checkpoint.note
        let signed: [VerifiedKey]
        do throws(FormatError) { signed = try note.verify(keys: keys, checker: checker) } catch {
            throw .invalidSignature(error.description)
        }
        // The first line of each key: one key can make any number of signatures over one text.
        let lines = signed.compactMap { verified in note.signatures.first { $0.isAttributed(to: verified.key) } }
        do throws(FormatError) {
            return try SignedCheckpoint(note: SignedNote(text: note.text, signatures: lines))
        } catch { throw .malformed(error) }
    }

    /// Checks that `checkpoint`, which ``authenticate(_:logs:checker:)`` gave for the request, extends `held`.
    ///
    /// - Parameter held: the latest that was taken of this log; `nil` where there is none.
    /// - Throws: 400 for an old size above the checkpoint's; 409 for one that is not that of `held`; 422 for a checkpoint of
    ///   size 0 with a root, hashes where none belong, a proof that does not hold, and another root at one size.
    public static func checkExtends(
        _ held: SignedCheckpoint?,
        _ checkpoint: SignedCheckpoint,
        _ request: WitnessRequest
    ) throws(WitnessRefusal) {
        let (old, new) = (held?.checkpoint.head ?? .empty, checkpoint.checkpoint.head)
        guard request.oldSize <= new.size else { throw .oldSizeTooLarge(old: request.oldSize, new: new.size) }
        guard request.oldSize == old.size else { throw .conflict(held: old.size) }
        guard new.size > 0 || new.isEmptyTree else {
            throw .inconsistent("the root of a checkpoint of size 0 is SHA-256 of nothing, and this is another", nil)
        }
        guard old.size > 0 else {
            guard request.path.isEmpty else {
                throw .inconsistent("from size 0 there is nothing to prove, and the consistency proof has hashes", nil)
            }
            return
        }
        if old.size == new.size, old.root != new.root {
            throw .inconsistent(
                "the log signed another root of size \(new.size) before: no consistency proof can join the two",
                held.map { WitnessFinding(held: $0, shown: checkpoint, path: []) }
            )
        }
        do throws(ProofError) { try request.consistency.verify(old: old, new: new) } catch {
            let reason = "the consistency proof from size \(old.size) to \(new.size) does not hold: \(error)"
            let isFork = provesFork(request.consistency, old, new)
            let finding = isFork ? held.map { WitnessFinding(held: $0, shown: checkpoint, path: request.path) } : nil
            throw .inconsistent(reason, finding)
        }
    }

    /// Whether the path leads to the new root from another old one. Nobody can make such a path for a tree that has the held
    /// root at that size, since all its hashes go into the new root; one that leads nowhere says nothing of the log. From a
    /// power of two a consistency proof does not hold the old root, and shows no fork.
    private static func provesFork(_ proof: ConsistencyProof, _ old: TreeHead, _ new: TreeHead) -> Bool {
        let prefix = PrefixProof(oldSize: old.size, newSize: new.size, path: proof.path)
        guard let root = try? prefix.oldRoot(in: new) else { return false }
        return root != old.root
    }
}
