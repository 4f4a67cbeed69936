import EPCIS
import Foundation
import GS1
import TestSupport
import Testing
import TraceQuery

/// Arbitrary events over few values in many spellings, so that queries over the same values find some of them.
struct SmallWorld {
    var random: SeededGenerator

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }

    mutating func maybe<Value>(_ make: (inout SmallWorld) -> Value) -> Value? {
        Bool.random(using: &random) ? make(&self) : nil
    }

    mutating func list<Value>(_ make: (inout SmallWorld) -> Value) -> [Value] {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in make(&self) }
    }

    mutating func instance() -> String {
        let number = Int.random(in: 1...4, using: &random)
        return pick([
            "urn:epc:id:sgtin:9521102.000301.\(number)", "https://id.gs1.org/01/09521102003016/21/\(number)",
            "https://example.com/01/9521102003016/10/L/21/\(number)", "urn:epc:id:sgtin:9521102.100301.\(number)",
            "urn:epc:id:sgtin:9521103.000301.\(number)", "urn:epc:id:sscc:9521102.300000000\(number)",
            "urn:epc:id:grai:9521102.00071.\(number)", "urn:epc:id:giai:9521101.T-\(number)", "urn:example:\(number)",
            "urn:epc:id:sgln:9521101.00010.\(number - 1)",
        ])
    }

    mutating func classLevel() -> String {
        pick([
            "urn:epc:class:lgtin:9521102.000301.L1", "https://id.gs1.org/01/09521102003016/10/L1",
            "urn:epc:idpat:sgtin:9521102.000301.*", "https://id.gs1.org/01/09521102003016", "urn:example:class",
            "urn:epc:class:lgtin:9521103.000301.L2", "https://id.gs1.org/8003/09521102000718",
        ])
    }

    mutating func pattern() -> String {
        pick([
            "urn:epc:idpat:sgtin:9521102.000301.*", "urn:epc:idpat:sgtin:9521102.*.*", "urn:epc:idpat:sgtin:*.*.*",
            "urn:epc:idpat:sgtin:9521103.*.*", "urn:epc:idpat:sscc:9521102.*", "urn:epc:idpat:sscc:*.*",
            "urn:epc:idpat:grai:9521102.00071.*", "urn:epc:idpat:grai:9521102.*.*", "urn:epc:idpat:giai:9521101.*",
            "urn:epc:idpat:sgln:9521101.00010.*", "urn:epc:idpat:sgln:*.*.*", "urn:epc:idpat:gdti:9521102.*.*",
        ])
    }

    mutating func place() -> String {
        pick([
            "urn:epc:id:sgln:9521101.00010.0", "https://id.gs1.org/414/9521101000108",
            "urn:epc:id:sgln:9521101.00010.D1",
            "https://id.gs1.org/414/9521101000108/254/D1", "urn:example:place",
        ])
    }

    mutating func term(_ words: [String], _ web: String, _ urn: String) -> String {
        let word = pick(words)
        return pick([
            word, "https://ref.gs1.org/cbv/\(web)\(word)", "urn:epcglobal:cbv:\(urn)\(word)", "cbv:\(web)\(word)",
            "https://ns.example.com/own",
        ])
    }

    mutating func bizStep() -> String { term(["shipping", "receiving", "packing"], "BizStep-", "bizstep:") }
    mutating func disposition() -> String { term(["active", "in_transit"], "Disp-", "disp:") }

    mutating func time(day: ClosedRange<Int> = 1...4) -> String {
        "2026-03-0\(Int.random(in: day, using: &random))T0\(Int.random(in: 0...9, using: &random)):00:00"
            + pick(["Z", ".001Z", "+08:00", "-06:30"])
    }

    mutating func event() -> EPCISEvent {
        var event = EPCISEvent(
            kind: pick(EPCISEvent.Kind.allCases),
            eventTime: known(Timestamp(time())),
            eventTimeZoneOffset: known(TimeZoneOffset("+08:00"))
        )
        event.action = maybe { $0.pick(EPCISEvent.Action.allCases) }
        event.eventID = maybe { "urn:uuid:\($0.pick([1, 2, 3, 4, 5]))" }
        event.bizStep = maybe { Term($0.pick([$0.bizStep(), "ex:own"])) }
        event.disposition = maybe { Term($0.disposition()) }
        event.namespaces = maybe { _ in [Namespace(prefix: "ex", uri: "https://ns.example.com/")] } ?? []
        event.readPoint = maybe { Location(Identifier($0.place())) }
        event.bizLocation = maybe { Location(Identifier($0.place())) }
        event.parentID = maybe { Identifier($0.instance()) }
        event.epcList = maybe { $0.list { Identifier($0.instance()) } }
        event.childEPCs = maybe { $0.list { Identifier($0.instance()) } }
        event.inputEPCList = maybe { $0.list { Identifier($0.instance()) } }
        event.outputEPCList = maybe { $0.list { Identifier($0.instance()) } }
        event.quantityList = maybe { $0.list { QuantityElement(epcClass: Identifier($0.classLevel())) } }
        event.childQuantityList = maybe { $0.list { QuantityElement(epcClass: Identifier($0.classLevel())) } }
        event.inputQuantityList = maybe { $0.list { QuantityElement(epcClass: Identifier($0.classLevel())) } }
        event.outputQuantityList = maybe { $0.list { QuantityElement(epcClass: Identifier($0.classLevel())) } }
        return event
    }

    mutating func values(_ make: (inout SmallWorld) -> String) -> [String] {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in make(&self) }
    }

    /// One to three conditions.
    mutating func query(hashes: [String]) -> [String: [String]] {
        var parameters: [String: [String]] = [:]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            switch Int.random(in: 0..<13, using: &random) {
            case 0: parameters["eventType"] = values { "\($0.pick(EPCISEvent.Kind.allCases))".capitalized + "Event" }
            case 1: parameters["EQ_action"] = values { $0.pick(["ADD", "OBSERVE", "DELETE"]) }
            case 2: parameters["EQ_bizStep"] = values { $0.bizStep() }
            case 3: parameters["EQ_disposition"] = values { $0.disposition() }
            case 4: parameters["EQ_readPoint"] = values { $0.place() }
            case 5: parameters["EQ_bizLocation"] = values { $0.place() }
            case 6:
                parameters["EQ_eventID"] = values { $0.pick(["urn:uuid:\($0.pick([1, 2, 3, 9]))", $0.pick(hashes)]) }
            case 7: parameters[pick(["GE_eventTime", "LT_eventTime"])] = [time()]
            case 8:
                let seconds = Int.random(in: 0..<400, using: &random)
                let text = "2026-01-01T00:0\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
                parameters[pick(["GE_recordTime", "LT_recordTime"])] = [text + pick(["Z", ".5Z", ".000Z"])]
            case 9, 10, 11:
                let name = pick(["MATCH_epc", "MATCH_anyEPC", "MATCH_parentID", "MATCH_inputEPC", "MATCH_outputEPC"])
                parameters[name] = values { $0.pick([$0.instance(), $0.instance(), $0.pattern()]) }
            default:
                let name = pick(["MATCH_epcClass", "MATCH_anyEPCClass", "MATCH_inputEPCClass", "MATCH_outputEPCClass"])
                parameters[name] = values { $0.pick([$0.classLevel(), "urn:epc:idpat:sgtin:9521102.*.*"]) }
            }
        }
        return parameters
    }
}

/// The index finds what reading every event finds, in the same order, whatever way it goes about it.
@Suite struct QueryPropertyTests {
    @Test func theIndexFindsWhatReadingEveryEventFinds() async throws {
        let fixed = ProcessInfo.processInfo.environment["TRACE_SEED"].flatMap { UInt64($0) }
        let seed = fixed ?? UInt64.random(in: .min ... .max)
        var small = SmallWorld(random: SeededGenerator(seed: seed))
        let world = try await QueryWorld()
        for _ in 0..<3 {
            try await world.append((0..<80).map { _ in small.event() })
            try await world.appendNote()
        }
        let hashes = world.events.values.map { $0.hashID() }.sorted()
        // Few candidates and short stretches: both ways of finding are taken, and pages end in the middle of things.
        var tight = IndexLimits()
        (tight.candidates, tight.scanned, tight.stretch, tight.batchEntries, tight.batchNames) = (6, 40, 16, 50, 60)
        let roomy = try await world.updatedIndex()
        let narrow = try EventIndex(world.directory + "/narrow.sqlite", of: try world.reader(), limits: tight)
        try await narrow.update()
        var found = 0
        for number in 0..<150 {
            let parameters = small.query(hashes: hashes)
            let ordering = small.pick(["", "eventTime", "recordTime"])
            let isDescending = !ordering.isEmpty && Bool.random(using: &small.random)
            var text = parameters.map { name, values in
                "\(name)=\(values.joined(separator: small.pick(["|", "&\(name)="])))"
            }
            .joined(separator: "&")
            if !ordering.isEmpty { text += "&orderBy=\(ordering)&orderDirection=\(isDescending ? "DESC" : "ASC")" }
            let expected = naive(parameters, ordering, isDescending, world)
            found += expected.count
            for (index, perPage) in [(roomy, 1000), (narrow, small.pick([1, 3, 7]))] {
                let all = try await index.all(text, perPage: perPage)
                #expect(all == expected, "seed \(seed), query \(number): \(text)")
            }
        }
        #expect(found > 500, "seed \(seed): the queries find too little to say anything")
    }

    private func naive(
        _ parameters: [String: [String]],
        _ ordering: String,
        _ isDescending: Bool,
        _ world: QueryWorld
    ) -> [UInt64] {
        let query = NaiveQuery(parameters: parameters)
        var ordering = ordering
        if ordering.isEmpty {
            ordering = parameters.keys.contains { $0.hasSuffix("eventTime") } ? "eventTime" : ordering
        }
        if ordering.isEmpty {
            ordering = parameters.keys.contains { $0.hasSuffix("recordTime") } ? "recordTime" : ordering
        }
        let matching = world.events.filter { query.matches($0.value, recordTime: world.recordTimes[$0.key] ?? 0) }
        let sorted = matching.map { index, event in
            let key: Int64 =
                switch ordering {
                case "eventTime": event.eventTime.milliseconds
                case "recordTime": Int64(world.recordTimes[index] ?? 0)
                default: 0
                }
            return (key, index)
        }.sorted { $0 < $1 }.map(\.1)
        return isDescending ? sorted.reversed() : sorted
    }
}
