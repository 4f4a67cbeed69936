public import TraceProof

extension Ledger {
    /// Opens a ledger for writing: takes the lock, verifies the right edge against the last signed checkpoint, replays
    /// the journal to the same indices, and publishes what an interrupted run left unpublished.
    ///
    /// What it reads does not grow with the ledger: the right edge, the journal, and the entries that the index on disk does
    /// not cover.
    ///
    /// - Parameter peers: who is asked first for the highest checkpoint that they saw (``RestoreCheck``).
    public static func open(
        _ directory: String,
        signer: any Signer,
        checker: any SignatureChecker,
        peers: RestoreCheck.Peers? = nil,
        configuration: Configuration = Configuration()
    ) async throws -> Ledger {
        try await open(
            directory,
            signer: signer,
            checker: checker,
            peers: peers,
            configuration: configuration,
            on: POSIXFileSystem()
        )
    }

    static func open(
        _ directory: String,
        signer: any Signer,
        checker: any SignatureChecker,
        peers: RestoreCheck.Peers? = nil,
        configuration: Configuration,
        on system: any FileSystem
    ) async throws -> Ledger {
        try await finishRotation(directory, checker: checker, on: system)
        let information = try await LedgerReader.information(DirectorySource(directory, on: system))
        guard information.key.publicKey == signer.publicKey else {
            throw LedgerError.unreadable(
                path: "\(directory)/\(Layout.information)",
                reason: "the ledger's key is \(information.key.text), and another one was given: name it with --key"
            )
        }
        guard DurableFiles.exists("\(directory)/\(Layout.state)", on: system) else {
            throw LedgerError.notFound(
                "\(directory)/\(Layout.state): missing; this is a copy without its state, which only a mirror can restore"
            )
        }
        let lock = try WriterLock("\(directory)/\(Layout.lock)", on: system)
        let reader = LedgerReader(DirectorySource(directory, on: system), keys: information.keys, checker: checker)
        let signed = try await reader.lastSigned(on: system)
        // Before anything is signed, published or acknowledged.
        try await RestoreCheck.run(directory, keys: information.keys, checker: checker, signed: signed, peers: peers)
        let opening = try Opening(
            directory,
            information: information,
            signer: signer,
            checker: checker,
            configuration: configuration,
            system: system,
            lock: lock,
            signed: signed
        )
        let ledger = try await opening.ledger()
        try await ledger.finishPublication()
        return ledger
    }

    /// Where the ledger's key file was when the ledger was made; `nil` where it was not said.
    public static func rememberedKeyPath(_ directory: String) throws(LedgerError) -> String? {
        do {
            return try DurableFiles.read("\(directory)/\(Layout.keyPath)", limit: 1 << 16)
                .map { String(decoding: $0, as: UTF8.self) }
        } catch { throw .file(error) }
    }

    /// Shows the last signed checkpoint where a crash came between signing and showing, publishes what the journal held
    /// beyond it, and removes what an interrupted publication left behind. Cosigners that do not answer keep nobody from
    /// appending: they are asked again.
    private func finishPublication() async throws {
        do {
            // First what was signed last: what stands of it is made whole before anything newer is signed.
            if let last = await publisher.signed {
                _ = try await display.show(atLeast: last.checkpoint.head.size, isAsked: true)
            }
        } catch LedgerError.unwitnessed {}
        do { _ = try await publish() } catch LedgerError.unwitnessed {}
    }
}

extension LedgerReader {
    /// The checkpoint in `state/`, and that nothing beyond it was shown; `nil` where nothing was signed yet.
    func lastSigned(on system: any FileSystem) async throws -> SignedCheckpoint? {
        let path = "\(source.name)/\(Layout.signedCheckpoint)"
        let shown = try DurableFiles.readRepairable(
            "\(source.name)/\(Layout.checkpoint)",
            limit: FileLimit.checkpoint,
            on: system
        )
        guard DurableFiles.exists(path, on: system) else {
            // An init that a crash cut off has signed nothing yet.
            let kept = "\(source.name)/\(Layout.keptCheckpoints)"
            if shown == nil, try DurableFiles.list(kept, on: system).isEmpty { return nil }
            throw LedgerError.notFound(
                "\(path): missing; this is a copy without its state, which only a mirror can restore"
            )
        }
        let signed = try await checkpoint(at: Layout.signedCheckpoint)
        // A damaged public checkpoint is written again; a good one that state/ does not lead up to is a rolled-back state/.
        if shown != nil, let shown = try? await checkpoint().checkpoint.head,
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

    /// The right edge of the tree at `size`, from the files.
    func growingTiles(size: UInt64) async throws -> GrowingTiles {
        var edge: [[Digest]] = []
        for coordinate in GrowingTiles.partialTiles(size: size) {
            guard let coordinate else {
                edge.append([])
                continue
            }
            edge.append(Array(try await tile(coordinate).hashes.prefix(coordinate.width)))
        }
        var entries: [[UInt8]] = []
        if let coordinate = BundleCoordinate(index: size / 256, width: Int(size % 256)) {
            entries = try await bundle(coordinate).prefix(coordinate.width).map { Array($0) }
        }
        guard let tiles = GrowingTiles(size: size, edge: edge, entries: entries) else {
            throw LedgerError.corrupt(
                path: source.name,
                reason: "the partial tiles are not those of \(size) entries"
            )
        }
        return tiles
    }
}
