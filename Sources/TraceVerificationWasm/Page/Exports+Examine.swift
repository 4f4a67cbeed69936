internal import TraceProof
internal import TraceStatements
internal import TraceVerification

@c(tv_examine)
public func examine(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answerChecked(input, count) { (fields, checker, output) throws(FormatError) in
        let now = try fields.nextNumber()
        let policy = try fields.next()
        let registry = try fields.next()
        let file = try fields.next()
        try fields.finish()
        var anchors = TrustAnchors()
        if !policy.isEmpty { anchors.policy = try TrustPolicy(bytes: policy) }
        var verifier = Verifier(anchors: anchors, checker: checker, now: now)
        if !registry.isEmpty {
            anchors.registry = verifier.registry(of: try RegistryPack(decoding: registry)).registry
            verifier = Verifier(anchors: anchors, checker: checker, now: now)
        }
        let report: VerificationReport
        switch TravellingFile.name(of: file) {
        case let name? where name.hasSameUTF8(as: RegistryPack.file.name):
            report = verifier.registry(of: try RegistryPack(decoding: file)).report
        default:
            report = verifier.verify(.subjectProof(try SubjectProof(decoding: file)))
        }
        output.append("verdict", report.verdict.name)
        output.append("reason", report.reason)
        for step in report.steps { output.append("step", step.detail) }
    }
}
