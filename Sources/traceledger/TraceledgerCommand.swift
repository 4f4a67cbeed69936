import ArgumentParser
import Foundation

/// Everything a person or a script does with a ledger's files.
struct TraceledgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traceledger",
        abstract: "Tamper-evident records of supply-chain events: signed, logged, provable offline.",
        discussion: """
            Exit codes: 0 done and verified; 1 found to be wrong; 2 usage, unreadable or missing input; 3 I/O or network.

            Example, from nothing to a proof:
              traceledger key generate ledger.pem
              traceledger key generate farm.pem
              traceledger init LEDGER --origin example.com/farm --key ledger.pem
              traceledger append LEDGER events.json --signer farm.pem \\
                --issuer 9521101000009
              traceledger prove LEDGER --index 1 -o first.cose
            """,
        version: "traceledger 0.1.0",
        subcommands: [
            KeyCommand.self, InitCommand.self, AdmissionCommand.self, AppendCommand.self, SignCommand.self,
            SubmitCommand.self,
            CheckpointCommand.self, ProveCommand.self, ConsistencyCommand.self, InspectCommand.self,
            VerifyCommand.self, ExportCommand.self, FsckCommand.self, MirrorCommand.self, GS1Command.self,
            EventCommand.self, EnrolCommand.self, BundleCommand.self, StampCommand.self, ItemCommand.self, RecallCommand.self,
            DemoCommand.self,
        ]
    )
}

@main
enum Program {
    static func main() async {
        refuseClusters()
        do {
            var command = try await TraceledgerCommand.asyncParseAsRoot()
            if var runnable = command as? any AsyncParsableCommand {
                try await runnable.run()
            } else {
                try command.run()
            }
        } catch {
            end(error)
        }
    }

    /// Refuses what begins with one dash and is no option: the parser finds the `-h` of a cluster in `-march.json`, prints
    /// help and ends with 0, and a script takes the file for appended.
    private static func refuseClusters() {
        for argument in CommandLine.arguments.dropFirst().prefix(while: { $0 != "--" })
        where argument.utf8.count > 2 && argument.hasPrefix("-") && !argument.hasPrefix("--") && !argument.contains("=")
        {
            fail(CommandFailure(.usage, "\(argument): there is no such option; a file of this name is ./\(argument)"))
        }
    }

    /// Help and version go to standard output; everything else is one line on standard error and an exit code.
    private static func end(_ error: any Error) -> Never {
        if let failure = error as? CommandFailure { fail(failure) }
        // A command that has said everything itself.
        if let code = error as? ExitCode { exit(code.rawValue) }
        switch TraceledgerCommand.exitCode(for: error) {
        case .success:
            try? Console.line(TraceledgerCommand.fullMessage(for: error))
            exit(0)
        case .validationFailure:
            fail(CommandFailure(.usage, "\(oneLine(TraceledgerCommand.message(for: error))); see `\(help)`"))
        default: fail(CommandFailure(error))
        }
    }

    /// The parser's message in one line, with the values that it lists below each other.
    private static func oneLine(_ message: String) -> String {
        let lines = message.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " || $0 == "-" } }
        guard let first = message.split(whereSeparator: \.isNewline).first else {
            return "the command line is not understood"
        }
        let separator = first.hasSuffix(":") ? ", " : " "
        let rest = lines.dropFirst().joined(separator: separator)
        let text = rest.isEmpty ? String(first) : "\(first) \(rest)"
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private static func fail(_ failure: CommandFailure) -> Never {
        Console.error(failure.message)
        exit(failure.status.rawValue)
    }

    /// The command whose help says how it is called.
    private static var help: String {
        let command = CommandLine.arguments.dropFirst().first ?? ""
        let isKnown = TraceledgerCommand.configuration.subcommands.contains { $0._commandName == command }
        return isKnown ? "traceledger \(command) --help" : "traceledger --help"
    }
}
