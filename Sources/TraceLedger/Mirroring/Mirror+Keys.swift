internal import TraceProof

extension Mirror {
    /// What became of the key that the mirror was given, by what its directory holds: an earlier run followed it.
    func recallKeys() async throws {
        let own = DirectorySource(directory)
        let path = "\(directory)/\(Layout.information)"
        guard let bytes = try await own.read(Layout.information, limit: FileLimit.information) else { return }
        // Passed over, it would have the copy look as if it held nothing, and a rollback like a first update.
        let information = try LedgerInformation(decoding: bytes, path: path)
        let found = try await LedgerReader(own, keys: keys, checker: checker).following(information.keys).keys
        if found.earlier.count > keys.earlier.count { keys = found }
    }

    /// Follows the ledger's key to where the source proves that it was handed over; whether it was.
    ///
    /// - Throws: ``MirrorStop`` where the ledger was handed over in another history than the one that is held.
    func followKey(_ source: any LedgerSource, _ held: SignedCheckpoint?) async throws -> Bool {
        let reader = try await LedgerReader(source, keys: keys, checker: checker).following()
        guard reader.keys.earlier.count > keys.earlier.count else { return false }
        if let held {
            // The old key signed on after it had handed over: whatever that is, it is no succession.
            guard reader.keys.signed(held, checker: checker) else { return false }
            let keys = reader.keys
            for (place, old) in keys.earlier.enumerated() where old.until <= held.checkpoint.head.size {
                let signed = try await reader.handover(from: old, to: keys.all[place + 1])
                let head = signed.checkpoint.head
                let root = try? await reader.rootSignature(at: Layout.keptRootSignature(head.size), of: head)
                try await keepHandover(signed, held, keys, root?.encoded())
            }
        }
        keys = reader.keys
        forgetChains()
        if let held { try await rememberKeys(at: held.checkpoint.head.size) }
        return true
    }

    /// Whether a checkpoint bears a signature in the ledger's name by a key that is not known to be its.
    func hasOther(_ signed: SignedCheckpoint) -> Bool {
        let known = keys.signers(of: signed.checkpoint.head.size).map(\.keyID)
        return signed.note.signatures.contains {
            $0.name.hasSameUTF8(as: keys.current.name) && !known.contains($0.keyID)
        }
    }

    /// Keeps a handover below what is held, once it is proved to be of the same history.
    private func keepHandover(
        _ signed: SignedCheckpoint,
        _ held: SignedCheckpoint,
        _ keys: LedgerKeys,
        _ root: [UInt8]?
    ) async throws {
        let head = signed.checkpoint.head
        let local = await LedgerCopy(DirectorySource(directory), keys: keys, checker: checker)
        guard let tiles = await VerifiedTiles.prove(held.checkpoint.head, from: [local]),
            let found = await tiles.root(atSize: head.size)
        else {
            throw LedgerError.corrupt(
                path: directory,
                reason: "its own tiles do not give the root of size \(head.size)"
            )
        }
        guard found == head.root else {
            let prefix = await tiles.prefixProof(of: head.size)
            throw try stop(.fork, held, signed, "the ledger was handed over in another history than is held", prefix)
        }
        do throws(FileError) {
            try DurableFolders.makeRoot("\(directory)/\(Layout.keptCheckpoints)")
            try DurableFiles.write(signed.bytes, to: "\(directory)/\(Layout.keptCheckpoint(head.size))")
            if let root { try DurableFiles.write(root, to: "\(directory)/\(Layout.keptRootSignature(head.size))") }
        } catch { throw LedgerError.file(error) }
    }

    /// The checkpoints by which the ledger was handed over between what is held and `size`: the copy passes through each of
    /// them, so that it can show on what it was shown.
    func handovers(
        above held: UInt64,
        below size: UInt64,
        from source: any LedgerSource
    ) async throws -> [SignedCheckpoint] {
        let reader = LedgerReader(source, keys: keys, checker: checker)
        var found: [SignedCheckpoint] = []
        for (place, old) in keys.earlier.enumerated() where old.until > held && old.until < size {
            found.append(try await reader.handover(from: old, to: keys.all[place + 1]))
        }
        return found
    }

    /// Writes into `ledger.json` what became of the key up to a size that is held.
    func rememberKeys(at size: UInt64) async throws {
        let own = DirectorySource(directory)
        guard let bytes = try await own.read(Layout.information, limit: FileLimit.information) else { return }
        let information = try LedgerInformation(decoding: bytes, path: "\(directory)/\(Layout.information)")
        let keys = keys.asOf(size)
        guard information.keys != keys else { return }
        do {
            try DurableFiles.write(try information.with(keys).encoded(), to: "\(directory)/\(Layout.information)")
        } catch let
            error as FileError
        { throw LedgerError.file(error) }
    }
}
