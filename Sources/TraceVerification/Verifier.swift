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

    /// A verifier that believes `anchors`.
    public init(anchors: TrustAnchors, checker: Checker) {
        self.anchors = anchors
        self.checker = checker
    }

    /// Checks one piece of evidence.
    ///
    /// - Parameters:
    ///   - statement: the statement that a bare receipt, or a tlog-proof without `extra`, is about.
    ///   - oldCheckpoint: the checkpoint that a consistency receipt begins at.
    public func verify(
        _ evidence: Evidence,
        statement: Statement? = nil,
        oldCheckpoint: SignedCheckpoint? = nil
    ) -> VerificationReport {
        var report = VerificationReport(type: evidence.type, best: evidence.best)
        switch evidence {
        case .statements(let statements): check(statements, &report)
        case .transparentStatement(let transparent):
            check([transparent.statement], &report)
            for receipt in transparent.receipts { check(receipt, of: transparent.statement, &report) }
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
        case .checkpoint(let signed): _ = check(signed, &report)
        }
        return report
    }
}

extension Evidence {
    /// The verdict where nothing speaks against it.
    fileprivate var best: Verdict {
        switch self {
        case .statements, .consistencyReceipt, .rootSignature, .checkpoint: .issued
        case .transparentStatement, .receipt, .tlogProof: .issuedAndLogged
        }
    }
}
