internal import GRDB
internal import TraceStatements

/// An event that the index found, before it is read from the ledger.
struct Hit: Hashable, Sendable {
    /// What ``init(_:)`` reads of an event `e`.
    static let columns = "e.idx, e.time, e.record, e.length"

    /// The entry's index in the ledger.
    let index: UInt64
    /// As ``EventRow``.
    let eventTime, recordTime, length: Int64

    /// The hit in a row of ``columns``.
    ///
    /// - Throws: ``IndexDefect`` where the numbers cannot be an entry's: the page that has them is torn.
    init(_ row: Row) throws {
        guard let index = UInt64(exactly: try row.decode(Int64.self, atIndex: 0)) else {
            throw IndexDefect(reason: "an entry with a negative index")
        }
        self.index = index
        eventTime = try row.decode(Int64.self, atIndex: 1)
        recordTime = try row.decode(Int64.self, atIndex: 2)
        length = try row.decode(Int64.self, atIndex: 3)
        guard (0...Int64(Statement.maximumLength)).contains(length) else {
            throw IndexDefect(reason: "entry \(index) with \(length) bytes")
        }
    }

    /// Where the event stands in an order.
    func position(_ ordering: EventQuery.Ordering) -> PagePosition {
        let place = Int64(clamping: index)
        return switch ordering {
        case .ledger: PagePosition(value: 0, index: place)
        case .eventTime: PagePosition(value: eventTime, index: place)
        case .recordTime: PagePosition(value: recordTime, index: place)
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
