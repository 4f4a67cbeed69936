import EPCIS
import EPCISJSON
import Foundation
import GS1
import TestSupport
import Testing
import TraceProof

/// The bytes that were signed once. Each golden is an event in `Tests/Goldens/event-payload`: `<name>.json` and its
/// payload `<name>.cbor`, which never changes; new ones are made with `TRACE_GOLDENS=write swift test --filter PayloadGolden`.
@Suite struct PayloadGoldenTests {
    static let folder = Vectors.packageRoot.appending(path: "Tests/Goldens/event-payload")
    static let names = [
        "object", "aggregation", "transaction", "transformation", "association", "sensor", "ilmd", "error-declaration",
        "extensions", "spellings", "items",
    ]

    @Test(arguments: names) func goldenIsReadAndWritten(_ name: String) throws {
        let json = try Data(contentsOf: PayloadGoldenTests.folder.appending(path: name + ".json"))
        let event = try #require(try EPCISDocument(json: [UInt8](json)).events.first).event
        let file = PayloadGoldenTests.folder.appending(path: name + ".cbor")
        let payload = try event.payload()
        if ProcessInfo.processInfo.environment["TRACE_GOLDENS"] == "write",
            !FileManager.default.fileExists(atPath: file.path)
        {
            try Data(payload).write(to: file)
        }
        let golden = [UInt8](try Data(contentsOf: file))
        #expect(payload == golden)
        #expect(try EPCISEvent(payload: golden) == event)
    }
}
