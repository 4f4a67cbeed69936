import EPCIS
import EPCISJSON
import Foundation
import TestSupport
import Testing

/// Hashes once given are given for good: `Tests/Goldens/event-hash/NAME.txt` holds the hash and the text hashed of the event
/// `Tests/Goldens/event-payload/NAME.json`. New ones: `TRACE_GOLDENS=write swift test --filter EventHashGolden`.
@Suite struct EventHashGoldenTests {
    @Test(arguments: PayloadGoldenTests.names) func `A golden event has its golden hash`(_ name: String) throws {
        let json = try Data(contentsOf: PayloadGoldenTests.folder.appending(path: name + ".json"))
        let hash = EventHash(of: try #require(try EPCISDocument(json: [UInt8](json)).events.first).event)
        let text = hash.id + "\n" + String(decoding: hash.preHash, as: UTF8.self) + "\n"
        let file = Vectors.packageRoot.appending(path: "Tests/Goldens/event-hash/\(name).txt")
        if ProcessInfo.processInfo.environment["TRACE_GOLDENS"] == "write",
            !FileManager.default.fileExists(atPath: file.path)
        {
            try Data(text.utf8).write(to: file)
        }
        #expect(try Data(contentsOf: file) == Data(text.utf8))
    }
}
