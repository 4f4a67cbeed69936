import EPCISJSON
import GS1
import TraceProof
import TraceStatements

/// What the columns of a lot's CSV are, by its header: `gtin`, `lot`, `serial`, `expiry`, `market`, or the number of an AI.
struct LotColumns: Sendable {
    /// The names of columns that are not numbers, and their AIs.
    static let named = ["gtin": 1, "lot": 10, "serial": 21, "expiry": 17, "market": Stamp.marketAI]

    let file: String
    let names: [String]
    /// The AI of each column.
    let ais: [Int]
    /// What every row has beside its cells, from the command line.
    let constants: [Element]

    /// The columns of a header.
    ///
    /// - Throws: `CommandFailure` for a column that is none of these, one that stands there twice, and one that an option
    ///   gives as well.
    init(_ pieces: CSVPieces, constants: [Element]) throws {
        try self.init(pieces.columns, in: pieces.name, constants: constants)
    }

    /// The columns with these names.
    init(_ names: [String], in file: String, constants: [Element]) throws {
        (self.file, self.names, self.constants) = (file, names, constants)
        var ais: [Int] = []
        for (place, name) in names.enumerated() {
            let place = "\(file), line 1, \(CSVPiece.column(place, of: names))"
            guard let ai = LotColumns.ai(name) else {
                throw CommandFailure(
                    .usage,
                    "\(place): columns are gtin, lot, serial, expiry, market, or the number of an AI such as 17"
                )
            }
            if ais.contains(ai) { throw CommandFailure(.usage, "\(place): (\(Element(ai: ai, value: "").aiText)) stands there twice") }
            if constants.contains(where: { $0.ai == ai }) {
                throw CommandFailure(.usage, "\(place): an option gives (\(Element(ai: ai, value: "").aiText)) too: leave one out")
            }
            ais.append(ai)
        }
        self.ais = ais
    }

    /// The AI of a column or of `--attribute`: a name, or a number, also in brackets.
    static func ai(_ name: String) -> Int? {
        let name = name.lowercased()
        if let ai = named[name] { return ai }
        let digits = name.hasPrefix("(") && name.hasSuffix(")") ? String(name.dropFirst().dropLast()) : name
        guard (2...4).contains(digits.utf8.count), let ai = Int(digits), Element(ai: ai, value: "").aiText == digits,
            ApplicationIdentifier(ai) != nil
        else { return nil }
        return ai
    }

    /// The element of a cell, its value checked.
    static func element(_ ai: Int, _ value: String) throws(GS1Error) -> Element {
        var value = value
        // What is below a bar code has 8, 12 or 13 digits.
        if ai == 1, [8, 12, 13].contains(value.utf8.count) {
            value = String(repeating: "0", count: 14 - value.utf8.count) + value
        }
        let element = Element(ai: ai, value: value)
        try element.check()
        return element
    }

    /// Reads rows, and remembers what was checked: most cells of a lot are those of the row before.
    struct Rows {
        let columns: LotColumns
        private var last: [(cell: String, element: Element)?]

        init(_ columns: LotColumns) {
            self.columns = columns
            last = [(cell: String, element: Element)?](repeating: nil, count: columns.ais.count)
        }

        /// The elements of a row without its serial number, and the serial number; `isNew` unless they are those of the row
        /// before.
        ///
        /// - Parameter count: how many of the cells are looked at; the row must have no others unless the caller has seen to them.
        mutating func read(
            _ record: CSVRecord,
            among count: Int? = nil
        ) throws -> (elements: [Element], serial: String?, isNew: Bool) {
            guard count != nil || record.cells.count == columns.ais.count else {
                throw CommandFailure(
                    .wrong,
                    "\(columns.file), line \(record.line): \(record.cells.count) cells, and the header has \(columns.ais.count)"
                )
            }
            var (elements, serial, isNew) = (columns.constants, String?.none, false)
            for (place, cell) in record.cells.prefix(columns.ais.count).enumerated() {
                if let known = last[place], known.cell.utf8.elementsEqual(cell.utf8) {
                    if known.element.ai != 21 { elements.append(known.element) } else { serial = cell }
                    continue
                }
                let ai = columns.ais[place]
                if ai != 21 { (isNew, last[place]) = (true, nil) }
                if cell.isEmpty { continue }
                let element: Element
                do { element = try LotColumns.element(ai, cell) } catch {
                    throw failure(record, place, "\(error)")
                }
                if ai == 21 {
                    serial = cell
                } else {
                    elements.append(element)
                    last[place] = (cell, element)
                }
            }
            return (elements, serial, isNew)
        }

        /// A refusal that names the cell.
        func failure(_ record: CSVRecord, _ place: Int?, _ reason: String) -> CommandFailure {
            let column = place.map { ", \(CSVPiece.column($0, of: columns.names))" } ?? ""
            return CommandFailure(.wrong, "\(columns.file), line \(record.line)\(column): \(reason)")
        }
    }
}

extension LotColumns {
    /// What the column of an AI is called in files that are written.
    static func name(ofAI ai: Int) -> String {
        named.first { $0.value == ai }?.key ?? Element(ai: ai, value: "").aiText
    }
}
