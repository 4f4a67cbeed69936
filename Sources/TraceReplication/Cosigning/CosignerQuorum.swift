public import TraceLedger
public import TraceProof

/// The cosigners of a ledger, asked together for each checkpoint before it is shown.
///
/// ```swift
/// let quorum = try CosignerQuorum(cosigners, policy: policy, transport: http, checker: checker, limits: limits)
/// let lines = try await quorum.cosignatures(for: signed, in: reader)
/// ```
/// With a policy that names a quorum it returns when that is reached, and a grace later for the cosignatures that are just
/// behind. Without one it takes whoever answers: all whose last answer was good are waited for, each up to the time limit of
/// its request, and the others get the grace, so that a cosigner that is gone delays one checkpoint and not each.
public actor CosignerQuorum: CheckpointCosigning {
    private let transport: any PeerTransport
    private let checker: any SignatureChecker
    private let limits: CosigningLimits
    private var clients: [any CosignatureClient] = []
    private var policy: TrustPolicy?

    /// The quorum of these cosigners by this policy.
    ///
    /// - Throws: for two cosigners with one key or one URL, and a quorum that these cosigners cannot reach.
    public init(
        _ cosigners: [Cosigner],
        policy: TrustPolicy? = nil,
        transport: any PeerTransport,
        checker: any SignatureChecker,
        limits: CosigningLimits
    ) throws(FormatError) {
        (self.transport, self.checker, self.limits) = (transport, checker, limits)
        try CosignerQuorum.check(cosigners, policy)
        clients = cosigners.map { CosignerQuorum.client($0, transport, checker, limits) }
        self.policy = policy
    }

    /// Puts others in their place, from the next checkpoint on. Who stays keeps what is known of it.
    ///
    /// - Throws: as the initializer; they stay what they were then.
    public func replace(_ cosigners: [Cosigner], policy: TrustPolicy? = nil) throws(FormatError) {
        try CosignerQuorum.check(cosigners, policy)
        let old = clients
        clients = cosigners.map { cosigner in
            old.first { $0.cosigner == cosigner } ?? CosignerQuorum.client(cosigner, transport, checker, limits)
        }
        self.policy = policy
    }

    private static func client(
        _ cosigner: Cosigner,
        _ transport: any PeerTransport,
        _ checker: any SignatureChecker,
        _ limits: CosigningLimits
    ) -> any CosignatureClient {
        switch cosigner.role {
        case .witness: CosignerClient(cosigner, transport: transport, checker: checker, limits: limits)
        case .mirror: MirrorPush(cosigner, transport: transport, checker: checker, limits: limits)
        }
    }

    private static func check(_ cosigners: [Cosigner], _ policy: TrustPolicy?) throws(FormatError) {
        for (place, cosigner) in cosigners.enumerated() {
            guard !cosigners[..<place].contains(where: { $0.key.keyBytes == cosigner.key.keyBytes }) else {
                throw refusal("two cosigners have the key of \(cosigner.key.name): one key is one cosigner")
            }
            guard !cosigners[..<place].contains(where: { $0.url == cosigner.url }) else {
                throw refusal("two cosigners have the URL \(cosigner.url): name the one whose key the policy has")
            }
        }
        guard policy?.isReached(by: cosigners.map(\.key)) ?? true else {
            throw refusal(
                "the policy's quorum cannot be reached: it needs witnesses whose keys are among no cosigner's; "
                    + "add them with their URLs"
            )
        }
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError("cosigners", at: .whole, reason) }

    /// How each cosigner stands, in the order of the configuration.
    public func statuses() async -> [CosignerStatus] { await statuses(of: clients) }

    private enum Event: Sendable {
        case answer(Int, Result<NoteSignature, CosignerFailure>)
        case graceOver
    }

    /// Asks all cosigners at once.
    ///
    /// - Throws: ``QuorumFailure`` once all have answered or timed out and the quorum is not reached; `CancellationError`.
    public func cosignatures(
        for signed: SignedCheckpoint,
        in ledger: LedgerReader
    ) async throws -> [NoteSignature] {
        let (clients, limits) = (clients, limits)
        var round = CosignerRound(await statuses(of: clients), policy: policy)
        let (events, sink) = AsyncStream.makeStream(of: Event.self)
        for (place, client) in clients.enumerated() {
            // Not a child: whoever is slow goes on behind the quorum, and its answer counts for the next time.
            Task { sink.yield(.answer(place, await client.cosignature(on: signed, in: ledger))) }
        }
        var arrivals = events.makeAsyncIterator()
        var grace: Task<Void, any Error>?
        defer { grace?.cancel() }
        while !round.isComplete {
            if grace == nil, round.isEnough {
                grace = Task {
                    try await limits.sleep(limits.grace)
                    sink.yield(.graceOver)
                }
            }
            guard case .answer(let place, let result)? = await arrivals.next() else { break }
            round.take(result, from: place)
        }
        try Task.checkCancellation()
        return try round.result()
    }

    private func statuses(of clients: [any CosignatureClient]) async -> [CosignerStatus] {
        var statuses: [CosignerStatus] = []
        for client in clients { statuses.append(await client.status) }
        return statuses
    }
}

extension TrustPolicy {
    /// Whether cosignatures by these keys reach the quorum.
    func isReached(by keys: [VerifierKey]) -> Bool {
        isQuorum(Set(witnesses.indices.filter { keys.contains(witnesses[$0].key) }))
    }
}
