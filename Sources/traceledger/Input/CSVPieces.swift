import EPCISJSON
import Foundation

/// Some rows of a CSV file, whole ones.
struct CSVPiece: Sendable {
    let bytes: [UInt8]
    /// The line on which the first of them begins, from 1.
    let line: Int
    /// How many rows stand before the first of them, blank lines not counted.
    let firstRow: Int
    let rowCount: Int

    /// Calls `body` with each row.
    ///
    /// - Throws: `CommandFailure` that names the line and the column, where it is not CSV.
    func forEachRow(columns: [String], in name: String, _ body: (CSVRecord) throws -> Void) throws {
        do { _ = try CSVText.start(of: bytes) } catch {
            throw CommandFailure(.wrong, "\(name), line \(line) or behind: \(error.reason)")
        }
        var reader = CSVRecordReader(bytes, .standard, line: line)
        while true {
            let record: CSVRecord?
            do { record = try reader.next() } catch {
                let column = CSVPiece.column(reader.cellsRead, of: columns)
                throw CommandFailure(.wrong, "\(name), line \(reader.line), \(column): \(error.reason)")
            }
            guard let record else { return }
            if !record.isBlank { try body(record) }
        }
    }

    /// `column 3 (serial)`, from its place from 0.
    static func column(_ place: Int, of columns: [String]) -> String {
        columns.indices.contains(place) ? "column \(place + 1) (\(columns[place].onOneLine))" : "column \(place + 1)"
    }
}

/// Reads a CSV file (RFC 4180) in pieces: what lies in memory does not grow with the file.
struct CSVPieces {
    /// What messages call the file.
    let name: String
    /// The header.
    private(set) var columns: [String]
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var isAtEnd = false
    private var line = 1
    private var row = 0

    /// About how long a piece is: a thousand rows, some ten milliseconds of signing.
    private static let length = 1 << 15
    /// A row that is longer is refused.
    private static let maximumRowLength = 1 << 20

    /// Opens a file, `-` for standard input, and reads its header.
    init(_ path: String) throws {
        name = path == "-" ? "standard input" : path
        var isDirectory: ObjCBool = false
        if path == "-" {
            handle = .standardInput
        } else {
            guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue
            else { throw CommandFailure(.usage, "\(path): there is no such file") }
            guard let opened = FileHandle(forReadingAtPath: path) else {
                throw CommandFailure(.unavailable, "\(path): it cannot be opened; check its permissions")
            }
            handle = opened
        }
        columns = []
        columns = try header()
    }

    private mutating func header() throws -> [String] {
        try fill(CSVPieces.length)
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.removeFirst(3) }
        var scan = RowScan()
        while true {
            guard let end = scan.end(of: 1, in: buffer) ?? (isAtEnd ? buffer.count : nil) else {
                try fill(buffer.count + CSVPieces.length)
                continue
            }
            let piece = CSVPiece(bytes: Array(buffer[..<end]), line: 1, firstRow: 0, rowCount: 1)
            buffer.removeFirst(end)
            line += piece.bytes.count { $0 == 0x0A }
            var names: [String]?
            try piece.forEachRow(columns: [], in: name) { names = $0.cells }
            guard let names else { throw CommandFailure(.usage, "\(name): it is empty, and a header with columns is expected") }
            return names
        }
    }

    /// The next rows; `nil` after the last.
    mutating func next() throws -> CSVPiece? {
        while true {
            try fill(CSVPieces.length)
            if buffer.isEmpty { return nil }
            var scan = RowScan()
            var end = scan.end(of: .max, in: buffer)
            while end == nil, !isAtEnd {
                try fill(buffer.count + CSVPieces.length)
                scan = RowScan()
                end = scan.end(of: .max, in: buffer)
            }
            if isAtEnd, end != buffer.count, buffer.count - (end ?? 0) > 0 {
                // The last row without a line end behind it.
                scan.rows += 1
                end = buffer.count
            }
            let bytes = Array(buffer[..<(end ?? buffer.count)])
            let piece = CSVPiece(bytes: bytes, line: line, firstRow: row, rowCount: scan.rows)
            buffer.removeFirst(bytes.count)
            line += bytes.count { $0 == 0x0A }
            row += piece.rowCount
            if piece.rowCount > 0 { return piece }
        }
    }

    private mutating func fill(_ count: Int) throws {
        while buffer.count < count, !isAtEnd {
            guard count <= CSVPieces.maximumRowLength + CSVPieces.length else {
                throw CommandFailure(
                    .wrong,
                    "\(name), line \(line): a row of more than \(CSVPieces.maximumRowLength) bytes; is a quote not closed?"
                )
            }
            do {
                let chunk = try handle.read(upToCount: CSVPieces.length) ?? Data()
                isAtEnd = chunk.isEmpty
                buffer += chunk
            } catch { throw CommandFailure(.unavailable, "\(name): \(error.localizedDescription)") }
        }
    }
}

/// Where rows end: at line ends that are within no quotes. Whether the quotes stand right is for the reader of the rows.
private struct RowScan {
    /// The rows so far that are not blank.
    var rows = 0

    /// The place behind the last whole row, of at most `most`; `nil` where there is none.
    mutating func end(of most: Int, in bytes: [UInt8]) -> Int? {
        var (end, start, isQuoted): (Int?, Int, Bool) = (nil, 0, false)
        for (place, byte) in bytes.enumerated() {
            if byte == 0x22 { isQuoted.toggle() }
            guard byte == 0x0A, !isQuoted else { continue }
            let isBlank = place == start || (place == start + 1 && bytes[start] == 0x0D)
            if !isBlank { rows += 1 }
            (end, start) = (place + 1, place + 1)
            if rows == most { break }
        }
        return end
    }
}
