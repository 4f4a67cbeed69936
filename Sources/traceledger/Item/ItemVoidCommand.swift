import ArgumentParser
import EPCIS
import EPCISJSON
import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// `item void`.
struct ItemVoidCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "void",
        abstract: "Say that labels are void, and which ones replace them.",
        discussion: """
            A damaged or lost label is taken out by an event (ObjectEvent, DELETE, decommissioning, with the reason); with \
            --replace the new serial number is commissioned in the same commit by an event that names the old one \
            (traceledger:replaces). The new label gets a stamp of its own; a new hidden code needs a batch of its own \
            (`item seeds`, `item commit`). Nothing that stands in the ledger is changed.

            ITEM is an element string, a code, or a CSV with the columns gtin, serial and, for replacements, replacement.

            Examples:
              traceledger item void LEDGER '(01)09521101530018(21)K7Q2M9XR5TBD' \\
                --reason 'label torn' --signer dairy.pem --issuer 9521101000009
              traceledger item void LEDGER '(01)09521101530018(21)K7Q2M9XR5TBD' \\
                --replace WQ4N8ZPX2RTB --reason 'label torn' --signer dairy.pem --issuer 9521101000009
            """
    )

    @Argument(help: "The ledger's directory.") var directory: LedgerLocation
    @Argument(help: ArgumentHelp("The item, or a CSV of items; `-` is standard input.", valueName: "item|csv")) var item: String
    @Option(help: ArgumentHelp("The serial number of the new label.", valueName: "serial")) var replace: String?
    @Option(help: "Why, in words.") var reason: String
    @OptionGroup var signing: SigningOptions
    @OptionGroup var ledgerKey: LedgerKeyOption
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard (1...1000).contains(reason.utf8.count) else { throw ValidationError("--reason is 1 to 1000 bytes") }
    }

    private typealias Void = (old: ItemIdentity, new: ItemIdentity?)

    func run() async throws {
        let directory = try directory.directory(for: "item void")
        let signer = try signing.readSigner()
        let voids = try readItems()
        let ledger = try await ledgerKey.open(directory)
        guard signer.publicKey != ledger.information.key.publicKey else {
            throw CommandFailure(.usage, "\(signing.signer): this is the ledger's own key; name another one with --signer")
        }
        let now = Time.text(Clock.now)
        var events: [EPCISEvent] = []
        for void in voids {
            events.append(try event(void.old, replaced: nil, now))
            if let new = void.new { events.append(try event(new, replaced: void.old, now)) }
        }
        var entries = AppendedEntries(json: json)
        try await entries.forEach([events]) { events in
            do {
                let appended = try await ledger.issue(
                    events.map { Ledger.Draft(payload: try $0.payload(), subject: $0.subject) },
                    issuer: signing.issuer,
                    issuedAt: Clock.now,
                    with: signer,
                    until: .published
                )
                return zip(events, appended).map { ($1, $0.eventIDOrHash) }
            } catch let error as Ledger.IssueRefusal { throw CommandFailure(.wrong, "\(item.onOneLine): \(error.description)") }
        }
        try await ledger.close()
    }

    private func readItems() throws -> [Void] {
        if let identity = ItemIdentity(Identifier(item).elements) ?? (ElementString(item)?.elements).flatMap({ ItemIdentity($0) }) {
            return [(identity, try replace.map { try identity.with(serial: $0) })]
        }
        if let stamp = try? Stamp(parsing: item), let identity = stamp.item {
            return [(identity, try replace.map { try identity.with(serial: $0) })]
        }
        if CodeInput.isLink(item) || item.hasPrefix("(") {
            throw CommandFailure(.usage, "\(item.onOneLine): it names no item: write (01)GTIN(21)SERIAL")
        }
        guard replace == nil else { throw CommandFailure(.usage, "--replace is of one item; a CSV has the column replacement") }
        return try readTable()
    }

    private func readTable() throws -> [Void] {
        var pieces = try CSVPieces(item)
        let names = pieces.columns.map { $0.lowercased() }
        guard let gtin = names.firstIndex(of: "gtin"), let serial = names.firstIndex(of: "serial") else {
            throw CommandFailure(.usage, "\(pieces.name), line 1: the columns gtin and serial are expected")
        }
        let replacement = names.firstIndex(of: "replacement")
        var voids: [Void] = []
        while let piece = try pieces.next() {
            try piece.forEachRow(columns: pieces.columns, in: pieces.name) { record in
                guard record.cells.count == names.count else {
                    throw CommandFailure(.wrong, "\(pieces.name), line \(record.line): \(record.cells.count) cells, and the header has \(names.count)")
                }
                do {
                    let old = try ItemIdentity(gtin: record.cells[gtin], serial: record.cells[serial])
                    let new = replacement.map { record.cells[$0] }.flatMap { $0.isEmpty ? nil : $0 }
                    voids.append((old, try new.map { try old.with(serial: $0) }))
                } catch { throw CommandFailure(.wrong, "\(pieces.name), line \(record.line): \(CommandFailure(error).message)") }
            }
        }
        guard !voids.isEmpty else { throw CommandFailure(.usage, "\(pieces.name): there are no items in it") }
        return voids
    }

    /// The end of a label, or the beginning of the one that replaces `replaced`.
    private func event(_ item: ItemIdentity, replaced: ItemIdentity?, _ now: String) throws -> EPCISEvent {
        var event: JSONValue = .object([
            "@context": .array([
                .text("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"),
                .object(["traceledger": .text(ItemTreeRoot.namespace)]),
            ]),
            "type": .text("ObjectEvent"), "eventTime": .text(now), "eventTimeZoneOffset": .text("+00:00"),
            "action": .text(replaced == nil ? "DELETE" : "ADD"),
            "bizStep": .text(replaced == nil ? "decommissioning" : "commissioning"),
            "disposition": .text(replaced == nil ? "inactive" : "active"),
            "epcList": .array([.text(try item.link)]), "traceledger:reason": .text(reason),
        ])
        if let replaced { event = event.adding(["traceledger:replaces": .text(try replaced.link)]) }
        do {
            let document = try EPCISDocument(json: event.serialized(.compact))
            guard let first = document.events.first?.event else { throw CommandFailure(.wrong, "no event") }
            return first
        } catch { throw CommandFailure(.wrong, "\(item.text): \(CommandFailure(error).message)") }
    }
}

extension ItemIdentity {
    /// Another item of the product.
    fileprivate func with(serial: String) throws -> ItemIdentity { try ItemIdentity(gtin: gtin, serial: serial) }

    /// The canonical Digital Link, as events name it.
    var link: String {
        get throws {
            do { return try DigitalLink([Element(ai: 1, value: gtin), Element(ai: 21, value: serial)]).canonical } catch {
                throw CommandFailure(.usage, "\(text): \(error)")
            }
        }
    }
}
