internal import TraceProof
internal import TraceStatements

/// The newest entry of a signer among the statements at hand.
private typealias Newest = (sequence: UInt64, leafHash: Digest)

extension Verifier {
    /// Key, signature and chain of statements that came together.
    func check(_ statements: [Statement], _ report: inout VerificationReport) {
        var heads: [PublicKey: Newest] = [:]
        for statement in statements {
            guard let key = checkKey(statement.header, &report) else { continue }
            let isGood = checker.admits(statement.signature, for: statement.signedBytes, by: key)
            report.step(
                "signature",
                isGood,
                "Ed25519 over \(statement.signedBytes.count) signed bytes by the key with kid \(KeyID(of: key))"
            )
            if isGood { checkChain(statement, key, &heads, &report) }
        }
    }

    /// The key that the anchors have for a statement's issuer and kid.
    private func checkKey(_ header: StatementHeader, _ report: inout VerificationReport) -> PublicKey? {
        var listedFor: String?
        for candidate in anchors.issuerKeys where KeyID(of: candidate.key) == header.keyID {
            if let issuer = candidate.issuer, !issuer.hasSameUTF8(as: header.issuer) {
                listedFor = issuer
                continue
            }
            return accept(candidate.key, header, &report)
        }
        if let key = anchors.logKey(origin: header.issuer, keyID: header.keyID) { return accept(key, header, &report) }
        if let listedFor {
            report.fail(
                "key",
                "the key with kid \(header.keyID) speaks for \(listedFor), not for \(header.issuer)",
                .unknownKey
            )
        } else {
            report.leaveUnchecked(
                "signature: no key with kid \(header.keyID) for issuer \(header.issuer); give it with --issuer-key",
                .unknownKey
            )
        }
        return nil
    }

    private func accept(
        _ key: PublicKey,
        _ header: StatementHeader,
        _ report: inout VerificationReport
    ) -> PublicKey? {
        guard checker.isValidPoint(key.bytes) else {
            report.fail("key", "the key \(key) is not a point of the prime-order group: anybody could sign for it")
            return nil
        }
        report.pass("key", "kid \(header.keyID) of issuer \(header.issuer)")
        return key
    }

    /// The link to the signer's previous entry, as far as that one is here.
    private func checkChain(
        _ statement: Statement,
        _ key: PublicKey,
        _ heads: inout [PublicKey: Newest],
        _ report: inout VerificationReport
    ) {
        guard let link = statement.header.chain else { return }
        if let head = heads[key] {
            let follows = link.sequence == head.sequence &+ 1 && link.previous == head.leafHash
            report.step(
                "chain",
                follows,
                follows
                    ? "entry \(link.sequence) of this signer names entry \(head.sequence) as the one before it"
                    : "entry \(link.sequence) names \(link.previous), and entry \(head.sequence) here is \(head.leafHash)"
            )
        } else if link.sequence == 0 {
            report.leaveUnchecked(
                "chain: the signer's first entry names the genesis \(link.previous), which is not here"
            )
        } else {
            report.leaveUnchecked(
                "chain: entry \(link.sequence) of this signer names \(link.previous) as the one before it, "
                    + "which is not here; fsck checks whole chains"
            )
        }
        heads[key] = (link.sequence, statement.leafHash)
    }
}
