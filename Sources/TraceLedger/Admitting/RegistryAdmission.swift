public import TraceProof
public import TraceStatements
public import TraceVerification

/// A registry that decides who may append to a ledger: the pack, the policy that it was verified under, and the rule.
public struct RegistryAdmission: Sendable {
    /// The registry as of its checkpoint.
    public let pack: RegistryPack
    /// Whom to believe about it.
    public let policy: TrustPolicy
    /// Whom it admits.
    public let rule: AdmissionRule
    /// What the pack comes to.
    let state: Registry

    /// Verifies a pack under a policy.
    ///
    /// - Throws: ``LedgerError/untrusted(path:reason:)`` where it does not hold or nobody vouches for it.
    public init(
        _ pack: RegistryPack,
        policy: TrustPolicy,
        roles: [PartyData.Role] = [],
        issuers: [String] = [],
        checker: some SignatureChecker
    ) throws(LedgerError) {
        let (state, report) = Verifier(anchors: TrustAnchors(policy: policy), checker: checker).registry(of: pack)
        guard let state else {
            throw .untrusted(path: pack.checkpoint.checkpoint.origin, reason: report.reason)
        }
        (self.pack, self.policy, self.state) = (pack, policy, state)
        rule = AdmissionRule(registry: state.origin, roles: roles, issuers: issuers)
    }

    /// The most bytes that the files in `state/` have.
    private static let (maximumPack, maximumPolicy) = (RegistryPack.maximumByteCount, TrustPolicy.maximumByteCount)

    /// Reads and verifies what `state/` has, for the rule in `ledger.json`.
    init(_ directory: String, rule: AdmissionRule, checker: any SignatureChecker, on system: any FileSystem)
        throws(LedgerError)
    {
        let path = "\(directory)/\(Layout.registryPack)"
        let files: (pack: [UInt8]?, policy: [UInt8]?)
        do {
            files = (
                try DurableFiles.read(path, limit: RegistryAdmission.maximumPack, on: system),
                try DurableFiles.read(
                    "\(directory)/\(Layout.registryPolicy)",
                    limit: RegistryAdmission.maximumPolicy,
                    on: system
                )
            )
        } catch { throw .file(error) }
        guard let packBytes = files.pack, let policyBytes = files.policy else {
            throw .unreadable(path: path, reason: "missing; name the pack again with `traceledger admission`")
        }
        do {
            let pack = try RegistryPack(decoding: packBytes)
            let policy = try TrustPolicy(bytes: policyBytes)
            try self.init(pack, policy: policy, roles: rule.roles, issuers: rule.issuers, checker: checker)
        } catch { throw .unreadable(path: path, reason: "\(error); name the pack again with `traceledger admission`") }
        guard self.rule == rule else {
            throw .unreadable(
                path: path,
                reason: "it is of \(self.rule.registry), and ledger.json names \(rule.registry)"
            )
        }
    }

    /// Writes both files, each durable, the pack last: it is what is looked for.
    func save(in directory: String, on system: any FileSystem) throws(FileError) {
        try DurableFiles.write(policy.bytes, to: "\(directory)/\(Layout.registryPolicy)", mode: 0o600, on: system)
        try DurableFiles.write(pack.encoded, to: "\(directory)/\(Layout.registryPack)", mode: 0o600, on: system)
    }
}

extension Ledger {
    /// Sets who may append to the ledger in a directory: by a registry, or by it no more.
    ///
    /// A pack takes the place of another of the same registry only where it continues it: an older one would bring revoked keys
    /// back. The change is there for the next opening.
    /// - Parameter issuerKeys: the list of keys beside the registry; `nil` leaves it as it is.
    /// - Throws: ``LedgerError/untrusted(path:reason:)`` for a pack that is older, or of another history; ``LedgerError/file(_:)``
    ///   where another writer has the ledger.
    public static func setAdmission(
        _ directory: String,
        registry: RegistryAdmission?,
        issuerKeys: [LedgerInformation.IssuerKey]? = nil,
        checker: any SignatureChecker
    ) async throws -> LedgerInformation {
        let system = POSIXFileSystem()
        let old = try await LedgerReader.information(DirectorySource(directory, on: system))
        let lock = try WriterLock("\(directory)/\(Layout.lock)", on: system)
        defer { withExtendedLifetime(lock) {} }
        if let registry, let rule = old.registry, rule.registry.hasSameUTF8(as: registry.rule.registry) {
            // One that cannot be read can only be replaced.
            let standing = try? RegistryAdmission(directory, rule: rule, checker: checker, on: system)
            if let standing { try registry.pack.requireContinuation(of: standing.pack) }
        }
        let information = old.admitting(registry: registry?.rule, issuerKeys: issuerKeys ?? old.issuerKeys)
        do throws(FileError) {
            // Before ledger.json names it: an opening in between goes by the old rule, and a newer pack serves it too.
            try registry?.save(in: directory, on: system)
        } catch { throw LedgerError.file(error) }
        try DurableFiles.write(try information.encoded(), to: "\(directory)/\(Layout.information)", on: system)
        return information
    }
}

extension RegistryPack {
    /// That the entries of `old` are the beginning of these.
    fileprivate func requireContinuation(of old: RegistryPack) throws(LedgerError) {
        let (size, root) = (old.checkpoint.checkpoint.head.size, old.checkpoint.checkpoint.head.root)
        guard UInt64(entries.count) >= size else {
            throw .untrusted(
                path: checkpoint.checkpoint.origin,
                reason: "the pack is of size \(entries.count), and the one in use of size \(size): it is older"
            )
        }
        let leaves = TreeHash.leaves(entries.prefix(Int(size)))
        guard MerkleTree(leaves: leaves).head.root == root else {
            throw .untrusted(
                path: checkpoint.checkpoint.origin,
                reason:
                    "the pack does not continue the one in use: the registry forked; keep both, they are the evidence"
            )
        }
    }
}
