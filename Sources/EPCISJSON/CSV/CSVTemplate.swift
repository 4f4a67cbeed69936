internal import EPCIS
internal import GS1

/// A part of an event as a mapping describes it: EPCIS JSON in which cells stand for values.
struct CSVTemplate: Sendable {
    indirect enum Content: Sendable {
        /// The same in every event; its offsets are places in the mapping.
        case constant(JSONValue)
        /// A value made of cells.
        case cell(CSVCell)
        /// An object; members that get no value are left out.
        case object([Member])
        /// An array; items with cells are taken once a row or once a group of rows.
        case list([CSVTemplate])
    }

    struct Member: Sendable {
        let name: String
        let value: CSVTemplate
    }

    let content: Content
    /// `$by`: the columns whose equal cells put rows together.
    var by: [Int]?
    /// `$when`: what rows must fulfil to be taken.
    var conditions: [CSVCondition] = []
    /// The byte of the mapping at which it begins.
    let offset: Int

    /// Whether any cell stands in it.
    let hasCells: Bool
    /// Whether an array with cells stands in it: then that array runs over the rows, and this does not.
    let hasListOfCells: Bool

    /// Whether parts of it are made of single rows: arrays with cells, or what has a `$when`.
    var hasPartsOfRows: Bool {
        if hasListOfCells || !conditions.isEmpty { return true }
        guard case .object(let members) = content else { return false }
        return members.contains(where: \.value.hasPartsOfRows)
    }

    init(_ content: Content, offset: Int) {
        self.content = content
        self.offset = offset
        switch content {
        case .constant: (hasCells, hasListOfCells) = (false, false)
        case .cell: (hasCells, hasListOfCells) = (true, false)
        case .object(let members):
            hasCells = members.contains { $0.value.hasCells }
            hasListOfCells = members.contains { $0.value.hasListOfCells }
        case .list(let items):
            hasCells = items.contains(where: \.hasCells)
            hasListOfCells = hasCells
        }
    }
}

/// One condition of `$when`.
struct CSVCondition: Sendable {
    let column: Int
    /// The texts of which the cell must be one; `nil` where it must only not be empty.
    let values: [String]?

    func holds(_ text: String) -> Bool { values?.contains { $0.isExactly(text) } ?? !text.isEmpty }
}

/// A value made of the cells of one row, and which row's it is where there are several.
struct CSVCell: Sendable {
    enum Kind: Sendable {
        /// The text.
        case text(CSVCellText)
        /// A decimal number.
        case number(CSVCellText, CSVNumberFormat)
        /// A time with date and offset, or (without an offset) a date alone.
        case time(CSVCellText, CSVTimeFormat)
        /// A GS1 key with its qualifiers.
        case identifier([(ai: Int, text: CSVCellText)], Identifier.Form)
        /// What the table has for the text.
        case choice(CSVCellText, [(text: String, value: CSVTemplate)])
    }

    /// Of the rows of an event, whose value is taken.
    enum Take: String, Sendable, CaseIterable {
        /// That of every row, which must agree.
        case same
        /// That of the first row with one.
        case first
        /// That of the last row with one.
        case last
    }

    let kind: Kind
    var take = Take.same
}

/// Text with the names of columns in braces: `urn:epcglobal:cbv:bt:9521102000008:{Order}`; a brace itself is `{{` or `}}`.
struct CSVCellText: Sendable {
    enum Part: Sendable {
        case literal(String)
        /// By number in the mapping's list of columns.
        case column(Int)
    }

    var parts: [Part] = []
    /// Whether what a URI reserves is percent-escaped in cells (RFC 3986 section 2.3).
    var escapes = false

    var hasColumns: Bool { parts.contains { if case .column = $0 { true } else { false } } }
}
