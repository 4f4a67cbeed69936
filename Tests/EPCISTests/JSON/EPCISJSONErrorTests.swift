import EPCIS
import EPCISJSON
import TestSupport
import Testing

/// What is refused, and what the person who must mend it is told.
@Suite struct EPCISJSONErrorTests {
    /// The wrong member of an event, which stands on line 3 of the text from column 1; the column of the error; where below
    /// the event it points; what it says.
    static let members: [(String, Int, String, String)] = [
        ("\"action\": \"MOVE\"", 11, "/action", "\"action\" is \"MOVE\": write ADD, OBSERVE or DELETE"),
        ("\"action\": null", 11, "/action", "\"action\" must be a string, not null: leave the field out"),
        (
            "\"bizStep\": [\"shipping\"]", 12, "/bizStep",
            "\"bizStep\" must be a string with one term or URI, not an array"
        ),
        (
            "\"disposition\": 1", 16, "/disposition",
            "\"disposition\" must be a string with one term or URI, not a number"
        ),
        (
            "\"epcList\": \"urn:x\"", 12, "/epcList",
            "\"epcList\" must be an array, not a string: put it in [ ] also when there is only one"
        ),
        ("\"epcList\": [\"a\", 12]", 18, "/epcList/1", "\"epcList\" must be a string with a URI, not a number"),
        ("\"parentID\": {}", 13, "/parentID", "\"parentID\" must be a string with a URI, not an object"),
        ("\"quantityList\": [{}]", 18, "/quantityList/0", "has no \"epcClass\": name the class of objects"),
        (
            "\"quantityList\": [{\"epcClass\":\"a\",\"quantity\":\"7\"}]", 45, "/quantityList/0/quantity",
            "\"quantity\" must be a number, not a string: write it without quotes"
        ),
        (
            "\"readPoint\": \"urn:x\"", 14, "/readPoint", "\"readPoint\" must be an object in { }, not a string"
        ),
        ("\"readPoint\": {}", 14, "/readPoint", "readPoint has no \"id\": say which place, as a URI"),
        (
            "\"recordTime\": \"2026-03-01\"", 15, "/recordTime",
            "\"recordTime\" is not a time: write date, time and offset"
        ),
        (
            "\"persistentDisposition\": {\"set\": {}}", 34, "/persistentDisposition/set",
            "\"set\" must be an array of terms, not an object"
        ),
        ("\"certificationInfo\": {}", 22, "/certificationInfo", "must be a URI in a string or an array of them"),
        ("\"bizTransactionList\": [{\"type\":\"po\"}]", 24, "/bizTransactionList/0", "no \"bizTransaction\": name the"),
        ("\"sourceList\": [{\"source\":\"a\"}]", 16, "/sourceList/0", "an element of sourceList has no \"type\""),
        ("\"destinationList\": [{\"type\":\"a\"}]", 21, "/destinationList/0", "has no \"destination\""),
        ("\"errorDeclaration\": {}", 21, "/errorDeclaration", "has no \"declarationTime\": say when it was declared"),
        (
            "\"sensorElementList\": [{}]", 23, "/sensorElementList/0",
            "has no \"sensorReport\": add the array of readings"
        ),
        (
            "\"sensorElementList\": [{\"sensorReport\":[{\"booleanValue\":\"true\"}]}]", 56,
            "/sensorElementList/0/sensorReport/0/booleanValue", "must be true or false without quotes, not a string"
        ),
        ("\"ilmd\": []", 9, "/ilmd", "\"ilmd\" must be an object in { }, not an array"),
        (
            "\"@context\": 7", 13, "/@context",
            "must be a URL, an object of prefixes, or an array of these, not a number"
        ),
        ("\"@context\": [[]]", 14, "/@context/0", "must be a URL, an object of prefixes, or an array of these"),
    ]

    @Test(arguments: members)
    func `A field that holds what it may not`(member: String, column: Int, below: String, reason: String) {
        let text = """
            {"type": "EPCISDocument", "epcisBody": {"eventList": [
            {"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00Z", "eventTimeZoneOffset": "+08:00",
            \(member)}]}}
            """
        let error = #expect(throws: JSONError.self) { try EPCISDocument(json: Array(text.utf8)) }
        #expect(error?.position == JSONPosition(line: 3, column: column), "\(error?.description ?? "")")
        #expect(error?.pointer == "/epcisBody/eventList/0\(below)")
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    }

    /// A text, and all that is said about it.
    static let texts: [(String, String)] = [
        ("7", "line 1, column 1: an EPCIS document, an event or an array of events is expected, not a number"),
        (
            "{\"type\": \"ObjectEvent\",\n \"eventTimeZoneOffset\": \"+08:00\"}",
            "line 1, column 1: the event has no \"eventTime\": say when it happened"
        ),
        (
            "[\n {\"type\": \"ObjectEvent\", \"eventTime\": \"2026-03-01T08:00:00Z\"}]",
            "line 2, column 2, /0: the event has no \"eventTimeZoneOffset\": say the local offset at its place, e.g. +08:00"
        ),
        (
            "[{\"type\": \"ObjectEvent\", \"eventTime\": \"2026-02-29T08:00:00Z\", \"eventTimeZoneOffset\": \"+08:00\"}]",
            "line 1, column 39, /0/eventTime: \"eventTime\" is not a time: write date, time and offset such as "
                + "2026-03-01T08:00:00.000+08:00 or end with Z"
        ),
        (
            "{\"type\": \"ObjectEvent\", \"eventTime\": \"2026-03-01T08:00:00Z\", \"eventTimeZoneOffset\": \"Z\"}",
            "line 1, column 85, /eventTimeZoneOffset: \"eventTimeZoneOffset\" is not an offset: "
                + "write sign, hours and minutes such as +08:00, at most 14:00"
        ),
        (
            "{\"type\": \"QuantityEvent\"}",
            "line 1, column 10, /type: \"type\" is \"QuantityEvent\", which is no EPCIS 2.0 event: "
                + "write one of ObjectEvent, AggregationEvent, TransactionEvent, TransformationEvent, AssociationEvent"
        ),
        (
            "{\"isA\": \"ObjectEvent\"}",
            "line 1, column 1: the event has no \"type\": \"isA\" is of an old draft, rename it"
        ),
        ("[1]", "line 1, column 2, /0: an event must be an object in { }, not a number"),
        (
            "{\"type\": \"EPCISDocument\"}",
            "line 1, column 1: the document has no \"epcisBody\": the events belong in /epcisBody/eventList"
        ),
        (
            "{\"type\": \"EPCISDocument\", \"epcisBody\": {\"eventList\": {}}}",
            "line 1, column 54, /epcisBody/eventList: "
                + "\"eventList\" must be an array, not an object: put the event in [ ] also when there is only one"
        ),
        ("{\"type\": 1}", "line 1, column 10, /type: \"type\" must be a string, not a number"),
    ]

    @Test(arguments: texts)
    func `A document that is none`(text: String, description: String) {
        let error = #expect(throws: JSONError.self) { try EPCISDocument(json: Array(text.utf8)) }
        #expect(error?.description == description)
    }

    @Test func `A context is bounded`() throws {
        func context(_ count: Int) -> String { "[\((0..<count).map { "{\"p\($0)\":\"u\"}" }.joined(separator: ","))]" }
        _ = try EPCISJSONFieldTests.bare("\"p7:a\": 1", context: context(2000))
        let error = #expect(throws: JSONError.self) { try EPCISJSONFieldTests.bare("", context: context(3000)) }
        #expect(error?.pointer == "/@context")
    }

    /// Whatever is changed, the reader refuses it or reads events that are written and read back as themselves.
    @Test func `Mutated documents never trap`() throws {
        let seed = try JSONValue(parsing: EPCISJSONFieldTests.golden("every-field.input.jsonld"))
        let date = try #require(Timestamp("2026-03-02T00:00:00Z"))
        var read = 0
        forAll(1000) { random in
            var mutated = seed
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&mutated, &random) }
            guard let document = try? EPCISDocument(json: mutated.serialized()) else { return }
            read += 1
            let events = document.events.map(\.event)
            let again = try EPCISDocument(json: DocumentWriter.document(events, creationDate: date).serialized())
            try check(again.events.map(\.event) == events, "the events changed")
            for located in document.events {
                let original = mutated[pointer: located.pointer]
                try check(
                    original?.firstDifference(from: JSONValue(located.event)) == nil,
                    "\(located.pointer) lost a field"
                )
            }
        }
        print("EPCIS JSON mutations: \(read) documents were still read")
    }

    /// Goes down to some value and replaces it, removes it, or renames it.
    private func mutate(_ value: inout JSONValue, _ random: inout SeededGenerator) {
        switch value.content {
        case .array(var elements) where !elements.isEmpty && Int.random(in: 0..<8, using: &random) > 0:
            let index = Int.random(in: elements.indices, using: &random)
            mutate(&elements[index], &random)
            value.content = .array(elements)
        case .object(var members) where !members.isEmpty && Int.random(in: 0..<12, using: &random) > 0:
            let index = Int.random(in: members.indices, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: members.remove(at: index)
            case 1: members[index].name += ["x", ":y", "~/"].randomElement(using: &random) ?? ""
            default: mutate(&members[index].value, &random)
            }
            value.content = .object(members)
        default:
            let texts = [
                "null", "true", "0.50", "\"\"", "\"ex:a\"", "\"example:a\"", "\"own\"", "[]", "{}", "[\"set\"]",
                "{\"@context\":\"x\"}", "\"2026-03-01T08:00:00Z\"", "{\"a\":[null,{\"b\":1}]}",
                "{\"example\":\"own:\"}",
            ]
            let text = texts.randomElement(using: &random) ?? "null"
            if let other = try? JSONValue(parsing: Array(text.utf8)) { value = other }
        }
    }
}
