import EPCIS
import EPCISJSON
import Foundation
import TestSupport
import Testing

/// Nothing that is valid is refused or lost: every field of every event type, unknown fields at every level, contexts.
@Suite struct EPCISJSONFieldTests {
    static func golden(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Vectors.packageRoot.appending(path: "Tests/Goldens/epcis-json/\(name)")))
    }

    static func event(_ json: String) throws -> EPCISEvent {
        try #require(try EPCISDocument(json: Array(json.utf8)).events.first).event
    }

    /// The members of a bare event besides the required ones, and before them its context.
    static func bare(_ members: String, context: String? = nil) throws -> EPCISEvent {
        try event(
            """
            {\(context.map { "\"@context\": \($0)," } ?? "") "type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00Z",
            "eventTimeZoneOffset": "+08:00"\(members.isEmpty ? "" : ","+members)}
            """
        )
    }

    @Test func `Every field of every event type goes through`() throws {
        let input = try Self.golden("every-field.input.jsonld")
        let root = try JSONValue(parsing: input)
        let document = try EPCISDocument(json: input)
        #expect(
            document.events.map(\.event.kind) == [.object, .aggregation, .transaction, .transformation, .association]
        )
        #expect(document.fields == [Field("id", .text("https://id.example.org/document1"))])
        for located in document.events {
            let original = try #require(root[pointer: located.pointer])
            #expect(JSONValue(located.event).firstDifference(from: original) == nil)
            let alone = try EPCISDocument(json: DocumentWriter.event(located.event).serialized())
            #expect(alone.events.map(\.event) == [located.event])
        }
        let date = try #require(document.creationDate)
        let written = DocumentWriter.document(document.events.map(\.event), creationDate: date).serialized(.pretty)
        #expect(try EPCISDocument(json: written).events.map(\.event) == document.events.map(\.event))
        #expect(try written == Self.golden("every-field.jsonld"))
        #expect(
            try EPCISDocument(json: Self.golden("every-field.jsonld")).events.map(\.event)
                == document.events.map(\.event)
        )
    }

    @Test func `Fields stand in the typed model, unknown ones in the nearest extensions`() throws {
        let events = try EPCISDocument(json: Self.golden("every-field.input.jsonld")).events.map(\.event)
        let object = try #require(events.first)
        #expect(object.quantityList?.first?.extensions == [Field("example:q", .text("extra"))])
        #expect(object.readPoint?.extensions == [Field("example:door", .number(Number(7)))])
        #expect(object.bizTransactionList?.last?.type == nil)
        #expect(object.sourceList?.first?.extensions.map(\.name) == ["example:s"])
        #expect(object.destinationList?.first?.extensions == [Field("example:d", .boolean(false))])
        #expect(object.errorDeclaration?.extensions.map(\.name) == ["example:e"])
        let element = try #require(object.sensorElementList?.first)
        #expect(element.extensions.map(\.name) == ["example:element"])
        #expect(element.sensorMetadata?.extensions.map(\.name) == ["example:metadata"])
        let report = try #require(element.sensorReport.first)
        #expect(report.extensions.map(\.name) == ["example:report"])
        #expect(report.value?.text == "26.10")
        // Shorter names first, as in deterministic CBOR.
        #expect(object.extensions.map(\.name) == ["rdfs:comment", "example:first"])
        #expect(object.certificationInfo?.isList == true)
        #expect(events[1].certificationInfo?.isList == false)
        #expect(events[1].childEPCs == [])
        #expect(events[1].extensions == [Field("x", .null), Field("isA", .text("AggregationEvent"))])
        #expect(events[2].persistentDisposition == nil)
        #expect(events[2].extensions.map(\.name) == ["persistentDisposition"])
        #expect(events[3].ilmd == [])
    }

    @Test func `An event keeps the namespaces it uses, its own before its document's`() throws {
        let events = try EPCISDocument(json: Self.golden("every-field.input.jsonld")).events.map(\.event)
        #expect(events[0].namespaces.map(\.prefix) == ["gs1", "rdfs", "cbvmda", "example"])
        #expect(events[1].namespaces.isEmpty && events[1].context == nil)
        #expect(events[2].namespaces == [Namespace(prefix: "example", uri: "https://ns.example.com/epcis/")])
        #expect(
            events[4].namespaces == [
                Namespace(prefix: "own", uri: "https://own.example/"),
                Namespace(prefix: "example", uri: "https://other.example/"),
            ]
        )
        #expect(events[4].context == .text("https://own.example/terms.jsonld"))
    }

    @Test func `What of a context is no namespace is kept whole`() throws {
        let context = """
            ["https://gs1.github.io/EPCIS/epcis-context.jsonld", "https://more.example/context.jsonld",
             {"ex": "https://ex.example/", "@vocab": "https://vocab.example/", "term": {"@id": "ex:term", "@type": "@id"}},
             {"ex:curie": "https://x.example/", "sub": "ex:sub/"}, null]
            """
        let event = try Self.bare("\"term\": 1", context: context)
        #expect(
            event.context
                == .list([
                    .text("https://more.example/context.jsonld"),
                    .fields([
                        Field("term", .fields([Field("@id", .text("ex:term")), Field("@type", .text("@id"))])),
                        Field("@vocab", .text("https://vocab.example/")),
                    ]),
                    .fields([Field("ex:curie", .text("https://x.example/"))]), .null,
                ])
        )
        #expect(event.namespaces == [Namespace(prefix: "ex", uri: "https://ex.example/")])
        #expect(try Self.event(String(decoding: DocumentWriter.event(event).serialized(), as: UTF8.self)) == event)
        #expect(try Self.bare("\"sub:a\": 1", context: context).namespaces.map(\.prefix) == ["ex", "sub"])
    }

    @Test(arguments: [
        ("\"ex:a\": 1", true), ("\"bizStep\": \"ex:step\"", true), ("\"epcList\": [\"ex:epc\"]", true),
        ("\"ilmd\": {\"a\": [{\"ex:b\": null}]}", true), ("\"ex\": 1", true), ("\"bizStep\": \"ex\"", true),
        ("\"bizStep\": \"ex://step\"", false), ("\"bizStep\": \"exa:step\"", false), ("\"ea:x\": \"a ex:b\"", false),
        ("", false), ("\"x\": \"e\"", false), ("\"x\": \"EX:a\"", false),
    ])
    func `A prefix is used by names and by values that begin with it`(members: String, isUsed: Bool) throws {
        let context = "{\"ex\": \"https://ex.example/\"}"
        let event = try Self.bare(members, context: context)
        #expect(event.namespaces.map(\.prefix) == (isUsed ? ["ex"] : []))
        #expect(event.context == nil)
    }

    @Test func `A prefix that events bind differently, or leave unbound, stands at those events`() throws {
        let one = try Self.bare(
            "\"ex:a\": 1, \"ok:a\": 1",
            context: "{\"ex\": \"https://1.example/\", \"ok\": \"urn:ok:\"}"
        )
        let two = try Self.bare("\"ex:a\": 1, \"urn:x\": 2", context: "{\"ex\": \"https://2.example/\"}")
        let three = try Self.bare(
            "\"urn:x\": 2",
            context: "[\"https://c.example/\", {\"urn\": \"https://3.example/\"}]"
        )
        let date = try #require(Timestamp("2026-03-02T00:00:00Z"))
        let document = DocumentWriter.document([one, two, three], creationDate: date)
        #expect(try EPCISDocument(json: document.serialized()).events.map(\.event) == [one, two, three])
        let shared = try #require(document[pointer: "/@context/1"])
        #expect(String(decoding: shared.serialized(), as: UTF8.self) == #"{"ok":"urn:ok:"}"#)
        #expect(document[pointer: "/epcisBody/eventList/0/@context/0/ex"] != nil)
    }

    @Test func `One event, an array and a query document are read too`() throws {
        let event = DocumentWriter.event(try Self.bare("\"a\": 1")).serialized()
        let single = try EPCISDocument(json: event)
        #expect(single.kind == .event)
        #expect(single.events.first?.pointer == "" && single.events.first?.line == 1)
        let list = try EPCISDocument(json: Array("[\n".utf8) + event + Array(",\n\n".utf8) + event + Array("]".utf8))
        #expect(list.kind == .list)
        #expect(list.events.map(\.pointer) == ["/0", "/1"])
        #expect(list.events.map(\.line) == [2, 4])
        #expect(try EPCISDocument(json: Array("[]".utf8)).events.isEmpty)
        let query = """
            {"type": "EPCISQueryDocument", "epcisBody": {"queryResults": {"queryName": "q", "resultsBody": {"eventList": [
            """
        let answer = try EPCISDocument(json: Array(query.utf8) + event + Array("]}}}}".utf8))
        #expect(answer.kind == .queryDocument && answer.creationDate == nil)
        #expect(answer.events.map(\.pointer) == ["/epcisBody/queryResults/resultsBody/eventList/0"])
    }

    @Test func `The order of fields carries no meaning`() throws {
        let input = try JSONValue(parsing: Self.golden("every-field.input.jsonld"))
        let events = try EPCISDocument(json: input.serialized()).events.map(\.event)
        forAll(50) { random in
            let shuffled = Self.shuffled(input, &random).serialized()
            try check(try EPCISDocument(json: shuffled).events.map(\.event) == events, "another event")
        }
    }

    private static func shuffled(_ value: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
        switch value.content {
        case .array(let elements): return JSONValue(.array(elements.map { shuffled($0, &random) }))
        case .object(let members):
            let moved = members.map { JSONMember($0.name, shuffled($0.value, &random)) }
            return JSONValue(.object(moved.shuffled(using: &random)))
        default: return value
        }
    }
}
