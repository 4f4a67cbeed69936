import ArgumentParser

/// `event`: EPCIS events, without a ledger.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "EPCIS events by themselves: their CBV hash IDs, and events made of CSV.",
        discussion: """
            Example:
              traceledger event hash events.json
              traceledger event from-csv cutting.csv --mapping cutting.mapping.json
            """,
        subcommands: [EventHashCommand.self, EventFromCSVCommand.self]
    )
}
