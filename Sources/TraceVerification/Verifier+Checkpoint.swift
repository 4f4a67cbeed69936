internal import TraceProof

extension Verifier {
    /// The log's signature on a checkpoint, and the cosignatures that the policy asks for.
    ///
    /// - Returns: what the checkpoint says, if it may be believed; if not, the report says why.
    func check(_ signed: SignedCheckpoint, _ report: inout VerificationReport) -> AsOf? {
        let checkpoint = signed.checkpoint
        guard checkpoint.head.size > 0 || checkpoint.head.isEmptyTree else {
            report.fail("checkpoint", "size 0 with the root \(checkpoint.head.root), which no empty tree has")
            return nil
        }
        var known: [VerifierKey] = []
        let result = anchors.policy?.evaluate(signed, checker: checker)
        let time = result?.quorumTime
        let isSigned = checkLogs(signed, result, &known, &report)
        var isTrusted = isSigned
        if let policy = anchors.policy, let result {
            isTrusted = checkCosignatures(result, of: policy, &known, &report) && isTrusted
        }
        for signature in signed.note.signatures {
            let isKnown = known.contains { $0.keyID == signature.keyID && $0.name.hasSameUTF8(as: signature.name) }
            let isMissingLog = !isSigned && signature.name.hasSameUTF8(as: checkpoint.origin)
            if !isKnown, !isMissingLog { leaveUnchecked(signature, &report) }
        }
        return isTrusted ? AsOf(origin: checkpoint.origin, size: checkpoint.head.size, time: time) : nil
    }

    /// Signatures of logs. One of another log than the origin proves nothing; a wrong one refuses the note all the same
    /// (signed-note, "Signatures").
    ///
    /// - Returns: whether the log that the origin names signed, and no known log's signature is wrong.
    private func checkLogs(
        _ signed: SignedCheckpoint,
        _ result: PolicyResult?,
        _ known: inout [VerifierKey],
        _ report: inout VerificationReport
    ) -> Bool {
        let checkpoint = signed.checkpoint
        var (isSigned, isSound) = (false, true)
        // Where a ledger's key was handed over both sign: the ended one counts for nothing then.
        var ended: String?
        for (log, record) in anchors.logs(of: checkpoint.origin) where !known.contains(log) {
            switch outcome(of: log, signed, result) {
            case .absent, .unsupported: continue
            // The registry takes no key that is no good point.
            case .verified where record != nil || checker.isValidPoint(log.keyBytes):
                guard log.name.hasSameUTF8(as: checkpoint.origin) else { break }
                let standing = record?.standing(
                    size: checkpoint.head.size,
                    root: checkpoint.head.root,
                    time: result?.quorumTime
                )
                if case .ended(let why)? = standing { ended = why } else { isSigned = true }
            case .verified:
                report.fail("checkpoint", Self.weak("of the ledger \(log.name)"))
                isSound = false
            case .invalid(let line):
                report.fail("checkpoint", "the signature of \(log.name) in line \(line) does not verify")
                isSound = false
            }
            known.append(log)
        }
        if isSigned, isSound {
            report.pass(
                "checkpoint",
                "\(checkpoint.origin) signed size \(checkpoint.head.size) with root \(checkpoint.head.root)"
            )
        } else if isSound, let ended {
            report.fail("checkpoint", ended, .keyRevoked)
        } else if isSound {
            report.leaveUnchecked(
                "checkpoint: no key for the ledger \(checkpoint.origin) that signed it; give it with --log-key or --policy",
                .unknownKey
            )
        }
        return isSigned && isSound
    }

    /// What the policy has found already is not looked at twice: a signature takes nearly all of the time of a verdict.
    private func outcome(
        of log: VerifierKey,
        _ signed: SignedCheckpoint,
        _ result: PolicyResult?
    ) -> SignatureOutcome {
        if let result, let place = anchors.policy?.logs.firstIndex(where: { $0.key == log }) {
            return result.logs[place]
        }
        return signed.note.outcome(of: log, checker: checker)
    }

    /// - Returns: whether the quorum is reached and no witness's cosignature is wrong.
    private func checkCosignatures(
        _ result: PolicyResult,
        of policy: TrustPolicy,
        _ known: inout [VerifierKey],
        _ report: inout VerificationReport
    ) -> Bool {
        var isSound = true
        for (witness, outcome) in zip(policy.witnesses, result.witnesses) {
            switch outcome {
            case .absent, .unsupported: continue
            case .verified(let time):
                report.pass("cosignatures", "\(witness.key.name) saw it\(time.map { " at \(UTCTime.text($0))" } ?? "")")
            case .invalid(let line):
                report.fail("cosignatures", "the cosignature of \(witness.key.name) in line \(line) does not verify")
                isSound = false
            }
            known.append(witness.key)
        }
        guard let quorum = policy.quorum else { return isSound }
        let name = policy.name(of: quorum).description
        if result.quorumReached {
            let time = result.quorumTime.map { " as of \(UTCTime.text($0))" } ?? ""
            report.pass("cosignatures", "the quorum \(name) is reached\(time)")
        } else {
            report.fail(
                "cosignatures",
                "the quorum \(name) of the policy is not reached: get a checkpoint that more witnesses have cosigned",
                .unknownKey
            )
        }
        return result.quorumReached && isSound
    }

    /// A signature line that nobody known wrote. Where a policy says whose lines count, it counts for nothing, as
    /// signed-note demands; where there is none, nobody has said that it does not matter.
    private func leaveUnchecked(_ signature: NoteSignature, _ report: inout VerificationReport) {
        if anchors.policy == nil {
            report.leaveUnchecked(
                "cosignatures: \(signature.name) is not known; give a policy with --policy",
                .unknownKey
            )
        } else {
            report.leaveUnchecked(
                "cosignatures: the line of \(signature.name) counts for nothing, since the policy of --policy has no key "
                    + "for it that can be checked here"
            )
        }
    }

    /// What is said of a key that is no key.
    static func weak(_ whose: String) -> String {
        "the key \(whose) is not a point of the prime-order group: anybody could sign for it"
    }
}
