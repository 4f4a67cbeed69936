internal import TraceProof
internal import TraceStatements

extension Verifier {
    /// A logged batch: its checkpoint, that the entry is in that tree, the receipt, and the entry's signature.
    ///
    /// - Returns: the checkpoint, where all of it holds.
    @discardableResult
    func check(_ batch: LoggedBatch, _ report: inout VerificationReport) -> AsOf? {
        let asOf = check(batch.checkpoint, &report)
        let (leaf, head) = (batch.statement.leafHash, batch.checkpoint.checkpoint.head)
        do {
            try batch.inclusion.verify(leaf: leaf, in: head)
            report.pass(
                "inclusion",
                "the commissioning of \(batch.items.count) items is entry \(batch.index) of \(head.size) of \(batch.origin)"
            )
        } catch {
            report.fail("inclusion", "\(error.description): the statement, the receipt or the checkpoint was altered")
            return nil
        }
        if let asOf { report.sightings.append(Sighting(origin: asOf.origin, time: asOf.time)) }
        guard checkReceipt(of: batch, &report), signer(of: batch.statement, &report) != nil else { return nil }
        return asOf
    }

    /// The receipt says what the checkpoint says, for others' tools; it is checked all the same.
    private func checkReceipt(of batch: LoggedBatch, _ report: inout VerificationReport) -> Bool {
        let receipt = batch.transparent.receipts[0]
        guard let ledger = anchors.logKey(origin: batch.origin, keyID: receipt.rootSignature.keyID) else {
            report.leaveUnchecked(
                "receipt: no key with kid \(receipt.rootSignature.keyID) for the ledger \(batch.origin)",
                .unknownKey
            )
            return false
        }
        let isValid = (try? receipt.verify(leaf: batch.statement.leafHash, key: ledger.key, checker: checker)) != nil
        report.step("receipt", isValid, "\(batch.origin) signed the root of that tree")
        return isValid
    }

    /// An item of a logged batch.
    func check(_ item: LoggedItem, _ report: inout VerificationReport) {
        report.asOf = check(item.batch, &report)
        checkProof(item.proof, of: item.batch, &report)
    }

    /// - Returns: whether the proof leads to the batch's tree.
    @discardableResult
    func checkProof(_ proof: ItemProof, of batch: LoggedBatch, _ report: inout VerificationReport) -> Bool {
        let isItem = proof.count == batch.items.count && proof.root == batch.items.root
        report.step(
            "item",
            isItem,
            isItem
                ? "\(batch.items.gtin) \(proof.leaf.serial) is item \(proof.index) of the \(proof.count) that entry "
                    + "\(batch.index) of \(batch.origin) commissioned"
                : "the item proof does not lead to the items of entry \(batch.index): it was altered, or is of another batch"
        )
        return isItem
    }

    /// A batch pack: the batch, and that exactly these items give its root.
    func check(_ pack: BatchPack, _ report: inout VerificationReport) {
        report.asOf = check(pack.batch, &report)
        _ = checkTree(of: pack, &report)
    }

    /// - Returns: the tree over the pack's items, where it is the batch's.
    func checkTree(of pack: BatchPack, _ report: inout VerificationReport) -> ItemTree? {
        do throws(FormatError) {
            let tree = try pack.tree()
            report.pass("items", "the \(tree.count) items of the pack give the root that the batch's entry has")
            return tree
        } catch {
            report.fail("items", error.reason)
            return nil
        }
    }

    /// A recall pack: each ledger's checkpoint, the proof of its recalls, and their signatures.
    func check(_ pack: RecallPack, _ report: inout VerificationReport) {
        for ledger in pack.ledgers {
            var result = BundleReport(report: VerificationReport(type: report.type, best: .issuedAndLogged))
            check(ledger, &result)
            for row in result.rows {
                do throws(FormatError) {
                    let recall = try Recall(decoding: row.statement.payload)
                    result.report.pass(
                        "recall",
                        "\(recall.identifier), class \(recall.level.rawValue), by \(row.statement.header.issuer): entry \(row.index)"
                    )
                } catch {
                    result.report.fail("recall", "entry \(row.index): \(error.description)")
                }
            }
            report.add(result.report)
            if pack.ledgers.count == 1 { report.asOf = result.ledgers.first }
        }
    }

    /// What a recall pack has of one ledger, as rows.
    func check(_ ledger: RecallPack.Ledger, _ result: inout BundleReport) {
        guard !ledger.entries.isEmpty, let evidence = try? ledger.evidence() else {
            if let asOf = check(ledger.checkpoint, &result.report) { result.ledgers.append(asOf) }
            return
        }
        var check = BundleLedgerCheck(self, evidence)
        check.run(&result)
    }
}
