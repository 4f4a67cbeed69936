public import TraceProof
internal import TraceStatements

extension Ledger {
    /// Makes a new ledger in a directory that does not exist or is empty: entry 0 is its genesis statement, published.
    ///
    /// - Parameters:
    ///   - origin: the ledger's unique name, by convention a URL without scheme.
    ///   - keyPath: where the ledger's key file is, remembered in `state/` for later commands.
    ///   - peers: who is asked, each time the ledger is opened, for the highest checkpoint that they saw; remembered.
    ///   - registry: the registry that says who may append, beside `issuerKeys`.
    ///   - admitsAnyEntry: whether entries need not be signed statements.
    ///   - created: now, in seconds since 1970.
    ///   - nonce: 16 random bytes.
    public static func create(
        _ directory: String,
        origin: String,
        signer: any Signer,
        issuerKeys: [LedgerInformation.IssuerKey] = [],
        registry: RegistryAdmission? = nil,
        admitsAnyEntry: Bool = false,
        keyPath: String? = nil,
        peers: PeerList? = nil,
        created: UInt64,
        nonce: [UInt8],
        checker: any SignatureChecker,
        configuration: Configuration = Configuration()
    ) async throws -> Ledger {
        let information = LedgerInformation(
            origin: origin,
            key: try VerifierKey(name: origin, type: .ed25519, publicKey: signer.publicKey),
            issuerKeys: issuerKeys,
            registry: registry?.rule,
            admitsAnyEntry: admitsAnyEntry
        )
        guard
            let genesis = Genesis(origin: origin, ledgerKey: signer.publicKey, created: created, nonce: nonce)
        else { throw LedgerError.notFound("the genesis statement needs \(Genesis.nonceLength) random bytes") }
        return try await create(
            directory,
            information,
            genesis,
            keyPath: keyPath,
            peers: peers,
            registry: registry,
            signer: signer,
            checker: checker,
            configuration: configuration,
            on: POSIXFileSystem()
        )
    }

    static func create(
        _ directory: String,
        _ information: LedgerInformation,
        _ genesis: Genesis,
        keyPath: String? = nil,
        peers: PeerList? = nil,
        registry: RegistryAdmission? = nil,
        signer: any Signer,
        checker: any SignatureChecker,
        configuration: Configuration,
        on system: any FileSystem
    ) async throws -> Ledger {
        _ = try Checkpoint(origin: information.origin, head: .empty)
        guard checker.isValidPoint(signer.publicKey.bytes) else {
            throw LedgerError.refused(position: 0, reason: .weakKey(signer.publicKey))
        }
        guard try DurableFiles.list(directory, on: system).isEmpty else {
            throw LedgerError.unreadable(
                path: directory,
                reason: "the directory is not empty: name a new one, or remove it if an earlier init did not finish"
            )
        }
        try DurableFolders.makeRoot(directory, on: system)
        let folders = DurableFolders(below: directory, on: system)
        for folder in [Layout.state, Layout.disclosures, Layout.journal] {
            try folders.make("\(directory)/\(folder)", mode: 0o700)
        }
        let lock = try WriterLock("\(directory)/\(Layout.lock)", on: system)
        if let keyPath {
            try DurableFiles.write(Array(keyPath.utf8), to: "\(directory)/\(Layout.keyPath)", mode: 0o600, on: system)
        }
        if let peers, !peers.isEmpty {
            try peers.save(in: directory)
            try DirectoryPlace.record(directory)
        }
        try registry?.save(in: directory, on: system)
        let opening = try Opening(
            directory,
            information: information,
            signer: signer,
            checker: checker,
            configuration: configuration,
            system: system,
            lock: lock,
            signed: nil
        )
        let ledger = try await opening.ledger()
        let statement = try await Statement.sign(
            kind: .genesis,
            payload: genesis.encoded,
            issuer: information.origin,
            subject: information.origin,
            issuedAt: genesis.created,
            chain: Genesis.link(origin: information.origin),
            with: signer
        )
        // By itself nothing is published before ledger.json stands.
        _ = ledger.parts.cadence.schedule(now: false)
        defer { ledger.parts.cadence.done(now: false) }
        _ = try await ledger.append([statement])
        // A directory without it is one whose init did not finish, and from which nothing went out: it comes before the
        // first checkpoint, so that opening goes on where a crash cut off and never makes a second genesis.
        try DurableFiles.write(try information.encoded(), to: "\(directory)/\(Layout.information)", on: system)
        // Cosigners that do not answer are asked again; the ledger is there.
        do { _ = try await ledger.publish() } catch LedgerError.unwitnessed { return ledger }
        return ledger
    }
}
