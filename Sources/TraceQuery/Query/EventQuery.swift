internal import TraceProof

/// A query for events in the parameters of EPCIS 2.0 (section 8.2.7.1 and its OpenAPI 2.0.1); `Docs/Query.md` says what
/// matches what.
///
/// ```swift
/// let query = try EventQuery(queryString: "EQ_bizStep=shipping%7Creceiving&GE_eventTime=2026-03-01T00:00:00+08:00")
/// let page = try await index.page(of: query)
/// ```
///
/// Values of a list are joined by `|`, as the standard's OpenAPI has it (`pipeDelimited`), or the parameter is repeated. An
/// unknown parameter is refused, never ignored: what it would have left out is not what the client wants to see.
public struct EventQuery: Hashable, Sendable {
    /// What events are ordered by.
    public enum Ordering: Int64, Hashable, Sendable {
        /// The ledger's own order.
        case ledger = 0
        /// `eventTime`, then the ledger's order.
        case eventTime = 1
        /// `recordTime`, then the ledger's order.
        case recordTime = 2
    }

    /// Events a page where the query does not say: the standard's default.
    public static let defaultPerPage = 30
    /// The most events a page. A larger `perPage` gets this many, which the standard lets a server do.
    public static let maximumPerPage = 1000
    /// The most values of lists that one query may have, all parameters together.
    public static let maximumValues = 100
    /// The most bytes of one value: the longest issuer or subject of a statement.
    public static let maximumValueLength = 1024
    /// The most bytes of a query string.
    public static let maximumLength = 16_384

    /// What events are ordered by: `orderBy`; without it the time that the query bounds, else the ledger's order.
    public internal(set) var ordering = Ordering.ledger
    /// Whether the last comes first. With `orderBy` that is the standard's default, without it the first comes first.
    public internal(set) var isDescending = false
    /// The most events that a page will have.
    public internal(set) var perPage = EventQuery.defaultPerPage

    var conditions = QueryConditions()
    /// Where the page before ended; `nil` for the first page.
    var start: PagePosition?

    /// The query with these parameters, escapes decoded.
    ///
    /// - Parameter object: an EPC or a class, as a URI or a bracketed element string, that the events must name in any field:
    ///   what `/epcs/{epc}/events` asks.
    /// - Throws: ``QueryError`` with the name of the parameter at fault.
    public init(_ parameters: [(name: String, value: String)], about object: String? = nil) throws(QueryError) {
        var reader = QueryReader()
        for parameter in parameters { try reader.take(parameter.name, parameter.value) }
        if let object { try reader.take(object: object) }
        self = try reader.query()
    }

    /// The query that the query part of a URI asks, without the `?`, with its escapes.
    ///
    /// - Throws: ``QueryError``, also for broken escapes.
    public init(queryString: String, about object: String? = nil) throws(QueryError) {
        try self.init(try QueryString.parameters(queryString), about: object)
    }

    /// The query for every event with this ID: its own, or its CBV 2.0 hash where it has none.
    ///
    /// - Throws: ``QueryError`` for an ID that no event has: empty or longer than ``maximumValueLength``.
    public init(eventID: String) throws(QueryError) {
        var reader = QueryReader()
        try reader.take(eventID: eventID)
        self = try reader.query()
        perPage = EventQuery.maximumPerPage
    }

    init(_ conditions: QueryConditions) { self.conditions = conditions }

    /// What tells this query from another, whatever the page: conditions and order.
    var fingerprint: UInt64 {
        var writer = CBORWriter(capacity: 256)
        writer.integer(ordering.rawValue)
        writer.integer(isDescending ? 1 : 0)
        conditions.add(to: &writer)
        return SHA256.hash(writer.output).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The `nextPageToken` behind a position.
    func token(behind position: PagePosition) -> String { PageToken.encode(position, fingerprint: fingerprint) }

    static var tooMany: QueryError {
        QueryError(.tooComplex, nil, "a query has at most \(maximumValues) values of lists in all: ask in parts")
    }
}
