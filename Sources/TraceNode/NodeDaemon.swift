internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import Metrics
internal import NIOCore
internal import NIOSSL
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
    let quorum: CosignerQuorum?
    let ledgers: [HostedLedger]
    /// The index of each own ledger that holds events, by its path.
    let indices: [String: IndexService]
    let witness: Witness?
    let desk: EvidenceDesk
    let watch: WatchService
    let table: MirrorTable
    let mirrors: MirrorService
    private let file: String
    private let registry: PrometheusRegistry?
    private let cache: ResourceCache
    private let started = Ledger.Configuration.systemTime()

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
        try FileManager.default.createDirectory(atPath: configuration.data, withIntermediateDirectories: true)
        alarms = AlarmBoard(logger)
        cache = ResourceCache(limit: configuration.limits.cacheBytes)
        let client = try HTTPClient(trustRoots: configuration.trustRoots, userAgent: "tracenode/\(NodeDaemon.version)")
        self.client = client
        let checker = SodiumSignatureChecker()
        quorum = try NodeDaemon.quorum(configuration, client)
        witness = try NodeDaemon.witness(configuration, secrets, checker)
        ledgers = try configuration.ledgers.map { [quorum] settings in
            guard let key = secrets.ledgerKeys[settings.path] else { throw Problem.notFound }
            return HostedLedger(
                settings,
                key: key,
                cosigner: quorum,
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
        var indices: [String: IndexService] = [:]
        for settings in configuration.ledgers where settings.admission != .any {
            indices[settings.path] = IndexService(settings.directory, logger: logger)
        }
        self.indices = indices
        for remark in secrets.remarks { logger.warning("\(remark)") }
    }

    private static func quorum(_ configuration: NodeConfiguration, _ client: HTTPClient) throws -> CosignerQuorum? {
        let cosigners = try configuration.cosigners.filter { $0.role == .witness }.map {
            try Cosigner(key: $0.key, url: $0.url)
        }
        guard !cosigners.isEmpty else { return nil }
        return try CosignerQuorum(
            cosigners,
            policy: configuration.policy,
            transport: client,
            checker: SodiumSignatureChecker(),
            limits: CosigningLimits(now: Ledger.Configuration.systemTime) { try await Task.sleep(for: $0) }
        )
    }

    private static func witness(
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

    private static func table(
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

    private static func mirrors(
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

    /// Runs until SIGTERM or SIGINT: requests that were accepted are answered, then the ledgers are closed.
    ///
    /// - Throws: where the node cannot listen, or a part of it gave up.
    public func run() async throws {
        let services: [any Service] = [client] + ledgers + Array(indices.values) + [mirrors, watch, reloading, try server]
        let group = ServiceGroup(
            configuration: .init(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle") { NodeLogger($0, .init(level: "warning", format: configuration.logging.format)) }
            )
        )
        try await group.run()
        logger.notice("stopped")
    }

    // MARK: Serving

    private var server: any Service {
        get throws {
            let responder = NodeResponder(routes, cache: cache, logger: logger)
            let counter = ConnectionCounter(limit: configuration.limits.connectionsPerAddress)
            let limits = configuration.limits
            let channel = HTTP1Channel.Configuration(
                additionalChannelHandlers: [
                    ConnectionGuard(counter, headerSeconds: limits.headerSeconds, requestSeconds: limits.requestSeconds)
                ],
                httpDecoderConfiguration: .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
            )
            var builder = HTTPServerBuilder.http1(configuration: channel)
            if let tls = configuration.tls { builder = try .tls(builder, tlsConfiguration: NodeDaemon.tls(tls)) }
            var quiet = logger
            quiet.logLevel = max(.warning, logger.logLevel)
            return Application(
                responder: responder,
                server: builder,
                configuration: .init(
                    address: .hostname(configuration.listen.host, port: configuration.listen.port),
                    serverName: "tracenode",
                    backlog: 1024,
                    availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)
                ),
                onServerRunning: { [logger, configuration] channel in
                    let port = channel.localAddress?.port ?? configuration.listen.port
                    logger.notice("listening", metadata: ["address": "\(configuration.listen.host):\(port)"])
                },
                logger: quiet
            )
        }
    }

    private static func tls(_ settings: NodeConfiguration.TLS) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(settings.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: settings.key, format: .pem))
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    /// Who answers what, by the first segment of the path.
    private var routes: [String: any Routes] {
        var routes: [String: any Routes] = [:]
        for name in ["", "healthz", "readyz", "status.json"] + (registry == nil ? [] : ["metrics"]) {
            routes[name] = OperatingRoutes(name: name, status: { [self] in await status() }, registry: registry)
        }
        let anonymous = AddressRates(rate: configuration.limits.anonymousRate)
        for hosted in ledgers {
            let settings = hosted.settings
            let capture = settings.capture.flatMap { capture in
                secrets.enterpriseKeys[settings.path].map { CaptureQueue(hosted, issuer: capture.issuer, signer: $0) }
            }
            routes[settings.path] = LedgerRoutes(
                hosted: hosted,
                files: PublicFiles(settings.directory, cache: cache),
                access: WriteAccess(admission: settings.admission, tokens: secrets.tokens[settings.path] ?? [], anonymous: anonymous),
                capture: capture,
                query: indices[settings.path].map { QueryRoutes(index: $0, name: settings.path) },
                documentLimit: configuration.limits.documentBytes
            )
        }
        routes["evidence"] = EvidenceRoutes(desk: desk)
        routes[".well-known"] = WellKnownRoutes { [ledgers] in ledgers.flatMap(\.publicKeys) }
        if let witness { routes["witness"] = WitnessRoutes(witness: witness) { [self] in brought($0, to: "witness") } }
        routes["mirror"] = MirrorRoutes(table: table, cache: cache) { [self] in brought($0, to: "mirror") }
        return routes
    }

    /// A checkpoint that was brought to the witness or the mirror proves a fork, or is one more to compare.
    private func brought(_ outcome: CheckpointRegister.Outcome, to whom: String) {
        let party = "a request to the \(whom)"
        if let evidence = outcome.finding?.evidence {
            Task { [desk] in await desk.file(evidence, by: party) }
        } else if let recorded = outcome.recorded {
            Task { [watch] in await watch.see(recorded, from: party) }
        }
    }

    /// The ledgers that the node holds, and whose view of them is compared.
    private static func watched(_ configuration: NodeConfiguration) -> WatchService.Subject {
        let own = configuration.ledgers.map { WatchService.Copy(origin: $0.origin, directory: $0.directory, key: nil) }
        let mirrored = configuration.mirrors.map {
            WatchService.Copy(origin: $0.key.name, directory: configuration.directory(of: $0), key: $0.key)
        }
        return WatchService.Subject(
            copies: own + mirrored,
            prefixes: configuration.cosigners.map { $0.monitoring ?? $0.url } + configuration.watch
        )
    }

    // MARK: Reloading

    private var reloading: any Service {
        ReloadService { [self] in await reload() }
    }

    /// Reads the configuration again, for what may change while the node runs: mirrors, what is witnessed, cosigners, policy.
    func reload() async {
        do {
            let new = try NodeConfiguration(file: file)
            try await witness?.replaceLogs(new.witness?.ledgers ?? [])
            let cosigners = try new.cosigners.filter { $0.role == .witness }.map { try Cosigner(key: $0.key, url: $0.url) }
            try await quorum?.replace(cosigners, policy: new.policy)
            try table.replace(with: new.mirrorSettings)
            try await mirrors.replace(with: new.mirrorSettings.filter { !$0.urls.isEmpty })
            watch.replace(NodeDaemon.watched(new))
            logger.notice("configuration read again: mirrors, witnessed ledgers and cosigners")
        } catch { logger.error("the configuration is left as it was", metadata: ["reason": "\(error)"]) }
    }

    // MARK: Status

    /// What the node holds and how it is.
    func status() async -> NodeStatus {
        var own: [NodeStatus.OwnLedger] = []
        for ledger in ledgers { own.append(await ledger.status()) }
        var witnessed: [NodeStatus.WitnessedLedger] = []
        for key in configuration.witness?.ledgers ?? [] {
            let latest = try? await witness?.latest(OriginHash(key.name))
            witnessed.append(.init(origin: key.name, size: latest?.checkpoint.head.size))
        }
        let cosigners = await quorum?.statuses() ?? []
        return NodeStatus(
            version: NodeDaemon.version,
            url: configuration.url ?? "http://\(configuration.listen.host):\(configuration.listen.port)",
            time: Ledger.Configuration.systemTime(),
            started: started,
            ledgers: own,
            mirrors: await mirrored(),
            witnessName: witness?.key.name,
            witnessed: witnessed,
            cosigners: cosigners.map {
                .init(
                    name: $0.cosigner.key.name,
                    url: $0.cosigner.url,
                    size: $0.size,
                    lastSuccess: $0.lastSuccess,
                    failure: $0.failure.map { "\($0)" }
                )
            },
            alarms: alarms.all + (await mirrorAlarms())
        )
    }

    private func mirrored() async -> [NodeStatus.MirroredLedger] {
        var found = mirrors.statuses.map { status in
            NodeStatus.MirroredLedger(
                origin: status.origin,
                path: "/mirror/\(OriginHash(status.origin))",
                size: status.held?.size ?? 0,
                root: status.held?.root.description ?? "",
                lag: status.lag,
                lastSuccess: status.lastSuccess,
                failure: status.alarm.map { "\($0.kind.rawValue): stopped" } ?? status.failure
            )
        }
        for (settings, pushed) in table.pushedOnly {
            let head = try? await pushed.mirror.held()?.checkpoint.head
            found.append(
                .init(
                    origin: settings.origin,
                    path: "/mirror/\(OriginHash(settings.origin))",
                    size: head?.size ?? 0,
                    root: head?.root.description ?? "",
                    lag: nil,
                    lastSuccess: nil,
                    failure: await pushed.stop.map { "\($0.kind.rawValue): stopped" }
                )
            )
        }
        return found
    }

    /// What stopped a mirror, by a pull or by a push.
    private func mirrorAlarms() async -> [Alarm] {
        let now = Ledger.Configuration.systemTime()
        var found = mirrors.statuses.compactMap { status in
            status.alarm.map {
                Alarm(
                    origin: status.origin,
                    kind: $0.kind.rawValue,
                    reason: $0.reason,
                    evidence: $0.evidence,
                    time: status.lastAttempt ?? now
                )
            }
        }
        for (origin, stop) in await table.stops() where !found.contains(where: { $0.evidence == stop.evidence }) {
            found.append(
                Alarm(origin: origin, kind: stop.kind.rawValue, reason: stop.reason, evidence: stop.evidence, time: now)
            )
        }
        return found
    }
}

/// Reads the configuration again at each SIGHUP.
private struct ReloadService: Service {
    let reload: @Sendable () async -> Void

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await reload() }
    }
}
