internal import GS1
internal import TraceProof
public import TraceStatements

extension Verifier {
    /// Checks the code on a pack with whatever else is at hand: the verdict of formats.md section 8.
    ///
    /// The code alone proves at most ``Verdict/issued``. What is in `evidence` and cannot be checked adds nothing; what is in it
    /// and is wrong makes the verdict ``Verdict/forged``. Expiry is looked at where the verifier was given the time.
    public func verify(_ stamp: Stamp, with evidence: ItemEvidence = ItemEvidence()) -> ItemReport {
        var result = ItemReport(report: VerificationReport(type: "stamp", best: .secretMatches), stamp: stamp)
        guard let signer = signer(of: stamp, &result) else { return result }
        let item = provenItem(stamp, signer, evidence, &result)
        judge(signer, isLogged: item != nil, &result.report)
        checkSecret(evidence.secretKey, item, &result.report)
        checkOpenings(stamp, evidence, item, &result)
        checkRecalls(of: stamp, by: signer, evidence.recalls, &result)
        checkExpiry(of: stamp, &result.report)
        if let registry = anchors.registry?.asOf {
            result.report.registry = registry
            result.asOf.insert(Freshness(part: .registry, asOf: registry), at: 0)
        }
        return result
    }

    /// Who signed a stamp.
    struct StampSigner {
        /// The party, where the caller or the registry says.
        let issuer: String?
        let record: KeyRecord?
    }

    /// The key with the stamp's kid, once it is shown to have signed, and that its party may speak for the product.
    private func signer(of stamp: Stamp, _ result: inout ItemReport) -> StampSigner? {
        var candidates: [(key: PublicKey, signer: StampSigner)] = []
        for candidate in anchors.issuerKeys where candidate.keyID == stamp.keyID {
            candidates.append((candidate.key, StampSigner(issuer: candidate.issuer, record: nil)))
        }
        if let (party, record) = anchors.registry?.key(stamp.keyID), record.grant.use == .events {
            candidates.append((record.grant.key, StampSigner(issuer: party.identifier, record: record)))
        }
        guard !candidates.isEmpty else {
            let remedy =
                anchors.registry == nil ? "give it with --issuer-key or --registry" : "the registry has none either"
            result.report.leaveUnchecked("signature: no key with kid \(stamp.keyID); \(remedy)", .unknownKey)
            return nil
        }
        let message = stamp.signedBytes
        for (key, signer) in candidates where signer.record != nil || checker.isValidPoint(key.bytes) {
            guard checker.admits(stamp.signature, for: message, by: key) else { continue }
            let name = signer.issuer.map { " of \($0)" } ?? ""
            result.report.pass("signature", "the key with kid \(stamp.keyID)\(name) signed \(stamp.elementString)")
            guard mayIssue(stamp, signer, &result) else { return nil }
            return signer
        }
        result.report.fail(
            "signature",
            "the key with kid \(stamp.keyID) did not sign \(stamp.elementString): the code was altered or made up"
        )
        return nil
    }

    /// Whether the registry has the product's company prefix for the party that signed.
    private func mayIssue(_ stamp: Stamp, _ signer: StampSigner, _ result: inout ItemReport) -> Bool {
        guard let registry = anchors.registry, let issuer = signer.issuer else { return true }
        result.issuer = registry.party(issuer)
        let product = String(decoding: stamp.gtin.utf8.dropFirst(), as: UTF8.self)
        if let owner = registry.party(prefixOf: product) {
            guard !owner.identifier.hasSameUTF8(as: issuer) else {
                result.report.pass("product", "the registry has the company prefix of \(stamp.gtin) for \(issuer)")
                return true
            }
            result.report.fail(
                "product",
                "the product is one of \(owner.identifier), not of \(issuer) who signed",
                .unknownKey
            )
            return false
        }
        guard result.issuer?.data.prefixes.isEmpty ?? true else {
            result.report.fail(
                "product",
                "\(stamp.gtin) has none of the company prefixes of \(issuer) who signed",
                .unknownKey
            )
            return false
        }
        result.report.leaveUnchecked(
            "product: the registry has no company prefix that says whose product \(stamp.gtin) is"
        )
        return true
    }

    /// A stamp has no place in a ledger: a key that ended counts for it only where the item is in an entry that counts
    /// (formats.md section 5).
    private func judge(_ signer: StampSigner, isLogged: Bool, _ report: inout VerificationReport) {
        guard let record = signer.record, let end = record.end else { return }
        let what = "the key was \(record.isRevoked ? "revoked" : "retired") from \(UTCTime.text(end.moment)) on"
        if isLogged {
            report.pass("validity", "\(what), and the entry that has the item counts")
        } else {
            report.fail(
                "validity",
                "\(what), and a code alone does not say when it was made; an item proof in an entry from before shows it",
                .keyRevoked
            )
        }
    }

    private func checkSecret(_ secret: PublicKey?, _ item: ProvenItem?, _ report: inout VerificationReport) {
        guard let secret else {
            report.lower(to: item == nil ? .issued : .issuedAndLogged)
            report.leaveUnchecked("copy: a visible code can be photographed; the hidden code under the seal cannot")
            return
        }
        guard let item else {
            report.leaveUnchecked(
                "secret: without the item's proof or its batch pack the hidden code cannot be compared",
                .issued
            )
            return
        }
        guard let key = item.proof.leaf.key else {
            report.leaveUnchecked("secret: this item was committed without a hidden code", .issuedAndLogged)
            return
        }
        report.step(
            "secret",
            key == secret,
            key == secret
                ? "the hidden code gives the item key that was committed at production"
                : "the hidden code is not the one that was sealed with this item"
        )
    }

    /// AI 17, or the day of AI 7003: an item is good until that day has ended, in UTC.
    private func checkExpiry(of stamp: Stamp, _ report: inout VerificationReport) {
        guard let element = stamp.elements.first(where: { $0.ai == 17 || $0.ai == 7003 }) else { return }
        guard let now else {
            return report.leaveUnchecked(
                "expiry: (\(element.aiText)) \(element.value); the time of the check was not given"
            )
        }
        guard let end = UTCTime.end(of: element, now: now) else {
            return report.leaveUnchecked("expiry: (\(element.aiText)) \(element.value) is no date")
        }
        let day = UTCTime.text(end - 86_400).utf8.prefix(10)
        let text = "(\(element.aiText)) ends with \(String(decoding: Array(day), as: UTF8.self)) UTC"
        if now < end {
            report.pass("expiry", text)
        } else {
            report.fail("expiry", "\(text), and it is \(UTCTime.text(now))", .expired)
        }
    }
}

extension UTCTime {
    /// When the day of a date in a code has ended, in seconds since 1970; `nil` for what is no date after 1970.
    fileprivate static func end(of element: Element, now: UInt64) -> UInt64? {
        let year = text(now).utf8.prefix(4).reduce(0) { $0 * 10 + Int($1 & 15) }
        guard now < 253_402_300_800, let date = try? element.date(referenceYear: year) else { return nil }
        return days(year: date.year, month: date.month, day: date.effectiveDay).map { ($0 + 1) * 86_400 }
    }

    /// The days from 1970-01-01 to a date, in eras of 400 years that begin in March; `nil` before.
    private static func days(year: Int, month: Int, day: Int) -> UInt64? {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shifted / 400, shifted % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return UInt64(exactly: era * 146_097 + dayOfEra - 719_468)
    }
}
