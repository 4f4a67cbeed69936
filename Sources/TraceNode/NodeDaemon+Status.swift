internal import TraceLedger
internal import TraceProof
internal import TraceReplication

extension NodeDaemon {
    /// What the node holds and how it is.
    func status() async -> NodeStatus {
        var own: [NodeStatus.OwnLedger] = []
        for ledger in ledgers { own.append(await ledger.status()) }
        var witnessed: [NodeStatus.WitnessedLedger] = []
        for key in current.witness?.ledgers ?? [] {
            let latest = try? await witness?.latest(OriginHash(key.name))
            witnessed.append(.init(origin: key.name, size: latest?.checkpoint.head.size))
        }
        var cosigners: [(ledger: String, status: CosignerStatus)] = []
        for ledger in ledgers {
            let path = ledger.settings.path
            for status in await quorums[path]?.statuses() ?? [] { cosigners.append((path, status)) }
        }
        return NodeStatus(
            version: NodeDaemon.version,
            url: configuration.url ?? "http://\(configuration.listen.host):\(configuration.listen.port)",
            time: Ledger.Configuration.systemTime(),
            started: started,
            ledgers: own,
            mirrors: await mirrored(),
            witnessName: witness?.key.name,
            witnessed: witnessed,
            cosigners: cosigners.map { ledger, status in
                .init(
                    ledger: ledger,
                    name: status.cosigner.key.name,
                    url: status.cosigner.url,
                    size: status.size,
                    lastSuccess: status.lastSuccess,
                    failure: status.failure.map { "\($0)" }
                )
            },
            activations: await activations.status(),
            alarms: alarms.all + (await mirrorAlarms()) + NodeDaemon.alarms(of: cosigners, ledgers)
        )
    }

    func mirrored() async -> [NodeStatus.MirroredLedger] {
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
    func mirrorAlarms() async -> [Alarm] {
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
        for (origin, alarm) in await table.alarms() {
            found.append(
                Alarm(
                    origin: origin,
                    kind: alarm.kind.rawValue,
                    reason: alarm.reason,
                    evidence: alarm.evidence,
                    time: now
                )
            )
        }
        return found
    }

    /// What cosigners hold that a ledger never signed: another history of it, or more than it has.
    static func alarms(
        of cosigners: [(ledger: String, status: CosignerStatus)],
        _ ledgers: [HostedLedger]
    ) -> [Alarm] {
        cosigners.compactMap { path, status in
            guard let failure = status.failure, failure.isAlarm else { return nil }
            return Alarm(
                origin: ledgers.first { $0.settings.path == path }?.settings.origin ?? path,
                kind: "cosigner",
                reason: "\(status.cosigner.key.name): \(failure)",
                evidence: "",
                time: status.lastFailure ?? 0
            )
        }
    }
}
