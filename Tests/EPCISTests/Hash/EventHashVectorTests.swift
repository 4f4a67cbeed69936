import EPCIS
import EPCISJSON
import GS1
import TestSupport
import Testing

/// The public vectors of the reference implementation (RalphTro/epcis-event-hash-generator, MIT).
@Suite(.enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
struct EventHashVectorTests {
    static let folder = "epcis/hash-vectors"

    /// Pre-hashes upstream that are not those of its own `.hashes` (NOTE.md of the vectors); the hashes are right.
    static let stale = [
        "epcisDocWithAllGS1Keys", "epcisDocWithCustomSchemaInContext", "epcisDocWithDefaultSchemaInContext",
    ]

    static func document(_ path: String) throws -> EPCISDocument {
        try EPCISDocument(json: try Vectors.bytes(path))
    }

    static func lines(_ path: String) throws -> [String] {
        String(decoding: try Vectors.bytes(path), as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    @Test func `Every JSON example has its published hash`() throws {
        var events = 0
        var preHashes = 0
        var exceptions: [String] = []
        let files = Vectors.files(below: Self.folder, ending: ".jsonld")
        for file in files {
            let document = try Self.document(file)
            let stem = String(file.dropLast(".jsonld".count))
            let expected = try Self.lines(stem + ".hashes")
            let hashes = document.events.map { EventHash(of: $0.event, ignoring: document.ignoredFields) }
            #expect(hashes.map(\.id) == expected, "\(file)")
            events += hashes.count
            guard (try? Vectors.bytes(stem + ".prehashes")) != nil else {
                exceptions.append("\(stem): there is no file of pre-hashes")
                continue
            }
            let texts = hashes.map { String(decoding: $0.preHash, as: UTF8.self) }
            if Self.stale.contains(where: { stem.hasSuffix($0) }) {
                exceptions.append("\(stem): the pre-hashes upstream are stale, they do not hash to its own .hashes")
            } else {
                #expect(texts == (try Self.lines(stem + ".prehashes")), "\(file)")
                preHashes += texts.count
            }
        }
        print(
            "event hash: \(events) events of \(files.count) documents have the published hash, \(preHashes) the pre-hash"
        )
        for exception in exceptions { print("event hash, pre-hash not compared: \(exception)") }
        #expect(files.count >= 18 && events >= 36)
    }

    @Test func `The events of a document of equals hash alike`() throws {
        let files = Vectors.files(below: Self.folder + "/expected_equal", ending: ".json")
        for file in files {
            let hashes = try Self.document(file).events.map { $0.event.hashID() }
            #expect(hashes.count > 1 && Set(hashes).count == 1, "\(file)")
        }
        print("event hash: \(files.count) documents of equal events")
        #expect(!files.isEmpty)
    }

    @Test func `Keys come out in the canonical form of the hash`() throws {
        let root = try JSONValue(parsing: try Vectors.bytes("epcis/dl-normaliser-vectors.json"))
        guard case .array(let cases)? = root["cases"]?.content else {
            Issue.record("the file has another shape")
            return
        }
        var count = 0
        for item in cases {
            guard case .string(let input)? = item["input"]?.content else { continue }
            let expected = if case .string(let text)? = item["expect"]?.content { text } else { input }
            var event = EPCISEvent(
                kind: .object,
                eventTime: known(Timestamp("2026-03-01T08:00:00Z")),
                eventTimeZoneOffset: known(TimeZoneOffset("+08:00"))
            )
            event.epcList = [Identifier(input)]
            let text = String(decoding: EventHash(of: event).preHash, as: UTF8.self)
            #expect(text.hasSuffix("epcListepc=\(expected)"), "\(input): \(text)")
            count += 1
        }
        print("event hash: \(count) cases of the Digital Link normaliser")
        #expect(count >= 47)
    }
}
