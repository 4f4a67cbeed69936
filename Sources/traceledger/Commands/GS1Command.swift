import ArgumentParser
import EPCISJSON
import GS1

/// `gs1`: reads, checks and respells identifiers.
struct GS1Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gs1",
        abstract: "Read, check and respell GS1 identifiers, whatever they are spelt as.",
        discussion: """
            Understood are element strings in brackets, what a scanner transmits (with FNC1 as the group separator or as \
            ^, with or without symbology identifier), Digital Link URIs, compressed ones (eh..., ex...), EPC URNs and the \
            hexadecimal memory of an RFID tag.

            Example:
              traceledger gs1 parse '(01)09506000134352(10)ABC123'
            """,
        subcommands: [
            GS1ParseCommand.self, GS1CheckCommand.self, GS1LinkCommand.self, GS1URNCommand.self, GS1BinaryCommand.self,
        ]
    )
}

/// What every `gs1` command is given, and how it answers.
struct GS1Input: ParsableArguments {
    @Argument(help: "The identifier; `-` reads one a line from standard input.") var value: String
    @Option(
        name: .customLong("as"),
        help: "What the value is, where it can be read in two ways: \(GS1Value.Kind.list)."
    )
    var kind: GS1Value.Kind?
    @Flag(help: "Print one JSON document; for `-` an array with an item a line.") var json = false

    /// What a command says of one value.
    struct Answer {
        /// What is printed as text; ends with a newline.
        var text: String
        /// What is printed with `--json`.
        var document: JSONValue
        /// The exit code where there is no error but something was found to be wrong.
        var status: ExitStatus?
    }

    /// Answers for the value, or for each line of standard input; a line that fails does not end the others.
    ///
    /// - Parameter isList: whether an answer has several lines as text, which then begin with the input.
    func answer(isList: Bool = false, _ body: (String) throws -> Answer) throws {
        guard value == "-" else {
            let answer = try body(value)
            try json ? Console.json(answer.document) : Console.write(answer.text)
            if let status = answer.status { throw ExitCode(status.rawValue) }
            return
        }
        var documents: [JSONValue] = []
        var worst: ExitStatus?
        var number = 0
        while let line = readLine() {
            number += 1
            guard !line.isEmpty else { continue }
            var answer: Answer
            do { answer = try body(line) } catch {
                let failure = CommandFailure(error)
                Console.error("line \(number): \(failure.message)")
                answer = Answer(
                    text: "-\n",
                    document: .object([
                        "input": .text(line), "error": .text(failure.message),
                        "exit": .number(UInt64(failure.status.rawValue)),
                    ]),
                    status: failure.status
                )
            }
            // What is wrong counts before what is missing.
            if let status = answer.status, status.rawValue < worst?.rawValue ?? .max { worst = status }
            documents.append(answer.document)
            if isList { answer.text = "input\t\(line.map(GS1Value.shown).joined())\n\(answer.text)\n" }
            if !json { try Console.write(answer.text) }
        }
        if json { try Console.json(.array(documents)) }
        if let worst { throw ExitCode(worst.rawValue) }
    }
}

/// `--company-prefix-length`, of the commands that need it.
struct CompanyPrefixOption: ParsableArguments {
    @Option(help: "How many digits the GS1 company prefix has (6 to 12), where the value does not tell.")
    var companyPrefixLength: Int?

    func validate() throws {
        guard (6...12).contains(companyPrefixLength ?? 6) else {
            throw ValidationError("--company-prefix-length is 6 to 12")
        }
    }

    /// The length for a value that may tell one itself.
    func length(for value: GS1Value) throws -> Int? {
        guard let own = value.companyPrefixLength, let asked = companyPrefixLength, own != asked else {
            return companyPrefixLength ?? value.companyPrefixLength
        }
        throw CommandFailure(
            .usage,
            "the value has a company prefix of \(own) digits: leave --company-prefix-length out"
        )
    }

    /// What to say where it is missing: it is nowhere in the key, and a wrong guess names another company's item.
    static var missing: CommandFailure {
        CommandFailure(
            .usage,
            "the key does not tell how long its GS1 company prefix is, and it is never guessed: "
                + "give --company-prefix-length N (6 to 12), which the licence of the prefix says"
        )
    }
}
