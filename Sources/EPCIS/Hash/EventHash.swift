public import TraceProof

/// The CBV 2.0 event hash ID of an event (CBV 2.0 section 8.9), and what in it is open to reading.
///
/// An identifier, **not** an integrity check: nothing separates one field from the next in what is hashed, so different
/// events can have one hash by construction, and `errorDeclaration` is left out. Sign the event, look it up by this.
///
/// ```swift
/// let hash = EventHash(of: event)
/// hash.id  // "ni:///sha-256;6ae96341…?ver=CBV2.0"
/// for ambiguity in hash.ambiguities { print(ambiguity.field, ambiguity.reason.meaning) }
/// ```
public struct EventHash: Hashable, Sendable {
    /// What is hashed: names and values in the fixed order with nothing between them, UTF-8.
    public let preHash: [UInt8]
    /// Where the standard's text, its published hashes and the two public implementations do not agree, in the order of
    /// the event's fields; empty for an event that everybody hashes alike.
    public let ambiguities: [HashAmbiguity]

    /// The hash of `event` without `recordTime`, `eventID`, `errorDeclaration`, `@context`, `rdfs:comment` and `ignored`.
    ///
    /// - Parameter ignored: further fields to leave out, by name as written (`example:hash`) or as hashed
    ///   (`{https://ns.example.com/}hash`): fields of the standard at the top of the event, others at any depth.
    public init(of event: EPCISEvent, ignoring ignored: [String] = []) {
        var writer = PreHashWriter(namespaces: event.shownNamespaces, ignored: ignored)
        writer.write(event)
        preHash = writer.bytes
        ambiguities = writer.ambiguities
    }

    /// The fields of the standard at the top of an event that `ignored` may name.
    public static let ignorableFields = [
        "eventTime", "eventTimeZoneOffset", "certificationInfo", "epcList", "parentID", "inputEPCList", "childEPCs",
        "quantityList", "childQuantityList", "inputQuantityList", "outputEPCList", "outputQuantityList", "action",
        "transformationID", "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation",
        "sensorElementList", "bizTransactionList", "destinationList", "sourceList", "ilmd",
    ]

    /// The fields that no hash has, named or not.
    public static let unhashedFields = [
        "recordTime", "eventID", "errorDeclaration", "@context", "rdfs:comment", "comment",
    ]

    /// The SHA-256 of ``preHash``.
    public var digest: Digest { SHA256.hash(preHash) }

    /// `ni:///sha-256;<64 hex digits>?ver=CBV2.0`: hexadecimal, although RFC 6920 would have base64url.
    public var id: String { "ni:///sha-256;" + Hex.encode(digest.bytes) + "?ver=CBV2.0" }
}

extension EPCISEvent {
    /// The event's CBV 2.0 hash ID; ``EventHash`` also tells what in it is open to reading.
    ///
    /// - Parameter ignored: as for ``EventHash/init(of:ignoring:)``.
    public func hashID(ignoring ignored: [String] = []) -> String { EventHash(of: self, ignoring: ignored).id }

    /// The event's own ``eventID``, else its ``hashID(ignoring:)``.
    public var eventIDOrHash: String { eventID ?? hashID() }
}
