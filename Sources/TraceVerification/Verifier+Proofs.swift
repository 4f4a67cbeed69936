internal import TraceProof
internal import TraceStatements

extension Verifier {
    /// A receipt of inclusion: the root that its path gives, and the ledger's signature over it.
    func check(_ receipt: Receipt, of statement: Statement?, _ report: inout VerificationReport) {
        guard case .inclusion(let proof) = receipt.proof else {
            report.fail("receipt", "it is a receipt of consistency and says nothing about a statement")
            return
        }
        guard let statement else {
            report.leaveUnchecked("inclusion: the receipt is about a statement; give it with --statement", .unknownKey)
            return
        }
        guard let ledger = ledgerKey(receipt.rootSignature, &report) else { return }
        do {
            let root = try receipt.verify(leaf: statement.leafHash, key: ledger.key, checker: checker)
            guard counts(ledger, root, &report) else { return }
            report.sightings.append(Sighting(origin: receipt.rootSignature.origin))
            report.pass(
                "inclusion",
                "leaf \(statement.leafHash) leads over \(proof.path.count) hashes to the root \(root)"
            )
            report.pass("receipt", "\(receipt.rootSignature.origin) signed that root")
            report.leaveUnchecked(
                "position: a receipt signs the root alone, so index \(proof.index) and size \(proof.treeSize) are "
                    + "claims; a tlog-proof or a checkpoint with this root shows them"
            )
            leaveQuorumUnchecked(.unknownKey, &report)
        } catch {
            report.fail("receipt", "\(error.description): the statement, the path or the signature was altered")
        }
    }

    /// A receipt of consistency: the newer root that its path gives from the older one, and the signature over it.
    func check(_ receipt: Receipt, from old: SignedCheckpoint?, _ report: inout VerificationReport) {
        guard case .consistency(let proof) = receipt.proof else {
            report.fail("receipt", "it is a receipt of inclusion and says nothing about an older checkpoint")
            return
        }
        guard let old else {
            report.leaveUnchecked(
                "consistency: the receipt begins at an older checkpoint; give it with --old-checkpoint",
                .unknownKey
            )
            return
        }
        guard check(old, &report) != nil, let ledger = ledgerKey(receipt.rootSignature, &report) else { return }
        guard old.checkpoint.origin.hasSameUTF8(as: receipt.rootSignature.origin) else {
            report.fail(
                "consistency",
                "the checkpoint is of \(old.checkpoint.origin), the receipt of \(receipt.rootSignature.origin)"
            )
            return
        }
        guard proof.oldSize == old.checkpoint.head.size else {
            report.fail(
                "consistency",
                "the receipt begins at size \(proof.oldSize), the checkpoint is of size \(old.checkpoint.head.size)"
            )
            return
        }
        do {
            let root = try receipt.verify(oldRoot: old.checkpoint.head.root, key: ledger.key, checker: checker)
            guard counts(ledger, root, &report) else { return }
            report.pass(
                "consistency",
                "the tree of size \(proof.oldSize) is the beginning of the one with root \(root): nothing was changed"
            )
            report.pass("receipt", "\(receipt.rootSignature.origin) signed that root")
            report.leaveUnchecked(
                "position: a receipt signs the root alone, so size \(proof.newSize) is a claim; "
                    + "a checkpoint with this root shows it"
            )
            leaveQuorumUnchecked(.issued, &report)
        } catch {
            report.fail(
                "consistency",
                "\(error.description): the two trees are not one history, or the receipt was altered"
            )
        }
    }

    /// A tlog-proof: its checkpoint, the path to the checkpoint's root, and the statement it is about.
    func check(_ proof: TLogProof, of given: Statement?, _ report: inout VerificationReport) {
        report.asOf = check(proof.checkpoint, &report)
        guard let statement = statement(of: proof, given, &report) else { return }
        let head = proof.checkpoint.checkpoint.head
        do {
            try proof.inclusion.verify(leaf: statement.leafHash, in: head)
            if let asOf = report.asOf { report.sightings.append(Sighting(origin: asOf.origin, time: asOf.time)) }
            report.pass(
                "inclusion",
                "leaf \(statement.leafHash) is entry \(proof.index) of \(head.size) under the checkpoint's root"
            )
        } catch {
            report.fail("inclusion", "\(error.description): the statement, the path or the checkpoint was altered")
        }
    }

    /// The statement of a tlog-proof, checked together with the receipts that it may have: nobody else looks at `extra`.
    private func statement(
        of proof: TLogProof,
        _ given: Statement?,
        _ report: inout VerificationReport
    ) -> Statement? {
        guard let extra = proof.extra else {
            if let given {
                check([given], &report)
            } else {
                report.leaveUnchecked(
                    "inclusion: the proof carries no statement in its extra line; give it with --statement",
                    .unknownKey
                )
            }
            return given
        }
        if let statement = try? Statement(decoding: extra) {
            check([statement], given: given, &report)
            return statement
        }
        if let transparent = try? TransparentStatement(decoding: extra) {
            check(transparent, given: given, &report)
            return transparent.statement
        }
        report.leaveUnchecked(
            "inclusion: the \(extra.count) bytes in the proof's extra line are no statement; "
                + "ask for a proof that carries it, or for a receipt and give the statement with --statement",
            .unknownKey
        )
        return nil
    }

    /// A receipt has no cosignatures. It proves less than a policy with a quorum demands of what counts as logged.
    private func leaveQuorumUnchecked(_ verdict: Verdict, _ report: inout VerificationReport) {
        guard let policy = anchors.policy, let quorum = policy.quorum else { return }
        report.leaveUnchecked(
            "cosignatures: a receipt has none, so the quorum \(policy.name(of: quorum).description) of --policy stays "
                + "open; a tlog-proof shows it",
            verdict
        )
    }

    /// Whether a ledger's key counts for a root, of which no receipt says when it was seen.
    private func counts(_ ledger: TrustAnchors.Candidate, _ root: Digest, _ report: inout VerificationReport) -> Bool {
        guard case .ended(let why)? = ledger.record?.standing(size: nil, root: root, time: nil) else { return true }
        report.fail("receipt", "\(why); a tlog-proof with an older checkpoint may show it", .keyRevoked)
        return false
    }

    private func ledgerKey(_ signature: RootSignature, _ report: inout VerificationReport) -> TrustAnchors.Candidate? {
        guard let ledger = anchors.logKey(origin: signature.origin, keyID: signature.keyID) else {
            report.leaveUnchecked(
                "receipt: no key with kid \(signature.keyID) for the ledger \(signature.origin); "
                    + "give it with --log-key or --policy",
                .unknownKey
            )
            return nil
        }
        guard checker.isValidPoint(ledger.key.bytes) else {
            report.fail("receipt", Self.weak("of the ledger \(signature.origin)"))
            return nil
        }
        return ledger
    }
}
