import ArgumentParser
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// `enrol`: a registry says whose key is whose.
struct EnrolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Registries: whose key is whose, since when and until when.",
        discussion: """
            An authority keeps a registry, which is a ledger like any other. An enterprise asks with a request file, the \
            authority approves it, and everybody verifies with a pack of the registry and a tlog-policy.

            Example:
              traceledger enrol authority init REGISTRY --origin registry.example/cn \\
                --key registry.pem --signer authority.pem --party 9521100000000 \\
                --name 'en=Food Authority'
              traceledger enrol request --registry registry.example/cn --party 9521101000009 \\
                --key farm.pem --name 'en=Farm' --role producer -o farm.request
              traceledger enrol approve REGISTRY farm.request --signer authority.pem
              traceledger enrol pack build REGISTRY -o registry.pack
            """,
        subcommands: [
            EnrolAuthorityCommand.self, EnrolRequestCommand.self, EnrolAddKeyCommand.self, EnrolChangeCommand.self,
            EnrolRotateCommand.self, EnrolApproveCommand.self, EnrolRetireCommand.self, EnrolRevokeCommand.self,
            EnrolWithdrawCommand.self, EnrolListCommand.self, EnrolShowCommand.self, EnrolHistoryCommand.self,
            EnrolPackCommand.self,
        ]
    )
}

/// `enrol authority`.
struct EnrolAuthorityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authority",
        abstract: "The authority that keeps a registry.",
        subcommands: [Init.self]
    )

    /// `enrol authority init`.
    struct Init: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a registry: a new ledger whose first enrolment is the authority's own.",
            discussion: """
                Two keys, kept apart: --key signs the registry's checkpoints, --signer what the authority says. \
                Whoever verifies pins the registry by its vkey in a tlog-policy.

                Example:
                  traceledger enrol authority init REGISTRY --origin registry.example/cn \\
                    --key registry.pem --signer authority.pem --party 9521100000000 \\
                    --name 'en=Food Authority'
                """
        )

        @Argument(help: "The directory; it must be new or empty.") var directory: String
        @Option(help: "The registry's unique name, e.g. registry.example/cn.") var origin: String
        @Option(help: ArgumentHelp("The registry ledger's key; where it is is remembered.", valueName: "ledger.pem"))
        var key: String
        @Option(help: ArgumentHelp("The authority's key.", valueName: "authority.pem")) var signer: String
        @OptionGroup var party: PartyOption
        @OptionGroup var options: PartyOptions
        @Flag(help: "Print one JSON document.") var json = false

        func run() async throws {
            let ledgerKey = try Keys.read(key, option: "--key")
            let authorityKey = try Keys.read(signer, option: "--signer")
            guard ledgerKey.publicKey != authorityKey.publicKey else {
                throw CommandFailure(
                    .usage,
                    "\(signer): the authority's key and the ledger's are one: make another key"
                )
            }
            let data = try options.data(adding: [PartyData.Role(rawValue: 0)])
            let now = Clock.now
            let ledger = try await Ledger.create(
                try LedgerLocation(argument: directory)?.directory(for: "enrol authority init") ?? directory,
                origin: origin,
                signer: ledgerKey,
                keyPath: URL(fileURLWithPath: key).standardizedFileURL.path,
                created: now,
                nonce: RandomBytes.make(Genesis.nonceLength),
                checker: SodiumSignatureChecker()
            )
            var writer = try await RegistryWriter(ledger, signer: authorityKey, checker: SodiumSignatureChecker())
            var grants = [
                try await KeyGrant.signed(
                    registry: origin,
                    party: party.party,
                    from: now,
                    use: .events,
                    by: authorityKey
                )
            ]
            grants.append(
                try await KeyGrant.signed(
                    registry: origin,
                    party: party.party,
                    from: now,
                    use: .ledger(origin: origin),
                    by: ledgerKey
                )
            )
            let enrolment = try Enrolment(party: party.party, .enrol(data, grants))
            do { try await writer.record(enrolment, at: now) } catch let refusal as RegistryWriter.Refusal {
                throw CommandFailure(.wrong, refusal.description)
            }
            try await ledger.close()
            let vkey = ledger.information.key.text
            if json {
                return try Console.json(
                    .object([
                        "directory": .text(directory), "origin": .text(origin), "vkey": .text(vkey),
                        "authority": .text(party.party), "size": .number(2),
                    ])
                )
            }
            try Console.line("directory  \(directory)")
            try Console.line("origin     \(origin)")
            try Console.line("vkey       \(vkey)")
            try Console.line("authority  \(party.party.onOneLine)  kid \(KeyID(of: authorityKey.publicKey))")
            Console.note("next: publish the vkey; verifiers write `log \(vkey)` into their tlog-policy")
        }
    }
}
