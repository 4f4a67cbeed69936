/// How the cells of a CSV file are separated.
package struct CSVDialect: Sendable {
    /// Between two cells of a row.
    var delimiter = UInt8(ascii: ",")
    /// Around a cell that holds delimiters, quotes or line ends; `nil` where no character does.
    var quote: UInt8? = UInt8(ascii: "\"")
    /// Whether spaces and tabs around the text of a cell are dropped.
    var trims = false

    /// RFC 4180.
    package static let standard = CSVDialect()
}

/// One row: the texts of its cells and where each began.
package struct CSVRecord: Sendable {
    /// The byte at which the row begins.
    let start: Int
    /// The line on which it begins, from 1.
    package let line: Int
    package fileprivate(set) var cells: [String] = []
    /// The byte at which each cell begins, its quote included.
    fileprivate(set) var starts: [Int] = []

    /// A single cell without text: a blank line.
    package var isBlank: Bool { cells.count == 1 && cells[0].isEmpty }
}

/// Reads rows one by one: RFC 4180 with CRLF or LF, text in valid UTF-8.
///
/// Nothing is repaired: a quote within an unquoted cell, text behind a closing quote, a quote never closed and a lone CR
/// are refused. A row has at most ``maximumColumns`` cells, a cell at most ``maximumCellSize`` bytes.
package struct CSVRecordReader {
    static let maximumColumns = 4096
    static let maximumCellSize = 65_535

    let bytes: [UInt8]
    let dialect: CSVDialect
    private(set) var index: Int
    package private(set) var line: Int
    /// How many cells of the row were read: after a refusal, those before the cell at fault.
    package private(set) var cellsRead = 0
    /// Where nothing but line ends follows; looked for at the first blank line.
    private var endOfText: Int?

    /// Reads from byte `index`, which begins line `line`.
    package init(_ bytes: [UInt8], _ dialect: CSVDialect, at index: Int = 0, line: Int = 1) {
        self.bytes = bytes
        self.dialect = dialect
        self.index = index
        self.line = line
    }

    /// Passes so many lines unread.
    mutating func skipLines(_ count: Int) {
        for _ in 0..<count where index < bytes.count {
            index = (bytes[index...].firstIndex(of: 0x0A) ?? bytes.count - 1) + 1
            line += 1
        }
    }

    /// The next row; `nil` at the end, and where only blank lines are left.
    package mutating func next() throws(Refusal) -> CSVRecord? {
        guard index < bytes.count else { return nil }
        let record = try row()
        guard record.isBlank, bytes[record.start..<index].allSatisfy({ $0 == 0x0D || $0 == 0x0A }) else {
            return record
        }
        let end = endOfText ?? (bytes.lastIndex { $0 != 0x0D && $0 != 0x0A } ?? -1) + 1
        endOfText = end
        guard index >= end else { return record }
        index = bytes.count
        return nil
    }

    private mutating func row() throws(Refusal) -> CSVRecord {
        var record = CSVRecord(start: index, line: line)
        cellsRead = 0
        while true {
            let start = index
            let isQuoted = index < bytes.count && bytes[index] == dialect.quote
            let text = isQuoted ? try quotedCell() : try plainCell()
            record.cells.append(dialect.trims ? CSVRecordReader.trimmed(text) : text)
            record.starts.append(start)
            cellsRead += 1
            guard record.cells.count <= CSVRecordReader.maximumColumns else {
                throw Refusal(.row(record.start), "the row has more than \(CSVRecordReader.maximumColumns) cells")
            }
            guard index < bytes.count else { return record }
            let end = bytes[index]
            index += 1
            if end == dialect.delimiter { continue }
            if end == 0x0D { index += 1 }
            line += 1
            return record
        }
    }

    /// Whether a cell ends at `position`: at a delimiter, CRLF, LF or the end of the text.
    private func isEnd(_ position: Int) -> Bool {
        guard position < bytes.count else { return true }
        let byte = bytes[position]
        return byte == dialect.delimiter || byte == 0x0A
            || (byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A)
    }

    private mutating func plainCell() throws(Refusal) -> String {
        let start = index
        while !isEnd(index) {
            if bytes[index] == dialect.quote {
                throw Refusal(
                    .cell(start),
                    "a quote stands within a cell that does not begin with one: quote the whole cell and double the "
                        + "quotes in it, or set \"quote\": null in the mapping where quotes are ordinary text"
                )
            }
            if bytes[index] == 0x0D { throw Refusal(.cell(start), "a carriage return stands without a line feed") }
            index += 1
        }
        return try text(bytes[start..<index], of: start)
    }

    private mutating func quotedCell() throws(Refusal) -> String {
        let start = index
        let startLine = line
        var text: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == dialect.quote {
                if index < bytes.count, bytes[index] == byte {
                    index += 1
                } else {
                    guard isEnd(index) else {
                        throw Refusal(
                            .cell(start),
                            "text stands behind the closing quote: double a quote within a cell"
                        )
                    }
                    return try self.text(text[...], of: start)
                }
            } else if byte == 0x0A {
                line += 1
            }
            text.append(byte)
            if text.count > CSVRecordReader.maximumCellSize { break }
        }
        throw Refusal(
            .cell(start),
            "the quote that opens this cell on line \(startLine) is not closed within \(CSVRecordReader.maximumCellSize) bytes"
        )
    }

    private func text(_ utf8: ArraySlice<UInt8>, of start: Int) throws(Refusal) -> String {
        guard utf8.count <= CSVRecordReader.maximumCellSize else {
            throw Refusal(.cell(start), "the cell has more than \(CSVRecordReader.maximumCellSize) bytes")
        }
        return String(decoding: utf8, as: UTF8.self)
    }

    private static func trimmed(_ text: String) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let utf8 = text.utf8
        guard utf8.first.map(isSpace) == true || utf8.last.map(isSpace) == true else { return text }
        let head = utf8.drop(while: isSpace)
        let end = head.lastIndex { !isSpace($0) }.map { head.index(after: $0) } ?? head.startIndex
        return String(Substring(head[..<end]))
    }
}
