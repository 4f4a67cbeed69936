internal import TraceProof
internal import TraceStatements

extension LedgerReader {
    /// The same reader, which knows what was before the key that it was given and what came of it, as far as the source can
    /// prove that from that key.
    ///
    /// `ledger.json` only says where to look. What counts is a checkpoint that both keys signed, and under it the entry by
    /// which the old key names the new one; so a source that names a key of its own gets nowhere.
    ///
    /// - Throws: what a source throws that does not answer.
    public func following() async throws -> LedgerReader {
        guard let bytes = try await source.read(Layout.information, limit: FileLimit.information),
            let information = try? LedgerInformation(decoding: bytes, path: Layout.information)
        else { return self }
        return try await following(information.keys)
    }

    /// The same where the source says that the ledger's keys are these.
    func following(_ named: LedgerKeys) async throws -> LedgerReader {
        let all = named.all
        guard !named.earlier.isEmpty, let place = all.firstIndex(where: { $0.text.hasSameUTF8(as: key.text) }) else {
            return self
        }
        var (first, last) = (place, place)
        while last < named.earlier.count, try await isHandedOver(named.earlier[last], to: all[last + 1]) { last += 1 }
        while first > 0, try await isHandedOver(named.earlier[first - 1], to: all[first]) { first -= 1 }
        return with(LedgerKeys(earlier: Array(named.earlier[first..<last]), current: all[last]))
    }

    /// The same reader of the ledger under other keys.
    func with(_ keys: LedgerKeys) -> LedgerReader {
        LedgerReader(source, keys: keys, checker: checker, cache: cache)
    }

    /// Whether the source proves that a key handed over; what does not answer throws.
    private func isHandedOver(_ old: LedgerKeys.Earlier, to new: VerifierKey) async throws -> Bool {
        do {
            _ = try await handover(from: old, to: new)
            return true
        } catch is LedgerError { return false } catch is FormatError { return false } catch is ProofError {
            return false
        }
    }

    /// The checkpoint by which a key handed over, with everything that makes it one verified.
    func handover(from old: LedgerKeys.Earlier, to new: VerifierKey) async throws -> SignedCheckpoint {
        let keys = LedgerKeys(earlier: [old], current: new)
        let path = Layout.keptCheckpoint(old.until)
        guard let oldKey = old.key.publicKey, old.until > 1 else {
            throw untrusted(path, "no key can hand over with it")
        }
        let signed = try await with(keys).keptCheckpoint(size: old.until)
        let entry = try await with(keys).entry(old.until - 1, in: signed.checkpoint.head).bytes
        let succession = try KeySuccession(
            try Statement(decoding: entry),
            origin: old.key.name,
            from: oldKey,
            checker: checker
        )
        guard succession.new == new.publicKey else { throw untrusted(path, "its last entry names another new key") }
        return signed
    }
}
