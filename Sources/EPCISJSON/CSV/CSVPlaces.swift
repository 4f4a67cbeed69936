/// Works out, for an error that leaves the module, the line, column and name of the cell at fault.
struct CSVPlaces: Sendable {
    private let csv: [UInt8]
    private let mapping: CSVMapping
    var names: [String] = []

    init(_ csv: [UInt8], _ mapping: CSVMapping) {
        self.csv = csv
        self.mapping = mapping
    }

    /// O(size of the file): for the one error that ends the reading.
    func error(_ refusal: Refusal) -> CSVError {
        let place: CSVError.Place =
            switch CSVPlace(code: refusal.offset) {
            case .file: .file
            case .mapping(let offset): .mapping(JSONPosition(ofByte: offset, in: mapping.bytes))
            case .row(let offset): .row(line: line(of: offset))
            case .cell(let offset): cell(at: offset)
            }
        return CSVError(place, refusal.reason)
    }

    private func line(of offset: Int) -> Int { csv.prefix(offset).count { $0 == 0x0A } + 1 }

    private func cell(at offset: Int) -> CSVError.Place {
        var reader = CSVRecordReader(csv, mapping.dialect, at: csv.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        reader.skipLines(mapping.skippedLines)
        var column = 0
        var isHeader = mapping.columnNames == nil
        do {
            while let record = try reader.next() {
                guard reader.index <= offset, reader.index < csv.count else {
                    column = (record.starts.lastIndex { $0 <= offset } ?? 0)
                    break
                }
                isHeader = false
            }
        } catch {
            column = reader.cellsRead
        }
        let name = !isHeader && names.indices.contains(column) ? names[column] : nil
        return .cell(line: line(of: offset), column: column + 1, name: name)
    }
}
