import ArgumentParser
import Foundation
import TraceNode

/// `tracenode`: the daemon.
@main
struct TracenodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tracenode",
        abstract: "Host ledgers, replicate and witness those of partners, answer queries.",
        discussion: """
            One process and one configuration file (Docs/Node.md). Example:

              tracenode check --config node.yaml
              tracenode serve --config node.yaml
              tracenode status --config node.yaml
            """,
        version: NodeDaemon.version,
        subcommands: [ServeCommand.self, CheckCommand.self, StatusCommand.self]
    )

    /// Usage is exit 2 here (cli.md), and 64 in ArgumentParser.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            FileHandle.standardError.write(Data("\(fullMessage(for: error))\n".utf8))
            Foundation.exit(2)
        }
    }
}

/// `--config FILE`, which every subcommand has.
struct ConfigurationOption: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration (YAML).", valueName: "file")) var config: String

    /// The configuration; what is wrong in it goes to standard error, a line each.
    func read() throws -> NodeConfiguration {
        do { return try NodeConfiguration(file: config) } catch let problems as ConfigurationProblems {
            throw Failure(problems.description, status: 2)
        }
    }
}

/// An error that is told and ends the program with a status: 1 wrong, 2 usage, 3 I/O or network.
struct Failure: Error {
    let message: String
    let status: Int32

    init(_ message: String, status: Int32) { (self.message, self.status) = (message, status) }

    /// Tells it and gives what ends the program.
    var told: ExitCode {
        FileHandle.standardError.write(Data("tracenode: \(message)\n".utf8))
        return ExitCode(status)
    }
}

/// `serve`: the daemon itself.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the node until SIGTERM or SIGINT; SIGHUP reads mirrors and cosigners again.",
        discussion: """
            Logs go to standard error. Requests that were accepted are answered before it stops.

            Example:
              tracenode serve --config node.yaml
            """
    )

    @OptionGroup var options: ConfigurationOption
    @Flag(help: "Open ledgers without asking their cosigners and mirrors, where they are at their recorded places.")
    var offline = false

    func run() async throws {
        do {
            let node = try await NodeDaemon(try options.read(), file: options.config, isOffline: offline)
            try await node.run()
        } catch let failure as Failure { throw failure.told } catch let problems as ConfigurationProblems {
            throw Failure(problems.description, status: 2).told
        } catch { throw Failure("\(error)", status: 3).told }
    }
}

/// `check`: what is wrong in a configuration.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what is wrong in a configuration, keys and tokens included.",
        discussion: """
            Exit 0: the node can be started with it; 2: what is wrong, a line each with the line in the file.

            Example:
              tracenode check --config node.yaml
            """
    )

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        do {
            let remarks = try NodeDaemon.check(try options.read(), file: options.config)
            for remark in remarks { FileHandle.standardError.write(Data("tracenode: \(remark)\n".utf8)) }
            print("\(options.config): good")
        } catch let failure as Failure { throw failure.told } catch let problems as ConfigurationProblems {
            throw Failure(problems.description, status: 2).told
        }
    }
}

/// `status`: asks a running node.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how a running node is: sizes, lag, cosigners, alarms.",
        discussion: """
            Exit 0: it is ready; 1: it is not, or there are alarms; 3: it does not answer.

            Example:
              tracenode status --config node.yaml --json
            """
    )

    @Option(help: ArgumentHelp("The configuration of the node.", valueName: "file")) var config: String?
    @Option(help: ArgumentHelp("The node's URL, instead of --config.", valueName: "url")) var url: String?
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard (config == nil) != (url == nil) else {
            throw ValidationError("name the node with --config or with --url")
        }
    }

    func run() async throws {
        do {
            let configuration = try config.map { try NodeConfiguration(file: $0) }
            let report = try await NodeReport.fetch(url: url, configuration)
            print(json ? report.json : report.text, terminator: "")
            if !report.isReady { throw ExitCode(1) }
        } catch let problems as ConfigurationProblems {
            throw Failure(problems.description, status: 2).told
        } catch let code as ExitCode { throw code } catch { throw Failure("\(error)", status: 3).told }
    }
}
