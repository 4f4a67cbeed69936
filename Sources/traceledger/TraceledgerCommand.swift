import ArgumentParser

@main
struct TraceledgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "traceledger", subcommands: [DemoCommand.self])
}
