import ArgumentParser
import EPCISJSON
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `admission`: who may append to a ledger.
struct AdmissionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admission",
        abstract: "Show or set who may append to a ledger.",
        discussion: """
            With --registry and --policy the registry decides: the issuer must be enrolled, the key its own and not ended, and \
            with --role the party must have one of these roles. A newer pack takes the place of an older one, and never the \
            other way round. --issuer-key sets the list of keys that are admitted beside it; --open lets everybody in who can \
            write into the directory.

            Examples:
              traceledger admission LEDGER
              traceledger admission LEDGER --registry registry.pack --policy POLICY --role producer
            """
    )

    @Argument(help: ArgumentHelp("The ledger's directory.", valueName: "dir")) var ledger: LedgerLocation
    @OptionGroup var admission: AdmissionOptions
    @Option(help: ArgumentHelp("Whom to believe about the registry (C2SP tlog-policy).", valueName: "file"))
    var policy: String?
    @Option(
        name: .customLong("issuer-key"),
        help: ArgumentHelp("A key that may sign, for one issuer or for any; repeat it.", valueName: "[id=]pem")
    )
    var issuerKeys: [IssuerKeyArgument] = []
    @Flag(name: .customLong("open"), help: "No registry and no list decides.") var isOpen = false
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        if isOpen, admission.registry != nil || !issuerKeys.isEmpty {
            throw ValidationError("--open goes with no other rule")
        }
    }

    func run() async throws {
        let directory = try ledger.directory(for: "admission")
        var information = try await LedgerReader.information(DirectorySource(directory))
        let registry = try admission.admission(policy: policy)
        if isOpen || registry != nil || !issuerKeys.isEmpty {
            let keys = try issuerKeys.map { LedgerInformation.IssuerKey(issuer: $0.issuer, key: try $0.read()) }
            if registry == nil, !isOpen, information.registry != nil {
                throw CommandFailure(
                    .usage,
                    "\(directory): a registry decides here: name its pack again with --registry beside --issuer-key"
                )
            }
            information = try await Ledger.setAdmission(
                directory,
                registry: registry,
                issuerKeys: keys.isEmpty && !isOpen ? nil : keys,
                checker: SodiumSignatureChecker()
            )
        }
        if json { try Console.json(document(information)) } else { try show(information) }
    }

    private func document(_ information: LedgerInformation) -> JSONValue {
        let registry = information.registry.map { rule in
            JSONValue.object([
                "origin": .text(rule.registry), "roles": .array(rule.roles.map { .text($0.name) }),
                "issuers": .array(rule.issuers.map { .text($0) }),
            ])
        }
        return .object([
            "registry": registry ?? JSONValue(.null),
            "issuerKeys": .array(
                information.issuerKeys.map {
                    .object(["issuer": .text($0.issuer), "kid": .text(KeyID(of: $0.key).description)])
                }
            ), "any": .boolean(information.admitsAnyEntry),
        ])
    }

    private func show(_ information: LedgerInformation) throws {
        if let rule = information.registry {
            let roles = rule.roles.isEmpty ? "any role" : rule.roles.map(\.name).joined(separator: ", ")
            let issuers = rule.issuers.isEmpty ? "any party" : rule.issuers.joined(separator: ", ")
            try Console.line("registry  \(rule.registry.onOneLine): \(issuers.onOneLine) with \(roles)")
        }
        for key in information.issuerKeys {
            try Console.line("key       kid \(KeyID(of: key.key)) for \(key.issuer?.onOneLine ?? "any issuer")")
        }
        if information.admitsAnyEntry { try Console.line("any       opaque entries of anybody") }
        if information.registry == nil, information.issuerKeys.isEmpty, !information.admitsAnyEntry {
            try Console.line("open      whoever can write into the directory appends as any issuer")
        }
    }
}
