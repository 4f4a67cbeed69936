import ArgumentParser
import EPCISJSON
import GS1

/// `gs1 urn`: an identifier as an EPC URN.
struct GS1URNCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "urn",
        abstract: "Write an identifier as an EPC URN.",
        discussion: """
            A URN splits the key behind the GS1 company prefix, whose length the key does not tell: it is taken from a URN \
            or a tag that came in, else from --company-prefix-length, and never guessed. Attributes such as a date are no \
            part of a URN; what is left out is said on standard error.

            Example:
              traceledger gs1 urn '(01)09506000134352(21)ABC' --company-prefix-length 7
            """
    )

    @OptionGroup var input: GS1Input
    @OptionGroup var prefix: CompanyPrefixOption

    func run() async throws {
        try input.answer { text in
            let value = try GS1Value(reading: text, as: input.kind)
            let length = try prefix.length(for: value)
            let urn = try urn(of: value, length)
            return GS1Input.Answer(
                text: urn + "\n",
                document: .object([
                    "input": .text(text), "urn": .text(urn), "companyPrefixLength": .number(length.map(UInt64.init)),
                ])
            )
        }
    }

    private func urn(of value: GS1Value, _ length: Int?) throws -> String {
        if let urn = value.urn(companyPrefixLength: length) {
            let path = (try? value.digitalLink().path) ?? value.elements
            let rest = value.elements.filter { !path.contains($0) }.map { "(\($0.aiText))" }
            if !rest.isEmpty { Console.note("left out, since no part of a URN: \(rest.joined(separator: ", "))") }
            return urn
        }
        let path = try GS1Problem.of { () throws(GS1Error) in try value.digitalLink().path }
        guard let length else { throw CompanyPrefixOption.missing }
        let elements = path.map { "(\($0.aiText))" }.joined(separator: " with ")
        throw CommandFailure(
            .usage,
            "no EPC URN says \(elements) with a company prefix of \(length) digits; a URN has one serial or one lot"
        )
    }
}
