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

            Example:
              traceledger submit LEDGER batch.cbor
            """
    )

    @Argument(help: "The ledger's directory.") var ledger: LedgerLocation
    @Argument(help: "CBOR sequences of statements; `-` is standard input.") var statements: [String]
    @OptionGroup var ledgerKey: LedgerKeyOption
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let ledger = try await ledgerKey.open(try ledger.directory(for: "submit"))
        var entries = AppendedEntries(json: json)
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
