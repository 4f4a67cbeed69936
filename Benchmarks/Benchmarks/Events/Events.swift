import Benchmark
import EPCIS
import EPCISJSON
import Foundation
import Measure
import TraceProof

/// Events between JSON and the compact payload, beside Foundation's JSONSerialization of the same bytes. One operation is
/// one event.
let benchmarks: @Sendable () -> Void = {
    for corpus in Corpus.all {
        compare("\(corpus.name): JSON, event, payload, event, JSON vs JSONSerialization both ways", count: corpus.count)
        {
            for _ in 0..<$0 / corpus.count { for bytes in corpus.documents { try serialize(parse(bytes)) } }
        } subject: {
            for _ in 0..<$0 / corpus.count {
                for bytes in corpus.documents {
                    for located in try EPCISDocument(json: bytes).events {
                        let event = try EPCISEvent(payload: try located.event.payload())
                        blackHole(DocumentWriter.event(event).serialized())
                    }
                }
            }
        }
    }

    let corpus = Corpus.examples
    let parsing: Work = { for _ in 0..<$0 / corpus.count { for bytes in corpus.json { blackHole(try parse(bytes)) } } }
    compare("JSON to event vs JSONSerialization parse", count: corpus.count, baseline: parsing) {
        for _ in 0..<$0 / corpus.count { for bytes in corpus.json { blackHole(try EPCISDocument(json: bytes)) } }
    }

    compare("event to JSON vs JSONSerialization write", count: corpus.count) {
        for _ in 0..<$0 / corpus.count { for object in corpus.objects { try serialize(object) } }
    } subject: {
        for _ in 0..<$0 / corpus.count {
            for event in corpus.events { blackHole(DocumentWriter.event(event).serialized()) }
        }
    }

    compare("event to payload vs JSONSerialization parse", count: corpus.count, baseline: parsing) {
        for _ in 0..<$0 / corpus.count { for event in corpus.events { blackHole(try event.payload()) } }
    }

    // An event keeps its payload, checked to the last byte, and reads fields when they are asked for: so the first row is
    // the whole check without a field, the second what an index asks of an event, the third every field.
    compare("payload to event vs JSONSerialization parse", count: corpus.count, baseline: parsing) {
        for _ in 0..<$0 / corpus.count { for bytes in corpus.payloads { blackHole(try EPCISEvent(payload: bytes)) } }
    }

    compare(
        "payload to event, its type, time, EPCs and bizStep read vs JSONSerialization parse",
        count: corpus.count,
        baseline: parsing
    ) {
        for _ in 0..<$0 / corpus.count {
            for bytes in corpus.payloads {
                let event = try EPCISEvent(payload: bytes)
                blackHole((event.kind, event.eventTime, event.epcList, event.childEPCs, event.bizStep))
            }
        }
    }

    compare("payload to event, every field read vs JSONSerialization parse", count: corpus.count, baseline: parsing) {
        for _ in 0..<$0 / corpus.count {
            for bytes in corpus.payloads {
                var event = try EPCISEvent(payload: bytes)
                // A change makes values of all fields.
                event.action = event.action
                blackHole(event)
            }
        }
    }

    compare("payload to CBORValue vs JSONSerialization parse", count: corpus.count, baseline: parsing) {
        for _ in 0..<$0 / corpus.count { for bytes in corpus.payloads { blackHole(try CBORValue(decoding: bytes)) } }
    }

    compare("JSON to JSONValue vs JSONSerialization parse", count: corpus.count, baseline: parsing) {
        for _ in 0..<$0 / corpus.count { for bytes in corpus.json { blackHole(try JSONValue(parsing: bytes)) } }
    }
}

private func parse(_ bytes: [UInt8]) throws -> Any { try JSONSerialization.jsonObject(with: Data(bytes)) }

private func serialize(_ object: Any) throws { blackHole(try JSONSerialization.data(withJSONObject: object)) }

/// Documents, and their events in every form.
private struct Corpus {
    let name: String
    /// The documents as they are in the files.
    let documents: [[UInt8]]
    let events: [EPCISEvent]
    /// Each event by itself, as minified JSON.
    let json: [[UInt8]]
    let objects: [Any]
    let payloads: [[UInt8]]
    var count: Int { events.count }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Our own documents.
    static var examples: Corpus { Corpus("examples", in: root.appending(path: "Docs/Examples")) }

    /// Ours, and the public ones where they are beside the checkout.
    static var all: [Corpus] {
        let shared = root.deletingLastPathComponent().appending(path: "shared/vectors/epcis/hash-vectors/examples")
        return [examples, Corpus("public examples", in: shared)].filter { $0.count > 0 }
    }

    private init(_ name: String, in folder: URL) {
        self.name = name
        let files = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String } ?? []
        var (documents, events): ([[UInt8]], [EPCISEvent]) = ([], [])
        for file in files.sorted() where file.hasSuffix(".json") || file.hasSuffix(".jsonld") {
            // Docs/Examples/bad are there to be refused.
            guard let data = try? Data(contentsOf: folder.appending(path: file)),
                let document = try? EPCISDocument(json: [UInt8](data)),
                (try? document.events.map { try $0.event.payload() }) != nil
            else { continue }
            documents.append([UInt8](data))
            events += document.events.map(\.event)
        }
        self.documents = documents
        self.events = events
        json = events.map { DocumentWriter.event($0).serialized() }
        objects = json.compactMap { try? parse($0) }
        payloads = events.compactMap { try? $0.payload() }
    }
}
