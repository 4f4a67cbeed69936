internal import TraceProof
internal import TraceStatements

/// What the statements seen so far say of the chains: genesis entries, and the newest entry of each signer.
struct SeenChains: Sendable {
    var geneses: [Digest] = []
    var newest: [PublicKey: (sequence: UInt64, leafHash: Digest)] = [:]
}

extension Verifier {
    /// Key, signature and chain of statements that came together.
    func check(_ statements: [Statement], _ report: inout VerificationReport) {
        var chains = SeenChains()
        for statement in statements { check(statement, &chains, &report) }
    }

    /// The next of several statements that came together.
    func check(_ statement: Statement, _ chains: inout SeenChains, _ report: inout VerificationReport) {
        guard let key = signer(of: statement, &report) else { return }
        if statement.header.kind == .activation { Self.leaveItemUnchecked(&report) }
        guard let link = statement.header.chain else { return }
        let leafHash = statement.leafHash
        if statement.header.kind == .genesis {
            if checkGenesis(statement, link, key, &report) { chains.geneses.append(leafHash) }
        } else {
            checkChain(link, leafHash, key, chains, &report)
        }
        chains.newest[key] = (link.sequence, leafHash)
    }

    static func leaveItemUnchecked(_ report: inout VerificationReport) {
        report.leaveUnchecked(
            "item: the entry that commissioned the item is not here, so whether its key is the one that was sealed stays open",
            .unknownKey
        )
    }

    /// The key that the anchors have for a statement's issuer and kid, once it is shown to have signed.
    func signer(of statement: Statement, _ report: inout VerificationReport) -> PublicKey? {
        let header = statement.header
        if header.kind == .activation { return itemKey(of: statement, &report) }
        let candidates = anchors.keys(for: header)
        guard !candidates.isEmpty else {
            reportMissingKey(header, &report)
            return nil
        }
        let sound = candidates.filter { $0.record != nil || checker.isValidPoint($0.key.bytes) }
        guard !sound.isEmpty else {
            report.fail("key", Self.weak("with kid \(header.keyID) of issuer \(header.issuer)"))
            return nil
        }
        report.pass("key", "kid \(header.keyID) of issuer \(header.issuer)")
        let message = statement.signedBytes
        for candidate in sound where checker.admits(statement.signature, for: message, by: candidate.key) {
            report.pass("signature", "Ed25519 over \(message.count) signed bytes by the key with kid \(header.keyID)")
            if let record = candidate.record {
                report.underRegistry.append(SignedUnderRegistry(header, statement.leafHash, record))
            }
            return candidate.key
        }
        report.fail(
            "signature",
            "the key with kid \(header.keyID) did not sign this: the statement or the signature was altered"
        )
        return nil
    }

    /// The item key that made an activation. Nobody vouches for it but the entry that committed to it, which the caller looks at.
    private func itemKey(of statement: Statement, _ report: inout VerificationReport) -> PublicKey? {
        do throws(ActivationError) {
            let claim = try ActivationClaim(statement)
            try claim.checkSignature(of: statement, checker: checker)
            report.pass(
                "signature",
                "the item key with kid \(KeyID(of: claim.key)) of \(claim.item.text) signed its opening"
            )
            return claim.key
        } catch {
            report.fail("activation", error.description)
            return nil
        }
    }

    private func reportMissingKey(_ header: StatementHeader, _ report: inout VerificationReport) {
        for candidate in anchors.issuerKeys where candidate.keyID == header.keyID {
            guard let issuer = candidate.issuer, !issuer.hasSameUTF8(as: header.issuer) else { continue }
            report.fail(
                "key",
                "the key with kid \(header.keyID) speaks for \(issuer), not for \(header.issuer)",
                .unknownKey
            )
            return
        }
        if let (party, record) = anchors.registry?.key(header.keyID) {
            report.fail(
                "key",
                "the registry has the key with kid \(header.keyID) for \(record.grant.use.description) of "
                    + "\(party.identifier), not for events of \(header.issuer)",
                .unknownKey
            )
            return
        }
        let remedy =
            anchors.registry == nil ? "give it with --issuer-key or --registry" : "the registry has none either"
        report.leaveUnchecked(
            "signature: no key with kid \(header.keyID) for issuer \(header.issuer); \(remedy)",
            .unknownKey
        )
    }

    /// A genesis statement is about the key that signs it.
    func checkGenesis(
        _ statement: Statement,
        _ link: ChainLink,
        _ key: PublicKey,
        _ report: inout VerificationReport
    ) -> Bool {
        let genesis: Genesis
        do { genesis = try Genesis(decoding: statement.payload) } catch {
            report.fail("genesis", error.description)
            return false
        }
        let holds =
            genesis.ledgerKey == key && genesis.origin.hasSameUTF8(as: statement.header.issuer)
            && link == Genesis.link(origin: genesis.origin)
        report.step(
            "genesis",
            holds,
            holds
                ? "the ledger \(genesis.origin) begins here, with the key that signed this"
                : "the origin, the key or the chain is not that of the issuer \(statement.header.issuer)"
        )
        return holds
    }

    /// The link to the signer's previous entry, as far as that one is here.
    private func checkChain(
        _ link: ChainLink,
        _ leafHash: Digest,
        _ key: PublicKey,
        _ chains: SeenChains,
        _ report: inout VerificationReport
    ) {
        guard let head = chains.newest[key] else {
            if link.sequence > 0 {
                report.leaveUnchecked(
                    "chain: entry \(link.sequence) of this signer names \(link.previous) as the one before it, "
                        + "which is not here; fsck checks whole chains"
                )
            } else if chains.geneses.contains(link.previous) {
                report.pass("chain", "the signer's first entry names the genesis \(link.previous)")
            } else {
                report.leaveUnchecked(
                    "chain: the signer's first entry names the genesis \(link.previous), which is not here; "
                        + "fsck checks whole chains"
                )
            }
            return
        }
        if link.sequence == head.sequence &+ 1 {
            let follows = link.previous == head.leafHash
            report.step(
                "chain",
                follows,
                follows
                    ? "entry \(link.sequence) of this signer names entry \(head.sequence) as the one before it"
                    : "entry \(link.sequence) names \(link.previous), and entry \(head.sequence) here is \(head.leafHash)"
            )
        } else if link.sequence == head.sequence, leafHash != head.leafHash {
            report.fail(
                "chain",
                "the signer made two statements with number \(link.sequence): \(head.leafHash) and \(leafHash)"
            )
        } else {
            report.leaveUnchecked(
                "chain: entry \(link.sequence) of this signer stands behind entry \(head.sequence), so entries are missing "
                    + "or out of order; add them, or verify the statements as single files",
                .unknownKey
            )
        }
    }
}
