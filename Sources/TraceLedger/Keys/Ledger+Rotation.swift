public import TraceProof
internal import TraceStatements

extension Ledger {
    /// Hands the ledger over to another key, and gives the writer that signs with it; this one is closed.
    ///
    /// Everything that is committed is published first. Then the old key signs its successor into the ledger, and both sign
    /// the checkpoint whose last entry that is. All signatures are made before anything is written; once they are durable in
    /// `state/` the rotation takes place, and where a crash cuts it off, whoever opens the ledger next ends it.
    ///
    /// - Parameters:
    ///   - new: the key that takes over; it must not have signed in this ledger before.
    ///   - keyPath: where its file is, remembered for later commands; without it they have to be told.
    /// - Throws: ``LedgerError``, what a signer throws, and ``FormatError`` where what they signed does not verify. Where it
    ///   throws, the ledger is opened again: with the old key where nothing took place, with the new one where it did.
    public func rotateKey(to new: any Signer, keyPath: String? = nil) async throws -> Ledger {
        let old = parts.signer
        let newKey = try VerifierKey(name: information.origin, type: .ed25519, publicKey: new.publicKey)
        guard parts.checker.isValidPoint(new.publicKey.bytes) else {
            throw LedgerError.refused(position: 0, reason: .weakKey(new.publicKey))
        }
        guard parts.admission.keys[KeyID(of: new.publicKey)] == nil else {
            throw LedgerError.refused(position: 0, reason: .keyInUse(new.publicKey))
        }
        try await close()
        do {
            let lock = try WriterLock(parts.path(Layout.lock), on: parts.system)
            let plan = try await rotationPlan(from: old, to: new, newKey, keyPath ?? "")
            try parts.write(plan.encoded, Layout.rotation, mode: 0o600)
            try await RotationRun(parts.directory, plan, checker: parts.checker, on: parts.system).run()
            _ = consume lock
        }
        return try await Ledger.open(
            directory,
            signer: new,
            checker: parts.checker,
            peers: RestoreCheck.Peers(),
            configuration: parts.configuration,
            on: parts.system
        )
    }

    /// Everything that the rotation writes, signed and verified.
    private func rotationPlan(
        from old: any Signer,
        to new: any Signer,
        _ newKey: VerifierKey,
        _ keyPath: String
    ) async throws -> RotationPlan {
        let size = parts.tail.end
        // Somebody may have come in between the closing and the lock.
        guard let signed = try await parts.reader.lastSigned(on: parts.system)?.checkpoint.head, signed.size == size,
            try Journal.read(parts.path(Layout.journal), published: size, on: parts.system).next == size,
            let link = await nextLink(for: old.publicKey)
        else { throw LedgerError.closed(reason: "another writer appended meanwhile") }
        let statement = try await KeySuccession.sign(
            origin: information.origin,
            from: old,
            to: new,
            moment: parts.configuration.now(),
            chain: link
        )
        var tiles = try await parts.reader.growingTiles(size: size)
        guard try tiles.head() == signed else {
            throw parts.corrupt(Layout.checkpoint, "the tiles give another root than the signed checkpoint")
        }
        try tiles.append(statement.encoded, leaf: statement.leafHash)
        let checkpoint = try Checkpoint(origin: information.origin, head: try tiles.head())
        let byOld = try await SignedCheckpoint.sign(checkpoint, signer: old)
        let byNew = try await SignedCheckpoint.sign(checkpoint, signer: new)
        return try RotationPlan(
            statement.encoded,
            try byOld.adding(byNew.note.signatures),
            try await RootSignature.signed(root: checkpoint.head.root, origin: information.origin, by: new),
            from: information.key,
            to: newKey,
            keyPath: keyPath,
            checker: parts.checker
        )
    }

    /// Ends a rotation of the ledger's key that a crash cut off, if there is one. Opening does it too; whoever looks for the
    /// key file that is remembered does it first, since that file changes with it.
    public static func finishRotation(_ directory: String, checker: any SignatureChecker) async throws {
        try await finishRotation(directory, checker: checker, on: POSIXFileSystem())
    }

    static func finishRotation(
        _ directory: String,
        checker: any SignatureChecker,
        on system: any FileSystem
    ) async throws {
        let path = "\(directory)/\(Layout.rotation)"
        guard DurableFiles.exists(path, on: system) else { return }
        let lock = try WriterLock("\(directory)/\(Layout.lock)", on: system)
        // Whoever held the lock may have ended it.
        if let bytes = try DurableFiles.read(path, limit: RotationPlan.maximumLength, on: system) {
            let plan: RotationPlan
            do { plan = try RotationPlan(decoding: bytes, checker: checker) } catch {
                throw LedgerError.unreadable(path: path, reason: "\(error)")
            }
            try await RotationRun(directory, plan, checker: checker, on: system).run()
        }
        _ = consume lock
    }
}
