public import TraceProof
internal import TraceStatements

extension Ledger {
    /// Makes a new ledger in a directory that does not exist or is empty: entry 0 is its genesis statement, published.
    ///
    /// - Parameters:
    ///   - origin: the ledger's unique name, by convention a URL without scheme.
    ///   - keyPath: where the ledger's key file is, remembered in `state/` for later commands.
    ///   - created: now, in seconds since 1970.
    ///   - nonce: 16 random bytes.
    public static func create(
        _ directory: String,
        origin: String,
        signer: any Signer,
        issuerKeys: [LedgerInformation.IssuerKey] = [],
        keyPath: String? = nil,
        created: UInt64,
        nonce: [UInt8],
        checker: any SignatureChecker
    ) async throws -> Ledger {
        let key = try VerifierKey(name: origin, type: .ed25519, publicKey: signer.publicKey)
        _ = try Checkpoint(origin: origin, head: .empty)
        guard checker.isValidPoint(signer.publicKey.bytes) else {
            throw LedgerError.refused(position: 0, reason: .weakKey(signer.publicKey))
        }
        guard
            let genesis = Genesis(origin: origin, ledgerKey: signer.publicKey, created: created, nonce: nonce)
        else { throw LedgerError.notFound("the genesis statement needs \(Genesis.nonceLength) random bytes") }
        let information = LedgerInformation(origin: origin, key: key, issuerKeys: issuerKeys)
        guard try DurableFiles.list(directory).isEmpty else {
            throw LedgerError.unreadable(
                path: directory,
                reason: "the directory is not empty: name a new one, or remove it if an earlier init did not finish"
            )
        }
        try DurableFiles.makeDirectory(directory)
        try DurableFiles.makeDirectory("\(directory)/\(Layout.state)", mode: 0o700)
        try DurableFiles.makeDirectory("\(directory)/\(Layout.disclosures)", mode: 0o700)
        let lock = try WriterLock("\(directory)/\(Layout.lock)")
        if let keyPath {
            try DurableFiles.write(Array(keyPath.utf8), to: "\(directory)/\(Layout.keyPath)", mode: 0o600)
        }
        let journal = try Journal.create("\(directory)/\(Layout.journal)", base: 0)
        let ledger = Ledger(
            directory,
            information: information,
            signer: signer,
            checker: checker,
            lock: lock,
            journal: journal,
            tiles: GrowingTiles(),
            index: EntryIndex(origin: origin),
            published: nil
        )
        let statement = try await Statement.sign(
            kind: .genesis,
            payload: genesis.encoded,
            issuer: origin,
            subject: origin,
            issuedAt: created,
            chain: Genesis.link(origin: origin),
            with: signer
        )
        _ = try await ledger.append([statement])
        // A directory without it is one whose init did not finish, and from which nothing went out: it comes before the
        // first checkpoint, so that opening goes on where a crash cut off and never makes a second genesis.
        try DurableFiles.write(try information.encoded(), to: "\(directory)/\(Layout.information)")
        _ = try await ledger.publish()
        return ledger
    }

    /// Opens a ledger for writing: takes the lock, verifies the right edge against the last signed checkpoint, replays
    /// the journal to the same indices, and publishes what an interrupted run left unpublished.
    public static func open(
        _ directory: String,
        signer: any Signer,
        checker: any SignatureChecker
    ) async throws -> Ledger {
        let information = try await LedgerReader.information(DirectorySource(directory))
        guard information.key.publicKey == signer.publicKey else {
            throw LedgerError.unreadable(
                path: "\(directory)/\(Layout.information)",
                reason: "the ledger's key is \(information.key.text), and another one was given: name it with --key"
            )
        }
        guard DurableFiles.exists("\(directory)/\(Layout.state)") else {
            throw LedgerError.notFound(
                "\(directory)/\(Layout.state): missing; this is a copy without its state, which only a mirror can restore"
            )
        }
        let lock = try WriterLock("\(directory)/\(Layout.lock)")
        let signed = try await lastSigned(directory, information, checker)
        let head = signed?.checkpoint.head ?? .empty
        var tiles = try await loadTiles(directory, key: information.key, checker: checker, size: head.size)
        guard try tiles.head() == head else {
            throw LedgerError.corrupt(
                path: directory,
                reason: "the tiles give another root than the signed checkpoint of size \(head.size)"
            )
        }
        var index = try await loadIndex(directory, information, checker, head)
        var contents = Journal.Contents()
        guard let journal = try Journal.open("\(directory)/\(Layout.journal)", contents: &contents) else {
            throw LedgerError.notFound(
                "\(directory)/\(Layout.journal): missing; restore state/ from a backup or a mirror"
            )
        }
        guard contents.base <= head.size, journal.next >= max(head.size, 1) else {
            throw LedgerError.corrupt(
                path: "\(directory)/\(Layout.journal)",
                reason: "it holds entries \(contents.base) to \(journal.next), and \(head.size) are published"
            )
        }
        for (position, entry) in contents.entries.enumerated() where contents.base + UInt64(position) >= head.size {
            let leaf = TreeHash.leaf(entry)
            try insert(entry, leaf, at: tiles.size, into: &index, path: "\(directory)/\(Layout.journal)")
            try tiles.append(entry, leaf: leaf)
        }
        let ledger = Ledger(
            directory,
            information: information,
            signer: signer,
            checker: checker,
            lock: lock,
            journal: journal,
            tiles: tiles,
            index: index,
            published: signed
        )
        try await ledger.finishPublication()
        return ledger
    }

    private static func insert(
        _ entry: [UInt8],
        _ leaf: Digest,
        at position: UInt64,
        into index: inout EntryIndex,
        path: String
    ) throws(LedgerError) {
        do {
            try index.insert(try Statement(decoding: entry), leafHash: leaf, index: position)
        } catch { throw .corrupt(path: path, reason: "entry \(position): \(error)") }
    }

    /// Where the ledger's key file was when the ledger was made; `nil` where it was not said.
    public static func rememberedKeyPath(_ directory: String) throws(LedgerError) -> String? {
        do {
            return try DurableFiles.read("\(directory)/\(Layout.keyPath)", limit: 1 << 16)
                .map { String(decoding: $0, as: UTF8.self) }
        } catch { throw .file(error) }
    }

    private static func lastSigned(
        _ directory: String,
        _ information: LedgerInformation,
        _ checker: any SignatureChecker
    ) async throws -> SignedCheckpoint? {
        let path = "\(directory)/\(Layout.signedCheckpoint)"
        let reader = LedgerReader(DirectorySource(directory), key: information.key, checker: checker)
        let shown = try repairable("\(directory)/\(Layout.checkpoint)", limit: FileLimit.checkpoint)
        guard DurableFiles.exists(path) else {
            // An init that a crash cut off has signed nothing yet.
            if shown == nil, try DurableFiles.list("\(directory)/\(Layout.keptCheckpoints)").isEmpty { return nil }
            throw LedgerError.notFound(
                "\(path): missing; this is a copy without its state, which only a mirror can restore"
            )
        }
        let signed = try await reader.checkpoint(at: Layout.signedCheckpoint)
        // A damaged public checkpoint is written again; a good one that state/ does not lead up to is a rolled-back state/.
        if shown != nil, let shown = try? await reader.checkpoint().checkpoint.head,
            shown.size > signed.checkpoint.head.size
                || (shown.size == signed.checkpoint.head.size && shown != signed.checkpoint.head)
        {
            throw LedgerError.corrupt(
                path: path,
                reason:
                    "it is of size \(signed.checkpoint.head.size), and a checkpoint of size \(shown.size) was published: "
                    + "state/ was rolled back, and signing from it would fork the ledger"
            )
        }
        return signed
    }

    /// Shows the last signed checkpoint where a crash came between signing and showing, and publishes what the journal
    /// held beyond it.
    private func finishPublication() async throws {
        if let signed = published, try !isShown(signed) {
            let root = try await RootSignature.signed(
                root: signed.checkpoint.head.root,
                origin: information.origin,
                by: signer
            )
            try show(signed, root)
        }
        _ = try await publish()
        try pruneAll()
    }

    /// A file that can be written again, nil where it is missing. One that is too long is as damaged as any other and read as
    /// nothing; what the system fails to do stays a failure.
    private static func repairable(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
        do { return try DurableFiles.read(path, limit: limit) } catch {
            guard error.code == 0 else { throw error }
            return []
        }
    }

    /// Whether the public files are as ``show(_:_:)`` left them.
    private func isShown(_ signed: SignedCheckpoint) throws(FileError) -> Bool {
        let size = signed.checkpoint.head.size
        for name in [Layout.checkpoint, Layout.keptCheckpoint(size)] {
            guard try Self.repairable(path(name), limit: FileLimit.checkpoint) == signed.bytes else { return false }
        }
        let root = try Self.repairable(path(Layout.rootSignature), limit: FileLimit.rootSignature)
        let kept = try Self.repairable(path(Layout.keptRootSignature(size)), limit: FileLimit.rootSignature)
        return root?.isEmpty == false && root == kept
    }

    /// The right edge of the tree at `size`, from the files.
    static func loadTiles(
        _ directory: String,
        key: VerifierKey,
        checker: any SignatureChecker,
        size: UInt64
    ) async throws -> GrowingTiles {
        let reader = LedgerReader(DirectorySource(directory), key: key, checker: checker)
        var edge: [[Digest]] = []
        for coordinate in GrowingTiles.partialTiles(size: size) {
            guard let coordinate else {
                edge.append([])
                continue
            }
            edge.append(Array(try await reader.tile(coordinate).hashes.prefix(coordinate.width)))
        }
        var entries: [[UInt8]] = []
        if let coordinate = BundleCoordinate(index: size / 256, width: Int(size % 256)) {
            entries = try await reader.bundle(coordinate).prefix(coordinate.width).map { Array($0) }
        }
        guard let tiles = GrowingTiles(size: size, edge: edge, entries: entries) else {
            throw LedgerError.corrupt(path: directory, reason: "the partial tiles are not those of \(size) entries")
        }
        return tiles
    }

    private static func loadIndex(
        _ directory: String,
        _ information: LedgerInformation,
        _ checker: any SignatureChecker,
        _ head: TreeHead
    ) async throws -> EntryIndex {
        let reader = LedgerReader(DirectorySource(directory), key: information.key, checker: checker)
        var index = EntryIndex(origin: information.origin)
        try await reader.forEachEntry(in: 0..<head.size, of: head) { position, bytes in
            let path = "\(directory)/\(BundleCoordinate(index: position / 256)?.path ?? "")"
            try insert(bytes, TreeHash.leaf(bytes), at: position, into: &index, path: path)
        }
        return index
    }
}
