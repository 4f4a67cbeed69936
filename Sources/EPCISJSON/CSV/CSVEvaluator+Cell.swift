internal import EPCIS
internal import GS1

extension CSVEvaluator {
    /// The value of a cell over these rows; empty ones do not count.
    func value(of cell: CSVCell, _ rows: [CSVRecord]) throws(Refusal) -> JSONValue? {
        var found: JSONValue?
        for row in cell.take == .last ? rows.reversed() : rows {
            guard let value = try value(of: cell.kind, row) else { continue }
            guard cell.take == .same else { return value }
            guard let earlier = found else {
                found = value
                continue
            }
            guard earlier.firstDifference(from: value, ignoring: []) == nil else {
                throw Refusal(
                    value.offset,
                    "the cell differs from an earlier row of the same event: put the rows apart with $by, "
                        + "or say \"take\": \"first\" or \"last\" in the mapping"
                )
            }
        }
        return found
    }

    private func value(of kind: CSVCell.Kind, _ row: CSVRecord) throws(Refusal) -> JSONValue? {
        switch kind {
        case .text(let text):
            guard let (text, place) = try self.text(text, row) else { return nil }
            return JSONValue(.string(text), offset: place)
        case .number(let text, let format):
            guard let (text, place) = try self.text(text, row) else { return nil }
            guard let number = format.number(text) else { throw Refusal(place, format.problem(text)) }
            return JSONValue(.number(number), offset: place)
        case .time(let text, let format):
            guard let (text, place) = try self.text(text, row) else { return nil }
            guard let time = format.time(text) else { throw Refusal(place, format.problem(text)) }
            return JSONValue(.string(time), offset: place)
        case .identifier(let elements, let form): return try identifier(elements, form, row)
        case .choice(let text, let choices): return try choice(text, choices, row)
        }
    }

    /// The text of a row's cells and the place of the first; `nil` where all are empty, refused where only some are.
    private func text(_ template: CSVCellText, _ row: CSVRecord) throws(Refusal) -> (text: String, place: Int)? {
        var text = ""
        var place: Int?
        var empty: Int?
        var hasText = false
        for part in template.parts {
            switch part {
            case .literal(let literal): text += literal
            case .column(let column):
                let index = columns[column]
                let (cell, start) = (row.cells[index], row.starts[index])
                if place == nil { place = start }
                if cell.isEmpty { empty = empty ?? start } else { hasText = true }
                text += template.escapes ? CSVEvaluator.escaped(cell) : cell
            }
        }
        guard hasText || place == nil else { return nil }
        if let empty { throw CSVEvaluator.partlyEmpty(empty) }
        return (text, place.map { CSVPlace.cell($0).code } ?? CSVPlace.row(row.start).code)
    }

    private static func partlyEmpty(_ start: Int) -> Refusal {
        Refusal(.cell(start), "the cell is empty, and the value is made of it and others that are not: fill it")
    }

    private func identifier(
        _ templates: [(ai: Int, text: CSVCellText)],
        _ form: Identifier.Form,
        _ row: CSVRecord
    ) throws(Refusal) -> JSONValue? {
        var elements: [Element] = []
        var place: Int?
        var empty: Int?
        for (ai, template) in templates {
            guard let (text, start) = try text(template, row) else {
                empty = empty ?? template.firstColumn.map { row.starts[columns[$0]] }
                continue
            }
            if template.hasColumns, place == nil { place = start }
            let element = CSVIdentifierCell.element(ai, text)
            if let problem = CSVIdentifierCell.problem(element, text) { throw Refusal(start, problem) }
            elements.append(element)
        }
        guard let place else { return nil }
        if let empty { throw CSVEvaluator.partlyEmpty(empty) }
        guard let identifier = Identifier(elements: elements, form: form) else {
            throw Refusal(place, CSVIdentifierCell.problem(elements, form))
        }
        return JSONValue(.string(identifier.text), offset: place)
    }

    /// An empty cell is looked up too: a table may have a value for it.
    private func choice(
        _ template: CSVCellText,
        _ choices: [(text: String, value: CSVTemplate)],
        _ row: CSVRecord
    ) throws(Refusal) -> JSONValue? {
        let found = try text(template, row)
        if let choice = choices.first(where: { $0.text.isExactly(found?.text ?? "") }) {
            return try value(of: choice.value, [row])
        }
        guard let (text, place) = found else { return nil }
        let known = choices.map { "\"\($0.text)\"" }.joined(separator: ", ")
        throw Refusal(place, "\"\(text)\" is none of \(known): correct the cell, or add it to \"from\" in the mapping")
    }

    /// Everything but RFC 3986's unreserved characters as `%` and two hexadecimal digits.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension CSVCellText {
    /// The first column in it.
    var firstColumn: Int? {
        for case .column(let column) in parts { return column }
        return nil
    }
}

extension CSVCell {
    /// The first column that it takes.
    var firstColumn: Int? {
        switch kind {
        case .text(let text), .number(let text, _), .time(let text, _), .choice(let text, _): text.firstColumn
        case .identifier(let elements, _): elements.lazy.compactMap(\.text.firstColumn).first
        }
    }
}
