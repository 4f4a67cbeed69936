import EPCIS
import GS1
import Testing

@Suite("What an event names")
struct ObjectsTests {
    private func event(_ change: (inout EPCISEvent) -> Void) throws -> EPCISEvent {
        let time = try #require(Timestamp("2026-03-01T08:00:00Z"))
        let offset = try #require(TimeZoneOffset("+08:00"))
        var event = EPCISEvent(kind: .object, eventTime: time, eventTimeZoneOffset: offset)
        change(&event)
        return event
    }

    @Test(arguments: [
        "urn:epc:id:sgtin:9521101.053001.1", "(01)09521101530018(21)1", "https://id.gs1.org/01/09521101530018/21/1",
        "https://example.com/x/01/09521101530018/21/1",
    ])
    func everySpellingIsTheSameObject(_ spelling: String) throws {
        let event = try event { $0.epcList = [Identifier("urn:epc:id:sgtin:9521101.053001.1")] }
        #expect(event.names(Identifier(spelling)))
        #expect(try !self.event { $0.epcList = [] }.names(Identifier(spelling)))
    }

    @Test(arguments: ["(01)09521101530018", "(01)09521101530018(21)2", "urn:x", "", "(01)"])
    func aClassIsNotItsInstanceAndOthersAreOthers(_ other: String) throws {
        let event = try event { $0.epcList = [Identifier("urn:epc:id:sgtin:9521101.053001.1"), Identifier("urn:y")] }
        #expect(!event.names(Identifier(other)))
    }

    @Test func everyFieldCounts() throws {
        let all = (0..<9).map { Identifier("urn:x:\($0)") }
        let event = try event { event in
            event.parentID = all[0]
            (event.epcList, event.childEPCs) = ([all[1]], [all[2]])
            (event.inputEPCList, event.outputEPCList) = ([all[3]], [all[4]])
            (event.quantityList, event.childQuantityList) = ([.init(epcClass: all[5])], [.init(epcClass: all[6])])
            (event.inputQuantityList, event.outputQuantityList) = ([.init(epcClass: all[7])], [.init(epcClass: all[8])])
        }
        #expect(event.objects == all)
    }
}
