import EPCIS
import EPCISJSON
import GS1
import Testing

/// How several rows become one event.
@Suite struct CSVGroupTests {
    private func mapping(_ event: String) -> String {
        """
        {"mapping": 1, "@context": {"ex": "https://ex.example/"}, "events": [{"$by": ["Box"], "type": "ObjectEvent",
        "eventTime": "2026-03-01T08:00:00+08:00", \(event)}]}
        """
    }
    private let csv = "Box,Item,Order,kg\n1,a,X,1.0\n2,b,X,2.0\n1,c,X,1.0\n1,d,Y,\n"

    private func read(_ event: String, _ csv: String? = nil) throws -> [JSONValue] {
        try CSVRefusalTests.read(csv ?? self.csv, mapping(event)).map { JSONValue($0) }
    }
    private func text(_ value: JSONValue?) -> String {
        value.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? ""
    }

    @Test func `Rows with the same cells are one event, wherever they stand`() throws {
        let events = try read("\"epcList\": [\"urn:x:{Item}\"]")
        #expect(events.map { text($0["epcList"]) } == [#"["urn:x:a","urn:x:c","urn:x:d"]"#, #"["urn:x:b"]"#])
    }

    @Test func `Items of an array are rows, or the groups of their own $by`() throws {
        let item = #"{"type": "po", "bizTransaction": "urn:x:{Order}""#
        let each = try read("\"bizTransactionList\": [\(item)}]")
        #expect(text(each.first?["bizTransactionList"]).split(separator: "bizTransaction").count == 4)
        let grouped = try read("\"bizTransactionList\": [\(item), \"$by\": [\"Order\"]}]")
        #expect(
            text(grouped.first?["bizTransactionList"])
                == #"[{"type":"po","bizTransaction":"urn:x:X"},{"type":"po","bizTransaction":"urn:x:Y"}]"#
        )
    }

    @Test func `Equal quantities of two rows are two quantities`() throws {
        let events = try read(#""ex:list": [{"ex:kg": {"$number": "{kg}"}}]"#)
        #expect(text(events.first?["ex:list"]) == #"[{"ex:kg":1.0},{"ex:kg":1.0}]"#)
    }

    @Test func `Outside arrays the rows must agree, or the mapping chooses`() throws {
        let error = #expect(throws: CSVError.self) { try read("\"ex:order\": \"{Order}\"") }
        #expect(error?.place == .cell(line: 5, column: 3, name: "Order"))
        #expect(error?.reason.contains("\"take\": \"first\"") == true)
        for (take, order) in [("first", "X"), ("last", "Y")] {
            let events = try read("\"ex:order\": {\"$text\": \"{Order}\", \"take\": \"\(take)\"}")
            #expect(text(events.first?["ex:order"]) == "\"\(order)\"")
        }
        // Empty cells do not disagree.
        #expect(text(try read("\"ex:kg\": \"{kg}\"").first?["ex:kg"]) == "\"1.0\"")
    }

    @Test func `An object packed twice is refused`() throws {
        let event = #""epcList": [{"$identifier": {"8004": "9506000{Item}"}, "as": "https://id.gs1.org"}]"#
        _ = try read(event)
        let error = #expect(throws: CSVError.self) { try read(event, csv + "1,a,X,1\n") }
        #expect(error?.place == .cell(line: 6, column: 2, name: "Item"))
        #expect(error?.reason.contains("stands in this event already") == true)
    }

    @Test func `Rows without the key are refused, or left out by $when and counted`() throws {
        let error = #expect(throws: CSVError.self) { try read("\"ex:i\": [\"{Item}\"]", csv + ",total,,4.0\n") }
        #expect(error?.place == .cell(line: 6, column: 1, name: "Box"))
        let mapping = try CSVMapping(json: Array(mapping("\"$when\": \"Box\", \"ex:i\": [\"{Item}\"]").utf8))
        var reader = try CSVEventReader(Array((csv + ",total,,4.0\n").utf8), mapping: mapping)
        while try reader.next() != nil {}
        #expect(reader.rowsLeftOut == 1)
        #expect(reader.firstLineLeftOut == 6)
        #expect(reader.warnings.count == 2)
    }

    @Test func `A row for which an event has no part is counted`() throws {
        let lists = ["1.0", "2.0"].map { "\"ex:\($0)\": [{\"$when\": {\"kg\": \"\($0)\"}, \"ex:i\": \"{Item}\"}]" }
        let mapping = try CSVMapping(json: Array(mapping(lists.joined(separator: ",")).utf8))
        var reader = try CSVEventReader(Array(csv.utf8), mapping: mapping)
        while try reader.next() != nil {}
        #expect(reader.rowsLeftOut == 1)
        #expect(reader.firstLineLeftOut == 5)
    }

    @Test func `Names without a header, lines to skip, other separators, spaces`() throws {
        let mapping = """
            {"mapping": 1, "ignore": ["rest"],
             "csv": {"header": false, "columns": ["id", "rest"], "skipLines": 2, "delimiter": "|", "quote": "'", "trim": true},
             "events": [{"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00Z", "epcList": ["{id}"],
                         "ex:brace": "{{{id}}}"}]}
            """
        let event = try #require(try CSVRefusalTests.read("Report\n\n  urn:x:1\t|'it''s'\n", mapping).first)
        #expect(event.epcList?.map(\.text) == ["urn:x:1"])
        #expect(event.extensions == [Field("ex:brace", .text("{urn:x:1}"))])
        #expect(event.eventTimeZoneOffset.text == "+00:00")
    }
}
