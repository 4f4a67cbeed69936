import EPCIS
import GS1
import TestSupport
import Testing
import TraceProof

@Suite struct PayloadPropertyTests {
    @Test func everyEventComesBack() {
        forAll(1500) { random in
            var generator = EventGenerator(random)
            let event = generator.event()
            let payload = try event.payload()
            let back = try EPCISEvent(payload: payload)
            try check(back == event, diagnostic(payload))
            try check(try back.payload() == payload, "the second payload differs")
        }
    }

    /// A payload that is accepted is what its event encodes to, unless it spells out as text what has a shorter form.
    @Test func changedBytesAreRefusedOrCanonical() {
        var accepted = 0
        forAll(1500) { random in
            var generator = EventGenerator(random)
            var bytes = try generator.event().payload()
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, &random) }
            try PayloadScanTests.compare(bytes)
            guard let event = try? EPCISEvent(payload: bytes) else { return }
            accepted += 1
            let again = try event.payload()
            try check(try EPCISEvent(payload: again) == event, "the event does not come back")
            guard again != bytes else { return }
            try check(spellsOut(try CBORValue(decoding: bytes)), "not canonical: \(diagnostic(bytes))")
        }
        #expect(accepted > 50)
    }

    /// The same over whole items, which random bytes rarely hit: an item of one event in the place of another.
    @Test func changedItemsAreRefusedOrCanonical() {
        var accepted = 0
        forAll(2000) { random in
            var generator = EventGenerator(random)
            var items: [CBORValue] = []
            var tree = try CBORValue(decoding: try generator.event().payload())
            collect(try CBORValue(decoding: try generator.event().payload()), &items)
            collect(tree, &items)
            var count = Int.random(in: 0..<200, using: &random)
            tree = replace(tree, &count, with: items[Int.random(in: 0..<items.count, using: &random)])
            let bytes = tree.encoded()
            try PayloadScanTests.compare(bytes)
            guard let event = try? EPCISEvent(payload: bytes) else { return }
            accepted += 1
            let again = try event.payload()
            try check(try EPCISEvent(payload: again) == event, "the event does not come back")
            try check(again == bytes || spellsOut(tree), "not canonical: \(CBORDiagnostic.text(of: tree))")
        }
        #expect(accepted > 50)
    }

    private func diagnostic(_ bytes: [UInt8]) -> String { (try? CBORDiagnostic.text(of: bytes)) ?? "not CBOR" }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes[index] &+= 1
        case 2: bytes[index] ^= 0x20
        case 3: bytes.remove(at: index)
        default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
        }
    }

    private func collect(_ value: CBORValue, _ items: inout [CBORValue]) {
        items.append(value)
        switch value {
        case .array(let values): for value in values { collect(value, &items) }
        case .map(let entries): for entry in entries { collect(entry.value, &items) }
        case .tag(_, let content): collect(content, &items)
        default: break
        }
    }

    private func replace(_ value: CBORValue, _ count: inout Int, with new: CBORValue) -> CBORValue {
        count -= 1
        if count == -1 { return new }
        switch value {
        case .array(let values): return .array(values.map { replace($0, &count, with: new) })
        case .map(let entries): return .map(entries.map { .init($0.key, replace($0.value, &count, with: new)) })
        case .tag(let number, let content): return .tag(number, replace(content, &count, with: new))
        default: return value
        }
    }

    /// Whether some text within is an identifier, term, time, offset or namespace that has a shorter form.
    private func spellsOut(_ value: CBORValue) -> Bool {
        switch value {
        case .text(let text):
            var event = EPCISEvent(
                kind: .object,
                eventTime: known(Timestamp("2026-03-01T08:00:00Z")),
                eventTimeZoneOffset: known(TimeZoneOffset("+08:00"))
            )
            event.eventID = text
            if Timestamp(text) != nil || TimeZoneOffset(text) != nil { return true }
            if ["urn:epcglobal:cbv:mda:", "https://gs1.org/voc/"].contains(text) { return true }
            let lists: [Vocabulary] = [
                .bizSteps, .dispositions, .bizTransactionTypes, .sourceDestinationTypes, .errorReasons, .components,
                .measurementTypes, .sensorAlertTypes,
            ]
            if lists.contains(where: { $0.lookUp(Term(text)) != nil }) { return true }
            let payload = (try? event.payload()).flatMap { try? CBORValue(decoding: $0) }
            guard case .map(let entries) = payload, let entry = entries.first(where: { $0.key == .integer(4) }) else {
                return false
            }
            return entry.value != .text(text)
        case .array(let values): return values.contains(where: spellsOut)
        case .map(let entries): return entries.contains { spellsOut($0.value) }
        case .tag(_, let content): return spellsOut(content)
        default: return false
        }
    }
}
