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
              traceledger append LEDGER events.json --signer farm.pem --issuer 9521101000009
              traceledger prove LEDGER --index 1 -o first.cose
            """,
        version: "traceledger 0.1.0",
        subcommands: [
            KeyCommand.self, InitCommand.self, AppendCommand.self, SignCommand.self, SubmitCommand.self,
            CheckpointCommand.self, ProveCommand.self, ConsistencyCommand.self, InspectCommand.self,
            ExportCommand.self, FsckCommand.self, DemoCommand.self,
        ]
    )
}

@main
enum Program {
    static func main() async {
        var command: (any ParsableCommand)?
        do {
            command = try await TraceledgerCommand.asyncParseAsRoot()
            if var runnable = command as? any AsyncParsableCommand {
                try await runnable.run()
            } else {
                try command?.run()
            }
        } catch let error as CommandFailure {
            Program.fail(error)
        } catch where command != nil && !(error is CleanExit || error is ValidationError) {
            Program.fail(CommandFailure(error))
        } catch {
            Program.endParsing(error)
        }
    }

    private static func fail(_ failure: CommandFailure) -> Never {
        Console.error(failure.message)
        exit(failure.status.rawValue)
    }

    /// Help and version go to standard output; what was called wrongly is one line and exit code 2.
    private static func endParsing(_ error: any Error) -> Never {
        if TraceledgerCommand.exitCode(for: error) == .success {
            try? Console.write(TraceledgerCommand.fullMessage(for: error) + "\n")
            exit(0)
        }
        let message = TraceledgerCommand.message(for: error)
        let first = message.split(separator: "\n").first.map(String.init) ?? "the command line is not understood"
        fail(CommandFailure(.usage, "\(first); see `traceledger --help` and `traceledger COMMAND --help`"))
    }
}
