internal import GS1
internal import TraceProof
internal import TraceStatements

/// An item that is shown to be one of a logged batch.
struct ProvenItem {
    let batch: LoggedBatch
    let proof: ItemProof
}

extension Verifier {
    /// The first proof in the evidence that the stamp's item is one of a batch that its issuer logged.
    ///
    /// A pack of the item's lot that does not have it speaks against it, unless another proof has it.
    func provenItem(
        _ stamp: Stamp,
        _ signer: StampSigner,
        _ evidence: ItemEvidence,
        _ result: inout ItemReport
    ) -> ProvenItem? {
        guard let item = stamp.item else {
            if !evidence.items.isEmpty || !evidence.packs.isEmpty {
                result.report.leaveUnchecked("item: the code has no serial number (21), so it names no item")
            }
            return nil
        }
        for own in evidence.items where own.proof.leaf.serial.hasSameUTF8(as: item.serial) {
            guard own.batch.items.gtin.hasSameUTF8(as: item.gtin) else { continue }
            if let proven = prove(own.proof, of: own.batch, stamp, signer, &result) { return proven }
        }
        var missing: BatchPack?
        for pack in evidence.packs where pack.batch.items.gtin.hasSameUTF8(as: item.gtin) {
            guard let index = pack.index(ofSerial: item.serial) else {
                if pack.batch.isOfLot(stamp.lot) { missing = pack }
                continue
            }
            guard let tree = checkTree(of: pack, &result.report), let proof = try? tree.proof(ofIndex: index) else {
                continue
            }
            if let proven = prove(proof, of: pack.batch, stamp, signer, &result) { return proven }
        }
        if let missing { missItem(item, in: missing, &result) }
        if result.report.verdict >= .issued, evidence.items.isEmpty, evidence.packs.isEmpty {
            result.report.leaveUnchecked(
                "item: no item proof and no batch pack is here, so whether a ledger has the item stays open"
            )
        }
        return nil
    }

    /// Whether the batch is logged and its issuer's, and has the item.
    private func prove(
        _ proof: ItemProof,
        of batch: LoggedBatch,
        _ stamp: Stamp,
        _ signer: StampSigner,
        _ result: inout ItemReport
    ) -> ProvenItem? {
        var own = VerificationReport(type: result.report.type, best: .issuedAndLogged)
        let asOf = check(batch, &own)
        judgeKeys(&own)
        let isItem = checkProof(proof, of: batch, &own)
        result.report.addOptional(own)
        guard isItem, let asOf, own.verdict == .issuedAndLogged else { return nil }
        if let issuer = signer.issuer, !issuer.hasSameUTF8(as: batch.statement.header.issuer) {
            result.report.fail(
                "item",
                "\(batch.statement.header.issuer) committed the item, and \(issuer) signed the code",
                .unknownKey
            )
            return nil
        }
        guard batch.isOfLot(stamp.lot) else {
            result.report.fail(
                "item",
                "the item was committed in lot \(batch.items.lot ?? ""), and the code says \(stamp.lot ?? "")",
                .notInLedger
            )
            return nil
        }
        result.batch = batch
        result.report.asOf = asOf
        result.asOf.append(Freshness(part: .batch, asOf: asOf))
        return ProvenItem(batch: batch, proof: proof)
    }

    private func missItem(_ item: ItemIdentity, in pack: BatchPack, _ result: inout ItemReport) {
        var own = VerificationReport(type: result.report.type, best: .issuedAndLogged)
        let asOf = check(pack.batch, &own)
        judgeKeys(&own)
        let isWhole = checkTree(of: pack, &own) != nil
        result.report.addOptional(own)
        guard isWhole, let asOf, own.verdict == .issuedAndLogged else { return }
        result.asOf.append(Freshness(part: .batch, asOf: asOf))
        result.report.asOf = asOf
        result.report.fail(
            "item",
            "\(item.serial) is none of the \(pack.serials.count) items that were committed in this lot",
            .notInLedger
        )
    }

    /// The openings of the item: the first is the consumer's own, or there was another before.
    func checkOpenings(
        _ stamp: Stamp,
        _ evidence: ItemEvidence,
        _ proven: ProvenItem?,
        _ result: inout ItemReport
    ) {
        guard let item = stamp.item else { return }
        for history in evidence.histories where history.subject.hasSameUTF8(as: item.text) {
            var own = VerificationReport(type: result.report.type, best: .issuedAndLogged)
            let asOf = check(history.checkpoint, &own)
            let isIn = checkInclusion(of: history, &own)
            if isIn { checkMap(of: history, &own) }
            result.report.addOptional(own)
            guard isIn, let asOf, own.verdict == .issuedAndLogged else { continue }
            result.asOf.append(Freshness(part: .activations, asOf: asOf))
            for entry in history.entries where entry.statement.header.kind == .activation {
                guard let proven else {
                    result.report.leaveUnchecked(
                        "activation: entry \(entry.index) of \(asOf.origin) opens this item; without its proof or batch pack "
                            + "whether by its sealed key stays open"
                    )
                    continue
                }
                note(entry, asOf.origin, proven, &result)
            }
        }
        judgeOpenings(evidence.ownActivation, &result)
    }

    private func note(
        _ entry: SubjectProof.Entry,
        _ origin: String,
        _ proven: ProvenItem,
        _ result: inout ItemReport
    ) {
        // The entry of another batch with the same serial number is another item's.
        guard origin.hasSameUTF8(as: proven.batch.origin) else { return }
        do throws(ActivationError) {
            let claim = try ActivationClaim(entry.statement)
            guard claim.commissioning == proven.batch.statement.leafHash else { return }
            try claim.checkLedger(origin)
            try claim.checkSignature(of: entry.statement, checker: checker)
            try claim.check(against: proven.batch.items)
            let (header, leafHash) = (entry.statement.header, entry.statement.leafHash)
            guard !result.activations.contains(where: { $0.leafHash == leafHash }) else { return }
            result.activations.append(
                FoundActivation(index: entry.index, claimedAt: header.issuedAt, leafHash: leafHash)
            )
            result.activations.sort { $0.index < $1.index }
        } catch {
            result.report.leaveUnchecked("activation: entry \(entry.index) is none of this item: \(error.description)")
        }
    }

    private func judgeOpenings(_ own: Digest?, _ result: inout ItemReport) {
        guard let first = result.activations.first else { return }
        let count = result.activations.count
        if let own, first.leafHash == own {
            result.report.pass(
                "activation",
                count == 1
                    ? "your opening is the first and only one, entry \(first.index)"
                    : "your opening is the first, entry \(first.index); \(count - 1) came after it: somebody has a copy of the code"
            )
        } else {
            result.report.fail(
                "activation",
                "it was first opened in entry \(first.index), at \(UTCTime.text(first.claimedAt)) by that device's clock; "
                    + "\(count) opening\(count == 1 ? "" : "s") in all",
                .alreadyActivated
            )
        }
    }
}

extension LoggedBatch {
    /// Whether nothing says that the batch is of another lot.
    fileprivate func isOfLot(_ lot: String?) -> Bool {
        guard let own = items.lot, let lot else { return true }
        return own.hasSameUTF8(as: lot)
    }
}
