import TraceProof
import TraceVerification

/// Evidence in one file.
let bundleTarget = FuzzTarget(name: "EvidenceBundle") { input in
    roundTrip(input, "evidence bundle") { try EvidenceBundle(decoding: $0).encoded }
    guard let bundle = try? EvidenceBundle(decoding: input) else { return }
    let verifier = Verifier(anchors: TrustAnchors(), checker: NoSignature())
    let result = verifier.verify(bundle)
    if result.rows.count != bundle.statementCount { finding("a statement without a row") }
    if result.report.verdict.exitCode == 0 { finding("a bundle that verifies without a key") }
}

/// Two checkpoints that exclude each other.
let forkTarget = FuzzTarget(name: "ForkEvidence") { input in
    roundTrip(input, "fork evidence") { try ForkEvidence(decoding: $0).encoded }
    guard let evidence = try? ForkEvidence(decoding: input) else { return }
    let report = Verifier(anchors: TrustAnchors(), checker: NoSignature()).verify(.forkEvidence(evidence))
    if report.verdict > .unknownKey { finding("fork evidence that is believed without a key") }
}

private struct NoSignature: SignatureChecker {
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool { false }
    func isValidPoint(_ bytes: [UInt8]) -> Bool { false }
}
