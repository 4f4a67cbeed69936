internal import GS1
internal import TraceProof
internal import TraceStatements

extension Verifier {
    /// Recalls that cover the item, by those who may recall it.
    func checkRecalls(
        of stamp: Stamp,
        by signer: StampSigner,
        _ packs: [RecallPack],
        _ result: inout ItemReport
    ) {
        for pack in packs {
            for ledger in pack.ledgers {
                var own = BundleReport(report: VerificationReport(type: result.report.type, best: .issuedAndLogged))
                check(ledger, &own)
                result.report.addOptional(own.report)
                let asOf = own.ledgers.first
                if let asOf { result.asOf.append(Freshness(part: .recalls, asOf: asOf)) }
                for row in own.rows where row.verdict == .issuedAndLogged { judge(row, stamp, signer, asOf, &result) }
            }
        }
        if packs.isEmpty {
            result.report.leaveUnchecked("recall: no recall pack is here, so a recall would not be known")
        }
    }

    private func judge(
        _ row: BundleRow,
        _ stamp: Stamp,
        _ signer: StampSigner,
        _ asOf: AsOf?,
        _ result: inout ItemReport
    ) {
        let recall: Recall
        do throws(FormatError) { recall = try Recall(decoding: row.statement.payload) } catch {
            return result.report.leaveUnchecked("recall: entry \(row.index) of \(row.origin): \(error.description)")
        }
        let issuer = row.statement.header.issuer
        switch recall.covers(stamp.elements) {
        case .no: return
        case .open(let what):
            result.report.leaveUnchecked(
                "recall: \(recall.identifier) is about some of this product, and the code has no \(what): look at the pack"
            )
        case .yes:
            guard mayRecall(issuer, signer) else {
                return result.report.leaveUnchecked(
                    "recall: \(issuer) recalls this product, \(recall.identifier), and is neither its maker nor a regulator"
                )
            }
            result.recalls.append(FoundRecall(recall: recall, issuer: issuer, asOf: asOf))
            result.report.fail(
                "recall",
                "\(recall.identifier), class \(recall.level.rawValue), by \(issuer) on \(UTCTime.text(recall.opened)): "
                    + "\(recall.reason) \(recall.instruction)",
                .recalled
            )
        }
    }

    /// The maker recalls its products; a regulator or the registry's authority anybody's. Without a registry nobody says who is
    /// who, and whoever the caller gave a key for counts.
    private func mayRecall(_ issuer: String, _ signer: StampSigner) -> Bool {
        guard let registry = anchors.registry, let maker = signer.issuer else { return true }
        if issuer.hasSameUTF8(as: maker) { return true }
        guard let party = registry.party(issuer) else { return false }
        return party.data.roles.contains {
            $0.name.hasSameUTF8(as: "regulator") || $0.name.hasSameUTF8(as: "authority")
        }
    }
}
