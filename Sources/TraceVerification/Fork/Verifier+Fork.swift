internal import TraceProof

extension Verifier {
    /// Fork evidence: that the ledger signed both checkpoints, and that they exclude each other.
    ///
    /// A proved fork is ``Verdict/notInLedger``: what one of the two covers is not in the tree of the other, which should
    /// hold it. Evidence that proves none is ``Verdict/forged``, since it accuses somebody of what it does not show.
    func check(_ evidence: ForkEvidence, _ report: inout VerificationReport) {
        // Both, so that the report names all that is wrong.
        let isSigned = [checkSigned(evidence.smaller, &report), checkSigned(evidence.larger, &report)]
        let (old, new) = (evidence.smaller.checkpoint, evidence.larger.checkpoint)
        let root: Digest
        do { root = try evidence.rootInLarger() } catch {
            report.fail("fork", "\(error.description): the hashes show nothing of the tree of size \(new.head.size)")
            return
        }
        guard root != old.head.root else {
            report.fail(
                "fork",
                "there is none: the tree of size \(old.head.size) is the beginning of the one of size \(new.head.size)"
            )
            return
        }
        // Before it is known who signed it is nobody's fork.
        guard isSigned.allSatisfy({ $0 }) else { return }
        let what =
            old.head.size == new.head.size
            ? "two trees of size \(old.head.size), with the roots \(old.head.root) and \(new.head.root)"
            : "size \(old.head.size) with root \(old.head.root), and size \(new.head.size), whose first \(old.head.size) "
                + "entries have the root \(root)"
        report.fail(
            "fork",
            "\(old.origin) signed \(what): it has two histories; believe neither until its owner has explained them",
            .notInLedger
        )
    }

    /// Whether the ledger signed a checkpoint. One valid signature of it is enough, whatever else stands on the note: a line
    /// that does not verify, added by whoever signed, must not spoil the proof against them.
    private func checkSigned(_ signed: SignedCheckpoint, _ report: inout VerificationReport) -> Bool {
        let (origin, head) = (signed.checkpoint.origin, signed.checkpoint.head)
        let time = anchors.policy?.evaluate(signed, checker: checker).quorumTime
        var isSigned = false
        var (wrong, ended): (String?, String?)
        for (log, record) in anchors.logs(of: origin) where log.name.hasSameUTF8(as: origin) {
            switch signed.note.anyOutcome(of: log, checker: checker) {
            case .absent, .unsupported: continue
            case .invalid: wrong = "a signature of \(log.name) does not verify"
            case .verified where record == nil && !checker.isValidPoint(log.keyBytes):
                wrong = Self.weak("of the ledger \(log.name)")
            case .verified:
                if case .ended(let why)? = record?.standing(size: head.size, root: head.root, time: time) {
                    ended = why
                } else {
                    isSigned = true
                }
            }
        }
        if isSigned {
            report.pass("checkpoint", "\(origin) signed size \(head.size) with root \(head.root)")
        } else if let wrong {
            report.fail("checkpoint", "size \(head.size): \(wrong)")
        } else if let ended {
            report.fail("checkpoint", "size \(head.size): \(ended)", .keyRevoked)
        } else {
            report.leaveUnchecked(
                "checkpoint: no key for the ledger \(origin) that signed size \(head.size); give it with --log-key or "
                    + "--policy",
                .unknownKey
            )
        }
        return isSigned
    }
}

extension SignedNote {
    /// The outcome of the best signature that claims to be of `key`, where ``outcome(of:checker:)`` is that of the worst.
    fileprivate func anyOutcome(of key: VerifierKey, checker: some SignatureChecker) -> SignatureOutcome {
        var found = SignatureOutcome.absent
        for signature in signatures {
            guard let alone = try? SignedNote(text: text, signatures: [signature]) else { continue }
            let outcome = alone.outcome(of: key, checker: checker)
            if case .verified = outcome { return outcome }
            if outcome != .absent { found = outcome }
        }
        return found
    }
}
