internal import TraceProof
internal import TraceStatements

extension Verifier {
    /// A receipt of inclusion: the root that its path gives, and the ledger's signature over it.
    func check(_ receipt: Receipt, of statement: Statement?, _ report: inout VerificationReport) {
        guard let statement else {
            report.leaveUnchecked("inclusion: the receipt is about a statement; give it with --statement", .unknownKey)
            return
        }
        guard case .inclusion(let proof) = receipt.proof, let key = ledgerKey(receipt.rootSignature, &report) else {
            return
        }
        do {
            let root = try receipt.verify(leaf: statement.leafHash, key: key, checker: checker)
            report.pass(
                "inclusion",
                "leaf \(statement.leafHash) leads over \(proof.path.count) hashes to the root \(root)"
            )
            report.pass("receipt", "\(receipt.rootSignature.origin) signed that root")
            report.leaveUnchecked(
                "position: a receipt signs the root alone, so index \(proof.index) and size \(proof.treeSize) are "
                    + "claims; a tlog-proof or a checkpoint with this root shows them"
            )
        } catch {
            report.fail("receipt", "\(error.description): the statement, the path or the signature was altered")
        }
    }

    /// A receipt of consistency: the newer root that its path gives from the older one, and the signature over it.
    func check(_ receipt: Receipt, from old: SignedCheckpoint?, _ report: inout VerificationReport) {
        guard let old else {
            report.leaveUnchecked(
                "consistency: the receipt begins at an older checkpoint; give it with --old-checkpoint",
                .unknownKey
            )
            return
        }
        guard case .consistency(let proof) = receipt.proof else { return }
        guard check(old, &report), let key = ledgerKey(receipt.rootSignature, &report) else { return }
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
            let root = try receipt.verify(oldRoot: old.checkpoint.head.root, key: key, checker: checker)
            report.pass(
                "consistency",
                "the tree of size \(proof.oldSize) is the beginning of the one with root \(root): nothing was changed"
            )
            report.pass("receipt", "\(receipt.rootSignature.origin) signed that root")
        } catch {
            report.fail(
                "consistency",
                "\(error.description): the two trees are not one history, or the receipt was altered"
            )
        }
    }

    /// A tlog-proof: its checkpoint, the path to the checkpoint's root, and the statement it is about.
    func check(_ proof: TLogProof, of given: Statement?, _ report: inout VerificationReport) {
        let isTrusted = check(proof.checkpoint, &report)
        var statement = given
        if statement == nil, let extra = proof.extra {
            do { statement = try Statement(decoding: extra) } catch {
                report.fail("statement", "the proof's extra line is not a statement: \(error.description)")
                return
            }
        }
        guard let statement else {
            report.leaveUnchecked(
                "inclusion: the proof carries no statement in its extra line; give it with --statement",
                .unknownKey
            )
            return
        }
        check([statement], &report)
        let head = proof.checkpoint.checkpoint.head
        do {
            try proof.inclusion.verify(leaf: statement.leafHash, in: head)
            report.pass(
                "inclusion",
                "leaf \(statement.leafHash) is entry \(proof.index) of \(head.size) under the checkpoint's root"
            )
        } catch {
            report.fail("inclusion", "\(error.description): the statement, the path or the checkpoint was altered")
        }
        guard isTrusted else { return }
        report.asOf = AsOf(
            origin: proof.checkpoint.checkpoint.origin,
            size: head.size,
            time: anchors.policy?.evaluate(proof.checkpoint, checker: checker).quorumTime
        )
    }

    private func ledgerKey(_ signature: RootSignature, _ report: inout VerificationReport) -> PublicKey? {
        if let key = anchors.logKey(origin: signature.origin, keyID: signature.keyID) { return key }
        report.leaveUnchecked(
            "receipt: no key with kid \(signature.keyID) for the ledger \(signature.origin); "
                + "give it with --log-key or --policy",
            .unknownKey
        )
        return nil
    }
}
