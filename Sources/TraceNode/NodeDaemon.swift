internal import Foundation
internal import Logging
internal import Metrics
internal import ServiceLifecycle
internal import Synchronization
internal import TraceLedger
internal import TraceProof
internal import TraceReplication
internal import TraceSigning
internal import UnixSignals

/// A node: it hosts its enterprise's ledgers, mirrors partners', cosigns, answers queries and shows a page.
///
/// ```swift
/// let node = try await NodeDaemon(configuration, file: path)
/// try await node.run()      // until SIGTERM or SIGINT
/// ```
public final class NodeDaemon: Sendable {
    /// What it calls itself.
    public static let version = "0.1.0"

    let configuration: NodeConfiguration
    let secrets: NodeSecrets
    let logger: Logger
    let alarms: AlarmBoard
    let client: HTTPClient
    /// The cosigners of each own ledger, by its path: what one of them holds is a matter of each ledger.
    let quorums: [String: CosignerQuorum]
    let ledgers: [HostedLedger]
    /// The index of each own ledger that holds events, by its path.
    let indices: [String: IndexService]
    let witness: Witness?
    let desk: EvidenceDesk
    let watch: WatchService
    let table: MirrorTable
    let mirrors: MirrorService
    let activations: ActivationDesk
    let subjects: SubjectDesk
    private let file: String
    let registry: PrometheusRegistry?
    let cache: ResourceCache
    /// The configuration as it was read last: SIGHUP changes parts of it.
    private let latest: Mutex<NodeConfiguration>
    let started = Ledger.Configuration.systemTime()

    /// Reads the keys and prepares everything; nothing is opened or listened to yet.
    ///
    /// - Parameters:
    ///   - file: the configuration's path, for messages and to read it again on SIGHUP.
    ///   - isOffline: open ledgers without asking their peers, where their directories are at their recorded places.
    /// - Throws: ``ConfigurationProblems`` for keys that are missing or used twice.
    public init(_ configuration: NodeConfiguration, file: String, isOffline: Bool = false) async throws {
        let (configuration, secrets) = (configuration, try NodeSecrets(configuration, file: file))
        let level = configuration.logging
        let logger = Logger(label: "tracenode") { NodeLogger($0, level) }
        let registry = configuration.metrics ? PrometheusRegistry() : nil
        if let registry { MetricsSystem.bootstrap(registry) }
        (self.configuration, self.secrets, self.logger, self.file) = (configuration, secrets, logger, file)
        self.registry = registry
        latest = Mutex(configuration)
        try FileManager.default.createDirectory(atPath: configuration.data, withIntermediateDirectories: true)
        alarms = AlarmBoard(logger)
        cache = ResourceCache(limit: configuration.limits.cacheBytes)
        let client = try HTTPClient(trustRoots: configuration.trustRoots, userAgent: "tracenode/\(NodeDaemon.version)")
        self.client = client
        let checker = SodiumSignatureChecker()
        var quorums: [String: CosignerQuorum] = [:]
        for settings in configuration.ledgers {
            quorums[settings.path] = try NodeDaemon.quorum(configuration, client)
        }
        self.quorums = quorums
        witness = try NodeDaemon.witness(configuration, secrets, checker)
        ledgers = try configuration.ledgers.map { settings in
            guard let key = secrets.ledgerKeys[settings.path] else {
                throw ConfigurationProblem(file: file, line: nil, reason: "ledgers: \(settings.path): it has no key")
            }
            return HostedLedger(
                settings,
                key: key,
                cosigner: quorums[settings.path],
                peers: { try NodeDaemon.peers(settings.directory, configuration, client, isOffline: isOffline) },
                logger: logger
            )
        }
        desk = try EvidenceDesk("\(configuration.data)/evidence", alarms: alarms, logger: logger)
        watch = WatchService(
            NodeDaemon.watched(configuration),
            client: client,
            desk: desk,
            interval: .seconds(configuration.watchSeconds),
            logger: logger
        )
        table = try NodeDaemon.table(configuration, secrets, checker)
        mirrors = try NodeDaemon.mirrors(configuration, table, client, watch, logger)
        activations = try ActivationDesk(
            "\(configuration.data)/activations",
            limit: configuration.limits.keptActivations,
            transport: client,
            checker: checker,
            metrics: ActivationMetrics(),
            logger: logger
        )
        await activations.replace(with: configuration.activationTargets)
        subjects = SubjectDesk(limit: configuration.limits.subjects)
        var indices: [String: IndexService] = [:]
        for settings in configuration.ledgers where settings.admission != .any {
            indices[settings.path] = IndexService(settings.directory, logger: logger)
        }
        self.indices = indices
        for remark in secrets.remarks { logger.warning("\(remark)") }
    }

    /// Runs until SIGTERM or SIGINT: requests that were accepted are answered, then the ledgers are closed.
    ///
    /// - Throws: where the node cannot listen, or a part of it gave up.
    public func run() async throws {
        NodeDaemon.raiseFileLimit()
        let services: [any Service] =
            [client] + ledgers + Array(indices.values) + [mirrors, watch, activations, reloading, try server]
        var settings = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "lifecycle") {
                NodeLogger($0, .init(level: "warning", format: configuration.logging.format))
            }
        )
        // Whoever does not come to an end by then is cancelled.
        settings.maximumGracefulShutdownDuration = .seconds(45)
        let group = ServiceGroup(configuration: settings)
        try await group.run()
        logger.notice("stopped")
    }

    /// A connection is a file, and the usual limit is that of a shell.
    private static func raiseFileLimit() {
        var limit = rlimit()
        #if canImport(Darwin)
        let files = RLIMIT_NOFILE
        #else
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard unsafe getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 65_536))
        unsafe _ = setrlimit(files, &limit)
    }

    // MARK: Reloading

    /// The configuration as it was read last.
    var current: NodeConfiguration { latest.withLock { $0 } }

    private var reloading: any Service {
        ReloadService { [self] in await reload() }
    }

    /// Reads the configuration again, for what may change while the node runs: mirrors, what is witnessed, cosigners, policy.
    func reload() async {
        do {
            let new = try NodeConfiguration(file: file)
            try await witness?.replaceLogs(new.witness?.ledgers ?? [])
            let cosigners = try new.cosigners.map { try Cosigner(key: $0.key, url: $0.url, role: $0.role) }
            for quorum in quorums.values { try await quorum.replace(cosigners, policy: new.policy) }
            try table.replace(with: new.mirrorSettings)
            try await mirrors.replace(with: new.mirrorSettings.filter { !$0.urls.isEmpty })
            watch.replace(NodeDaemon.watched(new))
            await activations.replace(with: new.activationTargets)
            latest.withLock { $0 = new }
            logger.notice("configuration read again: mirrors, witnessed ledgers and cosigners")
        } catch {
            logger.error(
                "the configuration was not taken over, or not whole: mend it and ask again",
                metadata: ["reason": "\(error)"]
            )
        }
    }
}

/// Reads the configuration again at each SIGHUP.
private struct ReloadService: Service {
    let reload: @Sendable () async -> Void

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await reload() }
    }
}
