import EPCIS
import EPCISJSON
import Foundation
import TestSupport
import Testing

/// Our own documents on the whole way: JSON, event, payload, event, JSON, equal field by field.
@Suite struct PayloadRoundTripTests {
    /// The event types with every field at once, and the supply chain of `Docs/Examples`.
    static let files: [String] = {
        let folder = "Docs/Examples"
        let found = FileManager.default.enumerator(atPath: Vectors.packageRoot.appending(path: folder).path)
        let examples = (found?.compactMap { $0 as? String } ?? []).filter { name in
            name.hasSuffix(".json") && !name.hasPrefix("bad/") && !name.hasPrefix("csv/")
        }
        return ["Tests/Goldens/epcis-json/every-field.input.jsonld"] + examples.sorted().map { "\(folder)/\($0)" }
    }()

    @Test func theExamplesAreFound() { #expect(PayloadRoundTripTests.files.count > 10) }

    @Test(arguments: files) func everyDocumentComesBack(_ file: String) throws {
        let json = [UInt8](try Data(contentsOf: Vectors.packageRoot.appending(path: file)))
        let root = try JSONValue(parsing: json)
        let document = try EPCISDocument(json: json)
        #expect(!document.events.isEmpty)
        for located in document.events {
            let payload = try located.event.payload()
            let back = try EPCISEvent(payload: payload)
            #expect(back == located.event, "\(located.pointer)")
            #expect(try back.payload() == payload, "\(located.pointer)")
            let original = try #require(root[pointer: located.pointer])
            #expect(DocumentWriter.event(back).firstDifference(from: original) == nil, "\(located.pointer)")
        }
    }
}
