internal import TraceProof
internal import TraceVerification

extension Fields {
    /// The next three fields, as a verifier: the time of the check, a policy (empty: none) and a registry pack (empty: none).
    ///
    /// A pack that nobody vouches for gives no registry, so that no key is known; why, the file's own examination says.
    mutating func nextVerifier(
        _ checker: RecordedChecker
    ) throws(FormatError) -> (verifier: Verifier<RecordedChecker>, pack: RegistryPack?) {
        let now = try nextNumber()
        let (policy, registry) = (try next(), try next())
        var anchors = TrustAnchors()
        if !policy.isEmpty { anchors.policy = try TrustPolicy(bytes: policy) }
        let verifier = Verifier(anchors: anchors, checker: checker, now: now)
        guard !registry.isEmpty else { return (verifier, nil) }
        let pack = try RegistryPack(decoding: registry)
        anchors.registry = verifier.registry(of: pack).registry
        return (Verifier(anchors: anchors, checker: checker, now: now), pack)
    }
}
