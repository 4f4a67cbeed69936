import ArgumentParser
import EPCIS
import EPCISJSON
import TraceProof

/// `--mapping`: what the columns of CSV inputs mean.
struct MappingOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the columns of CSV inputs mean: a mapping file (Docs/CSV.md). Inputs named .json and .jsonld are still JSON.",
            valueName: "map.json"
        )
    )
    var mapping: String?

    /// Whether an input is CSV: by its name, or since a mapping is given and its name does not say JSON.
    func applies(to path: String) -> Bool {
        let name = path.lowercased()
        if name.hasSuffix(".csv") { return true }
        return mapping != nil && !name.hasSuffix(".json") && !name.hasSuffix(".jsonld")
    }

    /// The mapping file for the input `path`.
    func read(for path: String) throws -> CSVMapping {
        guard let mapping else {
            throw CommandFailure(
                .usage,
                "\(path): CSV needs a mapping file: name it with --mapping MAP.json (see Docs/CSV.md)"
            )
        }
        return try MappingOption.read(mapping)
    }

    /// Reads a mapping file.
    static func read(_ path: String) throws -> CSVMapping {
        let file = try InputFile(path, limit: 1 << 20)
        do { return try CSVMapping(json: file.bytes) } catch {
            let pointer = error.pointer.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
            throw CommandFailure(.usage, "\(file.name), \(error.position)\(pointer): \(error.reason)")
        }
    }
}

/// A CSV file that the command line names, and its events one by one; what is left out is said on standard error.
struct CSVInput {
    let name: String
    private var reader: CSVEventReader

    init(_ path: String, _ mapping: CSVMapping) throws {
        let file = try InputFile(path)
        name = file.name
        do { reader = try CSVEventReader(file.bytes, mapping: mapping) } catch {
            throw CSVInput.failure(error, .usage, in: file.name)
        }
        for warning in reader.warnings { Console.warning("\(name): \(warning)") }
    }

    /// The next event; `nil` after the last.
    mutating func next() throws -> CSVEventReader.LocatedEvent? {
        do {
            if let event = try reader.next() { return event }
        } catch {
            throw CSVInput.failure(error, .wrong, in: name)
        }
        if let line = reader.firstLineLeftOut {
            Console.warning(
                "\(name), line \(line): rows in no event, from here on: \(reader.rowsLeftOut); no $when of the mapping takes them"
            )
        }
        return nil
    }

    private static func failure(_ error: CSVError, _ status: ExitStatus, in name: String) -> CommandFailure {
        switch error.place {
        case .file: CommandFailure(.usage, "\(name): \(error.reason)")
        case .mapping: CommandFailure(.usage, "\(name): \(error)")
        case .cell, .row: CommandFailure(status, "\(name), \(error)")
        }
    }
}

extension EventDocument {
    /// The events of a CSV file, encoded.
    static func prepared(csv path: String, _ mapping: CSVMapping) throws -> (name: String, events: [PreparedEvent]) {
        var input = try CSVInput(path, mapping)
        var prepared: [PreparedEvent] = []
        while let located = try input.next() {
            do {
                prepared.append(
                    try PreparedEvent(located.event, number: prepared.count + 1, at: .csv(line: located.line))
                )
            } catch {
                throw CommandFailure(
                    .wrong,
                    "\(input.name), event \(prepared.count + 1), line \(located.line): \(error.reason)"
                )
            }
        }
        return (input.name, prepared)
    }
}

extension PreparedEvent {
    /// The payload and what else a statement says of an event.
    init(_ event: EPCISEvent, number: Int, at place: Place) throws(FormatError) {
        self.init(
            payload: try event.payload(),
            subject: event.subject,
            eventID: event.eventIDOrHash,
            number: number,
            place: place
        )
    }
}
