import EPCIS
import EPCISJSON
import GS1
import TestSupport
import Testing

/// What must not change an event's hash, and what must.
@Suite struct EventHashPropertyTests {
    @Test func `The order of members and fields does not matter`() {
        forAll { random in
            var generator = EventGenerator(random)
            let event = generator.event()
            var other = event
            other.shuffle(using: &random)
            try check(other.hashID() == event.hashID(), "\(event)")
        }
    }

    @Test func `JSON and CBOR keep the hash`() {
        forAll { random in
            var generator = EventGenerator(random)
            let event = generator.event()
            let read = try EPCISEvent(payload: try event.payload())
            try check(read.hashID() == event.hashID(), "\(event)")
        }
    }

    @Test func `What is excluded does not matter`() {
        forAll { random in
            var generator = EventGenerator(random)
            let event = generator.event()
            var bare = event
            bare.eventID = nil
            bare.recordTime = nil
            bare.errorDeclaration = nil
            bare.context = nil
            try check(bare.hashID() == event.hashID(), "\(event)")
        }
    }

    @Test func `The offset in which a time is written does not matter`() {
        forAll { random in
            var generator = EventGenerator(random)
            var event = generator.event()
            let minutes = Int.random(in: -14 * 60...14 * 60, using: &random)
            let clock = 12 * 60 + minutes
            let day = 15 + (clock < 0 ? -1 : clock / 1440)
            let local = (clock + 1440) % 1440
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let sign = minutes < 0 ? "-" : "+"
            let offset = "\(sign)\(two(abs(minutes) / 60)):\(two(abs(minutes) % 60))"
            event.eventTime = known(Timestamp("2026-03-15T12:00:00.250Z"))
            let hash = event.hashID()
            event.eventTime = known(Timestamp("2026-03-\(day)T\(two(local / 60)):\(two(local % 60)):00.25\(offset)"))
            try check(event.hashID() == hash, event.eventTime.text)
        }
    }

    @Test func `The spelling of terms does not matter`() {
        var count = 0
        for (vocabulary, keyPath) in [
            (Vocabulary.bizSteps, \EPCISEvent.bizStep), (Vocabulary.dispositions, \EPCISEvent.disposition),
        ] {
            for code in vocabulary.terms.indices {
                let hashes = Vocabulary.Style.allCases.compactMap { style -> String? in
                    guard let term = vocabulary.term(code, style: style) else { return nil }
                    var event = Self.plain
                    event[keyPath: keyPath] = term
                    return event.hashID()
                }
                #expect(hashes.count == 4 && Set(hashes).count == 1, "\(vocabulary.terms[code])")
                count += 1
            }
        }
        #expect(count == 74)
    }

    @Test(arguments: [
        ("urn:epc:id:sgtin:9521101.053001.A%2F7", "/01/09521101530018/21/A%2F7"),
        ("urn:epc:class:lgtin:9521101.053001.L", "/01/09521101530018/10/L"),
        ("urn:epc:idpat:sgtin:9521101.053001.*", "/01/09521101530018"),
        ("urn:epc:id:sscc:9521102.0000026081", "/00/095211020000260815"),
        ("urn:epc:id:sgln:9521101.00000.DOCK", "/414/9521101000009/254/DOCK"),
        ("urn:epc:id:grai:9521101.00001.7", "/8003/095211010000167"),
    ])
    func `The spelling of keys does not matter`(_ urn: String, _ path: String) {
        func hash(_ text: String) -> String {
            var event = Self.plain
            event.epcList = [Identifier(text)]
            return event.hashID()
        }
        for stem in ["https://id.gs1.org", "http://a.example", "https://b.example/c/d", "HTTPS://ID.GS1.ORG"] {
            for query in ["", "?17=271231", "?linkType=all#x"] {
                #expect(hash(stem + path + query) == hash(urn), "\(stem + path + query)")
            }
        }
    }

    static var plain: EPCISEvent {
        EPCISEvent(
            kind: .object,
            eventTime: known(Timestamp("2026-03-01T08:00:00Z")),
            eventTimeZoneOffset: known(TimeZoneOffset("+08:00"))
        )
    }

    @Test func `Every field that counts changes the hash`() {
        var hashes: [String: String] = [Self.plain.hashID(): "nothing"]
        for (name, change) in Self.changes {
            var event = Self.plain
            change(&event)
            let known = hashes.updateValue(name, forKey: event.hashID())
            #expect(known == nil, "\(name) and \(known ?? "") have one hash")
        }
        #expect(hashes.count == 1 + Self.changes.count)
    }

    @Test func `No text traps`() {
        let pieces = [
            "https://a.example/", "http://", "/01/", "/00/", "/21/", "0952110153001", "8", "?", "#", "%", "%2",
            "urn:epc:id:", "sgtin:",
            "urn:epcglobal:cbv:", "bizstep:", "ex:", ":", "{", "}", "e", "1", ".", "-", "+", "_",
            "999999999999999999999", "\u{3000}",
            "\u{2003}", " ", "inf", "é", "\u{0}",
        ]
        forAll(500) { random in
            let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in pieces.randomElement(using: &random) ?? ""
            }.joined()
            var event = Self.plain
            event.namespaces = [Namespace(prefix: "ex", uri: text), Namespace(prefix: "", uri: "urn:")]
            event.epcList = [Identifier(text)]
            event.bizStep = Term(text)
            event.extensions = [
                Field(text, .text(text)),
                Field("n", .number(Number("1e" + String(repeating: "9", count: 30)) ?? Number(0))),
            ]
            let hash = EventHash(of: event, ignoring: ["x"])
            try check(hash.id.utf8.count == 89 && hash.preHash.count < 4096, text)
        }
    }

    @Test func `Ten thousand events are hashed in a moment`() {
        var event = Self.plain
        event.bizStep = Term("shipping")
        event.epcList = (0..<8).map { Identifier("urn:epc:id:sgtin:9521101.053001.\($0)") }
        let clock = ContinuousClock()
        let time = clock.measure { for _ in 0..<10_000 { _ = event.hashID() } }
        print("event hash: 10,000 events with 8 EPCs in \(time) (\(isDebug ? "debug" : "release"))")
        #expect(time < .seconds(isDebug ? 60 : 2))
    }

    private var isDebug: Bool {
        #if DEBUG
        true
        #else
        false
        #endif
    }
}
