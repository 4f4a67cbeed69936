import TraceVerification

/// The rows of checked bundles in CSV (RFC 4180): UTF-8, lines end in CR LF, every row as long as the first.
///
/// Whoever signs a statement chooses its texts, and a spreadsheet runs a cell that begins like a formula: such a cell
/// gets an apostrophe in front, which spreadsheets take for "this is text".
struct BundleTable {
    private(set) var bytes: [UInt8] = []

    init(_ bundles: [CheckedBundle]) {
        add(["file"] + BundleCells.Column.allCases.map(\.name))
        for bundle in bundles {
            for row in bundle.result.rows.map(BundleCells.init) {
                add([bundle.file] + BundleCells.Column.allCases.map { row[$0] })
            }
        }
    }

    private mutating func add(_ cells: [String]) {
        bytes += Array(cells.map(BundleTable.cell).joined(separator: ",").utf8) + [0x0D, 0x0A]
    }

    /// The signs that begin a formula, in their full width too, and what spreadsheets drop before looking.
    private static let dangerous: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]

    /// One cell.
    static func cell(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first { $0 != " " }.map { dangerous.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        // By scalars: CR LF is one Character and would be missed.
        let special = safe.unicodeScalars.contains { ",\"\r\n\t".unicodeScalars.contains($0) } || isFormula
        return special ? "\"\(safe.replacing("\"", with: "\"\""))\"" : safe
    }
}
