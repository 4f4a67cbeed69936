internal import TraceProof

extension Mirror {
    /// Makes a checkpoint public whose tiles and entries are durable, with the mirror's own cosignatures. Each file is
    /// durable before the next is written: `checkpoint` last, since from then on readers rely on the others.
    func show(_ bare: SignedCheckpoint, _ copies: [LedgerCopy], isNew: Bool) async throws {
        let head = bare.checkpoint.head
        let root = try await CheckpointCandidates(copies: copies, keys: keys, checker: checker).rootSignature(head)
        let signed = try await cosigned(bare)
        // A checkpoint that the directory held already is covered by its journal.
        if isNew { setAside = try WriterState(directory: directory).move(to: signed) ?? setAside }
        do throws(FileError) {
            try DurableFolders.makeRoot("\(directory)/\(Layout.keptCheckpoints)")
            try DurableFiles.write(signed.bytes, to: "\(directory)/\(Layout.keptCheckpoint(head.size))")
            if let root {
                try DurableFiles.write(root.bytes, to: "\(directory)/\(Layout.keptRootSignature(head.size))")
            }
        } catch { throw LedgerError.file(error) }
        // A key that is new is named when what proves it is kept, and before anything stands that it alone signed.
        try await writeInformation(copies)
        try await rememberKeys(at: head.size)
        do throws(FileError) {
            if let root {
                try DurableFiles.write(root.bytes, to: "\(directory)/\(Layout.rootSignature)")
            } else {
                // One of an older size would be taken for damage. What makes `checkpoint` durable makes this so too.
                try DurableFiles.remove("\(directory)/\(Layout.rootSignature)")
            }
            try DurableFiles.write(signed.bytes, to: "\(directory)/\(Layout.checkpoint)")
        } catch { throw LedgerError.file(error) }
        latest = signed
    }

    /// Shows what is held already, where that was cut off before `checkpoint` was written, or this process has not cosigned
    /// it: the key may be new, and the line that stands there an old one.
    func showAgain(_ held: SignedCheckpoint, _ copies: [LedgerCopy]) async throws {
        let isShown = copies.first?.checkpoint?.checkpoint.head == held.checkpoint.head
        guard !isShown || (cosigning != nil && latest?.checkpoint.head != held.checkpoint.head) else { return }
        try await show(held, copies, isNew: false)
    }

    /// The checkpoint with this mirror's own cosignatures. Other lines that claim to be of their keys are somebody's
    /// forgeries, or older ones, and give way; so do lines of others where there are too many for one note.
    private func cosigned(_ signed: SignedCheckpoint) async throws -> SignedCheckpoint {
        guard let cosigning else { return signed }
        let reader = LedgerReader(DirectorySource(directory), keys: keys, checker: checker)
        let lines = try await cosigning.cosignatures(for: signed, in: reader)
        let signers = keys.signers(of: signed.checkpoint.head.size)
        var (own, others): ([NoteSignature], [NoteSignature]) = ([], [])
        for line in signed.note.signatures where !lines.contains(where: { $0.isOfSameKey(as: line) }) {
            if signers.contains(where: { line.isAttributed(to: $0) }) { own.append(line) } else { others.append(line) }
        }
        let room = max(0, SignedNote.maximumSignatureCount - own.count - lines.count)
        let text = signed.note.text
        if let note = try? SignedNote(text: text, signatures: own + others.prefix(room) + lines) {
            return try SignedCheckpoint(note: note)
        }
        return try SignedCheckpoint(note: SignedNote(text: text, signatures: own + lines))
    }

    /// `ledger.json`, so that readers find the key: the source's words where it names this key, never over an own one.
    private func writeInformation(_ copies: [LedgerCopy]) async throws {
        let path = "\(directory)/\(Layout.information)"
        if DurableFiles.exists(path) { return }
        let keys = keys
        let key = keys.current
        var bytes = try LedgerInformation(origin: key.name, key: key, issuerKeys: []).with(keys).encoded()
        for copy in copies.dropFirst() {
            guard let found = try? await copy.source.read(Layout.information, limit: FileLimit.information),
                let information = try? LedgerInformation(decoding: found, path: path), information.key.text == key.text
            else { continue }
            bytes = information.keys == keys ? found : try information.with(keys).encoded()
            break
        }
        do { try DurableFiles.write(bytes, to: path) } catch { throw LedgerError.file(error) }
    }

    /// Removes the partial files of the old right edge whose full ones stand now.
    func prune(_ old: UInt64, _ new: UInt64) throws(LedgerError) {
        do throws(FileError) {
            for tile in DerivedTree.edgeTiles(size: old) {
                guard let tile, (tile.index + 1) << 8 <= new >> UInt64(8 * tile.level) else { continue }
                var paths = [tile.full.path]
                if tile.level == 0, let bundle = BundleCoordinate(index: tile.index) { paths.append(bundle.path) }
                for path in paths {
                    let folder = "\(directory)/\(path).p"
                    for width in try DurableFiles.list(folder) { try DurableFiles.remove("\(folder)/\(width)") }
                    try DurableFiles.removeDirectory(folder)
                }
            }
        } catch { throw .file(error) }
    }
}

extension NoteSignature {
    /// Whether both lines claim to be of one key.
    fileprivate func isOfSameKey(as other: NoteSignature) -> Bool {
        keyID == other.keyID && name.hasSameUTF8(as: other.name)
    }
}
