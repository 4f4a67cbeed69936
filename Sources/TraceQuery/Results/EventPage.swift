public import EPCIS
internal import EPCISJSON

/// Events that a query found, in its order, each with its place in the ledger.
public struct EventPage: Sendable {
    /// An event as the repository gives it, and where it stands.
    public struct Entry: Sendable {
        /// The entry's index in the ledger: what a proof is asked for.
        public let index: UInt64
        /// Who signed it: the statement's iss.
        public let issuer: String
        /// The event as it was signed, but for the two fields that are a repository's to set (EPCIS 2.0 section 7.4.1):
        /// `recordTime` is the statement's iat, and `eventID` is the CBV 2.0 hash ID where the event has none. Neither is
        /// part of that hash.
        public let event: EPCISEvent
    }

    /// The events; fewer than the query's `perPage` also where the work for one page was done before it had filled.
    public let entries: [Entry]
    /// The `nextPageToken` of the page that follows; `nil` on the last one.
    public let nextPageToken: String?
    /// The size of the ledger as of which this answer is complete.
    public let size: UInt64

    /// The indices of ``entries``, for whoever wants proofs.
    public var indices: [UInt64] { entries.map { $0.index } }

    /// The page as an `EPCISQueryDocument` (EPCIS 2.0 section 8.2.6) in UTF-8, the events and nothing of ours.
    public func document(creationDate: Timestamp) -> [UInt8] {
        DocumentWriter.queryDocument(entries.map { $0.event }, creationDate: creationDate).serialized()
    }
}
