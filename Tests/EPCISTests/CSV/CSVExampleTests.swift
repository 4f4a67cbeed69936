import EPCIS
import EPCISJSON
import Foundation
import GS1
import TestSupport
import Testing

/// How a CSV file and a mapping file become events; the documented examples of `Docs/Examples/csv`.
@Suite struct CSVExampleTests {
    static let mapping = """
        {
          "mapping": 1,
          "csv": { "delimiter": ";" },
          "number": { "decimal": "," },
          "events": [
            {
              "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "receiving",
              "eventTime": { "$time": "{Arrived}", "format": "dd.MM.yyyy HH:mm", "offset": "+08:00" },
              "quantityList": [
                {
                  "epcClass": { "$identifier": { "01": "{GTIN}", "10": "{Lot}" }, "as": "https://id.gs1.org" },
                  "quantity": { "$number": "{kg}" }, "uom": "KGM"
                }
              ]
            }
          ]
        }
        """

    @Test func `A row is an event`() throws {
        let csv = """
            Arrived;GTIN;Lot;kg;Driver
            01.03.2026 08:00;9506000134352;A1;452,0;Li
            """
        let mapping = try CSVMapping(json: Array(Self.mapping.utf8))
        var reader = try CSVEventReader(Array(csv.utf8), mapping: mapping)
        let located = try #require(try reader.next())
        #expect(located.line == 2)
        #expect(located.event.eventTime.text == "2026-03-01T08:00:00+08:00")
        #expect(located.event.eventTimeZoneOffset.text == "+08:00")
        let milk = try #require(located.event.quantityList?.first)
        #expect(milk.epcClass.text == "https://id.gs1.org/01/09506000134352/10/A1")
        #expect(milk.quantity?.text == "452.0")
        let end = try reader.next()
        #expect(end == nil)

        // Nothing is dropped in silence.
        #expect(
            reader.warnings.map(\.description)
                == ["column 5, \"Driver\", is not in the mapping and left out: use it, or name it in \"ignore\""]
        )
    }

    @Test func `What is wrong is named by line, column and remedy`() throws {
        let csv = """
            Arrived;GTIN;Lot;kg
            01.03.2026 08:00;9506000134352;A1;452,0
            01.03.2026 08:10;9506000134359;A2;17,5
            """
        let mapping = try CSVMapping(json: Array(Self.mapping.utf8))
        var reader = try CSVEventReader(Array(csv.utf8), mapping: mapping)
        _ = try reader.next()
        let error = #expect(throws: CSVError.self) { _ = try reader.next() }
        #expect(error?.place == .cell(line: 3, column: 2, name: "GTIN"))
        #expect(
            error?.description
                == "line 3, column 2 (GTIN): the check digit of (01) \"9506000134359\" is wrong: 2 would fit the other "
                + "digits; look the number up, one of its digits is mistyped"
        )
    }

    /// Name and number of rows that no event took.
    @Test(arguments: ["cutting", "packing", "temperatures"])
    func `The documented examples give their golden events`(_ name: String) throws {
        let folder = Vectors.packageRoot.appending(path: "Docs/Examples/csv")
        let mapping = try CSVMapping(
            json: [UInt8](try Data(contentsOf: folder.appending(path: "\(name).mapping.json")))
        )
        let csv = [UInt8](try Data(contentsOf: folder.appending(path: "\(name).csv")))
        var reader = try CSVEventReader(csv, mapping: mapping)
        var events: [EPCISEvent] = []
        while let located = try reader.next() { events.append(located.event) }
        #expect(reader.warnings == [])
        #expect(reader.rowsLeftOut == 0)

        let date = try #require(Timestamp("2026-09-20T00:00:00+08:00"))
        let json = DocumentWriter.document(events, creationDate: date).serialized(.pretty)
        let golden = Vectors.packageRoot.appending(path: "Tests/Goldens/csv/\(name).json")
        if ProcessInfo.processInfo.environment["TRACE_GOLDENS"] != nil { try Data(json).write(to: golden) }
        #expect(try String(contentsOf: golden, encoding: .utf8) == String(decoding: json, as: UTF8.self))
        #expect(try EPCISDocument(json: json).events.map(\.event) == events)
        for event in events { #expect(throws: Never.self) { _ = try event.payload() } }
    }
}
