import ArgumentParser
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `--registry`, `--role` and `--issuer`: whom a ledger admits, by a registry.
struct AdmissionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A registry pack that says who may append; --policy vouches for it.", valueName: "pack")
    )
    var registry: String?
    @Option(
        name: .customLong("role"),
        help: ArgumentHelp("With --registry: only parties with this role; repeat it.", valueName: "role"),
        transform: PartyOptions.role
    )
    var roles: [PartyData.Role] = []
    @Option(
        name: .customLong("issuer"),
        help: ArgumentHelp("With --registry: only these parties; repeat it.", valueName: "id")
    )
    var issuers: [String] = []

    func validate() throws {
        guard registry == nil, !roles.isEmpty || !issuers.isEmpty else { return }
        throw ValidationError("--role and --issuer go by a registry: name its pack with --registry")
    }

    /// The registry, verified under the policy.
    func admission(policy: String?) throws -> RegistryAdmission? {
        guard let registry else { return nil }
        guard let policy else {
            throw CommandFailure(.usage, "--registry needs a --policy that says whom to believe about it")
        }
        do {
            return try RegistryAdmission(
                try EnrolPackCommand.read(registry),
                policy: try EnrolPackCommand.readPolicy(policy),
                roles: roles,
                issuers: issuers,
                checker: SodiumSignatureChecker()
            )
        } catch let error as LedgerError { throw CommandFailure(error, in: registry) }
    }
}

/// `--registry` and `--policy` of those who check a ledger: what the registry has to say against its entries.
struct AlarmOptions: ParsableArguments {
    @OptionGroup var registry: RegistryOption
    @Option(help: ArgumentHelp("With --registry: whom to believe about it (C2SP tlog-policy).", valueName: "file"))
    var policy: String?

    func validate() throws {
        if registry.registryOrigin != nil { throw ValidationError("--registry-origin is about bundles") }
        if (registry.registry == nil) != (policy == nil) {
            throw ValidationError("--registry and --policy go together here")
        }
    }

    /// The alarms about entries from `first` on; `nil` where no registry was given.
    func find(in reader: LedgerReader, from first: UInt64 = 0) async throws -> [FsckReport.Finding]? {
        guard let path = registry.registry else { return nil }
        var anchors = TrustAnchors(policy: try policy.map(EnrolPackCommand.readPolicy))
        anchors.maximumRegistryAge = registry.maximumAge
        let state = try EnrolPackCommand.verify(EnrolPackCommand.read(path), anchors, name: path)
        let information = try? await LedgerReader.information(reader.source)
        let bar = ProgressBar("asking the registry")
        defer { bar.finish() }
        return try await RegistryAlarms.find(
            in: reader,
            from: first,
            // Whatever the ledger's own rule asks for; where it has none, that the key is the issuer's.
            rule: information?.registry ?? AdmissionRule(registry: state.origin),
            registry: state
        ) { bar.update($0, of: $1) }
    }
}
