import ArgumentParser
import EPCIS
import EPCISJSON
import TraceLedger
import TraceProof

/// `event validate`: holds EPCIS documents against every rule.
struct EventValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Find what is wrong in EPCIS documents before they are signed.",
        discussion: """
            Prints a line a problem: file, event, line, column, JSON pointer, severity, rule, what is wrong and what to do. \
            The documents are taken in their order, and the events of one are held against those before. Docs/Validation.md \
            lists the rules. Exit 0 where there are no errors (warnings are allowed), 1 where there are, 2 where a file \
            cannot be read.

            Example:
              traceledger event validate harvest.json --rule sense.time-long-past=off
            """
    )

    @Argument(help: "EPCIS 2.0 JSON: documents, events, arrays of events; `-` is standard input.")
    var files: [String]
    @OptionGroup var rules: RuleOptions
    @Option(help: ArgumentHelp("Hold them against the events of this ledger, too.", valueName: "dir|url"))
    var ledger: LedgerLocation?
    @OptionGroup var logKey: LogKeyOption
    @Option(
        help: ArgumentHelp("Now, for times in the future and long past; default: the clock.", valueName: "time"),
        transform: { text in
            guard let time = Timestamp(text) else {
                throw ValidationError("write date, time and offset such as 2026-03-01T08:00:00Z")
            }
            return time
        }
    )
    var now: Timestamp?
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        var gate = ValidationGate(mode: .strict, settings: try rules.settings(), now: now)
        if let ledger { try await gate.learn(try await ledger.reader(logKey)) }
        var validator = gate.validator
        var errors = 0
        var reports: [JSONValue] = []
        for path in files {
            let file = try InputFile(path)
            let (count, problems): (Int, [DocumentProblem])
            do { (count, problems) = try validator.validate(json: file.bytes, named: file.name) } catch {
                throw CommandFailure(.usage, "\(file.name), \(error.position): \(error.reason)")
            }
            let own = problems.count { $0.severity == .error }
            errors += own
            if json {
                reports.append(
                    .object([
                        "file": .text(file.name), "events": .number(UInt64(count)), "errors": .number(UInt64(own)),
                        "warnings": .number(UInt64(problems.count - own)), "problems": .array(problems.map(\.json)),
                    ])
                )
            } else {
                for problem in problems { try Console.line(problem.coloured) }
                Console.note(
                    "\(file.name): \(Self.count(count, "event")), \(Self.count(own, "error")), "
                        + Self.count(problems.count - own, "warning")
                )
            }
        }
        if json { try Console.json(.array(reports)) }
        if errors > 0 { throw ExitCode(ExitStatus.wrong.rawValue) }
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension DocumentProblem {
    /// The line for people, the severity in colour.
    fileprivate var coloured: String {
        let word = " \(severity.name) \(code): "
        return description.replacing(
            word,
            with: Console.coloured(word, severity == .error ? .red : .yellow),
            maxReplacements: 1
        )
    }

    /// The problem for programs.
    fileprivate var json: JSONValue {
        .object([
            "event": .number(event.map { UInt64($0) }), "line": .number(UInt64(position.line)),
            "column": .number(UInt64(position.column)), "pointer": .text(pointer), "code": .text(code),
            "severity": .text(severity.name), "problem": .text(sentence), "remedy": .text(remedy),
        ])
    }
}
