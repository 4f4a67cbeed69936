import ArgumentParser

/// `event`: EPCIS events, without a ledger.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "EPCIS events by themselves: what is wrong in them, their CBV hash IDs, events made of CSV.",
        discussion: """
            Example:
              traceledger event validate events.json
              traceledger event hash events.json
              traceledger event from-csv cutting.csv --mapping cutting.mapping.json
            """,
        subcommands: [EventValidateCommand.self, EventHashCommand.self, EventFromCSVCommand.self]
    )
}
