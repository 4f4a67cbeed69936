internal import EPCIS
internal import GS1

/// How the columns of a CSV file become EPCIS events: read from a mapping file (`Docs/CSV.md`).
///
/// ```swift
/// let mapping = try CSVMapping(json: mappingFile)
/// var reader = try CSVEventReader(csvFile, mapping: mapping)
/// while let located = try reader.next() { print(located.line, located.event.eventTime.text) }
/// ```
public struct CSVMapping: Sendable {
    /// A column that the mapping names.
    struct Column: Sendable {
        let name: String
        /// The byte of the mapping at which it is named first.
        let offset: Int
    }

    /// The mapping file, for places of errors.
    let bytes: [UInt8]
    private(set) var dialect = CSVDialect()
    /// Lines before the header, or before the first row.
    private(set) var skippedLines = 0
    /// The names of the columns; `nil` where the file's first row has them.
    private(set) var columnNames: [String]?
    /// Columns that are left out on purpose.
    private(set) var ignored: [String] = []
    /// The columns in use; ``CSVTemplate`` names them by their place here.
    private(set) var columns: [Column] = []
    private(set) var events: [CSVTemplate] = []
    private(set) var context = Context()

    /// Reads a mapping file.
    /// - Throws: `JSONError` where it is no JSON, has an unknown member, or a value that a mapping may not have there.
    public init(json bytes: [UInt8]) throws(JSONError) {
        self.bytes = bytes
        let root = try JSONValue(parsing: bytes)
        do { try read(root) } catch {
            throw JSONError(
                at: JSONPosition(ofByte: error.offset, in: bytes),
                pointer: root.pointer(toByte: error.offset),
                error.reason
            )
        }
    }

    private mutating func read(_ root: JSONValue) throws(Refusal) {
        let version = try root.required("mapping", of: "the mapping", "write \"mapping\": 1")
        guard try version.number("mapping").text.isExactly("1") else {
            throw Refusal(version.offset, "this is a mapping of another version: 1 is known here")
        }
        try root.checkNames(
            "the mapping",
            ["mapping", "csv", "identifiers", "time", "number", "@context", "ignore", "events"]
        )
        if let csv = root["csv"] { try read(csv: csv) }
        ignored = try root["ignore"]?.strings("ignore") ?? []
        try context.add(contextOf: root)
        let list = try root.required("events", of: "the mapping", "describe at least one event")
        guard case .array(let items) = list.content, !items.isEmpty else {
            throw list.wrong("events", mustBe: "an array of at least one event")
        }
        var compiler = try CSVTemplateCompiler(root)
        for item in items { events.append(try compiler.event(item)) }
        columns = compiler.columns
        if let named = columnNames, let stranger = columns.first(where: { !named.contains($0.name) }) {
            throw Refusal(stranger.offset, "\"columns\" has no column \"\(stranger.name)\"")
        }
    }

    private mutating func read(csv: JSONValue) throws(Refusal) {
        try csv.checkNames("csv", ["encoding", "delimiter", "quote", "header", "columns", "skipLines", "trim"])
        if let encoding = csv["encoding"], !(try encoding.string("encoding").isExactly("UTF-8")) {
            throw Refusal(encoding.offset, "only UTF-8 is read: convert the file first, e.g. iconv -f GB18030 -t UTF-8")
        }
        if let delimiter = try csv["delimiter"]?.separator("delimiter") { dialect.delimiter = delimiter }
        if let quote = csv["quote"] {
            if case .null = quote.content { dialect.quote = nil } else { dialect.quote = try quote.separator("quote") }
        }
        if dialect.quote == dialect.delimiter { throw Refusal(csv.offset, "delimiter and quote are the same") }
        dialect.trims = try csv["trim"]?.boolean("trim") ?? false
        if let lines = csv["skipLines"] {
            guard let count = Int(try lines.number("skipLines").text), (0...1000).contains(count) else {
                throw lines.wrong("skipLines", mustBe: "a whole number from 0 to 1000")
            }
            skippedLines = count
        }
        columnNames = try csv["columns"]?.strings("columns")
        if let header = csv["header"], try header.boolean("header") == (columnNames != nil) {
            throw Refusal(
                header.offset,
                "give \"columns\" with the names of all columns where the file has no header row, and only there"
            )
        }
    }
}

extension JSONValue {
    /// Refuses members of an object that nobody reads: a slip in a name must not silently change a mapping.
    func checkNames(_ field: String, _ names: [String]) throws(Refusal) {
        for member in try members(field) where !names.contains(where: { $0.isExactly(member.name) }) {
            throw Refusal(
                member.value.offset,
                "\(field) has no member \"\(member.name)\"; it may have \(names.joined(separator: ", "))"
            )
        }
    }

    /// One ASCII character that is no letter, digit or line end.
    fileprivate func separator(_ field: String) throws(Refusal) -> UInt8 {
        let text = try string(field).utf8
        guard text.count == 1, let byte = text.first, byte == 0x09 || (0x20...0x7E).contains(byte),
            !Unicode.Scalar(byte).properties.isAlphabetic, !(0x30...0x39).contains(byte)
        else { throw wrong(field, mustBe: "one ASCII character such as \",\" \";\" or \"\\t\"") }
        return byte
    }
}
