internal import TraceProof
public import TraceStatements

extension Verifier {
    /// Checks a bundle: each ledger's checkpoint, the one proof of its statements, and each statement's key, signature and
    /// chain.
    ///
    /// The policy in the bundle counts for nothing: only ``TrustAnchors`` do. The proof is one for all statements of a
    /// ledger, so where it does not hold none of them counts.
    ///
    /// - Parameter statement: a statement that must be among those of the bundle.
    public func verify(_ bundle: EvidenceBundle, statement: Statement? = nil) -> BundleReport {
        var result = BundleReport(report: VerificationReport(type: EvidenceBundle.type, best: .issuedAndLogged))
        let verifier = knowingRegistry(of: bundle, &result.report)
        comparePolicies(bundle, &result.report)
        for ledger in bundle.ledgers {
            var check = BundleLedgerCheck(verifier, ledger)
            check.run(&result)
        }
        if let statement, !result.rows.contains(where: { $0.statement == statement }) {
            result.report.fail(
                "statement",
                "the one given with --statement, \(statement.leafHash), is not in the bundle"
            )
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
