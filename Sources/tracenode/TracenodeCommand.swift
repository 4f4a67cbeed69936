import ArgumentParser

@main
struct TracenodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tracenode", abstract: "x")
}
