public import EPCIS

/// Reads the events of a CSV file one by one, as a mapping says (`Docs/CSV.md`).
///
/// The file's bytes are held; of its rows only those of the event at hand are, and the place of every row where the
/// mapping puts rows together. So memory grows with the file, which the caller bounds, and not with the events.
public struct CSVEventReader {
    /// An event and where it stood.
    public struct LocatedEvent: Sendable {
        /// The event.
        public let event: EPCISEvent
        /// The line of its first row, from 1.
        public let line: Int
        /// How many rows it was made of.
        public let rows: Int
    }

    /// What is left out of the events: columns that the mapping neither uses nor ignores by name.
    public let warnings: [CSVError]
    /// How many rows no event took, since no `$when` held for them; known at the end.
    public private(set) var rowsLeftOut = 0
    /// The line of the first of them; `nil` where there is none.
    public private(set) var firstLineLeftOut: Int?

    private let mapping: CSVMapping
    private let evaluator: CSVEvaluator
    private let places: CSVPlaces
    /// Before the first row of data.
    private let start: CSVRecordReader
    private let columnCount: Int
    private var records: CSVRecordReader
    private var template = 0
    /// The rows of the events to come, where the template at hand puts rows together.
    private var groups: ArraySlice<[RowPlace]>?
    private var isTaken: [Bool] = []

    private struct RowPlace {
        let start: Int
        let line: Int
    }

    /// Reads the header of a CSV file and finds the mapping's columns in it.
    /// - Throws: `CSVError` where the file is no CSV in UTF-8, or lacks a column.
    public init(_ csv: [UInt8], mapping: CSVMapping) throws(CSVError) {
        self.mapping = mapping
        var places = CSVPlaces(csv, mapping)
        do throws(Refusal) {
            var records = CSVRecordReader(csv, mapping.dialect, at: try CSVText.start(of: csv))
            records.skipLines(mapping.skippedLines)
            let names: [String]
            let header: CSVPlace
            if let given = mapping.columnNames {
                (names, header) = (given, .file)
            } else {
                guard let record = try records.next() else { throw Refusal(.file, "the file has no header row") }
                (names, header) = (record.cells, .row(record.start))
            }
            places.names = names
            let columns = try CSVEventReader.columns(of: mapping, in: names, header)
            evaluator = CSVEvaluator(columns: columns)
            warnings = CSVEventReader.warnings(names, columns, mapping.ignored)
            columnCount = names.count
            (start, self.records) = (records, records)
        } catch {
            throw places.error(error)
        }
        self.places = places
    }

    private static func columns(
        of mapping: CSVMapping,
        in names: [String],
        _ header: CSVPlace
    ) throws(Refusal) -> [Int] {
        var columns: [Int] = []
        for column in mapping.columns {
            let found = names.indices.filter { names[$0].isExactly(column.name) }
            guard let index = found.first else {
                let known = names.prefix(40).map { "\"\($0)\"" }.joined(separator: ", ")
                throw Refusal(
                    header,
                    "there is no column \"\(column.name)\", which the mapping takes; there are \(known)"
                )
            }
            guard found.count == 1 else {
                throw Refusal(
                    header,
                    "columns \(index + 1) and \(found[1] + 1) are both called \"\(column.name)\", which the mapping takes: "
                        + "rename one, or give all names in \"columns\" and skip the header with \"skipLines\""
                )
            }
            columns.append(index)
        }
        return columns
    }

    private static func warnings(_ names: [String], _ used: [Int], _ ignored: [String]) -> [CSVError] {
        var warnings: [CSVError] = []
        for (index, name) in names.enumerated()
        where !used.contains(index) && !ignored.contains(where: { $0.isExactly(name) }) {
            let title = name.isEmpty ? "which has no name" : "\"\(name)\""
            warnings.append(
                CSVError(
                    .file,
                    "column \(index + 1), \(title), is not in the mapping and left out: use it, or name it in \"ignore\""
                )
            )
        }
        return warnings
    }

    /// The next event; `nil` after the last. Events come mapping entry by mapping entry, within one in the order of their
    /// first rows.
    /// - Throws: `CSVError` with the cell or row at fault.
    public mutating func next() throws(CSVError) -> LocatedEvent? {
        do throws(Refusal) {
            while template < mapping.events.count {
                if let rows = try nextRows(mapping.events[template]) {
                    return try event(rows)
                } else {
                    template += 1
                    groups = nil
                    records = start
                    if template == mapping.events.count { try countRowsLeftOut() }
                }
            }
            return nil
        } catch {
            // What is refused once is refused again: nothing behind it is read.
            throw places.error(error)
        }
    }

    /// The rows of the next event of a template.
    private mutating func nextRows(_ template: CSVTemplate) throws(Refusal) -> [CSVRecord]? {
        guard let by = template.by else { return try nextRow(template).map { [$0] } }
        if groups == nil { groups = try collect(by, template)[...] }
        guard let places = groups?.popFirst() else { return nil }
        var rows: [CSVRecord] = []
        rows.reserveCapacity(places.count)
        for place in places {
            var reader = CSVRecordReader(start.bytes, mapping.dialect, at: place.start, line: place.line)
            if let row = try reader.next() { rows.append(row) }
        }
        return rows
    }

    /// The next row that fulfils the template's `$when`.
    private mutating func nextRow(_ template: CSVTemplate) throws(Refusal) -> CSVRecord? {
        while let row = try records.next() {
            guard row.cells.count == columnCount else {
                throw Refusal(
                    .row(row.start),
                    "\(columnCount) cells are expected and the row has \(row.cells.count): a delimiter is missing or too "
                        + "many, or a cell with a delimiter in it stands without quotes"
                )
            }
            rowNumber += 1
            if rowNumber > isTaken.count { isTaken.append(false) }
            guard evaluator.isTaken(row, template) else { continue }
            if template.by == nil || evaluator.uses(row, template) { isTaken[rowNumber - 1] = true }
            return row
        }
        rowNumber = 0
        return nil
    }

    private mutating func countRowsLeftOut() throws(Refusal) {
        rowsLeftOut = isTaken.count { !$0 }
        guard let first = isTaken.firstIndex(of: false) else { return }
        var reader = start
        for _ in 0..<first { _ = try reader.next() }
        firstLineLeftOut = reader.line
    }

    /// The row that was read last, from 1.
    private var rowNumber = 0

    /// The places of all rows, put together by the columns `by`, wherever they stand.
    private mutating func collect(_ by: [Int], _ template: CSVTemplate) throws(Refusal) -> [[RowPlace]] {
        var groups: [[RowPlace]] = []
        var index: [[UInt8]: Int] = [:]
        while let row = try nextRow(template) {
            let place = RowPlace(start: row.start, line: row.line)
            let key = try evaluator.key(of: row, by)
            if let known = index[key] {
                groups[known].append(place)
            } else {
                index[key] = groups.count
                groups.append([place])
            }
        }
        return groups
    }

    private func event(_ rows: [CSVRecord]) throws(Refusal) -> LocatedEvent? {
        guard let first = rows.first else { return nil }
        guard var json = try evaluator.value(of: mapping.events[template], rows),
            case .object(var members) = json.content
        else {
            throw Refusal(
                .row(first.start),
                "all cells of the event are empty: delete the row, or leave it out with $when"
            )
        }
        // The offset that the mapping gave with the time is the one at its place, unless it says another.
        if json["eventTimeZoneOffset"] == nil, let time = json["eventTime"], case .string(let text) = time.content {
            let offset = text.utf8.last == UInt8(ascii: "Z") ? "+00:00" : String(Substring(text.utf8.suffix(6)))
            members.append(JSONMember("eventTimeZoneOffset", JSONValue(.string(offset), offset: time.offset)))
            json.content = .object(members)
        }
        let event = try EPCISEvent(json: json, in: mapping.context)
        return LocatedEvent(event: event, line: first.line, rows: rows.count)
    }
}
