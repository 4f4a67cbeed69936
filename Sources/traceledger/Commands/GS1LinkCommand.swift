import ArgumentParser
import EPCISJSON
import GS1

/// `gs1 link`: an identifier as a Digital Link.
struct GS1LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Write an identifier as a canonical Digital Link URI.",
        discussion: """
            Key and qualifiers stand in the path, all else in the query by AI; parameters that are no elements, fragment and \
            the stem that came in are left out. --compress writes the key as EPC binary in base64url (ex...).

            Example:
              traceledger gs1 link '(01)09506000134352(10)ABC123' --stem https://brand.example
            """
    )

    @OptionGroup var input: GS1Input
    @Option(help: "What stands in front of the key; without it https://id.gs1.org.") var stem: String?
    @Flag(help: "Write it compressed.") var compress = false

    func run() async throws {
        if let stem {
            // Any key will do to see whether a link can begin so.
            do { _ = try DigitalLink([Element(ai: 1, value: "09506000134352")], stem: stem) } catch {
                throw CommandFailure(.usage, "--stem: \(error)")
            }
        }
        try input.answer { text in
            let value = try GS1Value(reading: text, as: input.kind)
            let link =
                try compress
                ? compressed(value)
                : GS1Problem.of { () throws(GS1Error) in
                    try value.canonicalLink(stem: stem)
                }
            return GS1Input.Answer(
                text: link + "\n",
                document: .object(["input": .text(text), "digitalLink": .text(link)])
            )
        }
    }

    private func compressed(_ value: GS1Value) throws -> String {
        let stem = try GS1Problem.of { () throws(GS1Error) in
            try DigitalLink(value.digitalLink().path, stem: self.stem ?? DigitalLink.canonicalStem).stem
        }
        // A tag that came in is said with the bits it has.
        let tag = try value.tag ?? EPCBinary(writing: value, scheme: nil, filter: 0, companyPrefixLength: nil)
        guard let link = tag.compressedDigitalLink(stem: stem) else {
            throw CommandFailure(.usage, "a \(tag.scheme.name) has no Digital Link")
        }
        return link
    }
}
