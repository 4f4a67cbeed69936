import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// The authority of the demo, with its registry, and the witness that cosigns what it has seen.
struct DemoRegistry {
    static let origin = "registry.authority.example"
    static let authority = "9521100000000"

    let root: String
    private let witness = SigningKey.generate()
    private var writer: RegistryWriter
    /// What a verifier pins: the registry's log, the witness, and that it must have seen a checkpoint.
    let policy: TrustPolicy

    /// Makes the registry and enrols the authority itself.
    init(root: String) async throws {
        self.root = root
        try FileManager.default.createDirectory(atPath: "\(root)/authority", withIntermediateDirectories: true)
        let (ledgerKey, key) = (SigningKey.generate(), SigningKey.generate())
        try KeyFile.write(ledgerKey, to: "\(root)/authority/ledger.pem")
        try KeyFile.write(key, to: "\(root)/authority/authority.pem")
        let checker = SodiumSignatureChecker()
        let ledger = try await Ledger.create(
            "\(root)/authority/registry",
            origin: DemoRegistry.origin,
            signer: ledgerKey,
            keyPath: "\(root)/authority/ledger.pem",
            created: DemoEnterprise.now,
            nonce: RandomBytes.make(Genesis.nonceLength),
            checker: checker
        )
        writer = try await RegistryWriter(ledger, signer: key, checker: checker)
        var policy = TrustPolicy()
        try policy.addLog(key: ledger.information.key)
        let name = try TrustPolicy.Token("regulator")
        try policy.addWitness(
            name,
            key: try VerifierKey(name: "witness.authority.example", type: .cosignature, publicKey: witness.publicKey)
        )
        try policy.setQuorum(name)
        self.policy = policy
        try Data(policy.bytes).write(to: URL(filePath: "\(root)/policy"))
        let data = try PartyData(
            names: [.init(language: "zh", text: "青山县市场监督管理局"), .init(language: "en", text: "Market Regulation")],
            roles: [PartyData.Role(name: "authority")].compactMap { $0 }
        )
        try await record(
            Enrolment(party: DemoRegistry.authority, .enrol(data, [try await grant(DemoRegistry.authority, key)]))
        )
    }

    private func grant(
        _ party: String,
        _ key: SigningKey,
        use: KeyGrant.Use = .events
    ) async throws -> KeyGrant {
        try await KeyGrant.signed(
            registry: DemoRegistry.origin,
            party: party,
            from: DemoEnterprise.now,
            use: use,
            by: key
        )
    }

    /// Enrols an enterprise with its key for events and that of its ledger.
    mutating func enrol(_ enterprise: DemoEnterprise, role: String) async throws {
        let data = try PartyData(
            names: [.init(language: "zh", text: enterprise.name)],
            prefixes: [String(enterprise.gln.prefix(7))],
            roles: [PartyData.Role(name: role)].compactMap { $0 }
        )
        let grants = [
            try await grant(enterprise.gln, enterprise.key),
            try await grant(
                enterprise.gln,
                enterprise.ledgerKey,
                use: .ledger(origin: enterprise.ledger.information.origin)
            ),
        ]
        try await record(try Enrolment(party: enterprise.gln, .enrol(data, grants)))
    }

    /// Records what the authority says.
    mutating func record(_ enrolment: Enrolment) async throws {
        try await writer.record(enrolment, at: DemoEnterprise.now)
    }

    /// The registry as a verifier has it: a pack, cosigned, verified under the policy alone.
    func anchors(at time: UInt64) async throws -> TrustAnchors {
        let checker = SodiumSignatureChecker()
        let reader = LedgerReader(
            DirectorySource(writer.ledger.directory),
            key: writer.ledger.information.key,
            checker: checker
        )
        let built = try await reader.registryPack()
        let pack = try RegistryPack(
            checkpoint: try await cosigned(built.checkpoint, at: time),
            entries: built.entries,
            rootSignature: built.rootSignature
        )
        try Data(pack.encoded).write(to: URL(filePath: "\(root)/registry.pack"))
        var anchors = TrustAnchors(policy: policy)
        anchors.registry = Verifier(anchors: anchors, checker: checker).registry(of: pack).registry
        return anchors
    }

    /// A checkpoint with the witness's cosignature.
    func cosigned(_ checkpoint: SignedCheckpoint, at time: UInt64) async throws -> SignedCheckpoint {
        let line = try await Cosignature.sign(
            checkpoint.note.text,
            name: "witness.authority.example",
            time: time,
            signer: witness
        )
        return try checkpoint.adding([line])
    }
}
