/// An event that the index found, before it is read from the ledger.
struct Hit: Hashable, Sendable {
    /// The entry's index in the ledger.
    let index: Int64
    /// As ``EventRow``.
    let eventTime, recordTime, length: Int64

    /// Where the event stands in an order.
    func position(_ ordering: EventQuery.Ordering) -> PagePosition {
        switch ordering {
        case .ledger: PagePosition(value: 0, index: index)
        case .eventTime: PagePosition(value: eventTime, index: index)
        case .recordTime: PagePosition(value: recordTime, index: index)
        }
    }
}

/// What the index found for a page.
struct Findings: Sendable {
    var hits: [Hit] = []
    /// Where the next page begins; nil where there is none.
    var next: PagePosition?
    /// The index is complete up to here.
    var size: UInt64 = 0
}
