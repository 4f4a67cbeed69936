internal import TraceProof
internal import TraceStatements

/// The part of a check that looks into the entries, in their order: chains, keys and signatures, at the depth asked for.
struct ChainCheck: Sendable {
    /// The keys known so far, for those who check signatures ahead.
    let keys = KeyTable()
    let depth: CheckDepth
    let checker: any SignatureChecker

    /// The ledger's own keys, as far as they are known.
    var ledgerKeys: LedgerKeys
    private var trail: KeyTrail
    private var chains: SignerChains
    /// The newest entry of each signer whose chain goes on as it should: what most entries are held against. ``chains``
    /// is behind by as much as stands here, and is brought up to date before it is asked.
    private var heads: [UInt64: QuickHead] = [:]
    private var damagedCount = 0
    /// What entries commissioned, by their leaf hashes, where activations are looked into: some 200 bytes an event with an
    /// item tree.
    private var commissioned: [Digest: CommissionedItems] = [:]
    /// The newest entry of each key, whose one signature vouches for the bytes of all before it.
    private var newest: [PublicKey: (statement: Statement, index: UInt64)] = [:]

    private struct QuickHead {
        let key: PublicKey
        var sequence: UInt64
        var leafHash: Digest
        var index: UInt64
    }

    /// How many newest entries wait for the check of their signature; beyond that those that stand are checked, as the end
    /// of a verified range, so that a ledger of very many signers does not fill the memory.
    private static let maximumNewest = 4096

    init(keys ledgerKeys: LedgerKeys, depth: CheckDepth, checker: any SignatureChecker) {
        self.ledgerKeys = ledgerKeys
        trail = KeyTrail(ledgerKeys.first)
        self.depth = depth
        self.checker = checker
        chains = SignerChains(origin: ledgerKeys.current.name)
    }

    /// Goes through a bundle whose entries have the leaf hashes `leaves` in the signed tree, and tells `report` what is
    /// wrong with which entry; nothing at depth `tree`.
    ///
    /// An entry with another leaf hash was named already and is passed over; `nil`: there are no readable entries.
    ///
    /// - Parameter start: the first position that was not gone through before.
    mutating func check(
        _ bundle: ScannedBundle?,
        leaves: [Digest],
        first: UInt64,
        from start: Int = 0,
        report: (UInt64, String) -> Void
    ) {
        guard depth != .tree else { return }
        var newest = (bundle?.newest ?? []).filter { $0.position >= start }[...]
        var batches = (depth == .statements ? bundle?.commissioned ?? [] : []).drop { $0.position < start }
        for (position, leaf) in leaves.enumerated().dropFirst(start) {
            let index = first + UInt64(position)
            let isGood = bundle?.leaves[position] == leaf
            let items = batches.first?.position == position ? batches.removeFirst().items : nil
            guard let bundle, isGood else {
                passOver(bundle?.header(at: position), leaf, index)
                if newest.first?.position == position { newest.removeFirst() }
                continue
            }
            if let items { commissioned[leaf] = items }
            let signer: PublicKey?
            if case .link(let link) = bundle.entries[position], let key = follow(link, leaf, index) {
                signer = key
            } else {
                signer = inspect(bundle, position, leaf, index, report)
            }
            if let candidate = newest.first, candidate.position == position {
                newest.removeFirst()
                if let signer { self.newest[signer] = (candidate.statement, index) }
            }
        }
        if self.newest.count > ChainCheck.maximumNewest {
            for finding in endRange() { finding.index.map { report($0, finding.reason) } }
        }
    }

    /// What is wrong with the newest entries' signatures, at depth `chains`.
    func finish() -> [FsckReport.Finding] {
        newest.sorted { $0.value.index < $1.value.index }.compactMap { key, entry in
            guard let reason = signatureProblem(entry.statement, key),
                let bundle = BundleCoordinate(index: entry.index / 256)
            else { return nil }
            return FsckReport.Finding(file: bundle.path, index: entry.index, reason: reason)
        }
    }

    /// Ends a range of entries: what is wrong with its newest entries' signatures, which are not asked about again.
    mutating func endRange() -> [FsckReport.Finding] {
        defer { newest.removeAll() }
        return finish()
    }

    /// Lets go of the newest entries of a range whose end was verified before.
    mutating func forgetNewest() { newest.removeAll() }

    /// Takes an entry that stands right behind its signer's newest; `nil`, and nothing happened, for any other.
    private mutating func follow(_ link: EntryLink, _ leaf: Digest, _ index: UInt64) -> PublicKey? {
        guard let place = heads.index(forKey: link.keyID) else { return nil }
        let head = heads.values[place]
        guard link.sequence == head.sequence + 1, link.previous == DigestWords(head.leafHash) else { return nil }
        heads.values[place] = QuickHead(key: head.key, sequence: link.sequence, leafHash: leaf, index: index)
        return head.key
    }

    /// Looks at an entry that is not of the usual kind or does not follow; gives its signing key where it has a chain.
    private mutating func inspect(
        _ bundle: ScannedBundle,
        _ position: Int,
        _ leaf: Digest,
        _ index: UInt64,
        _ report: (UInt64, String) -> Void
    ) -> PublicKey? {
        let entry = bundle.entries[position]
        if case .unreadable(let error) = entry {
            report(index, error.description)
            return nil
        }
        guard let header = bundle.header(at: position) else { return nil }
        if index == 0, let genesis = bundle.genesis, let reason = genesisProblem(genesis) { report(index, reason) }
        if header.kind == .activation {
            if let reason = activationProblem(bundle, position) { report(index, reason) }
            return nil
        }
        bringUpToDate(header)
        if let key = chains.key(of: header), let reason = ownProblem(bundle, header, key, position, index) {
            report(index, reason)
        }
        do { try chains.advance(header, leafHash: leaf, index: index) } catch {
            if !mayFollowDamage(error) { report(index, error.description) }
            // The chain goes on behind this entry, so that one break is one finding.
            chains.adopt(header, leafHash: leaf, index: index)
        }
        takeOver(header)
        guard let key = chains.key(of: header) else { return nil }
        // Whatever a key signs that handed the ledger over is looked at.
        if trail.end(of: key) != nil { heads[header.keyID.number] = nil }
        if case .header(_, hasWeakKey: true) = entry {
            report(index, LedgerError.RefusalReason.weakKey(key).description)
        }
        // A bundle that was scanned at a lesser depth has no signatures: somebody checked them before.
        if bundle.signatures.indices.contains(position),
            let reason = signatureProblem(bundle.signatures[position], key)
        {
            report(index, reason)
        }
        return header.chain == nil ? nil : key
    }

    /// What is wrong with an activation, by the rule that admits one; `nil` also for one that was checked before.
    private func activationProblem(_ bundle: ScannedBundle, _ position: Int) -> String? {
        guard let checked = bundle.activations[position] else { return nil }
        do throws(ActivationError) {
            let claim = try checked.get()
            try claim.checkLedger(ledgerKeys.current.name)
            let items = commissioned[claim.commissioning]
            // What it names may be one of the damaged entries, which were named.
            if items == nil, damagedCount > 0 { return nil }
            try claim.check(against: items)
            return nil
        } catch { return error.description }
    }

    /// Passes over an entry whose bytes are not those that were signed: it was named already, and a chain that it was part
    /// of goes on behind it.
    private mutating func passOver(_ damaged: StatementHeader?, _ leaf: Digest, _ index: UInt64) {
        damagedCount += 1
        if let new = ledgerKeys.successor(at: index)?.publicKey { trail.hand(over: new, at: index) }
        guard let damaged else { return }
        bringUpToDate(damaged)
        chains.adopt(damaged, leafHash: leaf, index: index)
        takeOver(damaged)
    }

    /// Tells ``chains`` how far the signer of an entry has come.
    private mutating func bringUpToDate(_ header: StatementHeader) {
        guard let quick = heads[header.keyID.number] else { return }
        let standing = StatementHeader(
            kind: .event,
            key: quick.key,
            issuer: "",
            subject: "",
            issuedAt: 0,
            chain: ChainLink(sequence: quick.sequence, previous: quick.leafHash)
        )
        chains.adopt(standing, leafHash: quick.leafHash, index: quick.index)
    }

    /// Takes over how far the signer of an entry came in ``chains``. A kid keeps its first key.
    private mutating func takeOver(_ header: StatementHeader) {
        let keyID = header.keyID.number
        guard let key = heads[keyID]?.key ?? chains.key(of: header), let head = chains.heads[key] else { return }
        heads[keyID] = QuickHead(key: key, sequence: head.sequence, leafHash: head.leafHash, index: head.index)
        keys.insert(key, for: keyID)
    }

    /// Whether a break in a chain may be no more than the hole that a damaged entry before it left.
    private func mayFollowDamage(_ error: ChainError) -> Bool {
        guard damagedCount > 0 else { return false }
        switch error {
        case .noGenesis, .unknownKey, .gap, .wrongPrevious: return true
        case .secondGenesis, .keyIDTaken, .fork, .otherLedger: return false
        }
    }

    /// What is wrong with an entry as one of the ledger's own, or of a key that was the ledger's.
    private mutating func ownProblem(
        _ bundle: ScannedBundle,
        _ header: StatementHeader,
        _ key: PublicKey,
        _ position: Int,
        _ index: UInt64
    ) -> String? {
        let known = chains.heads
        return trail.problem(
            header,
            by: key,
            at: index,
            bundle.ownEnrolments[position],
            isUsed: { known[$0] != nil },
            checker: checker
        )
    }

    /// Where the entries hand the ledger over below `size`, and nothing is known of a checkpoint that both keys signed.
    func unkept(size: UInt64) -> [FsckReport.Finding] {
        trail.handovers.filter { $0.index + 1 < size && ledgerKeys.successor(at: $0.index)?.publicKey != $0.new }
            .map { handover in
                FsckReport.Finding(
                    file: Layout.keptCheckpoint(handover.index + 1),
                    index: handover.index,
                    reason: "the entry hands the ledger over to the key \(handover.new), and no checkpoint of size "
                        + "\(handover.index + 1) that both keys signed is known"
                )
            }
    }

    /// What entry 0 must be beyond its chain link: this ledger's genesis, under this ledger's key.
    private func genesisProblem(_ statement: Statement) -> String? {
        guard let genesis = try? Genesis(decoding: statement.payload),
            genesis.origin.hasSameUTF8(as: ledgerKeys.current.name),
            genesis.ledgerKey == ledgerKeys.first.publicKey,
            statement.header.publicKey == ledgerKeys.first.publicKey
        else { return "the genesis statement is not that of \(ledgerKeys.current.name) under its key" }
        return nil
    }

    private func signatureProblem(_ checked: ScannedBundle.CheckedSignature, _ key: PublicKey) -> String? {
        if checked.key == key { return checked.isValid ? nil : LedgerError.RefusalReason.signature(key).description }
        return checked.statement.flatMap { signatureProblem($0, key) }
    }

    private func signatureProblem(_ statement: Statement, _ key: PublicKey) -> String? {
        checker.admits(statement.signature, for: statement.signedBytes, by: key)
            ? nil : LedgerError.RefusalReason.signature(key).description
    }
}
