internal import TraceLedger
internal import TraceProof
internal import TraceSigning

extension HostedLedger {
    /// Its public keys, earlier ones included; its own alone while it is not open.
    var publicKeys: [PublicKey] {
        guard case .open(let ledger) = current else { return [key.publicKey] }
        return ledger.information.keys.all.compactMap(\.publicKey)
    }

    /// How it is.
    func status() async -> NodeStatus.OwnLedger {
        var (committed, reason): (UInt64?, String?)
        switch current {
        case .open(let ledger): committed = await ledger.size
        case .opening(let why): reason = why
        case .closed: reason = "the node is stopping"
        }
        let shown = try? await LedgerReader(DirectorySource(settings.directory), checker: SodiumSignatureChecker())
            .checkpoint()
        return NodeStatus.OwnLedger(
            path: settings.path,
            origin: settings.origin,
            closedReason: reason,
            committed: committed,
            published: shown?.checkpoint.head.size ?? 0,
            root: shown?.checkpoint.head.root.description ?? "",
            cosigners: shown?.note.signatures.map(\.name).filter { $0 != settings.origin } ?? []
        )
    }
}

extension NodeDaemon {
    /// Whom a ledger asks before it is opened for writing: those that its directory remembers, and the cosigners.
    static func peers(
        _ directory: String,
        _ configuration: NodeConfiguration,
        _ client: HTTPClient,
        isOffline: Bool
    ) throws -> RestoreCheck.Peers {
        let list = try PeerList.load(from: directory)
        let mirrors: [any CheckpointPeer] = try (list?.mirrors ?? []).map { name in
            let isURL = name.hasPrefix("http://") || name.hasPrefix("https://")
            return MirrorPeer(isURL ? try RemoteLedger(name, transport: client) : DirectorySource(name))
        }
        let policy = configuration.policy ?? list?.policy
        var witnesses: [Int: any CheckpointPeer] = [:]
        for (place, witness) in (policy?.witnesses ?? []).enumerated() {
            let configured = configuration.cosigners.first { $0.key.text == witness.key.text }
            guard let url = configured?.monitoring ?? configured?.url ?? witness.url?.description else { continue }
            witnesses[place] = WitnessPeer(try RemoteLedger(url, transport: client))
        }
        return RestoreCheck.Peers(mirrors: mirrors, witnesses: witnesses, policy: policy, isOffline: isOffline)
    }
}
