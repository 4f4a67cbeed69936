internal import TraceProof
internal import TraceStatements

/// The way from a directory to its writer.
struct Opening: Sendable {
    private let parts: Ledger.Parts
    private let signed: SignedCheckpoint?
    private let contents: Journal.Contents

    /// Reads the journal and finds the index; `signed` is the last signed checkpoint.
    init(
        _ directory: String,
        information: LedgerInformation,
        signer: any Signer,
        checker: any SignatureChecker,
        configuration: Ledger.Configuration,
        system: any FileSystem,
        lock: consuming WriterLock,
        signed: SignedCheckpoint?
    ) throws {
        let size = signed?.checkpoint.head.size ?? 0
        let contents = try Journal.read("\(directory)/\(Layout.journal)", published: size, on: system)
        guard signed == nil || contents.next >= 1 else { throw LedgerError.notFound("\(directory): there is no entry") }
        let tail = CommittedTail(size: size)
        for group in contents.groups {
            tail.append(CommittedTail.Group(first: group.first, entries: group.entries, leaves: group.leaves))
        }
        let folders = DurableFolders(below: directory, on: system)
        let entries = EntryFiles(directory: directory, tail: tail, system: system)
        let index = try EntryIndex("\(directory)/\(Layout.index)", size: contents.next, entries: entries, in: folders)
        let registry = try information.registry.map { rule throws(LedgerError) in
            try RegistryAdmission(directory, rule: rule, checker: checker, on: system)
        }
        let admission = Admission(origin: information.origin, checker: checker, keys: KeyDirectory(), index: index)
        parts = Ledger.Parts(
            directory: directory,
            information: information,
            signer: signer,
            checker: checker,
            configuration: configuration,
            system: system,
            folders: folders,
            gate: WriterGate(lock),
            tail: tail,
            index: index,
            admission: admission,
            registry: registry
        )
        (self.signed, self.contents) = (signed, contents)
    }

    /// The writer, with nothing published yet that was not before.
    func ledger() async throws -> Ledger {
        let head = signed?.checkpoint.head ?? .empty
        let tiles = try await parts.reader.growingTiles(size: head.size)
        guard try tiles.head() == head else {
            throw LedgerError.corrupt(
                path: parts.directory,
                reason: "the tiles give another root than the signed checkpoint of size \(head.size)"
            )
        }
        try makeSignedDurable()
        if let torn = contents.torn { try parts.write(torn, Layout.tornJournal, mode: 0o600) }
        try contents.makeDurable(on: parts.system)
        let replay = try await replayed(head)
        for key in replay.chains.heads.keys { parts.admission.keys.insert(key) }
        try prune(head.size)
        let journal = Journal(
            parts.path(Layout.journal),
            contents: contents,
            limits: parts.configuration.limits,
            nonce: parts.configuration.nonce,
            on: parts.system
        )
        let sequencer = Sequencer(parts, journal: journal, chains: replay.chains, recent: replay.recent)
        return Ledger(
            parts,
            sequencer: sequencer,
            publisher: Publisher(parts, sequencer: sequencer, tiles: tiles, signed: signed)
        )
    }

    /// Makes the signed checkpoint durable before anything follows from it.
    ///
    /// A process that was killed between its rename and the fsync of its folder leaves a name that only the page cache has. Shown,
    /// that checkpoint would outlive a power cut that takes it out of `state/`. One that is public was durable before it was.
    private func makeSignedDurable() throws {
        guard let signed else { return }
        let shown = try DurableFiles.readRepairable(
            parts.path(Layout.checkpoint),
            limit: FileLimit.checkpoint,
            on: parts.system
        )
        let isShown = shown.flatMap { try? SignedCheckpoint(bytes: $0) }?.note.text == signed.note.text
        if !isShown { try parts.write(signed.bytes, Layout.signedCheckpoint, mode: 0o600) }
    }

    /// Chains and index up to the last committed entry, from where what is on disk ends.
    private func replayed(_ head: TreeHead) async throws -> Replay {
        var replay = Replay(parts, behind: try snapshot())
        let first = min(replay.behind, parts.index.covered)
        try await parts.reader.forEachEntry(in: min(first, head.size)..<head.size, of: head) { position, bytes in
            let file = BundleCoordinate(index: position / 256)?.path ?? ""
            try replay.insert(bytes, TreeHash.leaf(bytes), at: position, file)
        }
        for group in parts.tail.groups(behind: max(first, head.size)) {
            for (offset, (entry, leaf)) in zip(group.entries, group.leaves).enumerated() {
                let position = group.first + UInt64(offset)
                if position >= head.size { try replay.insert(entry, leaf, at: position, Layout.journal) }
            }
        }
        return replay
    }

    /// The chains that were kept, where they are this ledger's.
    private func snapshot() throws -> ChainSnapshot? {
        guard let bytes = try parts.read(Layout.chains, limit: ChainSnapshot.maximumLength),
            let snapshot = ChainSnapshot(decoding: bytes, origin: parts.information.origin),
            snapshot.end <= contents.next,
            let newest = snapshot.chains.heads.values.max(by: { $0.index < $1.index }),
            try parts.index.entries.entry(newest.index)?.leaf == newest.leafHash
        else { return nil }
        return snapshot
    }

    /// Removes the partial files that an interrupted publication left behind full ones. They are no further back than the
    /// journal reaches, since it is released last.
    private func prune(_ size: UInt64) throws(FileError) {
        guard contents.base < size else { return }
        for level in 0..<8 where size >> UInt64(8 * level) > 0 {
            let shift = UInt64(8 * level + 8)
            for index in contents.base >> shift..<size >> shift {
                guard let tile = TileCoordinate(level: level, index: index) else { continue }
                try parts.removePartial("\(tile.path).p")
                if level == 0, let bundle = BundleCoordinate(index: index) {
                    try parts.removePartial("\(bundle.path).p")
                }
            }
        }
    }
}
