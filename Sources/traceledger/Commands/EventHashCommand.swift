import ArgumentParser
import EPCIS
import EPCISJSON

/// `event hash`: the CBV 2.0 hash IDs of events.
struct EventHashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash",
        abstract: "Print the CBV 2.0 event hash IDs of the events in EPCIS documents.",
        discussion: """
            A line an event: hash ID, document and the event's number in it, separated by tabs. The hash names an event \
            whatever its spelling; it is an identifier and no integrity check. Where other implementations may come to \
            another hash, that is said on standard error.

            Example:
              traceledger event hash shipping.json
            """
    )

    @Argument(help: "EPCIS 2.0 JSON: documents, events, arrays of events; `-` is standard input.")
    var files: [String]
    @Flag(name: .customLong("prehash"), help: "Print the text that is hashed instead of the hash.") var preHash = false
    @Option(
        name: .customLong("ignore"),
        help: ArgumentHelp(
            "A field to leave out, as written or as {namespace}name; those in a document's ignoreFields always are.",
            valueName: "field"
        )
    )
    var ignored: [String] = []
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        var results: [JSONValue] = []
        var unused = IgnoredFields(ignored)
        do {
            for path in files { results += try hash(path, &unused) }
        } catch {
            if json { try Console.json(.array(results)) }
            throw error
        }
        if json { try Console.json(.array(results)) }
        try unused.report()
    }

    /// Prints what is in a document, or gives it back for the one JSON document.
    private func hash(_ path: String, _ unused: inout IgnoredFields) throws -> [JSONValue] {
        let (file, document) = try EventDocument.read(path)
        unused.use(in: document.events)
        let ignored = ignored + document.ignoredFields
        var results: [JSONValue] = []
        var lines = ""
        var differences = Differences()
        for (position, located) in document.events.enumerated() {
            let hash = EventHash(of: located.event, ignoring: ignored)
            if json {
                results.append(result(hash, of: file.name, number: position + 1))
            } else {
                let first = preHash ? String(decoding: hash.preHash, as: UTF8.self) : hash.id
                lines += "\(first)\t\(file.name)\t\(position + 1)\n"
                differences.add(hash.ambiguities, of: position + 1)
            }
        }
        try Console.write(lines)
        differences.show(in: file.name)
        return results
    }

    private func result(_ hash: EventHash, of file: String, number: Int) -> JSONValue {
        let result = JSONValue.object([
            "file": .text(file), "event": .number(UInt64(number)), "hash": .text(hash.id),
            "ambiguities": .array(
                hash.ambiguities.map {
                    .object([
                        "code": .text($0.reason.code), "field": .text($0.field), "meaning": .text($0.reason.meaning),
                    ])
                }
            ),
        ])
        return preHash ? result.adding(["preHash": .text(String(decoding: hash.preHash, as: UTF8.self))]) : result
    }
}

/// The fields of `--ignore` that left nothing out so far: a slip of the pen there gives another hash.
private struct IgnoredFields {
    private var names: [String]

    /// Those that may have no effect: not the fields that never are hashed, nor those of the standard, which some events have
    /// and others have not.
    init(_ names: [String]) {
        self.names = names.filter { !EventHash.ignorableFields.contains($0) && !EventHash.unhashedFields.contains($0) }
    }

    /// Takes off what one of the events has.
    mutating func use(in events: [EPCISDocument.LocatedEvent]) {
        for located in events where !names.isEmpty {
            let whole = EventHash(of: located.event).preHash
            names.removeAll { EventHash(of: located.event, ignoring: [$0]).preHash != whole }
        }
    }

    /// Warns of a name with its namespace, which other documents may have; throws for any other, which names nothing.
    func report() throws {
        for name in names where name.contains(":") {
            Console.warning("--ignore \(name.onOneLine): no event has this field, so nothing was left out")
        }
        guard let name = names.first(where: { !$0.contains(":") }) else { return }
        throw CommandFailure(
            .usage,
            "--ignore \(name.onOneLine): no event has this field; name one of the standard, such as ilmd, or another as it is "
                + "written (ex:hash) or hashed ({https://ns.example.com/}hash)"
        )
    }
}

/// What is open to reading in the events of one document, a line for each kind and field.
private struct Differences {
    private var order: [HashAmbiguity] = []
    private var events: [HashAmbiguity: (first: Int, count: Int)] = [:]

    mutating func add(_ ambiguities: [HashAmbiguity], of event: Int) {
        for ambiguity in ambiguities {
            if events[ambiguity] == nil { order.append(ambiguity) }
            events[ambiguity, default: (event, 0)].count += 1
        }
    }

    func show(in name: String) {
        for ambiguity in order {
            guard let (first, count) = events[ambiguity] else { continue }
            let more = count > 1 ? " and \(count - 1) more" : ""
            Console.warning("\(name), event \(first)\(more), \(ambiguity.field): \(ambiguity.reason.meaning)")
        }
    }
}
