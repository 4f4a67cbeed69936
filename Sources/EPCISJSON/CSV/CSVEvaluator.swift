internal import EPCIS
internal import GS1

/// Fills templates with the cells of rows. Refusals are at codes of ``CSVPlace``, and so are the offsets of values.
struct CSVEvaluator {
    /// The column of the file for each column of the mapping.
    let columns: [Int]

    /// The value of a template over these rows; `nil` where all cells in it are empty.
    func value(of template: CSVTemplate, _ rows: [CSVRecord]) throws(Refusal) -> JSONValue? {
        if case .constant(let value) = template.content, template.conditions.isEmpty { return value }
        let rows = select(rows, template)
        guard let first = rows.first else { return nil }
        switch template.content {
        case .constant(let value): return value
        case .cell(let cell): return try value(of: cell, rows)
        case .object(let members): return try object(members, template, rows, first)
        case .list(let items): return try list(items, template, rows, first)
        }
    }

    func select(_ rows: [CSVRecord], _ template: CSVTemplate) -> [CSVRecord] {
        guard !template.conditions.isEmpty else { return rows }
        return rows.filter { row in isTaken(row, template) }
    }

    /// Whether a row fulfils the template's `$when`.
    func isTaken(_ row: CSVRecord, _ template: CSVTemplate) -> Bool {
        template.conditions.allSatisfy { $0.holds(row.cells[columns[$0.column]]) }
    }

    /// Whether an event made of several rows has a part for this one: a text that no `$when` knows must not make a weight
    /// vanish unnoticed. Values outside arrays are those of all rows and do not count.
    func uses(_ row: CSVRecord, _ event: CSVTemplate) -> Bool {
        guard case .object(let members) = event.content else { return true }
        let parts = members.map(\.value).filter(\.hasPartsOfRows)
        return parts.isEmpty || parts.contains { takes(row, $0) }
    }

    private func takes(_ row: CSVRecord, _ template: CSVTemplate) -> Bool {
        guard isTaken(row, template) else { return false }
        let isOwn = !template.conditions.isEmpty
        switch template.content {
        case .constant, .cell: return isOwn
        case .object(let members): return isOwn || members.contains { takes(row, $0.value) }
        case .list(let items):
            return items.contains { item in
                item.hasCells && (item.hasListOfCells ? takes(row, item) : isTaken(row, item))
            }
        }
    }

    private func object(
        _ members: [CSVTemplate.Member],
        _ template: CSVTemplate,
        _ rows: [CSVRecord],
        _ first: CSVRecord
    ) throws(Refusal) -> JSONValue? {
        var result: [JSONMember] = []
        result.reserveCapacity(members.count)
        var hasValue = !template.hasCells
        var missing: CSVPlace?
        for member in members {
            if let value = try value(of: member.value, rows) {
                hasValue = hasValue || member.value.hasCells
                result.append(JSONMember(member.name, value))
            } else if missing == nil {
                missing = place(of: member.value, first)
            }
        }
        // A field that must be there and is not is missed at the empty cell that would have been it.
        return hasValue ? JSONValue(.object(result), offset: (missing ?? .row(first.start)).code) : nil
    }

    private func list(
        _ items: [CSVTemplate],
        _ template: CSVTemplate,
        _ rows: [CSVRecord],
        _ first: CSVRecord
    ) throws(Refusal) -> JSONValue? {
        var values: [JSONValue] = []
        for item in items {
            guard item.hasCells || item.by != nil else {
                if let value = try value(of: item, rows) { values.append(value) }
                continue
            }
            let start = values.count
            for group in try groups(of: select(rows, item), item) {
                if let value = try value(of: item, group) { values.append(value) }
            }
            if case .cell(let cell) = item.content, case .identifier = cell.kind {
                try refuseRepeated(values[start...])
            }
        }
        return values.isEmpty && template.hasCells
            ? nil : JSONValue(.array(values), offset: CSVPlace.row(first.start).code)
    }

    /// The rows that each value of an item is made of.
    private func groups(of rows: [CSVRecord], _ item: CSVTemplate) throws(Refusal) -> [[CSVRecord]] {
        guard let by = item.by else { return item.hasListOfCells ? [rows] : rows.map { [$0] } }
        var groups: [[CSVRecord]] = []
        var index: [[UInt8]: Int] = [:]
        for row in rows {
            let key = try key(of: row, by)
            if let known = index[key] {
                groups[known].append(row)
            } else {
                index[key] = groups.count
                groups.append([row])
            }
        }
        return groups
    }

    /// The cells of a row by which it is put together with others.
    func key(of row: CSVRecord, _ by: [Int]) throws(Refusal) -> [UInt8] {
        var key: [UInt8] = []
        for column in by {
            let place = columns[column]
            guard !row.cells[place].isEmpty else {
                throw Refusal(
                    .cell(row.starts[place]),
                    "the cell is empty, and rows are put together by it ($by): fill it, or leave such rows out with $when"
                )
            }
            key += row.cells[place].utf8
            key.append(0)  // No cell has a zero byte.
        }
        return key
    }

    /// An object that is in a list of identifiers twice was packed or counted twice.
    private func refuseRepeated(_ values: ArraySlice<JSONValue>) throws(Refusal) {
        guard values.count > 1 else { return }
        var known: Set<[UInt8]> = []
        for value in values {
            guard case .string(let text) = value.content else { continue }
            guard known.insert(Array(text.utf8)).inserted else {
                throw Refusal(
                    value.offset,
                    "\(text) stands in this event already: delete the row, or give $by where several rows are one object"
                )
            }
        }
    }

    /// Where a template that gave no value looked first.
    private func place(of template: CSVTemplate, _ row: CSVRecord) -> CSVPlace? {
        guard case .cell(let cell) = template.content, let column = cell.firstColumn else { return nil }
        return .cell(row.starts[columns[column]])
    }
}
