import EPCIS
import EPCISJSON
import Foundation
import GS1
import TestSupport
import Testing
import TraceProof

/// An event that reads its fields from the payload is the event of the strict reader, and nothing gets past that reader.
@Suite struct PayloadScanTests {
    /// What the scan accepts the reader accepts, and every field reads the same on its own; whether it was a record.
    @discardableResult
    static func compare(_ payload: [UInt8]) throws -> Bool {
        let read = Result { () throws(FormatError) in try EPCISEvent(readingAll: payload) }
        let event: EPCISEvent
        do throws(FormatError) { event = try EPCISEvent(payload: payload) } catch {
            // The reader's own words, also where the scan saw it first.
            guard case .failure(error) = read else { throw Difference(field: "refusal: \(error)") }
            return false
        }
        guard case .success(let values) = read else { throw Difference(field: "accepted what the reader refuses") }
        if let field = difference(event, values) { throw Difference(field: field) }
        var written = event
        written.action = values.action
        guard !written.isRecord, written == values, event == values, event.hashValue == values.hashValue else {
            throw Difference(field: "all at once")
        }
        return event.isRecord
    }

    struct Difference: Error { let field: String }

    static func difference(_ left: EPCISEvent, _ right: EPCISEvent) -> String? {
        let fields: [(String, Bool)] = [
            ("kind", left.kind == right.kind), ("eventTime", left.eventTime == right.eventTime),
            ("eventTimeZoneOffset", left.eventTimeZoneOffset == right.eventTimeZoneOffset),
            ("recordTime", left.recordTime == right.recordTime), ("eventID", left.eventID == right.eventID),
            ("errorDeclaration", left.errorDeclaration == right.errorDeclaration),
            ("certificationInfo", left.certificationInfo == right.certificationInfo),
            ("action", left.action == right.action), ("epcList", left.epcList == right.epcList),
            ("quantityList", left.quantityList == right.quantityList), ("parentID", left.parentID == right.parentID),
            ("childEPCs", left.childEPCs == right.childEPCs),
            ("childQuantityList", left.childQuantityList == right.childQuantityList),
            ("inputEPCList", left.inputEPCList == right.inputEPCList),
            ("inputQuantityList", left.inputQuantityList == right.inputQuantityList),
            ("outputEPCList", left.outputEPCList == right.outputEPCList),
            ("outputQuantityList", left.outputQuantityList == right.outputQuantityList),
            ("transformationID", left.transformationID == right.transformationID),
            ("bizStep", left.bizStep == right.bizStep), ("disposition", left.disposition == right.disposition),
            ("persistentDisposition", left.persistentDisposition == right.persistentDisposition),
            ("bizTransactionList", left.bizTransactionList == right.bizTransactionList),
            ("sourceList", left.sourceList == right.sourceList),
            ("destinationList", left.destinationList == right.destinationList),
            ("readPoint", left.readPoint == right.readPoint), ("bizLocation", left.bizLocation == right.bizLocation),
            ("sensorElementList", left.sensorElementList == right.sensorElementList), ("ilmd", left.ilmd == right.ilmd),
            ("extensions", left.extensions == right.extensions), ("namespaces", left.namespaces == right.namespaces),
            ("context", left.context == right.context), ("items", left.items == right.items),
        ]
        return fields.first { !$0.1 }?.0
    }

    @Test func ourExamplesAreRecords() throws {
        let documents = try PayloadRoundTripTests.files.map {
            try EPCISDocument(json: [UInt8](try Data(contentsOf: Vectors.packageRoot.appending(path: $0))))
        }
        var events = 0
        for (file, document) in zip(PayloadRoundTripTests.files, documents) {
            for located in document.events {
                let isRecord = try PayloadScanTests.compare(try located.event.payload())
                // Every field at once holds spellings that are left to the reader.
                #expect(isRecord || file.contains("every-field"), "\(file) \(located.pointer)")
                events += 1
            }
        }
        #expect(events > 30)
    }

    @Test func everyEventReadsTheSame() {
        var records = 0
        forAll(1500) { random in
            var generator = EventGenerator(random)
            if try PayloadScanTests.compare(try generator.event().payload()) { records += 1 }
        }
        print("\(records) of 1500 generated events are records")
        #expect(records > 100)
    }

    @Test func aChangeReadsAllFields() throws {
        let payload = try PayloadTests.event { $0.epcList = [Identifier("urn:epc:id:sgtin:4012345.011111.9876")] }
            .payload()
        var event = try EPCISEvent(payload: payload)
        let before = event
        #expect(event.isRecord)
        event.epcList?.append(Identifier("urn:epc:id:sgtin:4012345.011111.9877"))
        #expect(!event.isRecord && before.isRecord)
        #expect(event.epcList?.count == 2 && before.epcList?.count == 1 && event != before)
        event.epcList?.removeLast()
        #expect(event == before && event.hashValue == before.hashValue)
        #expect(try event.payload() == payload)
    }

    @Test func lookAlikesOfKeysAreLeftToTheReader() throws {
        let gtin = CBORValue.bytes([0x5D, 0x6B, 0x70, 0xC5, 0x07])
        let keys: [[CBORValue]] = [
            [.integer(7), .integer(1), gtin, .integer(21), .text("1")],
            [.integer(7), .integer(1), gtin, .integer(21), .text("a b")],
            [.integer(7), .integer(1), gtin, .integer(21), .text("123456789012345678901")],
            [.integer(7), .integer(1), gtin, .integer(22), .text("A")],
            [.integer(7), .integer(1), gtin, .integer(10), .text("A"), .integer(21), .text("B")],
            [.integer(0), .integer(1), gtin, .integer(21), .text("B"), .integer(10), .text("A")],
            [.integer(0), .integer(1), gtin, .integer(235), .text("B"), .integer(10), .text("A")],
            [.integer(0), .integer(1), gtin, .integer(22), .text("B"), .integer(235), .text("A")],
            [.integer(0), .integer(1), gtin, .integer(21), .text("B"), .integer(21), .text("A")],
            [.integer(7), .integer(-1), gtin, .integer(-3), .integer(0)],
            [.integer(0), .integer(-1), gtin, .integer(-3), .integer(0)],
            [.integer(12), .integer(-6), .text("952110200500X")], [.integer(12), .integer(-6), .text("95211020050A")],
            [.integer(7), .integer(-5), .text("09521102000719")], [.integer(7), .integer(-4), .text("9521102009018A")],
            [.integer(7), .integer(-5), .text("095211020007185530")],
            [.integer(7), .integer(0), gtin, .integer(21), .text("A")],
            [.text("http:/x"), .integer(1), gtin], [.text("https://x y"), .integer(1), gtin],
            [.text("https://x/a^"), .integer(1), gtin], [.integer(2), .text("x.example/01/04012345111118")],
            [.integer(2), .text("x.example/01/04012345111119")], [.integer(1), .integer(1), .text("007")],
            [.integer(1), .integer(1), .text("7")], [.integer(1), .integer(1), .integer(1_000_000_000_000_000_000)],
        ]
        for key in keys {
            for place in [Int64(8), 6] {
                let head: [CBORValue.Entry] = [
                    .init(.integer(0), .integer(0)), .init(.integer(1), .integer(1_772_323_200_000)),
                    .init(.integer(2), .integer(480)),
                ]
                let value =
                    place == 8 ? CBORValue.array(key) : .array([.array(key), .bytes([UInt8](repeating: 1, count: 16))])
                try PayloadScanTests.compare(CBORValue.map(head + [.init(.integer(place), value)]).encoded())
            }
        }
    }
}
