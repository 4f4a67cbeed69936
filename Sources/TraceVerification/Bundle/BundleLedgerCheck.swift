internal import TraceProof
internal import TraceStatements

/// The check of one ledger's part of a bundle.
struct BundleLedgerCheck<Checker: SignatureChecker> {
    let verifier: Verifier<Checker>
    let ledger: EvidenceBundle.Ledger
    /// What holds for all statements: the checkpoint, the anchors, the proof.
    var common = VerificationReport(type: EvidenceBundle.type, best: .issuedAndLogged)
    /// What speaks against all statements alike.
    var commonReason: String?
    /// Where and when each statement below the size was seen.
    var sightings: [(size: UInt64, sighting: Sighting)] = []
    /// Keys that were asked about already: whether they are points of the prime-order group.
    var soundKeys: [PublicKey: Bool] = [:]
    /// The newest statement so far of each key.
    var newest: [PublicKey: (link: ChainLink, leaf: Digest)] = [:]
    var genesis: Digest?
    var linkCount = 0

    init(_ verifier: Verifier<Checker>, _ ledger: EvidenceBundle.Ledger) {
        (self.verifier, self.ledger) = (verifier, ledger)
    }

    mutating func run(_ result: inout BundleReport) {
        let leaves = TreeHash.leaves(ledger.entries.map { $0.statement.encoded })
        let asOf = verifier.check(ledger.checkpoint, &common)
        checkInclusion(leaves)
        if let asOf, common.verdict == .issuedAndLogged {
            sightings.append((asOf.size, Sighting(origin: asOf.origin, time: asOf.time)))
            checkAnchors(asOf)
        }
        if let asOf { result.ledgers.append(asOf) }
        if common.verdict != .issuedAndLogged {
            let failed = common.steps.first { !$0.passed }
            commonReason = failed.map { "\($0.name): \($0.detail)" } ?? common.unchecked.first
        }
        result.report.add(common)
        var findings = BundleFindings(origin: ledger.origin)
        result.rows.reserveCapacity(result.rows.count + leaves.count)
        for (entry, leaf) in zip(ledger.entries, leaves) {
            let row = row(entry, leaf, &findings, &result.report)
            result.rows.append(row)
        }
        if findings.underRegistry > 0 { result.report.registry = verifier.anchors.registry?.asOf }
        findings.sumUp(signers: newest.count, links: linkCount, &result.report)
    }

    private mutating func checkInclusion(_ leaves: [Digest]) {
        let head = ledger.checkpoint.checkpoint.head
        let (origin, count) = (ledger.origin, ledger.hashes.count)
        do {
            try ledger.proof.verify(leaves: leaves, in: head)
            common.pass(
                "inclusion",
                "\(leaves.count) statements lead over \(count) hashes to the root at size \(head.size) of \(origin)"
            )
        } catch {
            common.fail(
                "inclusion",
                "\(error.description): a statement, its index, a hash or the checkpoint of \(origin) was altered, so "
                    + "none of its \(leaves.count) statements counts"
            )
        }
    }

    /// Older checkpoints count as sightings where a quorum says when. One that does not reach it is passed over; one that
    /// does not fit the newer one is evidence of a fork.
    private mutating func checkAnchors(_ asOf: AsOf) {
        let new = ledger.checkpoint.checkpoint.head
        for anchor in ledger.anchors {
            let old = anchor.checkpoint.checkpoint.head
            var own = VerificationReport(type: EvidenceBundle.type, best: .issuedAndLogged)
            let seen = verifier.check(anchor.checkpoint, &own)
            let proof = ConsistencyProof(oldSize: old.size, newSize: new.size, path: anchor.consistency)
            do {
                try proof.verify(old: old, new: new)
            } catch {
                common.fail(
                    "anchor",
                    "\(error.description): the tree of \(asOf.origin) at size \(old.size) is not the beginning of that at "
                        + "\(new.size)"
                )
                continue
            }
            guard own.verdict != .forged else {
                common.add(own)
                continue
            }
            guard let time = seen?.time else {
                common.leaveUnchecked(
                    "anchor: size \(old.size) of \(asOf.origin) does not count: no quorum of cosigners says when it was seen"
                )
                continue
            }
            sightings.append((old.size, Sighting(origin: asOf.origin, time: time)))
            common.pass(
                "anchor",
                "\(asOf.origin) at size \(old.size) is the beginning of size \(new.size), and the cosigners had seen it by "
                    + UTCTime.text(time)
            )
        }
    }

    private mutating func row(
        _ entry: EvidenceBundle.Entry,
        _ leaf: Digest,
        _ findings: inout BundleFindings,
        _ report: inout VerificationReport
    ) -> BundleRow {
        var own = VerificationReport(type: EvidenceBundle.type, best: common.verdict)
        for (size, sighting) in sightings where entry.index < size { own.sightings.append(sighting) }
        let statement = entry.statement
        let key = signer(of: statement, leaf, &own)
        if let key {
            if statement.header.kind == .activation { Verifier<Checker>.leaveItemUnchecked(&own) }
            checkChain(statement, leaf, key, &own)
        }
        judge(&own)
        let reason = findings.add(own, of: entry, isSigned: key != nil, &report)
        return BundleRow(
            origin: ledger.origin,
            index: entry.index,
            statement: statement,
            leafHash: leaf,
            verdict: own.verdict,
            reason: reason ?? commonReason,
            party: key.flatMap { _ in verifier.anchors.registry?.party(statement.header.issuer)?.data },
            seen: own.sightings.compactMap { $0.time }.min()
        )
    }

    /// The key that signed, without a word where all is well: there may be very many statements.
    private mutating func signer(
        of statement: Statement,
        _ leaf: Digest,
        _ own: inout VerificationReport
    ) -> PublicKey? {
        let candidates = verifier.anchors.keys(for: statement.header)
        let message = candidates.isEmpty ? [] : statement.signedBytes
        for candidate in candidates where isSound(candidate.key) {
            guard verifier.checker.admits(statement.signature, for: message, by: candidate.key) else { continue }
            if let record = candidate.record {
                own.underRegistry.append(SignedUnderRegistry(statement.header, leaf, record))
            }
            return candidate.key
        }
        // What exactly is wrong with it, as of any other statement.
        return verifier.signer(of: statement, &own)
    }

    private mutating func isSound(_ key: PublicKey) -> Bool {
        if let known = soundKeys[key] { return known }
        let isSound = verifier.checker.isValidPoint(key.bytes)
        soundKeys[key] = isSound
        return isSound
    }

    /// Whether the key counts for it. A key that never ended and was enrolled before needs no words either.
    private func judge(_ own: inout VerificationReport) {
        guard let signed = own.underRegistry.first else { return }
        let from = signed.record.grant.from
        let isOpen =
            signed.record.end == nil && signed.header.issuedAt >= from
            && own.sightings.allSatisfy { $0.time.map { $0 >= from } ?? true }
        if !isOpen { verifier.judgeKeys(&own) }
    }

    /// A bundle is a choice, so gaps in a signer's chain are no finding; what stands in it must fit.
    private mutating func checkChain(
        _ statement: Statement,
        _ leaf: Digest,
        _ key: PublicKey,
        _ own: inout VerificationReport
    ) {
        guard let link = statement.header.chain else { return }
        defer { newest[key] = (link, leaf) }
        if statement.header.kind == .genesis {
            if verifier.checkGenesis(statement, link, key, &own) { genesis = leaf }
            return
        }
        guard let (before, beforeLeaf) = newest[key] else {
            if link.sequence == 0, let genesis {
                checkLink(genesis == link.previous, "the signer's first entry names another genesis", &own)
            }
            return
        }
        if link.sequence <= before.sequence {
            own.fail(
                "chain",
                "it is number \(link.sequence) of its signer and stands behind number \(before.sequence) in the ledger"
            )
        } else if link.sequence == before.sequence &+ 1 {
            checkLink(
                link.previous == beforeLeaf,
                "number \(link.sequence) of its signer names \(link.previous), and number \(before.sequence) is \(beforeLeaf)",
                &own
            )
        }
    }

    private mutating func checkLink(
        _ holds: Bool,
        _ finding: @autoclosure () -> String,
        _ own: inout VerificationReport
    ) {
        if holds { linkCount += 1 } else { own.fail("chain", finding()) }
    }
}
