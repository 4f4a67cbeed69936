internal import Logging
internal import TraceLedger
internal import TraceProof
internal import TraceReplication
internal import TraceSigning

/// The parts of a node, made from its configuration.
extension NodeDaemon {
    static func quorum(_ configuration: NodeConfiguration, _ client: HTTPClient) throws -> CosignerQuorum {
        let cosigners = try configuration.cosigners.map { try Cosigner(key: $0.key, url: $0.url, role: $0.role) }
        return try CosignerQuorum(
            cosigners,
            policy: configuration.policy,
            transport: client,
            checker: SodiumSignatureChecker(),
            limits: CosigningLimits(now: Ledger.Configuration.systemTime) { try await Task.sleep(for: $0) }
        )
    }

    static func witness(
        _ configuration: NodeConfiguration,
        _ secrets: NodeSecrets,
        _ checker: any SignatureChecker
    ) throws -> Witness? {
        guard let settings = configuration.witness, let key = secrets.witnessKey else { return nil }
        return try Witness(
            name: settings.cosigner.name,
            signer: key,
            logs: settings.ledgers,
            store: try DurableStore("\(configuration.data)/witness", limit: SignedNote.maximumByteCount),
            checker: checker,
            now: Ledger.Configuration.systemTime
        )
    }

    static func table(
        _ configuration: NodeConfiguration,
        _ secrets: NodeSecrets,
        _ checker: any SignatureChecker
    ) throws -> MirrorTable {
        var cosigning: MirrorCosigning?
        var pending: DurableStore?
        if let settings = configuration.mirror, let key = secrets.mirrorKey {
            cosigning = MirrorCosigning(
                try CosigningKey(name: settings.name, signer: key, now: Ledger.Configuration.systemTime)
            )
            pending = try DurableStore("\(configuration.data)/pending", limit: 16 * SignedNote.maximumByteCount)
        }
        let table = MirrorTable(cosigning, pending: pending, checker: checker)
        try table.replace(with: configuration.mirrorSettings)
        return table
    }

    static func mirrors(
        _ configuration: NodeConfiguration,
        _ table: MirrorTable,
        _ client: HTTPClient,
        _ watch: WatchService,
        _ logger: Logger
    ) throws -> MirrorService {
        var environment = MirrorEnvironment(client: client, checker: SodiumSignatureChecker(), logger: logger)
        environment.mirror = { table.mirror($0) }
        environment.updatesAtATime = configuration.limits.mirrorUpdates
        environment.onCheckpoint = { seen in Task { await watch.see(seen.checkpoint, from: seen.source) } }
        return try MirrorService(configuration.mirrorSettings.filter { !$0.urls.isEmpty }, environment)
    }
}
