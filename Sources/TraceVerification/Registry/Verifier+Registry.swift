internal import TraceProof
internal import TraceStatements

/// A statement whose signature verified under a key of the registry.
struct SignedUnderRegistry: Sendable {
    let header: StatementHeader
    let leafHash: Digest
    let record: KeyRecord

    init(_ header: StatementHeader, _ leafHash: Digest, _ record: KeyRecord) {
        (self.header, self.leafHash, self.record) = (header, leafHash, record)
    }
}

extension Verifier {
    /// Verifies a pack and makes the registry of it that ``TrustAnchors/registry`` takes.
    ///
    /// - Returns: the registry and the report of the check; no registry where anything in the pack does not hold, or nobody
    ///   vouches for its ledger.
    public func registry(of pack: RegistryPack) -> (registry: Registry?, report: VerificationReport) {
        let evidence = Evidence.registryPack(pack)
        var report = VerificationReport(type: evidence.type, best: .issuedAndLogged)
        return (registry(of: pack, &report), report)
    }

    func registry(of pack: RegistryPack, _ report: inout VerificationReport) -> Registry? {
        let checkpoint = pack.checkpoint.checkpoint
        let asOf = check(pack.checkpoint, &report)
        report.asOf = asOf
        guard pack.head == checkpoint.head else {
            report.fail(
                "registry",
                "the \(pack.entries.count) entries do not give the root of the checkpoint: one was altered, left out or added"
            )
            return nil
        }
        if let signature = pack.rootSignature { checkRoot(signature, checkpoint, &report) }
        var registry = Registry(origin: checkpoint.origin)
        for entry in pack.entries {
            do { try registry.append(entry, checker: checker) } catch {
                report.fail("registry", error.description)
                return nil
            }
        }
        guard let authority = registry.authority else {
            report.fail("registry", "there is no enrolment: this is not the ledger of a registry", .unknownKey)
            return nil
        }
        report.pass(
            "registry",
            "all \(pack.entries.count) entries are here; \(registry.parties.count) parties, enrolled by \(authority.identifier)"
        )
        for finding in registry.findings {
            report.leaveUnchecked("registry: entry \(finding.index) does not count: \(finding.reason)")
        }
        checkFreshness(asOf, &report)
        registry.asOf = asOf
        return report.verdict.exitCode == 0 ? registry : nil
    }

    private func checkRoot(
        _ signature: RootSignature,
        _ checkpoint: Checkpoint,
        _ report: inout VerificationReport
    ) {
        guard let ledger = anchors.logKey(origin: signature.origin, keyID: signature.keyID) else {
            return report.leaveUnchecked(
                "receipt: no key with kid \(signature.keyID) of \(signature.origin) is known",
                .unknownKey
            )
        }
        let isValid: Void? = try? signature.verify(root: checkpoint.head.root, key: ledger.key, checker: checker)
        report.step(
            "receipt",
            isValid != nil && signature.origin.hasSameUTF8(as: checkpoint.origin),
            "the COSE signature of \(signature.origin) over the root, from which receipts are made"
        )
    }

    /// How old a registry is, and whether that is fresh enough.
    private func checkFreshness(_ asOf: AsOf?, _ report: inout VerificationReport) {
        guard let now else {
            if anchors.maximumRegistryAge != nil {
                report.leaveUnchecked("freshness: the time of the check was not given", .unknownKey)
            }
            return
        }
        guard let time = asOf?.time else {
            if anchors.maximumRegistryAge != nil {
                report.leaveUnchecked(
                    "freshness: no quorum of cosigners says when the registry's checkpoint was seen; give a policy that "
                        + "asks for one",
                    .unknownKey
                )
            }
            return
        }
        let age = now > time ? now - time : 0
        let text = "the registry's checkpoint was cosigned \(Verifier.text(age)) ago"
        guard let limit = anchors.maximumRegistryAge, age > limit else { return report.pass("freshness", text) }
        report.fail(
            "freshness",
            "\(text), and at most \(Verifier.text(limit)) are allowed: get a newer pack",
            .unknownKey
        )
    }

    /// A number of seconds in the largest unit that it fills.
    private static func text(_ seconds: UInt64) -> String {
        for (unit, length): (String, UInt64) in [("day", 86_400), ("hour", 3_600), ("minute", 60)]
        where seconds >= length {
            return "\(seconds / length) \(unit)\(seconds / length == 1 ? "" : "s")"
        }
        return "\(seconds) second\(seconds == 1 ? "" : "s")"
    }

    /// What can be said of an update without the pack that it is for.
    func check(
        _ update: RegistryUpdate,
        from old: SignedCheckpoint?,
        _ report: inout VerificationReport
    ) {
        report.asOf = check(update.checkpoint, &report)
        guard let old else {
            return report.leaveUnchecked(
                "consistency: the update begins at size \(update.first); apply it to the pack of that size, or give its "
                    + "checkpoint with --old-checkpoint",
                .unknownKey
            )
        }
        guard check(old, &report) != nil else { return }
        let (from, to) = (old.checkpoint, update.checkpoint.checkpoint)
        let proof = ConsistencyProof(oldSize: update.first, newSize: to.head.size, path: update.consistency)
        let isOneHistory =
            from.origin.hasSameUTF8(as: to.origin) && (try? proof.verify(old: from.head, new: to.head)) != nil
        report.step(
            "consistency",
            isOneHistory,
            isOneHistory
                ? "the registry at size \(from.head.size) is the beginning of that at \(to.head.size)"
                : "the tree of size \(to.head.size) does not begin with that of size \(from.head.size): the registry forked"
        )
        report.leaveUnchecked("registry: the entries between are checked when the update is applied to the pack")
    }

    /// A request is signed by whoever asks: that nobody else could have made it is all that it proves.
    func check(_ request: EnrolmentRequest, _ report: inout VerificationReport) {
        if let problem = request.problem(checker: checker) { return report.fail("request", problem) }
        report.pass(
            "request",
            "\(request.enrolment.action.name) of \(request.enrolment.party) at \(request.registry), signed by the key with "
                + "kid \(KeyID(of: request.signer)), with proof of possession of every key in it"
        )
        report.leaveUnchecked("request: whose key this is, the authority decides", .unknownKey)
    }

    /// Whether the registry's keys count for what they signed, now that it is known where that was seen.
    func judgeKeys(_ report: inout VerificationReport) {
        if !report.underRegistry.isEmpty { report.registry = anchors.registry?.asOf }
        let leading = Verifier.leadToLastGood(report.underRegistry)
        for (signed, leads) in zip(report.underRegistry, leading) {
            let kid = "kid \(signed.header.keyID)"
            switch standing(of: signed, leadsToLastGood: leads, report.sightings) {
            case .counts(let why): report.pass("validity", "\(kid): \(why)")
            case .notYetEnrolled(let why): report.fail("validity", "\(kid): \(why)", .unknownKey)
            case .ended(let why): report.fail("validity", "\(kid): \(why)", .keyRevoked)
            }
        }
    }

    /// Which statements have the last good entry of their key behind them: what breaks a chain between is a finding of its
    /// own, so all that is here under the key is its chain.
    private static func leadToLastGood(_ signed: [SignedUnderRegistry]) -> [Bool] {
        var met: Set<PublicKey> = []
        return signed.reversed().map { signed in
            let key = signed.record.grant.key
            if signed.record.end?.lastGood.contains(where: { $0.hash == signed.leafHash }) ?? false { met.insert(key) }
            return met.contains(key)
        }.reversed()
    }

    /// What the sightings make of it: one from before the enrolment speaks against it, and one from before the end of the
    /// key is enough to show that it was there in time.
    private func standing(
        of signed: SignedUnderRegistry,
        leadsToLastGood: Bool,
        _ sightings: [Sighting]
    ) -> KeyStanding {
        let record = signed.record
        if case .ledger = record.grant.use {
            // What a ledger said of itself under an earlier key stands under the checkpoint of the present one.
            if !record.isRevoked, !sightings.isEmpty { return .counts("the key of the ledger when it said so") }
            return record.standing(size: nil, root: signed.leafHash, time: sightings.compactMap { $0.time }.min())
        }
        let standings = (sightings.isEmpty ? [Sighting()] : sightings).map { sighting in
            var sighting = sighting
            // The chain speaks only where no ledger does: in one that the end does not list the cosigners' time decides.
            sighting.leadsToLastGood = leadsToLastGood && sightings.isEmpty
            return record.standing(of: signed.header, leafHash: signed.leafHash, seen: sighting)
        }
        for standing in standings { if case .notYetEnrolled = standing { return standing } }
        for standing in standings { if case .counts = standing { return standing } }
        return standings.last ?? .ended("")
    }
}
