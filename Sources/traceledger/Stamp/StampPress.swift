import EPCISJSON
import GS1
import TraceProof
import TraceSigning
import TraceStatements

/// Signs pieces of a lot. It has no state that changes, so that all cores share it.
struct StampPress: Sendable {
    enum Form: Sendable { case uri, csv, json }

    /// What became of a piece.
    struct Pressed: Sendable {
        /// The new lines.
        var bytes: [UInt8] = []
        /// How many codes there are, those of an earlier run among them.
        var count = 0
        /// What kept the rest of the piece from being signed.
        var failure: CommandFailure?
    }

    /// An item: what identifies it, and how it is written.
    private struct Item {
        let series: StampSeries?
        let elements: [Element]
        var serial: String?
    }

    /// Between two members of a JSON array.
    static let separator = Array(",\n".utf8)

    let key: SigningKey
    let keyID: KeyID
    let host: String
    let constants: [Element]
    let columns: LotColumns?
    let form: Form
    let serials: RandomSerials?

    /// A press for these items.
    ///
    /// - Throws: `CommandFailure` where the options contradict each other or the host is none.
    init(key: SigningKey, host: String, constants: [Element], columns: LotColumns?, form: Form, serials: RandomSerials?)
        throws
    {
        (self.key, self.host, self.constants, self.columns) = (key, host, constants, columns)
        (self.form, self.serials, keyID) = (form, serials, KeyID(of: key.publicKey))
        if serials != nil, columns?.ais.contains(21) == true {
            throw CommandFailure(.usage, "\(columns?.file ?? ""): it has a column of serial numbers: leave --random-serials out")
        }
        // A host that is none, and options that contradict each other, are told without any row.
        let probe = [Element(ai: 1, value: "09521101530018")]
        do {
            let blank = try Stamp(elements: probe, keyID: keyID, signature: key.signature(for: []))
            _ = try blank.uri(host: host)
        } catch { throw CommandFailure(.usage, "--host \(host.onOneLine): \(error.reason)") }
        guard columns == nil else { return }
        do { _ = try Stamp.order(constants) } catch { throw CommandFailure(.usage, error.reason) }
    }

    /// The first line of a table.
    var header: [UInt8] {
        guard form == .csv else { return [] }
        return Array((ais.map { LotColumns.name(ofAI: $0) } + ["uri"]).joined(separator: ",").utf8) + [0x0A]
    }

    /// The AIs of a table's columns.
    private var ais: [Int] {
        let ais = constants.map(\.ai) + (columns?.ais ?? [])
        return serials == nil || ais.contains(21) ? ais : ais + [21]
    }

    /// Reads a piece and signs nothing; gives the number of its rows.
    func check(_ piece: StampSource.Piece) throws -> Int {
        let (items, failure) = items(piece)
        if let failure { throw failure }
        return items.count
    }

    /// Signs a piece, and holds what an earlier run wrote of it against what would be written now.
    func press(_ piece: StampSource.Piece) throws -> Pressed {
        var (items, failure) = items(piece)
        var pressed = Pressed(count: items.count, failure: failure)
        let standing = try checkStanding(piece.standing, &items)
        let messages = try items[standing...].map { try message($0) }
        for (item, signature) in zip(items[standing...], key.signatures(for: messages)) {
            if form == .json, !pressed.bytes.isEmpty { pressed.bytes += StampPress.separator }
            pressed.bytes += try line(item, signature)
        }
        return pressed
    }

    /// The items of a piece, up to the first that is wrong.
    private func items(_ piece: StampSource.Piece) -> (items: [Item], failure: CommandFailure?) {
        var items: [Item] = []
        do {
            switch piece.items {
            case .copies(let count):
                let rest = constants.filter { $0.ai != 21 }
                let series = try? StampSeries(rest, host: host)
                for _ in 0..<count {
                    items.append(Item(series: series, elements: rest, serial: serials?.next() ?? constants.first { $0.ai == 21 }?.value))
                }
            case .rows(let piece):
                guard let columns else { return ([], nil) }
                var rows = LotColumns.Rows(columns)
                var series: StampSeries?
                try piece.forEachRow(columns: columns.names, in: columns.file) { record in
                    let row = try rows.read(record)
                    let serial = serials?.next() ?? row.serial
                    if row.isNew || items.isEmpty {
                        series = try? StampSeries(row.elements, host: host)
                        let all = row.elements + (serial.map { [Element(ai: 21, value: $0)] } ?? [])
                        do throws(FormatError) { _ = try Stamp.order(all) } catch {
                            throw rows.failure(record, nil, error.reason)
                        }
                    }
                    items.append(Item(series: series, elements: row.elements, serial: serial))
                }
            }
        } catch { return (items, CommandFailure(error)) }
        return (items, nil)
    }

    private func message(_ item: Item) throws -> [UInt8] {
        if let series = item.series, let serial = item.serial { return try series.message(serial: serial) }
        return Stamp.message(of: try Stamp.order(all(of: item)))
    }

    private func all(of item: Item) -> [Element] {
        item.elements + (item.serial.map { [Element(ai: 21, value: $0)] } ?? [])
    }

    private func uri(_ item: Item, _ signature: Signature) throws -> String {
        if let series = item.series, let serial = item.serial {
            return try series.uri(serial: serial, keyID: keyID, signature: signature)
        }
        return try Stamp(elements: all(of: item), keyID: keyID, signature: signature).uri(host: host)
    }

    /// How an item is written.
    private func line(_ item: Item, _ signature: Signature) throws -> [UInt8] {
        let uri = try uri(item, signature)
        switch form {
        case .uri: return Array(uri.utf8) + [0x0A]
        case .csv:
            let elements = all(of: item)
            let cells = ais.map { ai in elements.first { $0.ai == ai }?.value ?? "" } + [uri]
            return Array((cells.map { EntryTable.quoted($0) }.joined(separator: ",") + "\n").utf8)
        case .json:
            let elements = try Stamp.order(all(of: item))
            let value = { (ai: Int) in JSONValue.text(elements.first { $0.ai == ai }?.value) }
            let document = JSONValue.object([
                "elements": .text(ElementString(elements)?.text), "uri": .text(uri), "gtin": value(1), "lot": value(10),
                "serial": value(21), "expiry": value(17), "market": value(Stamp.marketAI), "kid": .text(keyID.description),
            ])
            return document.serialized(.compact)
        }
    }

    /// Holds the lines of an earlier run against the first items: they must be what would be written now, but for random serial
    /// numbers, which are taken over. Gives their number.
    private func checkStanding(_ lines: [UInt8], _ items: inout [Item]) throws -> Int {
        var count = 0
        for bytes in lines.split(separator: 0x0A) {
            let refusal = CommandFailure(
                .usage,
                "the output that is there is of another input, key, host or format: `\(String(decoding: bytes.prefix(80), as: UTF8.self).onOneLine)...`"
            )
            guard count < items.count, let stamp = try? Stamp(parsing: StampPress.uri(in: bytes)) else { throw refusal }
            if let serials, let serial = stamp.serial {
                serials.keepOut(serial)
                items[count].serial = serial
            }
            guard stamp.keyID == keyID, try line(items[count], stamp.signature).elementsEqual(Array(bytes) + [0x0A]) else {
                throw refusal
            }
            // One signature a piece: a file of other signatures would have failed long before.
            if count == 0, key.signature(for: try message(items[count])) != stamp.signature { throw refusal }
            count += 1
        }
        return count
    }

    /// The code in a line: all of it, or the last cell.
    private static func uri(in line: ArraySlice<UInt8>) -> String {
        var reader = CSVRecordReader(Array(line), .standard)
        return (try? reader.next())?.cells.last ?? ""
    }
}
