internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import ServiceLifecycle
internal import TraceProof
internal import TraceReplication

extension NodeDaemon {
    var server: any Service {
        get throws {
            let responder = NodeResponder(routes, cache: cache, logger: logger)
            let counter = ConnectionCounter(limit: configuration.limits.connectionsPerAddress)
            let limits = configuration.limits
            let channel = HTTP1Channel.Configuration(
                additionalChannelHandlers: [
                    ConnectionGuard(counter, headerSeconds: limits.headerSeconds, requestSeconds: limits.requestSeconds)
                ],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10,
                    maxHeaderListSize: 32 << 10,
                    maxHeaderFieldCount: 100
                )
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

    static func tls(_ settings: NodeConfiguration.TLS) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(settings.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: settings.key, format: .pem))
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    /// Who answers what, by the first segment of the path.
    var routes: [String: any Routes] {
        var routes: [String: any Routes] = [:]
        for name in ["", "healthz", "readyz", "status.json"] + (registry == nil ? [] : ["metrics"]) {
            routes[name] = OperatingRoutes(name: name, status: { [self] in await status() }, registry: registry)
        }
        let rate = configuration.limits.anonymousRate
        let (anonymous, open) = (AddressRates(rate: rate ?? 50), AddressRates(rate: rate ?? 0))
        for hosted in ledgers {
            let settings = hosted.settings
            let capture = settings.capture.flatMap { capture in
                secrets.enterpriseKeys[settings.path].map { CaptureQueue(hosted, issuer: capture.issuer, signer: $0) }
            }
            routes[settings.path] = LedgerRoutes(
                hosted: hosted,
                files: PublicFiles(settings.directory, cache: cache),
                access: WriteAccess(
                    admission: settings.admission,
                    tokens: secrets.tokens[settings.path] ?? [],
                    anonymous: settings.admission == .any ? open : anonymous
                ),
                capture: capture,
                query: indices[settings.path].map { QueryRoutes(index: $0, name: settings.path) },
                documentLimit: configuration.limits.documentBytes
            )
        }
        routes["activations"] = ActivationRoutes(
            ledgers: ledgers.filter { $0.settings.admission != .any },
            mirrors: { [self] in current.activationTargets },
            desk: activations,
            subjects: subjects,
            writing: anonymous,
            reading: AddressRates(rate: rate ?? 50),
            metrics: ActivationMetrics()
        )
        let page = configuration.page.map { VerifyingPage($0) }
        for name in ["verify", "sw.js", "trust"] {
            routes[name] = PageRoutes(name: name, page: page, trust: configuration.trust)
        }
        let resolver = resolver(page, reading: AddressRates(rate: rate ?? 50))
        routes["01"] = resolver
        routes["evidence"] = EvidenceRoutes(desk: desk)
        routes[".well-known"] = WellKnownRoutes(resolver: resolver) { [ledgers] in ledgers.flatMap(\.publicKeys) }
        if let witness { routes["witness"] = WitnessRoutes(witness: witness) { [self] in brought($0, to: "witness") } }
        routes["mirror"] = MirrorRoutes(table: table, cache: cache) { [self] in brought($0, to: "mirror") }
        return routes
    }

    /// The resolver of Digital Links.
    private func resolver(_ page: VerifyingPage?, reading: AddressRates) -> ResolverRoutes {
        let holder = configuration.resolver.ledger ?? configuration.ledgers.first { $0.admission != .any }?.path
        return ResolverRoutes(
            settings: configuration.resolver,
            trust: configuration.trust,
            packs: configuration.packs,
            desk: configuration.packs.map { PackDesk($0) },
            page: page,
            events: holder.flatMap { path in indices[path].map { QueryRoutes(index: $0, name: path) } },
            url: configuration.url,
            isSecure: configuration.tls != nil,
            answersActivations: holder != nil || !configuration.mirrors.isEmpty,
            tokens: WriteAccess(admission: .closed, tokens: secrets.resolverTokens, anonymous: reading),
            reading: reading
        )
    }

    /// A checkpoint that was brought to the witness or the mirror proves a fork, or is one more to compare.
    func brought(_ outcome: CheckpointRegister.Outcome, to whom: String) {
        let party = "a request to the \(whom)"
        if case .failed(let reason) = outcome.refusal {
            logger.error("a checkpoint could not be taken", metadata: ["by": "\(whom)", "reason": "\(reason)"])
        }
        if let evidence = outcome.finding?.evidence {
            Task { [desk] in await desk.file(evidence, by: party) }
        } else if let recorded = outcome.recorded {
            Task { [watch] in await watch.see(recorded, from: party) }
        }
    }

    /// The ledgers that the node holds, and whose view of them is compared.
    static func watched(_ configuration: NodeConfiguration) -> WatchService.Subject {
        let own = configuration.ledgers.map { WatchService.Copy(origin: $0.origin, directory: $0.directory, key: nil) }
        let mirrored = configuration.mirrors.map {
            WatchService.Copy(origin: $0.key.name, directory: configuration.directory(of: $0), key: $0.key)
        }
        return WatchService.Subject(
            copies: own + mirrored,
            prefixes: configuration.cosigners.map { $0.monitoring ?? $0.url } + configuration.watch
        )
    }
}
