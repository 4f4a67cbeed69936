public import TraceProof

/// The restore protocol (node.md): before a ledger that others follow is written into, they are asked for the highest
/// checkpoint that they saw. Who saw more than the directory has tells that an older state was put back; to append to it
/// would sign a second history.
public struct RestoreCheck: Sendable {
    /// Whom to ask, and how many must answer.
    public struct Peers: Sendable {
        /// Mirrors; more than half of them must answer.
        public let mirrors: [any CheckpointPeer]
        /// Witnesses, by their place in the policy; those without a URL are not among them.
        public let witnesses: [Int: any CheckpointPeer]
        /// The policy whose quorum of witnesses must answer.
        public let policy: TrustPolicy?
        /// Go on without asking, where the directory is at the place where it was last known to be the newest.
        public let isOffline: Bool

        /// These peers.
        public init(
            mirrors: [any CheckpointPeer] = [],
            witnesses: [Int: any CheckpointPeer] = [:],
            policy: TrustPolicy? = nil,
            isOffline: Bool = false
        ) {
            (self.mirrors, self.witnesses, self.policy, self.isOffline) = (mirrors, witnesses, policy, isOffline)
        }

        var isEmpty: Bool { mirrors.isEmpty && (policy?.witnesses.isEmpty ?? true) }
    }

    /// Who was asked and what came of it.
    struct Answer: Sendable {
        enum Content: Sendable {
            case saw(SignedCheckpoint)
            case sawNothing
            case failed(String)
        }

        let name: String
        /// The place in the policy; `nil` for a mirror.
        let witness: Int?
        let content: Content

        var isAnswer: Bool {
            if case .failed = content { return false }
            return true
        }
    }

    let directory: String
    let keys: LedgerKeys
    let checker: any SignatureChecker

    /// The check of a directory before it is opened for writing at `signed`, its last signed checkpoint; throws where it
    /// must not be.
    ///
    /// - Throws: ``RestoreRefusal``.
    static func run(
        _ directory: String,
        keys: LedgerKeys,
        checker: any SignatureChecker,
        signed: SignedCheckpoint?,
        peers: Peers?
    ) async throws {
        let check = RestoreCheck(directory: directory, keys: keys, checker: checker)
        guard let peers else {
            // An embedder that does not know of the peers would skip the one protection against a restored backup.
            guard try PeerList.load(from: directory)?.isEmpty ?? true else { throw RestoreRefusal.notAsked(directory) }
            return
        }
        if peers.isEmpty { return }
        if peers.isOffline { return try check.requirePlace() }
        let answers = await check.ask(peers)
        let source = await LedgerCopy(DirectorySource(directory), keys: keys, checker: checker)
        let head = signed?.checkpoint.head ?? .empty
        let tiles = await VerifiedTiles.prove(head, from: [source])
        try await check.decide(signed, answers, peers, tiles)
        try DirectoryPlace.record(directory)
    }

    private func requirePlace() throws {
        guard try DirectoryPlace.recorded(directory) == DirectoryPlace.now(directory) else {
            throw RestoreRefusal.moved(directory)
        }
    }

    private func ask(_ peers: Peers) async -> [Answer] {
        var asked = peers.mirrors.map { (peer: $0, witness: Int?.none) }
        asked += peers.witnesses.sorted { $0.key < $1.key }.map { ($0.value, $0.key) }
        var answers = [Answer?](repeating: nil, count: asked.count)
        await withTaskGroup(of: (Int, Answer).self) { group in
            for (position, (peer, witness)) in asked.enumerated() {
                group.addTask {
                    (position, Answer(name: peer.name, witness: witness, content: await content(of: peer)))
                }
            }
            for await (position, answer) in group { answers[position] = answer }
        }
        for (place, witness) in (peers.policy?.witnesses ?? []).enumerated() where peers.witnesses[place] == nil {
            let content = Answer.Content.failed("it has no URL in the policy")
            answers.append(Answer(name: witness.name.description, witness: place, content: content))
        }
        return answers.compactMap { $0 }
    }

    private func content(of peer: any CheckpointPeer) async -> Answer.Content {
        let bytes: [UInt8]?
        do { bytes = try await peer.latestCheckpoint(origin: keys.current.name) } catch { return .failed("\(error)") }
        guard let bytes else { return .sawNothing }
        guard let signed = try? SignedCheckpoint(bytes: bytes),
            signed.checkpoint.origin.hasSameUTF8(as: keys.current.name),
            keys.signed(signed, checker: checker)
        else { return .failed("what it answered is not a checkpoint that this ledger's key signed") }
        return .saw(signed)
    }

    /// Decides by what the peers saw; `tiles` are those of the directory's tree, where its own lead to its root.
    func decide(
        _ own: SignedCheckpoint?,
        _ answers: [Answer],
        _ peers: Peers,
        _ tiles: VerifiedTiles?
    ) async throws {
        let head = own?.checkpoint.head ?? .empty
        var ahead: [(name: String, size: UInt64)] = []
        for answer in answers {
            guard case .saw(let seen) = answer.content else { continue }
            let other = seen.checkpoint.head
            if other.size > head.size {
                ahead.append((answer.name, other.size))
            } else if other.size > 0 {
                guard let root = other.size == head.size ? head.root : await tiles?.root(atSize: other.size) else {
                    throw LedgerError.corrupt(
                        path: directory,
                        reason: "its tiles do not give the root of size \(other.size), which \(answer.name) saw"
                    )
                }
                guard root == other.root else {
                    let reason = "\(answer.name) saw another root of size \(other.size) than this directory has"
                    let prefix = await tiles?.prefixProof(of: other.size)
                    let evidence = Evidence(held: own, shown: seen, prefix: prefix, reason: reason)
                    throw RestoreRefusal.fork(reason, evidence: try evidence.keep(in: directory, kind: .fork))
                }
            }
        }
        if !ahead.isEmpty { throw RestoreRefusal.behind(directory, size: head.size, ahead) }
        let answered = answers.filter(\.isAnswer)
        let witnesses = Set(answered.compactMap(\.witness))
        let mirrors = answered.count { $0.witness == nil }
        guard 2 * mirrors > peers.mirrors.count || peers.mirrors.isEmpty, peers.policy?.isQuorum(witnesses) ?? true
        else {
            let failures = answers.compactMap { answer -> String? in
                if case .failed(let reason) = answer.content { return "\(answer.name): \(reason)" }
                return nil
            }
            throw RestoreRefusal.tooFew(directory, failures)
        }
    }
}
