import ArgumentParser
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// `append`: signs events and appends them.
struct AppendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Sign the events of EPCIS documents, append them and publish a checkpoint.",
        discussion: """
            Prints a line an event once it is durable and published: index, leaf hash and event ID, separated by tabs. \
            All events of a document are held against the rules of `event validate`, and against what the ledger holds, \
            before any is appended; one bad event refuses its document, and the documents behind it are not read. An event that the issuer's ledger already has is not signed again: its line \
            shows the entry that stands, so a retry after a crash doubles nothing.

            Example:
              traceledger append LEDGER harvest.json --signer farm.pem \\
                --issuer 9521101000009
            """
    )

    @Argument(help: "The ledger's directory.") var directory: LedgerLocation
    @Argument(help: "EPCIS 2.0 JSON (documents, events, arrays of events) or CSV; `-` is standard input.")
    var inputs: [String]
    @OptionGroup var mapping: MappingOption
    @OptionGroup var signing: SigningOptions
    @OptionGroup var ledgerKey: LedgerKeyOption
    @OptionGroup var validation: ValidationOptions
    @Flag(help: "Append also what the ledger has from this issuer already.") var allowDuplicate = false
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let directory = try directory.directory(for: "append")
        let signer = try signing.readSigner()
        let ledger = try await ledgerKey.open(directory)
        guard signer.publicKey != ledger.information.key.publicKey else {
            throw CommandFailure(
                .usage,
                "\(signing.signer): this is the ledger's own key; events need another one: name it with --signer"
            )
        }
        var gate = try await validation.gate(
            ledger: LedgerReader(
                DirectorySource(directory),
                key: ledger.information.key,
                checker: SodiumSignatureChecker()
            )
        )
        var entries = AppendedEntries(json: json)
        try await entries.forEach(inputs) { input in
            try await append(EventDocument(input, mapping, gate: &gate), to: ledger, signer)
        }
        try await ledger.close()
    }

    private func append(
        _ document: EventDocument,
        to ledger: Ledger,
        _ signer: SigningKey
    ) async throws -> [(appended: Ledger.Appended, eventID: String?)] {
        if document.events.isEmpty { Console.note("\(document.name): there are no events in it; nothing was appended") }
        let bar = ProgressBar("signing")
        defer { bar.finish() }
        do {
            let appended = try await ledger.issue(
                document.events.map { Ledger.Draft(payload: $0.payload, subject: $0.subject) },
                issuer: signing.issuer,
                issuedAt: Clock.now,
                with: signer,
                allowDuplicates: allowDuplicate,
                until: .published
            ) { bar.update(UInt64($0), of: UInt64(document.events.count)) }
            return zip(document.events, appended).map { ($1, $0.eventID) }
        } catch let error as Ledger.IssueRefusal {
            throw document.refusal(error.description, of: document.events[error.position])
        }
    }
}
