internal import TraceProof
internal import TraceStatements

/// What is said of single statements in the report of the whole: the first of a ledger in full, then how many more.
struct BundleFindings {
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
            for step in failed {
                report.fail(step.name, "entry \(entry.index) of \(origin): \(step.detail)", own.verdict)
            }
            for what in own.unchecked {
                report.leaveUnchecked("entry \(entry.index) of \(origin): \(what)", own.verdict)
            }
        } else {
            report.lower(to: own.verdict)
        }
        return reasons.first
    }

    func sumUp(signers: Int, links: Int, _ report: inout VerificationReport) {
        if signed > 0 {
            report.pass(
                "signature",
                "\(signed) statements of \(origin) are signed, by \(signers) key\(signers == 1 ? "" : "s")"
            )
        }
        if underRegistry > 0 {
            report.pass(
                "validity",
                "\(underRegistry) of them were asked of the registry, and what it holds against any is above"
            )
        }
        if links > 0 {
            report.pass(
                "chain",
                "\(links) of them name the statement before them in this bundle as their signer's last"
            )
        }
        if bad > BundleFindings.maximumCount {
            report.leaveUnchecked(
                "and \(bad - BundleFindings.maximumCount) further statements of \(origin): the rows say what is with each"
            )
        }
    }
}
