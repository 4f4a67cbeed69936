public import TraceProof
public import TraceStatements

/// Checks evidence against what the caller believes, and says step by step what was checked and what could not be.
///
/// ```swift
/// let verifier = Verifier(anchors: anchors, checker: SodiumSignatureChecker())
/// let report = verifier.verify(try Evidence(decoding: bytes))
/// print(report.verdict.name, report.verdict.meaning.english)
/// ```
/// It holds no state, reads no file and has no clock.
public struct Verifier<Checker: SignatureChecker>: Sendable {
    let anchors: TrustAnchors
    let checker: Checker
    let now: UInt64?

    /// A verifier that believes `anchors`.
    ///
    /// - Parameter now: the time of the check, in seconds since 1970; how fresh a registry is and whether an
    ///   item's expiry date is past depend on it. `nil`: it is not said.
    public init(anchors: TrustAnchors, checker: Checker, now: UInt64? = nil) {
        (self.anchors, self.checker, self.now) = (anchors, checker, now)
    }

    /// Checks one piece of evidence.
    ///
    /// - Parameters:
    ///   - statement: the statement that a bare receipt, or a tlog-proof without `extra`, is about. Evidence that carries
    ///     statements of its own must be about this one too: otherwise a proof of one could be shown with another.
    ///   - oldCheckpoint: the checkpoint that a consistency receipt begins at.
    public func verify(
        _ evidence: Evidence,
        statement: Statement? = nil,
        oldCheckpoint: SignedCheckpoint? = nil
    ) -> VerificationReport {
        var report = VerificationReport(type: evidence.type, best: evidence.best)
        switch evidence {
        case .statements(let statements): check(statements, given: statement, &report)
        case .transparentStatement(let transparent): check(transparent, given: statement, &report)
        case .receipt(let receipt):
            if let statement { check([statement], &report) }
            check(receipt, of: statement, &report)
        case .consistencyReceipt(let receipt): check(receipt, from: oldCheckpoint, &report)
        case .rootSignature:
            report.leaveUnchecked(
                "root signature: it is over a root that it does not name; verify a receipt",
                .unknownKey
            )
        case .tlogProof(let proof): check(proof, of: statement, &report)
        case .checkpoint(let signed): report.asOf = check(signed, &report)
        case .registryPack(let pack): _ = registry(of: pack, &report)
        case .registryUpdate(let update): check(update, from: oldCheckpoint, &report)
        case .enrolmentRequest(let request): check(request, &report)
        case .subjectProof(let proof): check(proof, given: statement, &report)
        case .evidenceBundle(let bundle): report = verify(bundle, statement: statement).report
        case .forkEvidence(let evidence): check(evidence, &report)
        case .stamp(let stamp): report = verify(stamp).report
        case .loggedItem(let item): check(item, &report)
        case .batchPack(let pack): check(pack, &report)
        case .recallPack(let pack): check(pack, &report)
        }
        judgeKeys(&report)
        if !report.steps.contains(where: { $0.passed }) {
            report.leaveUnchecked("nothing: no signature or proof here could be checked", .unknownKey)
        }
        return report
    }

    /// The statements that evidence carries, and that the one given is among them.
    func check(_ statements: [Statement], given: Statement?, _ report: inout VerificationReport) {
        check(statements, &report)
        guard let given, !statements.contains(where: { $0.encoded == given.encoded }) else { return }
        report.fail("statement", "this is not about the statement given with --statement, \(given.leafHash)")
    }

    /// A statement and each of its receipts.
    func check(_ transparent: TransparentStatement, given: Statement?, _ report: inout VerificationReport) {
        check([transparent.statement], given: given, &report)
        for receipt in transparent.receipts { check(receipt, of: transparent.statement, &report) }
        if transparent.receipts.isEmpty {
            report.leaveUnchecked("inclusion: there is no receipt; ask the ledger for one", .issued)
        }
    }
}

extension Evidence {
    /// The verdict where nothing speaks against it.
    fileprivate var best: Verdict {
        switch self {
        case .statements, .consistencyReceipt, .rootSignature, .checkpoint: .issued
        case .registryUpdate, .enrolmentRequest, .forkEvidence, .stamp: .issued
        case .loggedItem, .batchPack, .recallPack, .subjectProof, .transparentStatement, .receipt, .tlogProof,
            .registryPack, .evidenceBundle:
            .issuedAndLogged
        }
    }
}
