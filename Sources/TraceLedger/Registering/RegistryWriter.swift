public import TraceProof
public import TraceStatements
public import TraceVerification

/// The authority's side of a registry: records enrolments in its ledger, and none that would not count.
///
/// ```swift
/// var writer = try await RegistryWriter(ledger, signer: authorityKey, checker: checker)
/// try await writer.record(request.enrolment, at: now)     // durable and published when this returns
/// ```
public struct RegistryWriter: Sendable {
    /// Why an enrolment was not recorded.
    public struct Refusal: Error, Sendable, CustomStringConvertible {
        /// What is wrong, and the remedy.
        public let description: String
    }

    /// The registry's ledger.
    public let ledger: Ledger
    /// What it comes to so far.
    public private(set) var registry: Registry
    private let signer: any Signer
    private let checker: any SignatureChecker

    /// Opens the registry in `ledger` for an authority that signs with `signer`.
    ///
    /// - Throws: ``Refusal`` where an entry cannot be read.
    public init(_ ledger: Ledger, signer: any Signer, checker: any SignatureChecker) async throws {
        (self.ledger, self.signer, self.checker) = (ledger, signer, checker)
        var registry = Registry(origin: ledger.information.origin)
        for index in 0..<(await ledger.size) {
            guard let entry = ledger.entry(index) else {
                throw Refusal(description: "entry \(index) of the registry cannot be read: run `traceledger fsck`")
            }
            do { try RegistryWriter.append(entry, to: &registry, checker) } catch {
                throw Refusal(description: error.description)
            }
        }
        self.registry = registry
    }

    private static func append(
        _ entry: [UInt8],
        to registry: inout Registry,
        _ checker: some SignatureChecker
    ) throws(FormatError) {
        try registry.append(entry, checker: checker)
    }

    /// The authority: that of the registry, or for the first enrolment the party itself.
    private func issuer(of enrolment: Enrolment) -> String { registry.authority?.identifier ?? enrolment.party }

    /// Signs an enrolment as the authority and records it; when this returns every reader of the directory sees it.
    ///
    /// - Parameter time: now, in seconds since 1970.
    /// - Throws: ``Refusal`` for one that would not count, and then nothing was recorded; what ``Ledger`` throws.
    @discardableResult
    public mutating func record(_ enrolment: Enrolment, at time: UInt64) async throws -> Ledger.Appended {
        guard signer.publicKey != ledger.information.key.publicKey else {
            throw Refusal(description: "the authority signs with a key of its own, not with the ledger's")
        }
        let statement = try await Statement.sign(
            kind: .enrolment,
            payload: enrolment.encoded,
            issuer: issuer(of: enrolment),
            subject: enrolment.party,
            issuedAt: time,
            chain: await ledger.nextLink(for: signer.publicKey),
            with: signer
        )
        var next = registry
        try RegistryWriter.append(statement.encoded, to: &next, checker)
        if let finding = next.findings.last, finding.index == registry.size {
            throw Refusal(description: finding.reason)
        }
        // The very same words may be said again: a key that was added, ended and is asked for once more.
        let appended = try await ledger.append([statement], allowDuplicates: true, until: .published)
        guard appended.first?.index == registry.size, let entry = appended.first else {
            throw Refusal(description: "the registry has another writer: open it again")
        }
        registry = next
        return entry
    }
}
