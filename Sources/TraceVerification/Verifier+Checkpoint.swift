internal import TraceProof

extension Verifier {
    /// The log's signature on a checkpoint, and the cosignatures that the policy asks for.
    ///
    /// - Returns: whether the checkpoint may be believed.
    func check(_ signed: SignedCheckpoint, _ report: inout VerificationReport) -> Bool {
        let checkpoint = signed.checkpoint
        var isSigned = false
        for log in anchors.logs where log.name.hasSameUTF8(as: checkpoint.origin) {
            switch signed.note.outcome(of: log, checker: checker) {
            case .verified:
                if !isSigned {
                    report.pass(
                        "checkpoint",
                        "\(checkpoint.origin) signed size \(checkpoint.head.size) with root \(checkpoint.head.root)"
                    )
                }
                isSigned = true
            case .invalid(let line):
                report.fail("checkpoint", "the signature of \(checkpoint.origin) in line \(line) does not verify")
                return false
            case .absent, .unsupported: continue
            }
        }
        guard isSigned else {
            report.leaveUnchecked(
                "checkpoint: no key for the ledger \(checkpoint.origin) that signed it; give it with --log-key or --policy",
                .unknownKey
            )
            return false
        }
        return checkCosignatures(signed, &report)
    }

    private func checkCosignatures(_ signed: SignedCheckpoint, _ report: inout VerificationReport) -> Bool {
        guard let policy = anchors.policy else {
            for signature in signed.note.signatures where !isLog(signature) {
                report.leaveUnchecked(
                    "cosignatures: \(signature.name) is not known; give a policy with --policy",
                    .unknownKey
                )
            }
            return true
        }
        let result = policy.evaluate(signed, checker: checker)
        for (witness, outcome) in zip(policy.witnesses, result.witnesses) {
            switch outcome {
            case .verified(let time):
                report.pass("cosignatures", "\(witness.key.name) saw it\(time.map { " at \($0)" } ?? "")")
            case .invalid(let line):
                report.fail("cosignatures", "the cosignature of \(witness.key.name) in line \(line) does not verify")
            case .absent, .unsupported: continue
            }
        }
        guard let quorum = policy.quorum else { return result.invalidLines.isEmpty }
        let name = policy.name(of: quorum).description
        if result.quorumReached {
            report.pass(
                "cosignatures",
                "the quorum \(name) is reached\(result.quorumTime.map { " as of \($0)" } ?? "")"
            )
        } else {
            report.fail("cosignatures", "the quorum \(name) is not reached", .unknownKey)
        }
        return result.quorumReached && result.invalidLines.isEmpty
    }

    private func isLog(_ signature: NoteSignature) -> Bool {
        anchors.logs.contains { $0.keyID == signature.keyID && $0.name.hasSameUTF8(as: signature.name) }
    }
}
