internal import TraceProof

extension Mirror {
    func requireExtension(
        of held: SignedCheckpoint,
        _ shown: SignedCheckpoint,
        _ tiles: VerifiedTiles,
        _ name: String
    ) async throws {
        let old = held.checkpoint.head
        guard let root = await tiles.root(atSize: old.size) else {
            throw LedgerError.untrusted(
                path: name,
                reason: "a tile is missing or wrong without which size \(old.size) cannot be proved to lie in size "
                    + "\(shown.checkpoint.head.size)"
            )
        }
        guard root != old.root else { return }
        let prefix = await tiles.prefixProof(of: old.size)
        let reason =
            "the ledger signed sizes \(old.size) and \(shown.checkpoint.head.size), and the second does not extend the first"
        throw try stop(.fork, held, shown, reason, prefix)
    }

    /// What is wrong with a smaller checkpoint than is held; `nil` where only its source is behind.
    func refusal(
        ofOlder shown: SignedCheckpoint,
        _ held: SignedCheckpoint?,
        _ local: LedgerCopy
    ) async throws -> (any Error)? {
        let (old, new) = (held?.checkpoint.head ?? .empty, shown.checkpoint.head)
        guard let tiles = await VerifiedTiles.prove(old, from: [local]), let root = await tiles.root(atSize: new.size)
        else {
            return LedgerError.corrupt(
                path: directory,
                reason: "its own tiles do not give the root of size \(old.size)"
            )
        }
        if root != new.root, new.size > 0 {
            let prefix = await tiles.prefixProof(of: new.size)
            let reason = "the ledger signed sizes \(new.size) and \(old.size), and the second does not extend the first"
            return try stop(.fork, held, shown, reason, prefix)
        }
        if let largestPulled, new.size >= largestPulled { return nil }
        return try stop(.rollback, held, shown, "size \(new.size) is shown, and size \(old.size) was shown before")
    }

    func stop(
        _ kind: MirrorStop.Kind,
        _ held: SignedCheckpoint?,
        _ shown: SignedCheckpoint,
        _ reason: String,
        _ prefix: PrefixProof? = nil,
        statement: [UInt8]? = nil
    ) throws(LedgerError) -> MirrorStop {
        let text = "\(keys.current.name): \(kind.rawValue): \(reason)"
        let evidence = Evidence(held: held, shown: shown, prefix: prefix, statement: statement, reason: text)
        return MirrorStop(kind: kind, reason: text, evidence: try evidence.keep(in: directory, kind: kind))
    }
}
