import ArgumentParser
import Foundation
import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceVerification

/// `bundle create`.
struct BundleCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Write the statements about an item or a lot, or a range of entries, with their proofs.",
        discussion: """
            --epc finds every event that names the object; --lot every event that names the lot, one of its items by an \
            identifier with the lot in it, or the GTIN with the lot number in its master data (ilmd). An element string, an \
            EPC URN and a Digital Link say the same. --index takes entries A to before B of one ledger, as export --from A \
            --to B does, or one entry.

            The policy goes in as a copy; with it and a registry, older checkpoints go in that show what was there before a \
            key was revoked. The bundle is verified before it is written.

            Example:
              traceledger bundle create FARM DAIRY --epc '(01)09521101530018(21)1001' \\
                --policy POLICY --registry registry.pack -o item-1001.bundle
            """
    )

    @Argument(help: ArgumentHelp("The ledgers.", valueName: "dir|url")) var ledgers: [LedgerLocation]
    @Option(help: ArgumentHelp("The object that the events name.", valueName: "id")) var epc: String?
    @Option(help: ArgumentHelp("The lot, e.g. (01)GTIN(10)LOT.", valueName: "id")) var lot: String?
    @Option(help: ArgumentHelp("The entries A to before B, or one.", valueName: "a..b")) var index: String?
    @Option(help: ArgumentHelp("Logs, witnesses and the quorum (C2SP tlog-policy).", valueName: "file"))
    var policy: String?
    @Option(help: ArgumentHelp("The registry pack to take along, verified first.", valueName: "pack"))
    var registry: String?
    @Option(
        name: .customLong("log-key"),
        help: ArgumentHelp("A ledger's vkey; repeat it for several.", valueName: "vkey"),
        transform: LogKeyOption.read
    )
    var logKeys: [VerifierKey] = []
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard [epc, lot, index].compactMap({ $0 }).count == 1 else {
            throw ValidationError("say which statements: one of --epc ID, --lot ID and --index A..B")
        }
        if index != nil, ledgers.count != 1 { throw ValidationError("--index is about one ledger") }
        _ = try choice
    }

    private var choice: BundleChoice {
        get throws {
            if let index {
                guard let range = BundleChoice.range(index) else {
                    throw ValidationError("--index is A..B with A below B, the entries A to before B, or one index")
                }
                return .range(range)
            }
            guard let identifier = BundleChoice.identifier(epc ?? lot ?? "") else {
                throw ValidationError("\(epc ?? lot ?? ""): neither an element string, nor a URN, nor a Digital Link")
            }
            return epc == nil ? .lot(identifier) : .epc(identifier)
        }
    }

    func run() async throws {
        try output.checkBinary()
        try output.checkApart(from: [policy, registry].compactMap { $0 })
        let policyBytes = try policy.map { try InputFile($0, limit: TrustPolicy.maximumByteCount).bytes }
        var anchors = TrustAnchors(logKeys: logKeys)
        do { anchors.policy = try policyBytes.map { try TrustPolicy(bytes: $0) } } catch {
            throw CommandFailure(error, in: policy ?? "")
        }
        let pack = try registry.map(EnrolPackCommand.read)
        anchors.registry = try pack.map { try EnrolPackCommand.verify($0, anchors, name: registry ?? "") }
        let maker = BundleMaker(choice: try choice, policy: anchors.policy, registry: anchors.registry)
        var parts: [EvidenceBundle.Ledger] = []
        for location in ledgers {
            let reader = try await reader(location, anchors)
            if let part = try await maker.ledger(reader) {
                parts.append(part)
                anchors.logKeys.append(reader.key)
            } else {
                Console.note("\(location.text): nothing there is about it")
            }
        }
        guard !parts.isEmpty else {
            throw CommandFailure(.usage, "no ledger has a statement about \(epc ?? lot ?? index ?? "")")
        }
        parts.sort { $0.origin.utf8.lexicographicallyPrecedes($1.origin.utf8) }
        let bundle = try EvidenceBundle(policy: policyBytes, registry: pack, ledgers: parts)
        let bytes = bundle.encoded
        try await check(bytes, anchors)
        try output.write(binary: bytes)
        for ledger in bundle.ledgers {
            Console.note(
                "\(ledger.origin): \(ledger.entries.count) statements with \(ledger.hashes.count) hashes at size "
                    + "\(ledger.checkpoint.checkpoint.head.size)"
            )
        }
    }

    /// A reader under the key that was given for the ledger, by its origin where there are several.
    private func reader(_ location: LedgerLocation, _ anchors: TrustAnchors) async throws -> LedgerReader {
        if logKeys.isEmpty, anchors.policy == nil { return try await location.reader(under: nil) }
        if logKeys.count == 1, ledgers.count == 1 { return try await location.reader(under: logKeys[0]) }
        let source = try location.source()
        let claimed = try await LedgerReader.information(source).key
        let known = logKeys + (anchors.policy?.logs.map(\.key) ?? [])
        guard let key = known.first(where: { $0.name.hasSameUTF8(as: claimed.name) }) else {
            return try await location.reader(under: nil, mentionsKey: true)
        }
        return try await location.reader(under: key)
    }

    /// What is written is what a checker will read: it must hold, as far as it can be told without issuers' keys.
    private func check(_ bytes: [UInt8], _ anchors: TrustAnchors) async throws {
        let result = await BundleVerifyCommand.verify(try EvidenceBundle(decoding: bytes), anchors)
        guard result.report.verdict != .forged else {
            let reason = result.report.steps.first { !$0.passed }?.detail ?? ""
            throw CommandFailure(.wrong, "the bundle that was made does not verify, so it was not written: \(reason)")
        }
        let counted = result.rows.count { $0.verdict == .issuedAndLogged }
        // Who gave no keys for issuers was not told anything by this.
        if counted < result.rows.count, anchors.registry != nil {
            Console.note(
                "under the keys given here \(counted) of \(result.rows.count) statements come to issuedAndLogged; "
                    + "`traceledger bundle verify` says why the others do not"
            )
        }
    }
}
