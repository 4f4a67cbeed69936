import EPCIS
import EPCISJSON
import TestSupport
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

    @Test func `Arbitrary events are written as JSON that reads back, nested as deep as a text may be`() throws {
        forAll(500) { random in
            var generator = EventGenerator(random)
            var event = generator.event()
            let levels = Int.random(in: 0..<JSONValue.maximumDepth, using: &random)
            let value = (0..<levels).reduce(FieldValue.null) { value, level in
                level.isMultiple(of: 2) ? .list([value]) : .fields([Field("ex:in", value)])
            }
            // The event's own object is one level.
            event.extensions = [Field("ex:deep", value)]
            let written = JSONValue(event)
            let read = try JSONValue(parsing: written.serialized())
            if let place = read.firstDifference(from: written) { throw Falsified("differs at \(place)") }
        }
    }
}
