import ArgumentParser
import EPCISJSON
import GS1

/// `gs1 check`: whether an identifier is right to the letter.
struct GS1CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check an identifier to the letter; exit 1 lists what is wrong, with the place and the remedy.",
        discussion: """
            Every value is held to its format, check digits, dates and code lists, and the elements to what must and must \
            not stand together on one item (not with --single-symbol, for a symbol that is one of several on it).

            Example:
              traceledger gs1 check '(01)09506000134351(17)261331'
            """
    )

    @OptionGroup var input: GS1Input
    @Flag(help: "Do not ask which elements must and must not stand together.") var singleSymbol = false

    func run() async throws {
        try input.answer(isList: true) { text in
            let kind = try input.kind ?? GS1Value.Kind(of: text)
            let problems = try problems(of: text, kind)
            let lines = problems.isEmpty ? "ok\t\(kind.rawValue)\n" : problems.map(\.line).joined()
            return GS1Input.Answer(
                text: lines,
                document: .object([
                    "input": .text(text), "kind": .text(kind.rawValue), "valid": .boolean(problems.isEmpty),
                    "problems": .array(problems.map(\.document)),
                ]),
                status: problems.isEmpty ? nil : .wrong
            )
        }
    }

    /// The first problem with those behind it, as far as what stands there can still be told.
    private func all(_ first: GS1Problem, of text: String, _ kind: GS1Value.Kind) -> [GS1Problem] {
        switch kind {
        case .elementString: return ElementString.errors(bracketed: text).map { GS1Problem($0) }
        case .scanData:
            let start = text.hasPrefix("]") ? 3 : 0
            let data = String(GS1Value.transmission(text).dropFirst(start))
            let problems = ElementString.errors(unbracketed: data).map { GS1Problem($0, from: start) }
            // Otherwise it is a symbol that holds something else, e.g. a GTIN.
            return problems.first == first ? problems : [first]
        default:
            // What can be read all the same is no more than out of date.
            let link = try? GS1Value(reading: text, as: kind).link
            return [link.map { GS1Problem.superseded(by: $0, first) } ?? first]
        }
    }

    private func problems(of text: String, _ kind: GS1Value.Kind) throws -> [GS1Problem] {
        let value: GS1Value
        do { value = try GS1Value(reading: text, as: kind, strict: true) } catch let problem as GS1Problem {
            return all(problem, of: text, kind)
        }
        for element in value.elements {
            do { try element.check() } catch { return [GS1Problem(error, from: nil)] }
        }
        guard !singleSymbol, let elements = ElementString(value.elements) else { return [] }
        // Their positions are those of the bracketed text.
        return elements.associationErrors.map { GS1Problem($0, from: kind == .elementString ? 0 : nil) }
    }
}
