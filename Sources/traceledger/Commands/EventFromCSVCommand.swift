import ArgumentParser
import EPCIS
import EPCISJSON

/// `event from-csv`: what a mapping makes of CSV, for people to look at before anything is signed.
struct EventFromCSVCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "from-csv",
        abstract: "Convert CSV to an EPCIS 2.0 JSON document, as a mapping file says.",
        discussion: """
            Nothing is signed. The first wrong cell is named by line, column and name; a column that the mapping neither \
            takes nor ignores is a warning. Docs/CSV.md explains mapping files.

            Example:
              traceledger event from-csv cutting.csv \\
                --mapping cutting.mapping.json -o cutting.json
            """
    )

    @Argument(help: "CSV files in UTF-8; `-` is standard input.") var files: [String]
    @Option(help: ArgumentHelp("What the columns mean: a mapping file (Docs/CSV.md).", valueName: "map.json"))
    var mapping: String
    @OptionGroup var output: OutputOption

    func run() async throws {
        let mapping = try MappingOption.read(mapping)
        var events: [EPCISEvent] = []
        for path in files {
            var input = try CSVInput(path, mapping)
            while let located = try input.next() { events.append(located.event) }
        }
        guard let now = Timestamp(Time.text(Clock.now)) else {
            throw CommandFailure(.unavailable, "the clock shows a year beyond 9999")
        }
        try output.write(text: DocumentWriter.document(events, creationDate: now).serialized(.pretty))
    }
}
