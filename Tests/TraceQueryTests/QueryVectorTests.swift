import EPCIS
import EPCISJSON
import GS1
import TestSupport
import Testing
import TraceQuery

/// Every event of the public example documents, found by everything that is in it.
@Suite struct QueryVectorTests {
    @Test(.enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
    func everyPublicExampleIsFoundByWhatIsInIt() async throws {
        var events: [EPCISEvent] = []
        for ending in [".jsonld", ".json"] {
            for file in Vectors.files(below: "epcis/hash-vectors", ending: ending) {
                events += try EPCISDocument(json: Vectors.bytes(file)).events.map(\.event)
            }
        }
        #expect(events.count > 30)
        let world = try await QueryWorld()
        try await world.append(events)
        let index = try await world.updatedIndex()
        #expect(try await index.all("") == world.events.keys.sorted())
        for (place, event) in world.events {
            #expect(try await index.event(id: event.eventIDOrHash).indices.contains(place))
            for object in event.objects {
                let found = try await index.page(of: try EventQuery([("perPage", "1000")], about: object.text))
                #expect(found.indices.contains(place), "\(object.text)")
                guard let spelt = object.elementString else { continue }
                let same = try await index.page(of: try EventQuery([("perPage", "1000")], about: spelt))
                #expect(same.indices == found.indices, "\(object.text) and \(spelt)")
            }
            var parameters: [(String, String)] = [("perPage", "1000")]
            if let step = event.bizStep { parameters.append(("EQ_bizStep", step.text)) }
            if let disposition = event.disposition { parameters.append(("EQ_disposition", disposition.text)) }
            if let point = event.readPoint { parameters.append(("EQ_readPoint", point.id.text)) }
            if let location = event.bizLocation { parameters.append(("EQ_bizLocation", location.id.text)) }
            parameters.append(("GE_eventTime", event.eventTime.text))
            let own = event.namespaces.contains { namespace in
                [event.bizStep?.text, event.disposition?.text].contains {
                    $0?.hasPrefix(namespace.prefix + ":") ?? false
                }
            }
            // A CURIE of the event's own is found by its URI.
            guard !own else { continue }
            let found = try await index.page(of: try EventQuery(parameters))
            #expect(found.indices.contains(place), "\(parameters)")
        }
        // Every page reads back as a document of the same events.
        let page = try await index.page(of: try EventQuery([("perPage", "1000")]))
        let created = known(Timestamp("2026-11-24T00:00:00Z"))
        let document = try EPCISDocument(json: page.document(creationDate: created))
        #expect(document.events.map(\.event) == page.entries.map(\.event))
    }
}
