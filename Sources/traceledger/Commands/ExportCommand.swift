import ArgumentParser
import EPCIS
import EPCISJSON
import GS1
import TraceLedger
import TraceProof
import TraceStatements

/// `export`: gets the events out again.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a ledger's entries as EPCIS JSON, as statements, or as a table.",
        discussion: """
            epcis-json: one EPCISDocument with the events in ledger order, its creationDate being when the newest of the \
            entries was signed, so that the same range always gives the same bytes. statements: the entries as a CBOR \
            sequence. csv: a line an entry.

            Example:
              traceledger export LEDGER --format csv -o farm.csv
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case epcisJSON = "epcis-json"
        case statements, csv
    }

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @Option(help: "The first entry.") var from: UInt64 = 0
    @Option(help: "The entry behind the last one; without it all that are published.") var to: UInt64?
    @Option(help: "What to write.") var format = Format.epcisJSON
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        if format == .statements { try output.checkBinary() }
        let reader = try await ledger.reader(logKey)
        let head = try await reader.checkpoint().checkpoint.head
        let end = to ?? head.size
        guard from <= end, end <= head.size else {
            throw CommandFailure(
                .usage,
                "\(ledger.text): the ledger has the entries 0 to before \(head.size); choose --from and --to within"
            )
        }
        switch format {
        case .epcisJSON: try await writeEvents(reader, from..<end, head)
        case .statements:
            var bytes: [UInt8] = []
            try await forEachEntry(reader, from..<end, head) { _, entry in bytes += entry }
            try output.write(binary: bytes)
        case .csv:
            var table = EntryTable()
            try await forEachEntry(reader, from..<end, head) { index, entry in try table.add(index, entry) }
            try output.write(text: table.bytes)
        }
    }

    private func writeEvents(_ reader: LedgerReader, _ range: Range<UInt64>, _ head: TreeHead) async throws {
        var events: [EPCISEvent] = []
        var left: [String: Int] = [:]
        var newest: UInt64 = 0
        try await forEachEntry(reader, range, head) { index, entry in
            let statement = try Statement(decoding: entry)
            newest = max(newest, statement.header.issuedAt)
            if statement.header.kind == .event {
                do { events.append(try EPCISEvent(payload: statement.payload)) } catch {
                    throw CommandFailure(error, in: "\(ledger.text), entry \(index)")
                }
            } else {
                left[statement.header.kind.name, default: 0] += 1
            }
        }
        let created = Time.text(newest)
        guard let date = Timestamp(created) else {
            throw CommandFailure(.wrong, "\(ledger.text): the newest entry claims the time \(newest), which is no date")
        }
        let document = DocumentWriter.document(events, creationDate: date)
        try output.write(text: document.serialized(.pretty))
        if !left.isEmpty {
            let kinds = left.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            Console.note("left out what is no event: \(kinds); --format statements has everything")
        }
    }

    private func forEachEntry(
        _ reader: LedgerReader,
        _ range: Range<UInt64>,
        _ head: TreeHead,
        _ body: (UInt64, [UInt8]) throws -> Void
    ) async throws {
        let bar = ProgressBar("exporting")
        try await reader.forEachEntry(in: range, of: head) { index, entry in
            try body(index, entry)
            bar.update(index - range.lowerBound, of: UInt64(range.count))
        }
        bar.finish()
    }
}

/// Entries as a table in CSV (RFC 4180): UTF-8, lines end in CR LF.
struct EntryTable {
    private(set) var bytes: [UInt8] = []

    init() {
        add([
            "index", "leafHash", "signer", "issuer", "issuedAt", "type", "eventTime", "action", "bizStep",
            "disposition",
            "readPoint", "bizLocation", "epcs", "eventID",
        ])
    }

    /// Adds one entry; what is no event has its kind as type and no event fields.
    mutating func add(_ index: UInt64, _ entry: [UInt8]) throws {
        let statement = try Statement(decoding: entry)
        let header = statement.header
        let event = statement.event
        let row = event.map { DocumentWriter.event($0) }
        add([
            "\(index)", statement.leafHash.description, header.keyID.description, header.issuer,
            Time.text(header.issuedAt), row?.string("type") ?? header.kind.name, event?.eventTime.text ?? "",
            row?.string("action") ?? "", event?.bizStep?.text ?? "", event?.disposition?.text ?? "",
            event?.readPoint?.id.text ?? "", event?.bizLocation?.id.text ?? "",
            event?.objects.map(\.text).joined(separator: " ") ?? "", event?.eventID ?? "",
        ])
    }

    private mutating func add(_ fields: [String]) {
        bytes += Array(fields.map(EntryTable.quoted).joined(separator: ",").utf8) + [0x0D, 0x0A]
    }

    static func quoted(_ field: String) -> String {
        // By scalars: CR LF is one Character and would be missed.
        let special = field.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }
        return special ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }
}

extension JSONValue {
    /// The text of a member that is a string.
    fileprivate func string(_ name: String) -> String? {
        guard case .string(let text)? = self[name]?.content else { return nil }
        return text
    }
}
