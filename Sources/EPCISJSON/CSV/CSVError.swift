/// Why a CSV file or a row of it was refused: the cell, what is wrong and what to do. Also used for warnings.
public struct CSVError: Error, Equatable, Sendable {
    /// Where the problem stands.
    public enum Place: Equatable, Sendable {
        /// A cell: its line and its column in the table, both from 1, and the column's name where it has one.
        case cell(line: Int, column: Int, name: String?)
        /// A row as a whole, by the line on which it begins.
        case row(line: Int)
        /// The mapping file.
        case mapping(JSONPosition)
        /// The file as a whole.
        case file
    }

    /// Where the problem stands.
    public let place: Place
    /// What is wrong, and the remedy, in words that need no source code.
    public let reason: String

    /// An error at `place`.
    public init(_ place: Place, _ reason: String) {
        self.place = place
        self.reason = reason
    }
}

extension CSVError: CustomStringConvertible {
    /// `line 12, column 3 (GTIN): the check digit is wrong …`.
    public var description: String { place == .file ? reason : "\(place): \(reason)" }
}

extension CSVError.Place: CustomStringConvertible {
    /// `line 12, column 3 (GTIN)`.
    public var description: String {
        switch self {
        case .cell(let line, let column, let name):
            "line \(line), column \(column)" + (name.map { $0.isEmpty ? "" : " (\($0))" } ?? "")
        case .row(let line): "line \(line)"
        case .mapping(let position): "mapping file, \(position)"
        case .file: "file"
        }
    }
}

/// Where a value came from, as the offset of a `JSONValue` or a ``Refusal``: so that the one reader of EPCIS JSON refuses
/// a cell by its place in the CSV, and a constant by its place in the mapping.
enum CSVPlace {
    /// A byte of the mapping file.
    case mapping(Int)
    /// The byte of the CSV at which a cell begins.
    case cell(Int)
    /// The byte of the CSV at which a row begins.
    case row(Int)
    /// The CSV as a whole.
    case file

    init(code: Int) {
        if code == .max {
            self = .file
        } else if code < 0 {
            self = .mapping(-1 - code)
        } else {
            self = code & 1 == 0 ? .cell(code >> 1) : .row(code >> 1)
        }
    }

    var code: Int {
        switch self {
        case .mapping(let offset): -1 - offset
        case .cell(let offset): offset << 1
        case .row(let offset): offset << 1 | 1
        case .file: .max
        }
    }
}

extension Refusal {
    init(_ place: CSVPlace, _ reason: String) { self.init(place.code, reason) }
}
