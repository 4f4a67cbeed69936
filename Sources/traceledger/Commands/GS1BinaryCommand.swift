import ArgumentParser
import EPCISJSON
import GS1

/// `gs1 binary`: an identifier as the memory of an RFID tag, and back.
struct GS1BinaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "binary",
        abstract: "Write an identifier as the EPC memory of an RFID tag, in hexadecimal; or read one.",
        discussion: """
            Hexadecimal that is a tag's memory is read, as `gs1 parse` does; all else is written. Without --scheme it is the \
            scheme of the key that needs no company prefix (SGTIN+, SSCC+, ..., TDS 2.0); the older ones, such as SGTIN-96, \
            need its length. The end is filled up with zeros to a 16-bit word.

            Example:
              traceledger gs1 binary '(01)09506000134352(21)123' --scheme SGTIN-96 \\
                --filter 1 --company-prefix-length 7
            """
    )

    @OptionGroup var input: GS1Input
    @Option(help: "The coding scheme, e.g. SGTIN-96, SGTIN-198, SGTIN+ or SGTIN++.") var scheme: String?
    @Option(help: "The filter value, 0 to 7 (TDS 10).") var filter: UInt8?
    @OptionGroup var prefix: CompanyPrefixOption

    func validate() throws {
        guard (filter ?? 0) < 8 else { throw ValidationError("--filter is 0 to 7") }
        guard scheme == nil || wanted != nil else {
            let names = EPCBinary.Scheme.allCases.map(\.name).joined(separator: ", ")
            throw ValidationError("--scheme is one of \(names)")
        }
    }

    /// Whatever the case: the standard writes CPI-var.
    private var wanted: EPCBinary.Scheme? {
        guard let scheme = scheme?.uppercased() else { return nil }
        return EPCBinary.Scheme.allCases.first { $0.name.uppercased() == scheme }
    }

    func run() async throws {
        try input.answer { text in
            let value = try GS1Value(reading: text, as: input.kind)
            if value.kind == .epcBinary, scheme == nil, filter == nil {
                return GS1Input.Answer(text: value.facts, document: value.document(of: text))
            }
            let tag = try EPCBinary(
                writing: value,
                scheme: wanted,
                filter: filter ?? value.tag?.filter ?? 0,
                companyPrefixLength: try prefix.length(for: value)
            )
            let hexadecimal = tag.hexadecimal()
            return GS1Input.Answer(
                text: hexadecimal + "\n",
                document: .object([
                    "input": .text(text), "hexadecimal": .text(hexadecimal), "scheme": .text(tag.scheme.name),
                    "filter": .number(UInt64(tag.filter)), "bits": .number(UInt64(tag.bitCount)),
                    "companyPrefixLength": .number(tag.companyPrefixLength.map(UInt64.init)),
                ])
            )
        }
    }
}

extension EPCBinary {
    /// The memory of a tag that says a value.
    ///
    /// - Parameters:
    ///   - scheme: nil for the one of the key that needs no company prefix.
    ///   - companyPrefixLength: where the scheme needs one and it is known.
    /// - Throws: `CommandFailure` where the scheme cannot say it, ``GS1Problem`` where the value has no key.
    init(writing value: GS1Value, scheme: Scheme?, filter: UInt8, companyPrefixLength: Int?) throws {
        if let tag = value.tag, let gid = tag.generalIdentifier {
            guard scheme ?? .gid96 == .gid96 else { throw CommandFailure(.usage, "a GID is written as GID-96 only") }
            try self.init(gid)
            return
        }
        let link = try GS1Problem.of { () throws(GS1Error) in try value.digitalLink() }
        guard let scheme = scheme ?? link.path.first.flatMap({ Scheme(ofKey: $0.ai) }) else {
            throw CommandFailure(.usage, "no scheme of EPC binary has the key (\(link.path.first?.aiText ?? ""))")
        }
        guard !scheme.hasCompanyPrefix || companyPrefixLength != nil else { throw CompanyPrefixOption.missing }
        // Without the parameters of a resolver, which no tag has room for; the host is for a `++`.
        let form = try? DigitalLink(link.elements, stem: link.stem).text
        let identifier = Identifier(form ?? link.canonical)
        do {
            try self.init(
                identifier,
                scheme: scheme,
                filter: filter,
                companyPrefixLength: scheme.hasCompanyPrefix ? companyPrefixLength : nil
            )
        } catch { throw CommandFailure(.usage, "it cannot be written as \(scheme.name): \(error)") }
    }
}

extension EPCBinary.Scheme {
    /// The scheme of a key that needs neither company prefix nor hostname.
    fileprivate init?(ofKey ai: Int) {
        let scheme = Self.allCases.first {
            $0.applicationIdentifiers.first == ai && $0.hasData && !$0.hasHostname && !$0.hasDate
        }
        guard let scheme else { return nil }
        self = scheme
    }
}
