import ArgumentParser
import TraceLedger
import TraceStatements

/// `submit`: appends statements that were signed elsewhere.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Append statements signed elsewhere (a CBOR sequence, as `sign` writes it).",
        discussion: """
            Each file is appended whole or not at all; lines are those of `append`. What stands already is shown, not \
            repeated, so a file can be submitted again.

            A node (URL of one of its ledgers) appends and publishes them all the same; it may ask for a token.

            Examples:
              traceledger submit LEDGER batch.cbor
              traceledger submit https://node.example/farm batch.cbor --token erp.token
            """
    )

    @Argument(help: ArgumentHelp("The ledger's directory, or its URL at a node.", valueName: "dir|url"))
    var ledger: LedgerLocation
    @Argument(help: "CBOR sequences of statements; `-` is standard input.") var statements: [String]
    @OptionGroup var ledgerKey: LedgerKeyOption
    @Option(help: ArgumentHelp("With a URL: the file of a bearer token.", valueName: "file")) var token: String?
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard !ledger.isURL, token != nil else { return }
        throw ValidationError("--token is for a node: a directory asks for none")
    }

    func run() async throws {
        var entries = AppendedEntries(json: json)
        if ledger.isURL {
            let node = try NodeSubmission(ledger.text, token: token)
            return try await entries.forEach(statements) { path in try await node.submit(try StatementFile(path)) }
        }
        let ledger = try await ledgerKey.open(try ledger.directory(for: "submit"))
        try await entries.forEach(statements) { path in
            let file = try StatementFile(path)
            let appended = try await ledger.append(file.statements) { position, reason in
                CommandFailure(
                    .wrong,
                    "\(file.name), statement \(position + 1), byte \(file.offsets[position]): \(reason)"
                )
            }
            return zip(file.statements, appended).map { statement, entry in (entry, statement.eventID) }
        }
        try await ledger.close()
    }
}
