import EPCIS
import GS1
import Testing
import TraceQuery

/// Pages are stable: whatever is appended between two of them, each event comes once.
@Suite struct PagingTests {
    private func events(_ numbers: Range<Int>, day: Int = 1) throws -> [EPCISEvent] {
        try numbers.map { number in
            let clock = "\(number / 600)\(number / 60 % 10):\(number / 10 % 6)\(number % 10):00"
            var event = EPCISEvent(
                kind: .object,
                eventTime: try #require(Timestamp("2026-03-0\(day)T\(clock)Z")),
                eventTimeZoneOffset: try #require(TimeZoneOffset("+00:00"))
            )
            event.action = number.isMultiple(of: 3) ? .add : .observe
            event.epcList = [.init("urn:epc:id:sgtin:9521102.000301.\(number)")]
            event.eventID = "urn:uuid:\(day)-\(number)"
            return event
        }
    }

    @Test(arguments: [
        "", "orderBy=eventTime", "orderBy=recordTime&orderDirection=ASC", "EQ_action=ADD", "orderDirection=DESC",
    ])
    func whatIsAppendedMeanwhileShiftsNoPage(_ query: String) async throws {
        let world = try await QueryWorld()
        try await world.append(try events(0..<40))
        let index = try await world.updatedIndex()
        let before = try await index.all(query)
        var found: [UInt64] = []
        var next: String?
        var day = 2
        repeat {
            let page = try await index.page(
                of: try EventQuery(
                    queryString: query + "&perPage=7".dropFirst(query.isEmpty ? 1 : 0)
                        + (next.map { "&nextPageToken=\($0)" } ?? "")
                )
            )
            found += page.indices
            next = page.nextPageToken
            // Later and earlier ones than any, until the pages are through.
            if day < 8 {
                try await world.append(try events(0..<3, day: day) + events(50..<52))
                try await index.update()
                day += 1
            }
        } while next != nil
        #expect(Set(found).count == found.count)
        #expect(found.filter { before.contains($0) } == before)
    }

    @Test func aPageEndsAtItsBytes() async throws {
        let world = try await QueryWorld()
        try await world.append(try events(0..<20))
        var limits = IndexLimits()
        limits.pageBytes = 1000
        let index = try await world.updatedIndex(limits)
        let page = try await index.page(of: try EventQuery([]))
        #expect((2..<10).contains(page.entries.count))
        #expect(try await index.all("") == Array(1...20))
        limits.pageBytes = 1
        let narrow = try world.index(limits)
        #expect(try await narrow.page(of: try EventQuery([])).indices == [1])
        #expect(try await narrow.all("orderBy=eventTime") == Array((1...20).reversed()))
    }

    @Test func aPageEndsWhereItsWorkIsDone() async throws {
        let world = try await QueryWorld()
        try await world.append(try events(0..<60))
        var limits = IndexLimits()
        (limits.scanned, limits.stretch) = (20, 10)
        let index = try await world.updatedIndex(limits)
        // Nothing is found in the first twenty, and the page says that there may be more.
        let query = "EQ_disposition=active"
        let page = try await index.page(of: try EventQuery(queryString: query))
        #expect(page.entries.isEmpty)
        // No event has a disposition at all, so there is nothing to go through.
        #expect(page.nextPageToken == nil)
        let step = try await index.page(of: try EventQuery(queryString: "EQ_action=DELETE"))
        #expect(step.entries.isEmpty)
        #expect(step.nextPageToken != nil)
        #expect(try await index.all("EQ_action=DELETE").isEmpty)
        #expect(
            try await index.all("EQ_action=ADD", perPage: 3)
                == (0..<60).filter { $0.isMultiple(of: 3) }.map { UInt64($0 + 1) }
        )
    }

    /// Readers and the writer at once: every answer is of one moment.
    @Test func readersSeeOneMomentEach() async throws {
        let world = try await QueryWorld()
        try await world.append(try events(0..<10))
        var limits = IndexLimits()
        limits.batchEntries = 7
        let index = try await world.updatedIndex(limits)
        let batches = try (2..<8).map { try events(0..<40, day: $0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reader in 0..<3 {
                group.addTask {
                    for _ in 0..<20 {
                        let query = try EventQuery(
                            queryString: reader == 0
                                ? "perPage=1000" : "perPage=1000&orderBy=eventTime&orderDirection=ASC"
                        )
                        let page = try await index.page(of: query)
                        // All events up to the size that the page names, and no other: entry 0 is the genesis.
                        #expect(page.indices.sorted() == (1..<max(page.size, 1)).map { $0 })
                    }
                }
            }
            for batch in batches {
                try await world.append(batch)
                async let again = index.update()
                try await index.update()
                _ = try await again
            }
            try await group.waitForAll()
        }
        #expect(try await index.all("") == Array(1...250))
    }
}
