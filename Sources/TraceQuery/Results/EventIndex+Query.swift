internal import EPCIS
internal import TraceLedger
internal import TraceProof
internal import TraceStatements
internal import TraceVerification

extension EventIndex {
    /// The page of a query.
    ///
    /// The events are read from the ledger and proved under its published checkpoint. Pages begin where the one before ended,
    /// so what is appended meanwhile shifts none of them: it comes on a later page, or on none where its place is on an
    /// earlier one.
    ///
    /// - Throws: `LedgerError` where the ledger does not prove what it serves, ``IndexError`` where the index cannot be used.
    public func page(of query: EventQuery) async throws -> EventPage {
        let limits = limits
        let findings = try await using { try await $0.read { try PageSearch(query, $0, limits).findings() } }
        return EventPage(
            entries: try await entries(findings.hits),
            nextPageToken: findings.next.map { query.token(behind: $0) },
            size: findings.size
        )
    }

    /// Every event with an ID: its own, or its CBV 2.0 hash where it has none. More than one is an event and the error
    /// declarations about it, or another issuer's of the same name.
    ///
    /// - Throws: as ``page(of:)``; ``QueryError`` for an ID that no event can have.
    public func event(id: String) async throws -> EventPage {
        let page = try await page(of: try EventQuery(eventID: id))
        let entries = page.entries.filter { $0.event.eventID?.hasSameUTF8(as: id) ?? false }
        return EventPage(entries: entries, nextPageToken: page.nextPageToken, size: page.size)
    }

    /// The first events that name an EPC or a class in any field of their What dimension: a URI or a bracketed element string.
    /// What else a client may ask of them, further pages too, is an ``EventQuery/init(_:about:)``.
    ///
    /// - Throws: as ``page(of:)``; ``QueryError`` where the text is too long to be one.
    public func events(epc: String) async throws -> EventPage {
        try await page(of: try EventQuery([], about: epc))
    }

    /// The events at these places, in this order.
    private func entries(_ hits: [Hit]) async throws -> [EventPage.Entry] {
        guard let last = hits.map({ $0.index }).max() else { return [] }
        let reader = reader
        let head = try await reader.checkpoint().checkpoint.head
        return try await using { _ in
            guard last < head.size else {
                throw IndexDefect(reason: "it has an entry \(last), and the ledger has \(head.size) entries")
            }
            let found = try await EventIndex.statements(hits.map { $0.index }, of: head, reader)
            return try hits.map { hit in
                guard let statement = found[hit.index], statement.header.kind == .event,
                    let event = try? EPCISEvent(payload: statement.payload),
                    event.eventTime.milliseconds == hit.eventTime, Int64(statement.encoded.count) == hit.length
                else { throw IndexDefect(reason: "entry \(hit.index) is not the event that was indexed") }
                return EventPage.Entry(hit.index, statement.header, event)
            }
        }
    }

    /// The statements at these places, proved to be in a published tree; those of one bundle are read together.
    private static func statements(
        _ places: [UInt64],
        of head: TreeHead,
        _ reader: LedgerReader
    ) async throws -> [UInt64: Statement] {
        var found: [UInt64: Statement] = [:]
        let places = places.sorted()
        var place = 0
        while place < places.count {
            var end = place + 1
            while end < places.count, places[end] >> 8 == places[place] >> 8 { end += 1 }
            let wanted = Set(places[place..<end])
            try await reader.forEachEntry(in: places[place]..<places[end - 1] + 1, of: head) { index, bytes in
                if wanted.contains(index) { found[index] = try? Statement(decoding: bytes) }
            }
            place = end
        }
        return found
    }
}

extension EventPage.Entry {
    fileprivate init(_ index: UInt64, _ header: StatementHeader, _ event: EPCISEvent) {
        var event = event
        event.recordTime = Timestamp(UTCTime.text(header.issuedAt))
        if event.eventID == nil { event.eventID = event.hashID() }
        self.index = index
        issuer = header.issuer
        self.event = event
    }
}
