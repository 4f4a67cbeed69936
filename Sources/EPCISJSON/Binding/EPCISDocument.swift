public import EPCIS

/// EPCIS events as they came in one JSON text, each with its place there (EPCIS 2.0 section 10).
///
/// ```swift
/// let document = try EPCISDocument(json: bytes)
/// for located in document.events { print(located.pointer, located.line, located.event.eventTime.text) }
/// ```
public struct EPCISDocument: Sendable {
    /// What the JSON text was.
    public enum Kind: Hashable, Sendable {
        /// An `EPCISDocument`.
        case document
        /// An `EPCISQueryDocument`: the answer of a repository.
        case queryDocument
        /// One event and nothing around it.
        case event
        /// An array of events.
        case list
    }

    /// An event and where it stood.
    public struct LocatedEvent: Sendable {
        /// The event.
        public var event: EPCISEvent
        /// The JSON pointer (RFC 6901) to it, e.g. `/epcisBody/eventList/3`; empty for a bare event.
        public var pointer: String
        /// The line on which it begins, from 1.
        public var line: Int
    }

    /// What the JSON text was.
    public var kind: Kind
    /// `schemaVersion` as written; `nil` where there is none.
    public var schemaVersion: String?
    /// `creationDate`; `nil` where there is none.
    public var creationDate: Timestamp?
    /// What else stood beside the body: `id`, `sender`, `receiver`, `instanceIdentifier`, `epcisHeader`, extensions.
    public var fields: [Field]
    /// The fields that the document says are no part of its events' hashes: `ignoreFields` of any namespace, beside the
    /// body, in it or in the query's results.
    public var ignoredFields: [String] = []
    /// The events in their order.
    public var events: [LocatedEvent]
}

extension EPCISDocument {
    /// The events of an EPCIS 2.0 JSON text: an EPCISDocument, an EPCISQueryDocument, one event, or an array of events.
    ///
    /// GS1's `@context` is implied and no context is ever fetched; each event keeps the namespaces it uses.
    /// Rules across fields (which type may have which) are validation's matter, not this reader's.
    /// - Throws: `JSONError` where the text is not JSON, a field holds another type of value than the standard says, `type`
    ///   is unknown or a required field is missing: with line, column, pointer, field and remedy.
    public init(json bytes: [UInt8]) throws(JSONError) {
        let root = try JSONValue(parsing: bytes)
        var reader = DocumentReader(bytes: bytes)
        do {
            self = try reader.document(root)
        } catch {
            throw JSONError(
                at: JSONPosition(ofByte: error.offset, in: bytes),
                pointer: root.pointer(toByte: error.offset),
                error.reason
            )
        }
    }
}
