import TraceProof
import TraceStatements
import TraceVerification

/// Enrolments and the files that registries travel in.
let registryTargets: [FuzzTarget] = [
    FuzzTarget(name: "Enrolment") { input in
        roundTrip(input, "enrolment") { try Enrolment(decoding: $0).encoded }
        roundTrip(input, "enrolment request") { try EnrolmentRequest(decoding: $0).encoded }
    },
    FuzzTarget(name: "Registry") { input in
        roundTrip(input, "registry update") { try RegistryUpdate(decoding: $0).encoded }
        roundTrip(input, "registry pack") { try RegistryPack(decoding: $0).encoded }
        guard let pack = try? RegistryPack(decoding: input) else { return }
        var registry = Registry(origin: pack.checkpoint.checkpoint.origin)
        for entry in pack.entries where (try? registry.append(entry, checker: AnySignature())) == nil { break }
        _ = Verifier(anchors: TrustAnchors(), checker: AnySignature()).registry(of: pack)
    },
    FuzzTarget(name: "SubjectProof") { input in
        roundTrip(input, "subject proof") { try SubjectProof(decoding: $0).encoded }
        roundTrip(input, "map root") { try MapRoot(decoding: $0).encoded }
        guard let proof = try? SubjectProof(decoding: input) else { return }
        _ = Verifier(anchors: TrustAnchors(), checker: AnySignature()).verify(.subjectProof(proof))
    },
]
