import EPCIS
import EPCISJSON
import Testing

/// What a newcomer does with the CBV 2.0 event hash.
@Suite struct EventHashExampleTests {
    /// The first event of a JSON text.
    static func event(_ json: String) throws -> EPCISEvent {
        try #require(try EPCISDocument(json: Array(json.utf8)).events.first).event
    }

    /// An ObjectEvent with further members.
    static func object(_ members: String) throws -> EPCISEvent {
        try event(
            """
            {"@context":{"ex":"https://ns.example.com/"},"type":"ObjectEvent","action":"OBSERVE",
            "eventTime":"2026-03-01T08:00:00+08:00","eventTimeZoneOffset":"+08:00",\(members)}
            """
        )
    }

    static func preHash(_ event: EPCISEvent) -> String { String(decoding: EventHash(of: event).preHash, as: UTF8.self) }

    /// The pre-hash behind what all events of ``object(_:)`` begin with.
    static func tail(_ members: String) throws -> String {
        let text = preHash(try object(members))
        let start = "eventType=ObjectEventeventTime=2026-03-01T00:00:00.000ZeventTimeZoneOffset=+08:00action=OBSERVE"
        try #require(text.hasPrefix(start), "\(text)")
        return String(text.dropFirst(start.count))
    }

    @Test func `An event has one hash, whatever its spelling`() throws {
        let event = try Self.object(#""epcList":["urn:epc:id:sgtin:9521101.053001.7"],"bizStep":"shipping""#)
        let other = try Self.event(
            """
            {"bizStep":"cbv:BizStep-shipping","eventTimeZoneOffset":"+08:00","eventTime":"2026-03-01T00:00:00.0Z",
            "epcList":["https://shop.example/01/09521101530018/10/LOT/21/7?17=271231"],"action":"OBSERVE",
            "recordTime":"2026-03-02T00:00:00Z","eventID":"urn:x:1","type":"ObjectEvent"}
            """
        )
        #expect(
            Self.preHash(event)
                == "eventType=ObjectEventeventTime=2026-03-01T00:00:00.000ZeventTimeZoneOffset=+08:00epcList"
                + "epc=https://id.gs1.org/01/09521101530018/21/7action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-shipping"
        )
        #expect(
            event.hashID()
                == "ni:///sha-256;7e991d2b9a92520d0b2cfb395512d54f3b6524726286c88700007b23e5206ffe?ver=CBV2.0"
        )
        #expect(other.hashID() == event.hashID())
        #expect(EventHash(of: event).ambiguities.isEmpty)
        #expect(event.eventIDOrHash == event.hashID() && other.eventIDOrHash == "urn:x:1")
    }

    @Test func `It is no integrity check: two events with one hash`() throws {
        let two = try Self.object(#""ex:a":"1","ex:b":"2""#)
        let one = try Self.object(#""ex:a":"1{https://ns.example.com/}b=2""#)
        #expect(two != one)
        #expect(two.hashID() == one.hashID())
        var declaredWrong = two
        declaredWrong.errorDeclaration = ErrorDeclaration(declarationTime: two.eventTime)
        #expect(declaredWrong.hashID() == two.hashID())
    }

    @Test func `What is open to reading is told`() throws {
        let event = try Self.object(
            """
            "parentID":"urn:epc:id:sscc:9521102.0000026081","epcList":["urn:epc:id:sgtin:9521101.053001.7"],
            "certificationInfo":"https://a.example/1","ex:code":"0012","no:prefix":"Infinity"
            """
        )
        let found = EventHash(of: event).ambiguities.map { "\($0.field): \($0.reason.code)" }
        #expect(
            found == [
                "parentID: parent-beside-epcs", "certificationInfo: certification-info", "ex:code: numeric-text",
                "no:prefix: undeclared-prefix", "no:prefix: infinity",
            ]
        )
        #expect(Self.preHash(event).contains("epcListepc=https://id.gs1.org/01/09521101530018/21/7parentID=https://"))
    }

    @Test func `Fields can be left out by either name`() throws {
        let event = try Self.object(#""ex:hash":"x","ex:kept":"y","bizStep":"shipping""#)
        let without = try Self.object(#""ex:kept":"y""#)
        for name in ["ex:hash", "{https://ns.example.com/}hash"] {
            #expect(event.hashID(ignoring: [name, "bizStep"]) == without.hashID())
        }
    }

    @Test func `A document says what its events leave out`() throws {
        let document = try EPCISDocument(
            json: Array(
                """
                {"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-03-01T00:00:00Z","r:ignoreFields":"r:a",
                "epcisBody":{"r:ignoreFields":["r:b",7],"eventList":[]}}
                """.utf8
            )
        )
        #expect(document.ignoredFields == ["r:a", "r:b"])
    }

    @Test(arguments: [
        (#""ex:a":{"ex:z":"1","ex:b":["3","1"]}"#, "{N}a{N}b=1{N}b=3{N}z=1"),
        (#""ex:a":[{"ex:c":2},{"ex:c":1}]"#, "{N}a{N}c=1{N}a{N}c=2"),
        (#""ex:a":"","ex:b":{},"ex:c":[],"ex:d":null"#, "{N}a{N}b"),
        (#""ex:a":" x\t","ex:b":"\u00a0\u3000x\u2028""#, "{N}a=x{N}b=x"),
        (
            #""ex:a":true,"ex:b":1.50,"ex:c":1e3,"ex:d":-0.0,"ex:e":1.0e-7"#,
            "{N}a=true{N}b=1.5{N}c=1000{N}d=0{N}e=0.0000001"
        ),
        (
            #""ex:a":"007","ex:b":"1E3","ex:c":"1_000","ex:d":"+1.50","ex:e":"2026-03-01""#,
            "{N}a=7{N}b=1E3{N}c=1_000{N}d=1.5{N}e=2026-03-01"
        ),
        (#""ex:a":12345678901234567890"#, "{N}a=12345678901234567890"),
        (#""ex:a":"urn:epc:id:giai:4012345.ABC""#, "{N}a=https://id.gs1.org/8004/4012345ABC"),
        (
            #""ex:a":"ex:b","ex:c":"gs1:x","ex:d":"urn:epcglobal:cbv:disp:x""#,
            "{N}a=https://ns.example.com/b{N}c=https://gs1.org/voc/x{N}d=https://ref.gs1.org/cbv/Disp-x"
        ),
        (
            #""rdfs:comment":"x","comment":"y","zz:a":"1","cbvmda:lotNumber":"L""#,
            "zz:a=1{urn:epcglobal:cbv:mda:}lotNumber=L"
        ),
        (#""ilmd":{"ex:b":"2","ex:a":"1"},"ex:c":"3""#, "ilmd{N}a=1{N}b=2{N}c=3"),
        (
            #""readPoint":{"id":"urn:x","ex:a":"1"},"bizLocation":{"ex:b":"2","id":"urn:y"}"#,
            "readPointid=urn:x{N}a=1bizLocationid=urn:y{N}b=2"
        ),
        (
            #""persistentDisposition":{"unset":["recalled"],"set":["expired","active"]}"#,
            "persistentDispositionset=https://ref.gs1.org/cbv/Disp-activeset=https://ref.gs1.org/cbv/Disp-expired"
                + "unset=https://ref.gs1.org/cbv/Disp-recalled"
        ),
        (#""persistentDisposition":{"set":"active"}"#, "persistentDispositionset=https://ref.gs1.org/cbv/Disp-active"),
        (
            #""sourceList":[{"type":"location","source":"urn:s"}],"destinationList":[{"type":"location","destination":"urn:d"}]"#,
            "destinationListtype=https://ref.gs1.org/cbv/SDT-locationdestination=urn:d"
                + "sourceListtype=https://ref.gs1.org/cbv/SDT-locationsource=urn:s"
        ),
        (#""epcList":[],"quantityList":[],"sensorElementList":[{"sensorReport":[]}],"bizStep":"""#, ""),
    ])
    func `The text that is hashed`(_ members: String, _ expected: String) throws {
        #expect(try Self.tail(members) == expected.replacing("{N}", with: "{https://ns.example.com/}"))
    }

    @Test(arguments: [
        ("2026-03-01T08:00:03.1425Z", "2026-03-01T08:00:03.143Z"),
        ("2026-03-01T08:00:03.1424999Z", "2026-03-01T08:00:03.142Z"),
        ("2026-12-31T23:59:59.9996Z", "2027-01-01T00:00:00.000Z"),
        ("2024-02-29T00:00:00+14:00", "2024-02-28T10:00:00.000Z"),
        ("1969-12-31T23:59:59.9994Z", "1969-12-31T23:59:59.999Z"),
        ("1970-01-01T00:00:00+00:30", "1969-12-31T23:30:00.000Z"),
        ("0001-01-01T00:00:00+00:01", "0000-12-31T23:59:00.000Z"),
        ("9999-12-31T23:59:59.9995Z", "10000-01-01T00:00:00.000Z"),
        ("1900-03-01T00:00:00.5-06:30", "1900-03-01T06:30:00.500Z"),
        ("2000-02-29T12:00:00Z", "2000-02-29T12:00:00.000Z"),
    ])
    func `Times are UTC, half up to milliseconds`(_ text: String, _ expected: String) throws {
        var event = try Self.object(#""ex:a":1"#)
        event.eventTime = known(Timestamp(text))
        #expect(Self.preHash(event).contains("eventTime=\(expected)eventTimeZoneOffset"))
        #expect(
            EventHash(of: event).ambiguities.contains { $0.reason == .subMillisecondTime } == text.contains(/\.\d{4}/)
        )
    }

    @Test(arguments: [
        ("https://id.gs1.org/01/09521101530019/21/7", "https://id.gs1.org/01/09521101530019/21/7"),
        ("https://shop.example/p/01/9521101530019/10/L?a=1", "https://id.gs1.org/01/09521101530019/10/L"),
        ("https://shop.example/gtin/9521101530019/cpv/2/lot/L/ser/7#x", "https://id.gs1.org/01/09521101530019/21/7"),
        ("https://shop.example/00/395211020000260819", "https://id.gs1.org/00/395211020000260819"),
        ("http://a.example/253/9521101009010RM", "https://id.gs1.org/253/9521101009010RM"),
        ("http://a.example/8003/09521101530019A", "https://id.gs1.org/8003/09521101530019A"),
    ])
    func `A wrong check digit keeps no link from its canonical form`(_ link: String, _ expected: String) throws {
        let event = try Self.object(#""epcList":["\#(link)"]"#)
        #expect(Self.preHash(event).contains("epc=\(expected)action"))
        #expect(EventHash(of: event).ambiguities.map(\.reason) == [.checkDigit])
    }
}
