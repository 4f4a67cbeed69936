import ArgumentParser
import EPCIS
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceStatements

/// What errors do to a document before it is signed.
enum ValidationMode: String, CaseIterable, ExpressibleByArgument {
    /// They refuse it.
    case strict
    /// They are said, and it is signed all the same.
    case warn
    /// Nobody looks. What is not EPCIS at all is refused even so: it cannot be encoded.
    case off
}

/// `--rule CODE=error|warning|off`, shared by all commands that validate.
struct RuleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Set a rule, or a layer (structure, identifiers, sense), to error, warning or off.",
            valueName: "code=error|warning|off"
        )
    )
    var rule: [String] = []

    func validate() throws { _ = try settings() }

    /// The rules as they were set, in order.
    func settings() throws -> RuleSettings {
        var settings = RuleSettings()
        for text in rule {
            let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
            let severities: [String: ValidationRule.Severity?] = ["error": .error, "warning": .warning, "off": nil]
            guard parts.count == 2, let severity = severities[parts[1]] else {
                throw ValidationError("--rule \(text.onOneLine): write CODE=error, CODE=warning or CODE=off")
            }
            guard settings.set(parts[0], to: severity) else {
                throw ValidationError("--rule \(text.onOneLine): there is no such rule; Docs/Validation.md lists all")
            }
        }
        return settings
    }
}

/// `--validate` and `--rule`: the guard in front of signing.
struct ValidationOptions: ParsableArguments {
    @Option(help: "What errors do: strict refuses the document, warn only says them, off does not look.")
    var validate = ValidationMode.strict
    @OptionGroup var rules: RuleOptions

    /// The guard; `nil` for off. It knows the events of `ledger`.
    func gate(ledger: LedgerReader? = nil) async throws -> ValidationGate? {
        guard validate != .off else { return nil }
        var gate = ValidationGate(mode: validate, settings: try rules.settings())
        if let ledger { try await gate.learn(ledger) }
        return gate
    }
}

/// Holds documents against the rules, one after the other, and says what it finds on standard error.
struct ValidationGate {
    private let mode: ValidationMode
    private(set) var validator: DocumentValidator
    /// How many problems of a document are said one by one.
    static let limit = 100

    init(mode: ValidationMode, settings: RuleSettings, now: Timestamp? = nil) {
        self.mode = mode
        let now = now ?? Timestamp(Time.text(Clock.now))
        validator = DocumentValidator(EventValidator(settings: settings, now: now))
    }

    /// Takes in what a ledger holds.
    mutating func learn(_ ledger: LedgerReader) async throws {
        let head = try await ledger.checkpoint().checkpoint.head
        var events = validator.events
        try await ledger.forEachEntry(in: 0..<head.size, of: head) { _, entry in
            let statement = try Statement(decoding: entry)
            if statement.header.kind == .event, let event = statement.event { events.learn(event) }
        }
        validator.events = events
    }

    /// Says the problems of a document; throws where it is refused.
    mutating func check(_ document: EPCISDocument, json bytes: [UInt8], named name: String) throws {
        let problems = validator.validate(document, json: bytes, named: name)
        try say(problems.map { ($0.severity, $0.description) }, of: name)
    }

    /// Says the problems of the events of a CSV file, each with the line of its first row; throws where it is refused.
    mutating func check(_ events: [CSVEventReader.LocatedEvent], named name: String) throws {
        var problems: [(ValidationRule.Severity, String)] = []
        for (position, found) in validator.events.validate(events.map(\.event)).enumerated() {
            let place = "\(name), event \(position + 1), line \(events[position].line)"
            for problem in found {
                let path = problem.path.isEmpty ? "" : " (\(problem.path))"
                let text = "\(problem.severity.name) \(problem.code): \(problem.sentence); \(problem.remedy)"
                problems.append((problem.severity, "\(place)\(path): \(text)"))
            }
        }
        try say(problems, of: name)
    }

    private func say(_ problems: [(severity: ValidationRule.Severity, text: String)], of name: String) throws {
        let errors = problems.filter { $0.severity == .error }
        for problem in problems.prefix(ValidationGate.limit) {
            // The text says how severe it is; where errors are let pass, that must be said beside it.
            if problem.severity == .warning {
                Console.note(problem.text)
            } else if mode == .warn {
                Console.warning(problem.text)
            } else {
                Console.error(problem.text)
            }
        }
        if problems.count > ValidationGate.limit {
            Console.note("\(name): \(problems.count - ValidationGate.limit) more problems are not shown")
        }
        guard mode == .strict, !errors.isEmpty else { return }
        throw CommandFailure(
            .wrong,
            "\(name): refused for \(errors.count == 1 ? "1 error" : "\(errors.count) errors"), nothing of it is signed; "
                + "correct it, or set a rule with --rule CODE=warning"
        )
    }
}
