import EPCIS
import EPCISJSON
import GS1
import Testing

/// What is refused, where, and what the person who must mend it is told.
@Suite struct CSVRefusalTests {
    static let mapping = """
        {"mapping": 1, "number": {"grouping": ","}, "time": {"format": "yyyy/M/d H:mm", "offset": "+08:00"},
         "identifiers": {"as": "urn", "companyPrefixLength": 7},
         "events": [{"type": "ObjectEvent", "action": {"$choose": "{Do}", "from": {"new": "ADD", "seen": "OBSERVE"}},
          "eventTime": {"$time": "{Time}"}, "eventID": "urn:x:{No}-{Part}",
          "epcList": [{"$identifier": {"01": "{GTIN}", "21": "{Serial}"}}],
          "quantityList": [{"epcClass": "{Class}", "quantity": {"$number": "{Count}"}}],
          "readPoint": {"id": {"$identifier": {"414": "{GLN}"}, "as": "https://id.gs1.org"}},
          "ilmd": {"ex:date": {"$date": "{Date}", "format": "yyyy-MM-dd"}}}]}
        """
    static let header = "Do,Time,No,Part,GTIN,Serial,Class,Count,GLN,Date"
    static let row = ["new", "2026/3/1 8:05", "", "", "9506000134352", "A", "", "", "", ""]

    static func read(_ csv: String, _ mapping: String = mapping) throws -> [EPCISEvent] {
        var reader = try CSVEventReader(Array(csv.utf8), mapping: try CSVMapping(json: Array(mapping.utf8)))
        var events: [EPCISEvent] = []
        while let located = try reader.next() { events.append(located.event) }
        return events
    }

    @Test func `Empty cells leave their fields out`() throws {
        let event = try #require(try Self.read("\(Self.header)\r\n\(Self.row.joined(separator: ","))\r\n\r\n").first)
        #expect(event.epcList?.map(\.text) == ["urn:epc:id:sgtin:9506000.013435.A"])
        #expect(event.quantityList == nil && event.readPoint == nil && event.ilmd == nil && event.eventID == nil)
    }

    /// The column changed, its text, and what is said.
    static let cells: [(Int, String, String)] = [
        (0, "old", "\"old\" is none of \"new\", \"seen\": correct the cell, or add it to \"from\""),
        (1, "2026-03-01 08:05", "is no time of the form yyyy/M/d H:mm that exists"),
        (1, "2026/2/29 8:05", "that exists"),
        (1, "46082.3368", "a spreadsheet has written its day number; format the column as a date"),
        (1, "", "the event has no \"eventTime\": say when it happened"),
        (3, "7", "the cell is empty, and the value is made of it and others that are not"),
        (4, "9506000134359", "check digit"),
        (4, "9.50600E+12", "a spreadsheet has rounded the number; format the column as text"),
        (4, "950600013435", "check digit"),
        (4, "95060001343", "it has 11 digits, not 14; a spreadsheet may have dropped zeros at its front"),
        (4, " 9506000134352", "there is a space around it, which \"trim\": true"),
        (4, "", "the cell is empty"),
        (5, "A B", "is no value of (21)"),
        (5, "", "the cell is empty"),
        (7, "3", "an element of quantityList has no \"epcClass\""),
        (7, "1.5e3", "a spreadsheet has shortened it"),
        (7, "12,50", "is no decimal number"),
        (7, "3 kg", "is no decimal number"),
        (8, "9506000134351", "check digit of (414)"),
        (9, "2026-13-01", "is no date of the form yyyy-MM-dd that exists"),
    ]

    @Test(arguments: cells)
    func `A wrong cell`(column: Int, text: String, reason: String) {
        var row = Self.row
        row[column] = text.contains(",") ? "\"\(text)\"" : text
        let csv = "\(Self.header)\n\(Self.row.joined(separator: ","))\n\(row.joined(separator: ","))\n"
        let error = #expect(throws: CSVError.self) { try Self.read(csv) }
        // The empty part of a value is the cell to fill, and so is the one that would have been the missing field.
        let place = [3: 2, 7: text == "3" ? 6 : 7][column] ?? column
        let name = Self.header.split(separator: ",")[place]
        #expect(error?.place == .cell(line: 3, column: place + 1, name: String(name)), "\(error?.description ?? "")")
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    }

    /// A table, and all or the beginning of what is said about it.
    static let tables: [(String, String)] = [
        ("a,b\n1,2\n3\n", "line 3: 2 cells are expected and the row has 1: a delimiter is missing or too many"),
        ("a,b\n1,2\n\n3,4\n", "line 3: 2 cells are expected and the row has 1"),
        ("a,b\n1,2,3\n", "line 2: 2 cells are expected and the row has 3"),
        ("a,b\n\"x\ny\",2\n1,2\"3\"\n", "line 4, column 2 (b): a quote stands within a cell"),
        ("a,b\n1,\"2\"3\n", "line 2, column 2 (b): text stands behind the closing quote"),
        ("a,b\n1,\"2\n3,4\n", "line 2, column 2 (b): the quote that opens this cell on line 2 is not closed"),
        ("a,b\r1,2\r", "line 1, column 2: a carriage return stands without a line feed"),
        ("a,b\n1,2\u{0}\n", "line 2, column 2: there is a zero byte"),
        ("", "the file has no header row"),
        ("b,c\n1,2\n", "line 1: there is no column \"a\", which the mapping takes; there are \"b\", \"c\""),
        ("a,b,a\n1,2,3\n", "line 1: columns 1 and 3 are both called \"a\", which the mapping takes: rename one"),
        ("a,b\n,\n", "line 2: all cells of the event are empty"),
        ("a,b\nx,2026-03-01T08:00:00Z\nx,y\n", "line 3, column 2 (b): \"eventTime\" is not a time"),
    ]

    static let small = """
        {"mapping": 1, "events": [{"type": "ObjectEvent", "eventTime": "{b}", "ex:a": "{a}"}]}
        """

    static let plain = small.replacing("\"{b}\"", with: "\"2026-03-01T08:00:00Z\", \"ex:b\": \"{b}\"")

    @Test(arguments: tables)
    func `A wrong table`(csv: String, description: String) {
        let error = #expect(throws: CSVError.self) {
            try Self.read(csv, csv.contains("2026") ? Self.small : Self.plain)
        }
        #expect(error?.description.hasPrefix(description) == true, "\(error?.description ?? "")")
    }

    /// Bytes, and a part of what is said.
    static let files: [([UInt8], String)] = [
        ([0xFF, 0xFE, 0x61, 0], "this is text in UTF-16, not CSV in UTF-8: in Excel save it as \"CSV UTF-8"),
        (Array("PK".utf8) + [3, 4, 20], "this is an Excel workbook (.xlsx)"),
        // "批次" in GB18030.
        (Array("a,b\n1,".utf8) + [0xC5, 0xFA, 0xB4, 0xCE], "iconv -f GB18030 -t UTF-8 IN.csv > OUT.csv"),
        (Array("a,b\n1,M".utf8) + [0xFC] + Array("ller\n".utf8), "iconv -f WINDOWS-1252"),
    ]

    @Test(arguments: files)
    func `A file that is no UTF-8`(bytes: [UInt8], reason: String) throws {
        let mapping = try CSVMapping(json: Array(Self.small.utf8))
        let error = #expect(throws: CSVError.self) { _ = try CSVEventReader(bytes, mapping: mapping) }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
        if bytes[0] == 0x61 { #expect(error?.place == .cell(line: 2, column: 2, name: nil)) }
    }

    /// What replaces `EVENT` in a mapping, the column of the mapping's second line at which it is refused, and what is said.
    static let mappings: [(String, Int, String)] = [
        ("\"eventTime\": {\"$tme\": \"{b}\"}", 23, "\"$tme\" is unknown: there are $text, $number, $time"),
        ("\"eventTime\": {\"$time\": \"{b}\"}", 14, "say how the cell is written: \"format\""),
        (
            "\"eventTime\": {\"$time\": \"{b}\", \"format\": \"yyyy-MM-dd\"}", 41,
            "\"format\" has no HH: nothing is guessed"
        ),
        ("\"eventTime\": {\"$time\": \"{b}\", \"format\": \"yy\"}", 41, "yy is unknown"),
        ("\"eventTime\": {\"$time\": \"{b}\", \"format\": \"yyyyMMdd HHmm\"}", 14, "give the local offset once"),
        ("\"eventTime\": {\"$time\": \"b\"}", 24, "must be text with a column in braces such as {Weight}"),
        ("\"eventTime\": \"{b\"", 14, "a brace stands alone"),
        ("\"ex:n\": {\"$number\": \"{b}\", \"decimals\": \",\"}", 40, "$number has no member \"decimals\""),
        ("\"ex:n\": {\"$number\": \"{b}\", \"decimal\": \";\"}", 39, "\"decimal\" must be one of the characters"),
        ("\"ex:i\": {\"$identifier\": {\"01\": \"{b}\"}}", 9, "say how identifiers are written"),
        ("\"ex:i\": {\"$identifier\": {\"01\": \"{b}\"}, \"as\": \"urn\"}", 46, "needs the length of the GS1 company"),
        (
            "\"ex:i\": {\"$identifier\": {\"GTIN\": \"{b}\"}, \"as\": \"urn\"}", 34,
            "\"GTIN\" is no application identifier"
        ),
        ("\"ex:i\": {\"$choose\": \"{b}\"}", 9, "$choose has no \"from\""),
        ("\"ex:i\": {\"$text\": \"{b}\", \"take\": \"any\"}", 34, "\"take\" must be same, first or last"),
        ("\"ex:i\": {\"$by\": [\"b\"], \"ex:j\": \"{b}\"}", 9, "$by belongs to an event or to an item of an array"),
        ("\"@context\": {}, \"ex:i\": \"{b}\"", 13, "\"@context\" belongs beside \"events\""),
        ("\"ex:i\": \"b\"", 1, "the event takes nothing from the CSV"),
    ]

    @Test(arguments: mappings)
    func `A wrong mapping`(event: String, column: Int, reason: String) {
        let text = "{\"mapping\": 1, \"events\": [{\n\(event)}]}"
        let error = #expect(throws: JSONError.self) { try CSVMapping(json: Array(text.utf8)) }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
        let isWhole = reason.hasPrefix("the event takes")
        #expect(error?.position == JSONPosition(line: isWhole ? 1 : 2, column: isWhole ? 27 : column))
    }

    @Test func `A constant that EPCIS does not allow is the mapping's fault`() {
        let mapping = Self.small.replacing("\"ex:a\"", with: "\"action\": \"MOVE\", \"ex:a\"")
        let error = #expect(throws: CSVError.self) { try Self.read("a,b\n1,2026-03-01T08:00:00Z\n", mapping) }
        #expect(error?.place == .mapping(JSONPosition(line: 1, column: 81)), "\(error?.description ?? "")")
    }
}
