internal import TraceProof
internal import TraceStatements
public import TraceVerification

/// What a registry has to say against entries that stand in a ledger: alarms, and never a reason to stop, since registries
/// differ in age and only the ledger's own bytes decide what is in it.
public enum RegistryAlarms {
    /// Goes through the entries from `first` on, by the rule that admits them; an entry's own time stands for the time when it
    /// came.
    ///
    /// - Returns: at most ``FsckReport/maximumFindings`` alarms.
    public static func find(
        in reader: LedgerReader,
        from first: UInt64 = 0,
        rule: AdmissionRule,
        registry: Registry,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) async throws -> [FsckReport.Finding] {
        let head = try await reader.checkpoint().checkpoint.head
        var chains = SignerChains(origin: reader.key.name)
        var alarms: [FsckReport.Finding] = []
        try await reader.forEachEntry(in: 0..<head.size, of: head) { index, bytes in
            progress(index + 1, head.size)
            guard let statement = try? Statement(decoding: bytes) else { return }
            let header = statement.header
            let key = chains.key(of: header)
            chains.adopt(header, leafHash: statement.leafHash, index: index)
            guard index >= first, header.kind != .activation, let key, !header.issuer.hasSameUTF8(as: reader.key.name),
                alarms.count < FsckReport.maximumFindings,
                let problem = rule.problem(
                    header,
                    leafHash: statement.leafHash,
                    signedBy: key,
                    ledger: reader.key.name,
                    at: header.issuedAt,
                    by: registry
                )
            else { return }
            let file = BundleCoordinate(index: index / 256)?.path ?? ""
            alarms.append(FsckReport.Finding(file: file, index: index, reason: problem))
        }
        return alarms
    }
}
