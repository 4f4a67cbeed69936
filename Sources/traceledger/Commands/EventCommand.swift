import ArgumentParser

/// `event`: EPCIS events, without a ledger.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "EPCIS events by themselves: their CBV hash IDs.",
        subcommands: [EventHashCommand.self]
    )
}
