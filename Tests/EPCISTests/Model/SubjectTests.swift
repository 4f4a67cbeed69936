import EPCIS
import GS1
import Testing

@Suite struct SubjectTests {
    static func event(_ kind: EPCISEvent.Kind) -> EPCISEvent {
        EPCISEvent(
            kind: kind,
            eventTime: known(Timestamp("2026-03-01T08:00:00.000+08:00")),
            eventTimeZoneOffset: known(TimeZoneOffset("+08:00"))
        )
    }

    static func subject(_ epcs: String...) -> String {
        var event = event(.object)
        event.epcList = epcs.map { Identifier($0) }
        return event.subject
    }

    @Test func objectsAreNamedByInstanceClassOrFirst() {
        let item = "urn:epc:id:sgtin:4012345.011111.9876"
        #expect(SubjectTests.subject(item) == "(01)04012345111118(21)9876")
        #expect(SubjectTests.subject(item, item) == "(01)04012345111118(21)9876")
        #expect(SubjectTests.subject(item, "urn:epc:id:sgtin:4012345.011111.9877") == "(01)04012345111118")
        #expect(SubjectTests.subject(item, "urn:epc:id:sscc:4012345.0111111111") == "(01)04012345111118")
        let lot = "https://id.gs1.org/01/04012345111118/10/L1/21/"
        #expect(SubjectTests.subject(lot + "1", lot + "2") == "(01)04012345111118(10)L1")
        #expect(
            SubjectTests.subject(lot + "1", "https://id.gs1.org/01/04012345111118/10/L2/21/1") == "(01)04012345111118"
        )
        #expect(SubjectTests.subject("urn:epc:id:sscc:4012345.3111111111") == "(00)340123451111111111")
        #expect(SubjectTests.subject("https://trace.example/1", "https://trace.example/2") == "https://trace.example/1")
    }

    @Test func eachTypeHasItsPrimaryObject() {
        var event = SubjectTests.event(.aggregation)
        event.childEPCs = [Identifier("urn:epc:id:sgtin:4012345.011111.9876")]
        #expect(event.subject == "(01)04012345111118(21)9876")
        event.parentID = Identifier("urn:epc:id:grai:4012345.00022.334455")
        #expect(event.subject == "(8003)04012345000221334455")
        event.kind = .object
        event.quantityList = [QuantityElement(epcClass: Identifier("urn:epc:class:lgtin:4054739.099914.20160711"))]
        #expect(event.subject == "(01)04054739999148(10)20160711")
        event.kind = .transformation
        event.transformationID = Identifier("urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8")
        #expect(event.subject == "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8")
        event.outputQuantityList = event.quantityList
        #expect(event.subject == "(01)04054739999148(10)20160711")
    }

    @Test func withoutObjectsThePlaceThenTheEvent() {
        var event = SubjectTests.event(.object)
        #expect(event.subject == "-")
        event.eventID = "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"
        #expect(event.subject == "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8")
        event.epcList = []
        event.readPoint = Location(Identifier("urn:epc:id:sgln:4012345.00005.0"))
        #expect(event.subject == "(414)4012345000054")
    }
}
