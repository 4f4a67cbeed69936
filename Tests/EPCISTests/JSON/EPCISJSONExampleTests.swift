import EPCIS
import EPCISJSON
import Testing

/// How events come in from JSON and go out again.
@Suite struct EPCISJSONExampleTests {
    static let shipping = """
        {
          "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            { "farm": "https://farm.example/terms/", "mill": "https://mill.example/terms/" }
          ],
          "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T09:00:00Z",
          "epcisBody": { "eventList": [
            {
              "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
              "eventTime": "2026-03-01T08:00:00.000+08:00", "eventTimeZoneOffset": "+08:00",
              "quantityList": [{ "epcClass": "https://id.gs1.org/01/09506000134352/10/A1", "quantity": 452.0, "uom": "KGM" }],
              "farm:moisture": 13.50
            }
          ] }
        }
        """

    @Test func `An event keeps every digit, its place and the namespaces it uses`() throws {
        let document = try EPCISDocument(json: Array(Self.shipping.utf8))
        #expect(document.kind == .document)
        #expect(document.schemaVersion == "2.0")
        #expect(document.creationDate?.text == "2026-03-01T09:00:00Z")

        let located = try #require(document.events.first)
        #expect(located.pointer == "/epcisBody/eventList/0")
        #expect(located.line == 8)
        #expect(located.event.kind == .object)
        #expect(located.event.bizStep == Term("shipping"))
        #expect(located.event.quantityList?.first?.quantity?.text == "452.0")
        #expect(located.event.extensions.map(\.name) == ["farm:moisture"])
        #expect(located.event.namespaces == [Namespace(prefix: "farm", uri: "https://farm.example/terms/")])
    }

    @Test func `A document of events reads back as the same events`() throws {
        let events = try EPCISDocument(json: Array(Self.shipping.utf8)).events.map(\.event)
        let date = try #require(Timestamp("2026-03-02T00:00:00Z"))
        let bytes = DocumentWriter.document(events, creationDate: date).serialized(.pretty)
        #expect(try EPCISDocument(json: bytes).events.map(\.event) == events)
    }

    @Test func `What is wrong is named with place, field and remedy`() throws {
        let wrong = Self.shipping.replacing("\"quantity\": 452.0", with: "\"quantity\": \"452.0\"")
        let error = #expect(throws: JSONError.self) { try EPCISDocument(json: Array(wrong.utf8)) }
        #expect(
            error?.description
                == "line 11, column 96, /epcisBody/eventList/0/quantityList/0/quantity: "
                + "\"quantity\" must be a number, not a string: write it without quotes"
        )
    }

    @Test func `Two objects are compared by what they say`() throws {
        let left = try JSONValue(parsing: Array(#"{"@context":"x","a":[1.0,"é"],"b":{"c":null,"d":true}}"#.utf8))
        let same = try JSONValue(parsing: Array(#"{"b":{"d":true,"c":null},"a":[1.0,"\u00e9"]}"#.utf8))
        let other = try JSONValue(parsing: Array(#"{"b":{"d":true,"c":null},"a":[1,"é"]}"#.utf8))
        #expect(left.firstDifference(from: same) == nil)
        #expect(left.firstDifference(from: other) == "/a/0")
    }
}
