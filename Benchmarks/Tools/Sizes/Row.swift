import EPCIS
import EPCISJSON
import Foundation
import TraceProof
import TraceSigning
import TraceStatements

/// The sizes of some events, in bytes.
struct Row {
    let name: String
    var events = 0
    var json = 0
    var gzip = 0
    var zstd = 0
    var wholeGzip = 0
    var wholeZstd = 0
    var payload = 0
    var entry = 0

    init(name: String) { self.name = name }

    init(_ document: (name: String, events: [EPCISEvent])) async throws {
        try await self.init(name: document.name, json: document.events)
    }

    /// Each event minified, compressed and signed as the second entry of a signer's chain.
    init(name: String, json events: [EPCISEvent]) async throws {
        self.name = name
        self.events = events.count
        let key = SigningKey.generate()
        var whole: [UInt8] = []
        for event in events {
            let text = DocumentWriter.event(event).serialized()
            let payload = try event.payload()
            let statement = try await Statement.sign(
                kind: .event,
                payload: payload,
                issuer: "9521101000009",
                subject: event.subject,
                issuedAt: 1_790_000_000,
                chain: ChainLink(sequence: 1000, previous: TreeHash.empty),
                with: key
            )
            json += text.count
            gzip += try Row.compressed(text, "gzip", "-9")
            zstd += try Row.compressed(text, "zstd", "-19")
            self.payload += payload.count
            entry += statement.encoded.count
            whole += text + [0x0A]
        }
        wholeGzip = try Row.compressed(whole, "gzip", "-9")
        wholeZstd = try Row.compressed(whole, "zstd", "-19")
    }

    static func += (left: inout Row, right: Row) {
        left.events += right.events
        for field in [\Row.json, \.gzip, \.zstd, \.wholeGzip, \.wholeZstd, \.payload, \.entry] {
            left[keyPath: field] += right[keyPath: field]
        }
    }

    /// JSON, gzip, zstd, payload and entry of a row of one event.
    var bytes: [Int] { [json, gzip, zstd, payload, entry] }

    /// The row as averages an event.
    var markdown: String {
        let sizes = [json, gzip, zstd, wholeGzip, wholeZstd, payload, entry].map { "\($0 / max(1, events))" }
        let percent = "\(entry * 100 / max(1, json)) %"
        return "| \(([name, "\(events)"] + sizes + [percent]).joined(separator: " | ")) |"
    }
}

extension Row {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Our documents, and the public ones where they are beside the checkout.
    static func documents() throws -> [(name: String, events: [EPCISEvent])] {
        let folders = [
            root.appending(path: "Docs/Examples"),
            root.deletingLastPathComponent().appending(path: "shared/vectors/epcis/hash-vectors/examples"),
        ]
        var documents: [(name: String, events: [EPCISEvent])] = []
        for folder in folders {
            let files = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String } ?? []
            for file in files.sorted() where file.hasSuffix(".json") || file.hasSuffix(".jsonld") {
                let bytes = [UInt8](try Data(contentsOf: folder.appending(path: file)))
                // Docs/Examples/bad are there to be refused.
                guard let document = try? EPCISDocument(json: bytes) else { continue }
                documents.append((file, document.events.map(\.event)))
            }
        }
        return documents
    }

    /// An ObjectEvent of a packing line with `count` serialised cans.
    static func event(epcs count: Int) throws -> EPCISEvent {
        let list = (1...count).map {
            "\"https://id.gs1.org/01/09521102002026/10/CGL3260805A/21/\(26_080_500_000 + $0)\""
        }
        let text = """
            {"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"ObjectEvent",
            "eventTime":"2026-08-05T10:15:00.000+08:00","eventTimeZoneOffset":"+08:00","epcList":[\(list.joined(separator: ","))],
            "action":"ADD","bizStep":"commissioning","disposition":"active",
            "readPoint":{"id":"https://id.gs1.org/414/9521102000404/254/LINE3"},
            "bizLocation":{"id":"https://id.gs1.org/414/9521102000404"}}
            """
        return try EPCISDocument(json: Array(text.utf8)).events[0].event
    }

    /// How many bytes a compressor of the system makes of `bytes`; 0 where there is none.
    private static func compressed(_ bytes: [UInt8], _ program: String, _ level: String) throws -> Int {
        guard
            let tool = ["/usr/bin", "/bin", "/opt/homebrew/bin"].map({ "\($0)/\(program)" })
                .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
        else { return 0 }
        // Through a file: a pipe that nobody empties while it is filled could block.
        let file = FileManager.default.temporaryDirectory.appending(path: "sizes-\(getpid())")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: tool)
        process.arguments = [level, "-q", "-c"]
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let size = output.fileHandleForReading.readDataToEndOfFile().count
        process.waitUntilExit()
        return size
    }
}
