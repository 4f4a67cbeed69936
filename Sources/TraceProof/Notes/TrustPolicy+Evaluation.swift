/// What a policy finds in one checkpoint, step by step: each list goes with the policy's list of the same name.
public struct PolicyResult: Hashable, Sendable {
    /// What the signature of each log is.
    public let logs: [SignatureOutcome]
    /// What the cosignature of each witness is, with its time.
    public let witnesses: [SignatureOutcome]
    /// How far each group came.
    public let groups: [GroupOutcome]
    /// The place of the log that signed: its signature verified and its name is the checkpoint's origin.
    public let log: Int?
    /// Whether the quorum is reached; always so where the policy demands none.
    public let quorumReached: Bool
    /// When the quorum was reached, in POSIX seconds: the earliest time by which enough witnesses had cosigned. `nil`
    /// where it is not reached or none is demanded.
    public let quorumTime: UInt64?

    /// The state of a group.
    public struct GroupOutcome: Hashable, Sendable {
        /// How many of its members witnessed the checkpoint.
        public let reached: Int
        /// When the group's threshold was reached, in POSIX seconds; `nil` where it is not.
        public let time: UInt64?
    }

    /// The lines of the note with a signature that claims to be of a known key and is not.
    public var invalidLines: [Int] {
        (logs + witnesses).compactMap {
            if case .invalid(let line) = $0 { return line }
            return nil
        }
    }

    /// Whether the checkpoint is valid by the policy: a known log signed it, the quorum is reached, and no signature of a
    /// known key is wrong.
    public var isAccepted: Bool { log != nil && quorumReached && invalidLines.isEmpty }
}

extension TrustPolicy {
    /// Looks at a checkpoint with this policy.
    ///
    /// Keys of types that this package cannot check (ML-DSA-44) never count: the answer errs towards refusal. Times are
    /// not compared with any clock.
    public func evaluate(_ checkpoint: SignedCheckpoint, checker: some SignatureChecker) -> PolicyResult {
        let note = checkpoint.note
        let logOutcomes = logs.map { note.outcome(of: $0.key, checker: checker) }
        let witnessOutcomes = witnesses.map { note.outcome(of: $0.key, checker: checker) }

        // Groups stand after their members, so one pass in order suffices.
        var groupOutcomes: [PolicyResult.GroupOutcome] = []
        func time(_ member: Member) -> UInt64? {
            switch member {
            case .witness(let place):
                if case .verified(let time) = witnessOutcomes[place] { return time }
                return nil
            case .group(let place): return groupOutcomes[place].time
            }
        }
        for group in groups {
            let times = group.members.compactMap(time).sorted()
            let isReached = times.count >= group.threshold
            groupOutcomes.append(
                PolicyResult.GroupOutcome(reached: times.count, time: isReached ? times[group.threshold - 1] : nil)
            )
        }
        let quorumTime = quorum.flatMap(time)
        return PolicyResult(
            logs: logOutcomes,
            witnesses: witnessOutcomes,
            groups: groupOutcomes,
            log: logs.indices.first { place in
                guard case .verified = logOutcomes[place] else { return false }
                return logs[place].key.name.hasSameUTF8(as: checkpoint.checkpoint.origin)
            },
            quorumReached: quorum == nil || quorumTime != nil,
            quorumTime: quorumTime
        )
    }

    /// Whether these of ``witnesses``, by their place, are as many as the quorum asks for.
    public func isQuorum(_ present: Set<Int>) -> Bool { quorum.map { isReached($0, present) } ?? true }

    private func isReached(_ member: Member, _ present: Set<Int>) -> Bool {
        switch member {
        case .witness(let place): return present.contains(place)
        case .group(let place):
            let group = groups[place]
            return group.members.count(where: { isReached($0, present) }) >= group.threshold
        }
    }
}
