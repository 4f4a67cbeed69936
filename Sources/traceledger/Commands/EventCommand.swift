import ArgumentParser

/// `event`: EPCIS events, without a ledger.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "EPCIS events by themselves: what is wrong in them, their CBV hash IDs.",
        subcommands: [EventValidateCommand.self, EventHashCommand.self]
    )
}
