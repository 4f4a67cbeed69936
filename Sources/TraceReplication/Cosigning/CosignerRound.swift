internal import TraceProof

/// The answers of all cosigners to one checkpoint, and when they are enough.
struct CosignerRound {
    private let cosigners: [Cosigner]
    private let policy: TrustPolicy?
    /// Those who are waited for where no policy says how many are enough.
    private let awaited: [Int]
    private var answers: [Int: Result<NoteSignature, CosignerFailure>] = [:]

    /// A round of these cosigners, as they stand before it.
    init(_ statuses: [CosignerStatus], policy: TrustPolicy?) {
        cosigners = statuses.map(\.cosigner)
        // `quorum none` says that no cosignature is required, and so not how many are enough either.
        self.policy = policy?.quorum == nil ? nil : policy
        awaited = statuses.indices.filter { statuses[$0].failure == nil }
    }

    mutating func take(_ answer: Result<NoteSignature, CosignerFailure>, from place: Int) { answers[place] = answer }

    /// Whether all have answered.
    var isComplete: Bool { answers.count == cosigners.count }

    /// Whether there is nobody to wait for beyond the grace.
    var isEnough: Bool {
        guard let policy else { return awaited.allSatisfy { answers[$0] != nil } }
        return policy.isReached(by: cosigned.map(\.key))
    }

    private var cosigned: [Cosigner] {
        cosigners.indices.filter { (try? answers[$0]?.get()) != nil }.map { cosigners[$0] }
    }

    /// The cosignatures, in the order of the cosigners; throws where they do not reach the quorum.
    func result() throws(QuorumFailure) -> [NoteSignature] {
        guard isEnough || policy == nil else {
            let missing = cosigners.indices.compactMap { place -> (cosigner: Cosigner, failure: CosignerFailure)? in
                guard case .failure(let failure) = answers[place] ?? .failure(.timedOut) else { return nil }
                return (cosigners[place], failure)
            }
            throw QuorumFailure(cosigned: cosigned, missing: missing)
        }
        return cosigners.indices.compactMap { try? answers[$0]?.get() }
    }
}
