import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// A registry in memory, whose authority records what a test says, beside the ledger of ``World``.
struct RegistryWorld {
    static let origin = "registry.example/cn"
    static let authority = "9521100000000"
    static let dairy = World.issuer
    /// When the registry was made, and the authority and the dairy were enrolled.
    static let start: UInt64 = 1_767_000_000

    let ledgerKey: SigningKey
    let authorityKey: SigningKey
    private(set) var entries: [Statement] = []
    private var links: [PublicKey: ChainLink] = [:]

    /// With the genesis and the authority's own enrolment, and the key of ``World``'s enterprise for the dairy.
    init(world: World) async throws {
        ledgerKey = try World.key(11)
        authorityKey = try World.key(12)
        let genesis = Genesis(
            origin: RegistryWorld.origin,
            ledgerKey: ledgerKey.publicKey,
            created: RegistryWorld.start,
            nonce: [UInt8](repeating: 9, count: Genesis.nonceLength)
        )
        entries.append(
            try await Statement.sign(
                kind: .genesis,
                payload: genesis?.encoded ?? [],
                issuer: RegistryWorld.origin,
                subject: RegistryWorld.origin,
                issuedAt: RegistryWorld.start,
                chain: Genesis.link(origin: RegistryWorld.origin),
                with: ledgerKey
            )
        )
        try await record(
            try await enrolment(RegistryWorld.authority, authorityKey, roles: [PartyData.Role(rawValue: 0)])
        )
        try await record(try await enrolment(RegistryWorld.dairy, world.enterpriseKey, prefixes: ["9521101"]))
    }

    /// A party with one key.
    func enrolment(
        _ party: String,
        _ key: SigningKey,
        from: UInt64 = start,
        use: KeyGrant.Use = .events,
        prefixes: [String] = [],
        roles: [PartyData.Role] = []
    ) async throws -> Enrolment {
        let data = try PartyData(names: [.init(language: "en", text: party)], prefixes: prefixes, roles: roles)
        return try Enrolment(party: party, .enrol(data, [try await grant(party, key, from: from, use: use)]))
    }

    func grant(
        _ party: String,
        _ key: SigningKey,
        from: UInt64 = start,
        use: KeyGrant.Use = .events
    ) async throws -> KeyGrant {
        try await KeyGrant.signed(registry: RegistryWorld.origin, party: party, from: from, use: use, by: key)
    }

    /// Records an enrolment as the authority, or as whoever has `key`, whether it counts or not.
    mutating func record(
        _ enrolment: Enrolment,
        by key: SigningKey? = nil,
        as issuer: String = authority
    ) async throws {
        try await record(payload: enrolment.encoded, subject: enrolment.party, by: key, as: issuer)
    }

    mutating func record(
        payload: [UInt8],
        subject: String,
        by key: SigningKey? = nil,
        as issuer: String = authority
    ) async throws {
        let key = key ?? authorityKey
        let statement = try await Statement.sign(
            kind: .enrolment,
            payload: payload,
            issuer: issuer,
            subject: subject,
            issuedAt: RegistryWorld.start + UInt64(entries.count),
            chain: links[key.publicKey] ?? ChainLink(sequence: 0, previous: entries[0].leafHash),
            with: key
        )
        let sequence = (statement.header.chain?.sequence ?? 0) + 1
        links[key.publicKey] = ChainLink(sequence: sequence, previous: statement.leafHash)
        entries.append(statement)
    }

    /// The registry as its entries make it.
    func registry() throws -> Registry {
        var registry = Registry(origin: RegistryWorld.origin)
        for entry in entries { try registry.append(entry.encoded, checker: World.checker) }
        return registry
    }

    var tree: MerkleTree { MerkleTree(leaves: entries.map(\.leafHash)) }

    /// The registry at its present size, cosigned by the witnesses of `world` from its time on.
    func pack(_ world: World, cosigners: [Int] = [0, 1]) async throws -> RegistryPack {
        let checkpoint = try Checkpoint(origin: RegistryWorld.origin, head: tree.head)
        let signed = try await world.cosigned(
            try await SignedCheckpoint.sign(checkpoint, signer: ledgerKey),
            by: cosigners
        )
        return try RegistryPack(
            checkpoint: signed,
            entries: entries.map(\.encoded),
            rootSignature: try await RootSignature.signed(
                root: tree.head.root,
                origin: RegistryWorld.origin,
                by: ledgerKey
            )
        )
    }

    var logKey: VerifierKey {
        get throws { try VerifierKey(name: RegistryWorld.origin, type: .ed25519, publicKey: ledgerKey.publicKey) }
    }

    /// What a verifier pins: the registry's log, the world's witnesses and a quorum of them.
    func policy(_ world: World, _ quorum: String = "all") throws -> TrustPolicy {
        var policy = try world.policy(quorum)
        try policy.addLog(key: try logKey)
        return policy
    }

    /// Anchors with the registry as its pack makes it, and no other issuer's key.
    func anchors(_ world: World, _ quorum: String = "all") async throws -> TrustAnchors {
        var anchors = TrustAnchors(policy: try policy(world, quorum))
        anchors.registry = anchors.verifier().registry(of: try await pack(world)).registry
        return anchors
    }
}
