import ArgumentParser
import EPCIS
import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

extension DemoCommand {
    /// One key is rotated and one revoked; what they signed before stays good, and what they sign afterwards does not.
    func endKeys(_ enterprises: [DemoEnterprise], _ registry: inout DemoRegistry) async throws {
        let (farm, carrier) = (enterprises[0], enterprises[2])
        let hour: UInt64 = 3600
        let now = DemoEnterprise.now
        print("7  Keys end, and what they signed stays")
        let before = try await anchors(registry, now)
        let old = try await newest(of: farm, registry, seenAt: now)
        let honest = try await newest(of: carrier, registry, seenAt: now)
        try expect(old, .issuedAndLogged, before, "its last entry, under the key that is enrolled")
        try expect(honest, .issuedAndLogged, before, "its last entry, seen by the witness today")

        let link = await farm.ledger.nextLink(for: farm.key.publicKey)
        let last = link.map {
            KeyEnd.LastGood(origin: farm.ledger.information.origin, number: $0.sequence - 1, hash: $0.previous)
        }
        try await registry.record(
            try await Enrolment.rotation(
                registry: DemoRegistry.origin,
                party: farm.gln,
                from: farm.key,
                to: SigningKey.generate(),
                moment: now,
                lastGood: last.map { [$0] } ?? []
            )
        )
        print(
            "   \(farm.name): the old key signs for a new one, and names its own last entry, number \(last?.number ?? 0)"
        )
        try await registry.record(
            try Enrolment(
                party: carrier.gln,
                .revoke(try KeyEnd(key: carrier.key.publicKey, moment: now + hour, reason: .keyCompromise))
            )
        )
        print(
            "   \(carrier.name): its key was stolen; revoked from \(Time.text(now + hour)) on, by the witness's clock"
        )
        let after = try await anchors(registry, now + 3 * hour)
        try expect(old, .issuedAndLogged, after, "the same entry, in the time of the new key")
        try expect(honest, .issuedAndLogged, after, "the same entry, with the cosignature from before")
        // The thief repeats a day's event as if it had been that day; the ledger takes it, two hours later.
        let forged = try await newest(
            of: carrier,
            registry,
            seenAt: now + 2 * hour,
            adding: try await backdated(carrier)
        )
        let late = try await newest(of: farm, registry, seenAt: now + 2 * hour, adding: try await backdated(farm))
        try expect(forged, .keyRevoked, after, "an event backdated with the stolen key")
        try expect(late, .keyRevoked, after, "an event signed with the retired key")
        print("   \(Verdict.keyRevoked.meaning.english)")
        print("   \(Verdict.keyRevoked.meaning.chinese)\n")
    }

    private func anchors(_ registry: DemoRegistry, _ time: UInt64) async throws -> TrustAnchors {
        let anchors = try await registry.anchors(at: time)
        guard anchors.registry != nil else { throw ValidationError("the demo's own registry does not verify") }
        return anchors
    }

    /// The proof of an enterprise's newest entry, with the witness's cosignature of a moment.
    private func newest(
        of enterprise: DemoEnterprise,
        _ registry: DemoRegistry,
        seenAt time: UInt64,
        adding statement: Statement? = nil
    ) async throws -> (enterprise: DemoEnterprise, proof: TLogProof) {
        if let statement {
            _ = try await enterprise.ledger.append([statement], allowDuplicates: true, until: .published)
        }
        let reader = LedgerReader(
            DirectorySource(enterprise.directory),
            key: enterprise.ledger.information.key,
            checker: SodiumSignatureChecker()
        )
        let checkpoint = try await reader.checkpoint()
        let head = checkpoint.checkpoint.head
        let entry = try await reader.entry(head.size - 1, in: head)
        let proof = try TLogProof(
            extra: entry.bytes,
            index: head.size - 1,
            path: entry.proof.path,
            checkpoint: try await registry.cosigned(checkpoint, at: time)
        )
        return (enterprise, proof)
    }

    /// The enterprise's newest event once more, signed by whoever has its key.
    private func backdated(_ enterprise: DemoEnterprise) async throws -> Statement? {
        let size = await enterprise.ledger.size
        guard let bytes = enterprise.ledger.entry(size - 1), let original = try? Statement(decoding: bytes) else {
            return nil
        }
        return try await enterprise.ledger.sign(
            original.payload,
            kind: .event,
            issuer: enterprise.gln,
            subject: original.header.subject,
            issuedAt: original.header.issuedAt,
            with: enterprise.key
        )
    }

    private func expect(
        _ evidence: (enterprise: DemoEnterprise, proof: TLogProof),
        _ verdict: Verdict,
        _ anchors: TrustAnchors,
        _ what: String
    ) throws {
        let report = Verifier(anchors: anchors, checker: SodiumSignatureChecker()).verify(.tlogProof(evidence.proof))
        print("   \(Demo.pad(report.verdict.name, 16)) \(evidence.enterprise.name): \(what)")
        guard report.verdict == verdict else {
            throw ValidationError(
                "the demo expected \(verdict.name): \(report.steps.last { !$0.passed }?.detail ?? "-")"
            )
        }
    }
}
