import ArgumentParser

/// `event`: EPCIS events, without a ledger.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "EPCIS events by themselves: made of CSV.",
        discussion: """
            Example:
              traceledger event from-csv cutting.csv --mapping cutting.mapping.json
            """,
        subcommands: [EventFromCSVCommand.self]
    )
}
