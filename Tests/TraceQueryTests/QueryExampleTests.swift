import EPCIS
import EPCISJSON
import GS1
import TestSupport
import Testing
import TraceQuery

/// The story of one can of infant formula (Docs/Examples), asked as a client asks it: each test is a parameter.
@Suite struct QueryExampleTests {
    static let can = "https://id.chenguang.example/01/09521102003016/21/0047215583"

    /// The indices of the events for which `holds`, in the ledger's order.
    private func indices(_ world: QueryWorld, _ holds: (EPCISEvent) -> Bool) -> [UInt64] {
        world.events.filter { holds($0.value) }.map(\.key).sorted()
    }

    private func world() async throws -> (QueryWorld, EventIndex) {
        let world = try await QueryWorld()
        try await world.append(try QueryWorld.examples())
        return (world, try await world.updatedIndex())
    }

    @Test func allEventsComeInTheOrderOfTheLedger() async throws {
        let (world, index) = try await world()
        #expect(world.events.count == 42)
        #expect(try await index.all("") == Array(1...42))
        #expect(try await index.all("orderDirection=DESC") == Array((1...42).reversed()))
        let first = try await index.page(of: try EventQuery([]))
        #expect(first.indices == Array(1...30))
        #expect(first.size == 43)
        #expect(first.entries.allSatisfy { $0.issuer == QueryWorld.gln })
    }

    @Test func byTypeActionStepAndDisposition() async throws {
        let (world, index) = try await world()
        #expect(
            try await index.all("eventType=TransformationEvent%7CAssociationEvent")
                == indices(world) { $0.kind == .transformation || $0.kind == .association }
        )
        #expect(try await index.all("EQ_action=ADD") == indices(world) { $0.action == .add })
        let shipped = indices(world) { $0.bizStep?.text == "shipping" }
        #expect(!shipped.isEmpty)
        // The word of the CBV, its URN of before 2.0, its CURIE and its web URI.
        for step in [
            "shipping", "urn:epcglobal:cbv:bizstep:shipping", "cbv:BizStep-shipping",
            "https://ref.gs1.org/cbv/BizStep-shipping", "https%3A%2F%2Fref.gs1.org%2Fcbv%2FBizStep-shipping",
        ] {
            #expect(try await index.all("EQ_bizStep=\(step)") == shipped, "\(step)")
        }
        let moved = indices(world) { ["shipping", "receiving"].contains($0.bizStep?.text) }
        #expect(try await index.all("EQ_bizStep=shipping|receiving") == moved)
        #expect(try await index.all("EQ_bizStep=shipping&EQ_bizStep=receiving") == moved)
        #expect(
            try await index.all("EQ_disposition=urn:epcglobal:cbv:disp:in_transit")
                == indices(world) { $0.disposition?.text == "in_transit" }
        )
        #expect(try await index.all("EQ_bizStep=https://example.com/no-such-step").isEmpty)
    }

    @Test func byTime() async throws {
        let (world, index) = try await world()
        let midnight = known(Timestamp("2026-08-05T00:00:00+08:00"))
        let times = world.events.mapValues { $0.eventTime.milliseconds }
        let byTime = times.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        // A plus is a plus, escaped or not.
        for plus in ["+", "%2B"] {
            #expect(
                try await index.all("GE_eventTime=2026-08-05T00:00:00\(plus)08:00")
                    == byTime.filter { $0.value >= midnight.milliseconds }.map(\.key)
            )
        }
        #expect(
            try await index.all("LT_eventTime=2026-08-04T16:00:00Z")
                == byTime.filter { $0.value < midnight.milliseconds }.map(\.key)
        )
        // With orderBy the last comes first, as the standard has it.
        #expect(try await index.all("orderBy=eventTime") == byTime.map(\.key).reversed())
        #expect(try await index.all("orderBy=eventTime&orderDirection=ASC") == byTime.map(\.key))
        // Recorded when signed, a second apart: 2026-01-01T00:00:00Z is the first.
        #expect(try await index.all("GE_recordTime=2026-01-01T00:00:40Z") == [41, 42])
        #expect(try await index.all("LT_recordTime=2026-01-01T00:00:01.001Z") == [1, 2])
        #expect(try await index.all("GE_recordTime=2026-01-01T00:00:39.999Z&orderBy=recordTime") == [42, 41])
    }

    @Test func byPlace() async throws {
        let (world, index) = try await world()
        let docks = indices(world) { $0.readPoint?.id.elementString == "(414)9521101000108(254)DOCK1" }
        #expect(!docks.isEmpty)
        #expect(try await index.all("EQ_readPoint=https://id.gs1.org/414/9521101000108/254/DOCK1") == docks)
        #expect(try await index.all("EQ_readPoint=urn:epc:id:sgln:9521101.00010.DOCK1") == docks)
        #expect(try await index.all("EQ_readPoint=(414)9521101000108(254)DOCK1") == docks)
        #expect(
            try await index.all("EQ_bizLocation=urn:epc:id:sgln:9521103.00001.0")
                == indices(world) { $0.bizLocation?.id.elementString == "(414)9521103000014" }
        )
        #expect(try await index.all("EQ_bizLocation=urn:epc:id:sgln:9521103.00999.0").isEmpty)
    }

    @Test func byObject() async throws {
        let (world, index) = try await world()
        let can = "(01)09521102003016(21)0047215583"
        let names = { (list: [Identifier]?) in list?.contains { $0.elementString == can } ?? false }
        let listed = indices(world) { names($0.epcList) || names($0.childEPCs) }
        #expect(!listed.isEmpty)
        // Any spelling of an identifier: the event's own, another domain, the EPC URN.
        for spelling in [
            QueryExampleTests.can, "https://id.gs1.org/01/09521102003016/21/0047215583",
            "urn:epc:id:sgtin:9521102.000301.0047215583", can, "HTTPS://EXAMPLE.COM/01/09521102003016/21/0047215583",
        ] {
            #expect(try await index.all("MATCH_epc=\(spelling)") == listed, "\(spelling)")
            #expect(try await index.page(of: try EventQuery([], about: spelling)).indices == listed)
        }
        #expect(try await index.all("MATCH_epc=urn:epc:id:sgtin:9521102.000301.47215583").isEmpty)
        let pallet = "urn:epc:id:sscc:9521102.3000026081"
        let packed = indices(world) { $0.parentID?.elementString == "(00)395211020000260816" }
        #expect(!packed.isEmpty)
        #expect(try await index.all("MATCH_parentID=\(pallet)") == packed)
        let everywhere = indices(world) { $0.objects.contains { $0.elementString == "(00)395211020000260816" } }
        #expect(try await index.all("MATCH_anyEPC=\(pallet)") == everywhere)
        #expect(everywhere.count > packed.count)
    }

    @Test func byPattern() async throws {
        let (world, index) = try await world()
        let cans = indices(world) { event in
            ((event.epcList ?? []) + (event.childEPCs ?? [])).contains {
                $0.elements.first?.value == "09521102003016" && $0.elements.last?.ai == 21
            }
        }
        #expect(!cans.isEmpty)
        #expect(try await index.all("MATCH_epc=urn:epc:idpat:sgtin:9521102.000301.*") == cans)
        let items = indices(world) { event in
            ((event.epcList ?? []) + (event.childEPCs ?? [])).contains {
                $0.elements.first?.value.dropFirst().hasPrefix("9521102") ?? false && $0.elements.last?.ai == 21
            }
        }
        #expect(items.count > cans.count)
        #expect(try await index.all("MATCH_epc=urn:epc:idpat:sgtin:9521102.*.*") == items)
        #expect(
            try await index.all("MATCH_anyEPC=urn:epc:idpat:sscc:*.*")
                == indices(world) { $0.objects.contains { $0.elements.first?.ai == 0 } }
        )
    }

    @Test func byClass() async throws {
        let (world, index) = try await world()
        let milk = "(01)09521101001013(10)QS260803A"
        let has = { (list: [QuantityElement]?) in list?.contains { $0.epcClass.elementString == milk } ?? false }
        let lot = "urn:epc:class:lgtin:9521101.000101.QS260803A"
        #expect(
            try await index.all("MATCH_epcClass=\(lot)")
                == indices(world) { has($0.quantityList) || has($0.childQuantityList) }
        )
        let used = indices(world) { has($0.inputQuantityList) }
        #expect(used.count == 1)
        #expect(try await index.all("MATCH_inputEPCClass=\(lot)") == used)
        #expect(try await index.all("MATCH_outputEPCClass=\(lot)").isEmpty)
        let anywhere = indices(world) {
            has($0.quantityList) || has($0.childQuantityList) || has($0.inputQuantityList) || has($0.outputQuantityList)
        }
        #expect(try await index.all("MATCH_anyEPCClass=\(lot)") == anywhere)
        #expect(try await index.events(epc: milk).indices == anywhere)
    }

    @Test func byID() async throws {
        let (world, index) = try await world()
        for (place, event) in world.events {
            let found = try await index.event(id: event.eventIDOrHash)
            #expect(found.indices.contains(place))
            // More than one is an event and what was declared about it.
            #expect(found.entries.allSatisfy { $0.event.eventID == event.eventIDOrHash })
            #expect(try await index.all("EQ_eventID=\(event.eventIDOrHash)") == found.indices)
        }
        #expect(try await index.event(id: "urn:uuid:00000000-0000-0000-0000-000000000000").entries.isEmpty)
    }

    @Test func conditionsHoldTogether() async throws {
        let (world, index) = try await world()
        let can = "(01)09521102003016(21)0047215583"
        let expected = indices(world) { event in
            event.bizStep?.text == "receiving" && event.objects.contains { $0.elementString == can }
        }
        #expect(
            try await index.all("MATCH_anyEPC=\(can)&EQ_bizStep=receiving&MATCH_epc=urn:epc:idpat:sgtin:*.*.*")
                == expected
        )
    }

    @Test func aPageIsAnEPCISQueryDocument() async throws {
        let (world, index) = try await world()
        let page = try await index.page(of: try EventQuery(queryString: "perPage=1000"))
        let created = known(Timestamp("2026-11-24T00:00:00Z"))
        let json = page.document(creationDate: created)
        let document = try EPCISDocument(json: json)
        #expect(document.kind == .queryDocument)
        #expect(document.creationDate == created)
        #expect(document.events.count == 42)
        for (entry, located) in zip(page.entries, document.events) {
            #expect(located.event == entry.event)
            // But for what is the repository's to set, it is the event that was signed.
            var event = located.event
            let signed = try #require(world.events[entry.index])
            #expect(event.recordTime?.milliseconds == Int64(QueryWorld.time + entry.index - 1) * 1000)
            #expect(event.eventID == signed.eventIDOrHash)
            #expect(event.hashID() == signed.hashID())
            (event.recordTime, event.eventID) = (signed.recordTime, signed.eventID)
            #expect(event == signed)
        }
        let empty = try await index.page(of: try EventQuery(queryString: "EQ_bizStep=killing"))
        #expect(empty.nextPageToken == nil)
        #expect(try EPCISDocument(json: empty.document(creationDate: created)).events.isEmpty)
    }
}
