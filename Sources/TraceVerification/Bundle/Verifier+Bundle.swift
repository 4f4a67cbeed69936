internal import TraceProof
internal import TraceStatements

extension Verifier {
    /// Checks a bundle: each ledger's checkpoint, the one proof of its statements, and each statement's key, signature and
    /// chain.
    ///
    /// The policy in the bundle counts for nothing: only ``TrustAnchors`` do. The proof is one for all statements of a
    /// ledger, so where it does not hold none of them counts.
    public func verify(_ bundle: EvidenceBundle) -> BundleReport {
        var result = BundleReport(report: VerificationReport(type: EvidenceBundle.type, best: .issuedAndLogged))
        let verifier = knowingRegistry(of: bundle, &result.report)
        comparePolicies(bundle, &result.report)
        for ledger in bundle.ledgers {
            var check = BundleLedgerCheck(verifier, ledger)
            check.run(&result)
        }
        if result.ledgers.count == 1, bundle.ledgers.count == 1 { result.report.asOf = result.ledgers.first }
        if !result.report.steps.contains(where: { $0.passed }) {
            result.report.leaveUnchecked("nothing: no signature or proof here could be checked", .unknownKey)
        }
        return result
    }

    /// The signatures of statements that ``verify(_:)-(EvidenceBundle)`` will ask its checker about, nearly all of its time.
    ///
    /// Whoever has several processors checks them on all of these first, and gives ``verify(_:)-(EvidenceBundle)`` a checker
    /// that knows the answers.
    public func signatures(in bundle: EvidenceBundle) -> [SignatureQuestion] {
        var report = VerificationReport(type: EvidenceBundle.type, best: .issuedAndLogged)
        let anchors = knowingRegistry(of: bundle, &report).anchors
        var questions: [SignatureQuestion] = []
        questions.reserveCapacity(bundle.statementCount)
        for ledger in bundle.ledgers {
            for entry in ledger.entries {
                guard let candidate = anchors.keys(for: entry.statement.header).first else { continue }
                questions.append(
                    SignatureQuestion(
                        key: candidate.key,
                        signature: entry.statement.signature,
                        message: entry.statement.signedBytes
                    )
                )
            }
        }
        return questions
    }

    /// A verifier that believes the registry in the bundle, where its anchors have none and name its origin.
    ///
    /// Not every registry whose log the policy has: any of the policy's logs could keep one, and the bundle's maker chooses
    /// which to bring.
    private func knowingRegistry(of bundle: EvidenceBundle, _ report: inout VerificationReport) -> Verifier {
        guard anchors.registry == nil, let pack = bundle.registry else { return self }
        let checkpoint = pack.checkpoint.checkpoint
        guard let wanted = anchors.registryOrigin, wanted.hasSameUTF8(as: checkpoint.origin) else {
            report.leaveUnchecked(
                "registry: the bundle brings that of \(checkpoint.origin) at size \(checkpoint.head.size), which does not "
                    + "count; give your own with --registry, or name the one you believe with --registry-origin"
            )
            return self
        }
        var anchors = anchors
        anchors.registry = registry(of: pack, &report)
        report.asOf = nil
        if anchors.registry != nil {
            report.leaveUnchecked(
                "registry: it came with the bundle and knows nothing that was recorded since; --max-age says how old it may be"
            )
        }
        return Verifier(anchors: anchors, checker: checker, now: now)
    }

    private func comparePolicies(_ bundle: EvidenceBundle, _ report: inout VerificationReport) {
        guard let own = bundle.policy else { return }
        if let policy = anchors.policy {
            guard policy.bytes != own else { return }
            report.leaveUnchecked(
                "policy: the one in the bundle, SHA-256 \(SHA256.hash(own)), is another than that of --policy, which counts"
            )
        } else {
            report.leaveUnchecked(
                "policy: the one in the bundle counts for nothing; its SHA-256 is \(SHA256.hash(own)): write it out with "
                    + "`traceledger bundle policy FILE -o POLICY`, compare it with what the authority published, and give "
                    + "it with --policy",
                anchors.logKeys.isEmpty ? .unknownKey : nil
            )
        }
    }
}

extension EvidenceBundle {
    /// What it is called in reports.
    static let type = "evidence bundle"
}

/// The check of one ledger's part of a bundle.
private struct BundleLedgerCheck<Checker: SignatureChecker> {
    let verifier: Verifier<Checker>
    let ledger: EvidenceBundle.Ledger
    /// What holds for all statements: the checkpoint, the anchors, the proof.
    var common = VerificationReport(type: EvidenceBundle.type, best: .issuedAndLogged)
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
        let leaves = TreeHash.leaves(ledger.entries.map(\.statement.encoded))
        let asOf = verifier.check(ledger.checkpoint, &common)
        checkInclusion(leaves)
        if let asOf, common.verdict == .issuedAndLogged {
            sightings.append((asOf.size, Sighting(origin: asOf.origin, time: asOf.time)))
            checkAnchors(asOf)
        }
        if let asOf { result.ledgers.append(asOf) }
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
        do {
            try ledger.proof.verify(leaves: leaves, in: head)
            common.pass(
                "inclusion",
                "\(leaves.count) statements lead over \(ledger.hashes.count) hashes to the root at size \(head.size) of "
                    + ledger.origin
            )
        } catch {
            common.fail(
                "inclusion",
                "\(error.description): a statement, its index, a hash or the checkpoint of \(ledger.origin) was altered, so "
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
            reason: reason,
            party: key.flatMap { _ in verifier.anchors.registry?.party(statement.header.issuer)?.data },
            seen: own.sightings.compactMap(\.time).min()
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

/// What is said of single statements in the report of the whole: the first of a ledger in full, then how many more.
private struct BundleFindings {
    static let maximumCount = 20

    let origin: String
    var signed = 0
    var bad = 0
    var underRegistry = 0

    init(origin: String) { self.origin = origin }

    /// - Returns: the reason that the statement's row gives.
    mutating func add(
        _ own: VerificationReport,
        of entry: EvidenceBundle.Entry,
        isSigned: Bool,
        _ report: inout VerificationReport
    ) -> String? {
        if isSigned { signed += 1 }
        if !own.underRegistry.isEmpty { underRegistry += 1 }
        let failed = own.steps.filter { !$0.passed }
        guard !failed.isEmpty || !own.unchecked.isEmpty else { return nil }
        bad += 1
        let reasons = failed.map { "\($0.name): \($0.detail)" } + own.unchecked
        if bad <= BundleFindings.maximumCount {
            for step in failed { report.fail(step.name, "entry \(entry.index) of \(origin): \(step.detail)", own.verdict) }
            for what in own.unchecked { report.leaveUnchecked("entry \(entry.index) of \(origin): \(what)", own.verdict) }
        } else {
            report.lower(to: own.verdict)
        }
        return reasons.first
    }

    func sumUp(signers: Int, links: Int, _ report: inout VerificationReport) {
        if signed > 0 {
            report.pass("signature", "\(signed) statements of \(origin) are signed by \(signers) keys")
        }
        if underRegistry > 0 {
            report.pass("validity", "\(underRegistry) of them were asked of the registry, and what it holds against any is above")
        }
        if links > 0 {
            report.pass("chain", "\(links) of them name the statement before them in this bundle as their signer's last")
        }
        if bad > BundleFindings.maximumCount {
            report.leaveUnchecked(
                "and \(bad - BundleFindings.maximumCount) further statements of \(origin): the rows say what is with each"
            )
        }
    }
}
