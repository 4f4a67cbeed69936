import EPCIS
import EPCISJSON
import TestSupport
import Testing

/// What is known from before, and what is not held against anybody.
@Suite struct EventValidatorTests {
    static let case1 = "urn:epc:id:sgtin:9521101.153001.1"
    static let pallet1 = "urn:epc:id:sscc:9521101.0000000001"
    static let pallet2 = "https://id.gs1.org/00/095211010000000023"

    static func event(_ type: String, _ hour: String, _ fields: String) throws -> EPCISEvent {
        let json = """
            {"type": "\(type)", "eventTime": "2026-03-01T\(hour):00:00+08:00", "eventTimeZoneOffset": "+08:00", \(fields)}
            """
        return try #require(try EPCISDocument(json: Array(json.utf8)).events.first?.event)
    }

    static func codes(_ problems: [[EventProblem]]) -> [String] { problems.flatMap { $0 }.map(\.code) }

    static func packing(_ hour: String, into pallet: String, id: String? = nil) throws -> EPCISEvent {
        let own = id.map { #""eventID": "\#($0)", "# } ?? ""
        return try event(
            "AggregationEvent",
            hour,
            #"\#(own)"action": "ADD", "parentID": "\#(pallet)", "childEPCs": ["\#(case1)"]"#
        )
    }

    static func moving(_ hour: String, _ step: String, _ object: String) throws -> EPCISEvent {
        try event("ObjectEvent", hour, #""action": "OBSERVE", "bizStep": "\#(step)", "epcList": ["\#(object)"]"#)
    }

    @Test func `A ledger's events are what new events are held against, in any spelling`() throws {
        var validator = EventValidator()
        validator.learn(try Self.packing("08", into: Self.pallet1))
        var other = validator
        #expect(Self.codes(other.validate([try Self.packing("09", into: Self.pallet2)])) == ["sense.two-parents"])
        let same = try Self.packing("09", into: "https://id.gs1.org/00/095211010000000016")
        #expect(Self.codes(validator.validate([same])) == [])
    }

    @Test func `What changed hands in between may have been unpacked by others`() throws {
        var validator = EventValidator()
        validator.learn(try Self.packing("08", into: Self.pallet1))
        validator.learn(try Self.moving("09", "shipping", Self.pallet1))
        #expect(Self.codes(validator.validate([try Self.packing("10", into: Self.pallet2)])) == [])
    }

    @Test func `A container emptied as a whole holds nothing`() throws {
        var validator = EventValidator()
        let empty = try Self.event("AggregationEvent", "09", #""action": "DELETE", "parentID": "\#(Self.pallet1)""#)
        let events = [try Self.packing("08", into: Self.pallet1), empty, try Self.packing("10", into: Self.pallet2)]
        #expect(Self.codes(validator.validate(events)) == [])
    }

    @Test func `Events of a document are taken by their times, not by their order`() throws {
        var validator = EventValidator()
        let events = [
            try Self.packing("10", into: Self.pallet2),
            try Self.event(
                "AggregationEvent",
                "09",
                #""action": "DELETE", "parentID": "\#(Self.pallet1)", "childEPCs": ["\#(Self.case1)"]"#
            ),
            try Self.packing("08", into: Self.pallet1),
        ]
        #expect(Self.codes(validator.validate(events)) == [])
    }

    @Test func `What was declared wrong is held against nothing`() throws {
        let id = "urn:uuid:6ee7d26b-d214-49ae-a4b4-8ab163450b68"
        let wrong = try Self.packing("08", into: Self.pallet1, id: id)
        var declaration = wrong
        declaration.errorDeclaration = ErrorDeclaration(
            declarationTime: try #require(Timestamp("2026-03-01T12:00:00Z")),
            reason: Term("did_not_occur")
        )
        let right = try Self.packing("09", into: Self.pallet2)
        var validator = EventValidator()
        validator.learn(wrong)
        #expect(Self.codes(validator.validate([right, declaration])) == [])
        // And in one document with the wrong event, or from a ledger that holds both.
        validator = EventValidator()
        #expect(Self.codes(validator.validate([wrong, right, declaration])) == [])
        validator = EventValidator()
        for event in [wrong, declaration] { validator.learn(event) }
        #expect(Self.codes(validator.validate([right])) == [])
    }

    @Test func `A declaration repeats the event as it was, so its mistakes are warnings`() throws {
        var event = try Self.moving("08", "recieving", Self.case1)
        event.eventID = "urn:x:1"
        var validator = EventValidator()
        #expect(validator.validate([event]).flatMap { $0 }.map(\.severity) == [.error])
        event.errorDeclaration = ErrorDeclaration(declarationTime: try #require(Timestamp("2026-03-01T12:00:00Z")))
        #expect(validator.validate([event]).flatMap { $0 }.map(\.severity) == [.warning])
        event.eventID = nil
        #expect(
            validator.validate([event]).flatMap { $0 }.map(\.code)
                == ["structure.error-declaration-id", "structure.term-unknown"]
        )
    }

    @Test func `Recording the same event again is a retry, not a second commissioning`() throws {
        let made = try Self.event("ObjectEvent", "08", #""action": "ADD", "epcList": ["\#(Self.case1)"]"#)
        var validator = EventValidator()
        #expect(Self.codes(validator.validate([made])) == [])
        #expect(Self.codes(validator.validate([made])) == [])
        var later = made
        later.bizStep = Term("commissioning")
        #expect(Self.codes(validator.validate([later])) == ["sense.commissioned-twice"])
    }

    @Test func `Without a clock no time is in the future`() throws {
        let event = try Self.moving("08", "storing", Self.case1)
        var validator = EventValidator()
        #expect(Self.codes(validator.validate([event])) == [])
        validator = EventValidator(now: Timestamp("2020-01-01T00:00:00Z"))
        #expect(Self.codes(validator.validate([event])) == ["sense.time-future"])
    }

    @Test func `No text of an identifier, term, unit or name stops the validator`() throws {
        forAll(300) { generator in
            let alphabet = Array("01/:.()-%*#?~\u{e9}AZaz9 urn:epc:id:sgtin:https://id.gs1.org/414/".unicodeScalars)
            func text() -> String {
                var text = ""
                for _ in 0..<Int.random(in: 0...60, using: &generator) {
                    text.unicodeScalars.append(alphabet.randomElement(using: &generator) ?? "x")
                }
                return ["", "urn:epc:id:", "urn:epc:", "https://id.gs1.org/", "https://x.example/01/", "cbv:"]
                    .randomElement(using: &generator).map { $0 + text } ?? text
            }
            func quoted() -> String { String(decoding: JSONValue(.string(text())).serialized(.compact), as: UTF8.self) }
            let json = """
                [{"type": "TransactionEvent", "eventTime": "2026-03-01T08:00:00Z", "eventTimeZoneOffset": "+00:00",
                "eventID": \(quoted()), "epcList": [\(quoted()), \(quoted())], "parentID": \(quoted()),
                "quantityList": [{"epcClass": \(quoted()), "quantity": 1e400, "uom": \(quoted())}],
                "bizStep": \(quoted()), "disposition": \(quoted()), "readPoint": {"id": \(quoted())},
                "bizTransactionList": [{"type": \(quoted()), "bizTransaction": \(quoted())}],
                "sourceList": [{"type": \(quoted()), "source": \(quoted())}], "z\(Int.random(in: 0...9, using: &generator))": 1,
                "ilmd": {"cbvmda:xDate": \(quoted()), "lotNumber": \(quoted())}}]
                """
            var validator = DocumentValidator(EventValidator(now: Timestamp("2026-03-02T00:00:00Z")))
            let problems = try validator.validate(json: Array(json.utf8), named: "x").problems
            try check(problems.contains { $0.code == "structure.field-unknown" }, "no problem in \(json)")
        }
    }
}
