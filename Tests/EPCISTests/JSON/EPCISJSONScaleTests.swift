import EPCIS
import EPCISJSON
import Testing

/// A document of the size that a shift of a packing line makes.
@Suite struct EPCISJSONScaleTests {
    @Test func `Ten thousand events come in and go out with their places`() throws {
        let one = """
            {"type":"ObjectEvent","action":"OBSERVE","bizStep":"shipping","eventTime":"2026-03-01T08:00:00Z",
            "eventTimeZoneOffset":"+08:00","epcList":["urn:epc:id:sgtin:0614141.107346.2017"],"ex:line":7}
            """
        let events = repeatElement(one, count: 10_000).joined(separator: ",\n")
        let text = """
            {"@context":{"ex":"https://ex.example/"},"type":"EPCISDocument","creationDate":"2026-03-01T08:00:00Z",
            "epcisBody":{"eventList":[
            \(events)]}}
            """
        let document = try EPCISDocument(json: Array(text.utf8))
        #expect(document.events.count == 10_000)
        #expect(document.events.last?.pointer == "/epcisBody/eventList/9999")
        #expect(document.events.last?.line == 3 + 2 * 9999)
        #expect(document.events.last?.event.namespaces.map(\.prefix) == ["ex"])

        let date = try #require(document.creationDate)
        let written = DocumentWriter.document(document.events.map(\.event), creationDate: date).serialized()
        #expect(try EPCISDocument(json: written).events.last?.event == document.events.last?.event)
    }
}
