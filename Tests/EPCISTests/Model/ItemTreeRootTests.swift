import EPCIS
import EPCISJSON
import TestSupport
import Testing
import TraceProof

/// The tree over the items of a commissioning event: in JSON an extension, in the payload one key.
@Suite struct ItemTreeRootTests {
    static let root = "8cce757cec0790f7cc6eb427eb857faf996218e911542d6e6f37b897a468c4ea"
    static let namespace = "https://traceledger.dev/ns/epcis#"

    static var items: ItemTreeRoot {
        get throws {
            let digest = try #require(Hex.decode(root).flatMap { Digest($0) })
            return try #require(ItemTreeRoot(count: 10_000, root: digest))
        }
    }

    static func json(
        _ member: String = #""traceledger:items": {"count": 10000, "root": "\#(root)"}"#,
        context: String = #"{"traceledger": "\#(namespace)"}"#
    ) -> String {
        #"{"@context": \#(context), "type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00.000+08:00", "#
            + #""eventTimeZoneOffset": "+08:00", "action": "ADD", \#(member)}"#
    }

    static func event(_ json: String) throws -> EPCISEvent {
        try #require(try EPCISDocument(json: Array(json.utf8)).events.first).event
    }

    static func again(_ event: EPCISEvent) throws -> EPCISEvent {
        try Self.event(String(decoding: DocumentWriter.event(event).serialized(), as: UTF8.self))
    }

    @Test func `An event says how many items it commissions, and the root of their tree`() throws {
        var event = try Self.event(Self.json(#""bizStep": "commissioning""#))
        let without = try event.payload()
        event.items = try Self.items
        let payload = try event.payload()
        #expect(payload.count == without.count + 39, "a key, an array of two, the count, the root")
        let read = try EPCISEvent(payload: payload)
        #expect(read.isRecord && read.items == event.items && read == event)

        // Nothing has to be said of the namespace: the writer does.
        let json = DocumentWriter.event(event)
        #expect(json[pointer: "/traceledger:items/count"].map { "\($0.content)" }?.contains("10000") == true)
        #expect(json[pointer: "/@context/1/traceledger"] != nil)
        #expect(try Self.again(event) == event)
    }

    @Test func `The extension of our namespace is the items, behind any prefix`() throws {
        let usual = try Self.event(Self.json())
        #expect(usual.items == (try Self.items))
        #expect(usual.extensions.isEmpty && usual.namespaces.isEmpty)

        let other = try Self.event(
            Self.json(
                #""tl:items": {"root": "\#(Self.root)", "count": 10000}"#,
                context: #"{"tl": "\#(Self.namespace)"}"#
            )
        )
        #expect(other.items == usual.items && other.extensions.isEmpty)
        #expect(other.namespaces == [Namespace(prefix: "tl", uri: Self.namespace)])
        #expect(other.hashID() == usual.hashID())
        for event in [usual, other] {
            let back = try EPCISEvent(payload: try event.payload())
            #expect(back == event)
            let written = DocumentWriter.event(back)
            #expect(written.firstDifference(from: DocumentWriter.event(event)) == nil)
            #expect(try Self.again(back) == event)
        }
    }

    @Test func `A member of that name in another namespace is an extension like any`() throws {
        for context in [#"{"traceledger": "https://example.com/"}"#, "{}"] {
            let event = try Self.event(Self.json(context: context))
            #expect(event.items == nil && event.extensions.map(\.name) == ["traceledger:items"])
            #expect(try Self.again(event) == event)
        }
    }

    @Test func `A prefix that the event needs otherwise stays, and one that means something else is not taken`() throws
    {
        let used = try Self.event(
            Self.json(#""traceledger:note": "x", "traceledger:items": {"count": 1, "root": "\#(Self.root)"}"#)
        )
        #expect(used.namespaces.map(\.prefix) == ["traceledger"] && used.extensions.map(\.name) == ["traceledger:note"])
        #expect(try Self.again(used) == used)

        var taken = try Self.event(
            Self.json(#""traceledger:note": "x""#, context: #"{"traceledger": "https://example.com/"}"#)
        )
        taken.items = try Self.items
        let back = try Self.again(taken)
        #expect(back.items == taken.items && back.extensions == taken.extensions)
        #expect(back.hashID() == taken.hashID())
    }

    @Test func `The hash is that of the extension which the JSON shows`() throws {
        let event = try Self.event(Self.json())
        var shown = event
        shown.items = nil
        shown.namespaces = [Namespace(prefix: "x", uri: Self.namespace)]
        shown.extensions = [
            Field("x:items", .fields([Field("root", .text(Self.root)), Field("count", .number(Number(10_000)))]))
        ]
        #expect(EventHash(of: event).preHash == EventHash(of: shown).preHash)
        let hashed = String(decoding: EventHash(of: event).preHash, as: UTF8.self)
        #expect(hashed.hasSuffix("{\(Self.namespace)}itemscount=10000root=\(Self.root)"))
        #expect(EventHash(of: event).ambiguities.isEmpty)
    }

    @Test(
        arguments: [
            (#"{"count": 0, "root": "R"}"#, "from 1 to 16777216"), (#"{"count": 16777217, "root": "R"}"#, "16777216"),
            (#"{"count": 1e3, "root": "R"}"#, "digits alone"), (#"{"count": 1.0, "root": "R"}"#, "digits alone"),
            (#"{"count": -1, "root": "R"}"#, "digits alone"), (#"{"count": "1", "root": "R"}"#, "without quotes"),
            (#"{"count": 99999999999999999999, "root": "R"}"#, "digits alone"),
            (#"{"count": 1, "root": "ab"}"#, "64 lower-case"), (#"{"count": 1, "root": 7}"#, "string"),
            (#"{"count": 1}"#, "no \"root\""), (#"{"root": "R"}"#, "no \"count\""), ("[]", "object"), ("null", "null"),
            (#"{"count": 1, "root": "R", "more": 1}"#, "count and root alone"),
        ]
    )
    func `What is not exactly of the form is refused, with its place`(_ value: String, _ reason: String) throws {
        let member = #""traceledger:items": "# + value.replacing("\"R\"", with: "\"\(Self.root)\"")
        let error = #expect(throws: JSONError.self) { try Self.event(Self.json(member)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("/traceledger:items") == true)
    }

    @Test func `Items under two prefixes are refused`() throws {
        let member = #"items": {"count": 1, "root": "\#(Self.root)"}"#
        let error = #expect(throws: JSONError.self) {
            try Self.event(
                Self.json(
                    "\"a:\(member), \"b:\(member)",
                    context: #"{"a": "\#(Self.namespace)", "b": "\#(Self.namespace)"}"#
                )
            )
        }
        #expect(error?.description.contains("two prefixes") == true)
    }

    @Test func `A payload has one to 2^24 items and a root of 32 bytes`() {
        let root = CBORValue.bytes([UInt8](repeating: 7, count: 32))
        #expect(PayloadTests.refusal(-8, .array([.integer(1), root])) == nil)
        #expect(PayloadTests.refusal(-8, .array([.integer(1 << 24), root])) == nil)
        for wrong: CBORValue in [
            .array([]), .array([.integer(0), root]), .array([.integer(1 << 24 + 1), root]),
            .array([.integer(-1), root]),
            .array([.integer(1), .bytes([UInt8](repeating: 7, count: 31))]), .array([.integer(1), root, .null]),
            .array([root, .integer(1)]), .integer(1), .null, .map([]),
        ] {
            #expect(PayloadTests.refusal(-8, wrong) != nil, "\(CBORDiagnostic.text(of: wrong))")
        }
        #expect(ItemTreeRoot(count: 0, root: SHA256.hash([])) == nil)
        #expect(ItemTreeRoot(count: 1 << 24 + 1, root: SHA256.hash([])) == nil)
    }

    @Test func `Events with items come back from JSON, and the payload's hash is that of the JSON`() {
        forAll(300) { random in
            var generator = EventGenerator(random)
            var event = generator.event()
            event.items = generator.items()
            event.context = nil
            let read = try EPCISEvent(payload: try event.payload())
            try check(read == event, "\(event)")
            let document = DocumentWriter.document([read], creationDate: event.eventTime).serialized()
            guard let back = try EPCISDocument(json: document).events.first?.event else { throw Falsified("no event") }
            try check(back.items == event.items, "\(event)")
            try check(back.hashID() == event.hashID(), "\(event)")
        }
    }
}
