import EPCISJSON
import Foundation
import Testing

@testable import TraceNode

/// What becomes of the events of a captured document.
@Suite struct CaptureTests {
    private static let good = """
        {"type":"ObjectEvent","eventTime":"2026-08-03T05:10:00+08:00","eventTimeZoneOffset":"+08:00","action":"OBSERVE",
        "bizStep":"shipping","epcList":["urn:epc:id:sgtin:9521101.000101.1"],"readPoint":{"id":"urn:epc:id:sgln:9521101.00010.0"}}
        """
    private static let bad =
        "{\"type\":\"ObjectEvent\",\"eventTime\":\"2026-08-03T05:10:00+08:00\",\"action\":\"SHIP\"}"

    private static func document(_ events: String...) -> [UInt8] {
        Array(
            """
            {"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISDocument",
            "schemaVersion":"2.0","creationDate":"2026-08-03T05:10:00Z","epcisBody":{"eventList":[\(events.joined(separator: ","))]}}
            """.utf8
        )
    }

    private func outcomes(_ bytes: [UInt8]) throws -> [Bool] {
        try CaptureDocument(json: bytes, validation: .strict, now: 1_790_000_000).items.map {
            if case .good = $0 { return true }
            return false
        }
    }

    @Test func eachEventHasItsVerdictInItsPlace() throws {
        #expect(try outcomes(Self.document(Self.good)) == [true])
        #expect(try outcomes(Self.document(Self.bad, Self.good)) == [false, true])
        #expect(try outcomes(Self.document(Self.good, Self.bad)) == [true, false])
        #expect(try outcomes(Self.document()) == [])
    }

    @Test func whatIsNoDocumentIsAProblemOfTheWhole() {
        for text in ["", "{", "[1]", "{\"type\":\"EPCISDocument\"}"] {
            do {
                let items = try CaptureDocument(json: Array(text.utf8), validation: .strict, now: 0).items
                // A list whose members are no events has a verdict for each.
                #expect(items.count == 1)
            } catch {
                #expect("\(error.status)".hasPrefix("400"))
                #expect(error.type == "epcisException:ValidationException")
            }
        }
    }
}
