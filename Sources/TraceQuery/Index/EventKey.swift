internal import EPCIS
internal import TraceProof

/// An event ID as the index keeps it: half of a digest as two integers, a quarter of the room of the ID itself. It is the CBV
/// event hash where the ID is one, else the SHA-256 of the ID. Who looks one up compares the event's own ID, so that nobody
/// can pass an event for another.
struct EventKey: Hashable, Sendable {
    let high: Int64
    let low: Int64

    /// The key of an ID.
    init(_ id: String) { self.init(EventKey.hash(in: id) ?? SHA256.hash(Array(id.utf8))) }

    /// The key of an event's own ID, or of its CBV hash where it has none.
    init(of event: EPCISEvent) {
        if let id = event.eventID { self.init(id) } else { self.init(EventHash(of: event).digest) }
    }

    private init(_ digest: Digest) {
        let bytes = digest.bytes
        let word = { (range: Range<Int>) in bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        (high, low) = (Int64(bitPattern: word(0..<8)), Int64(bitPattern: word(8..<16)))
    }

    /// The digest in `ni:///sha-256;<64 hex digits>?ver=CBV2.0`, in the one spelling that ``EventHash`` has.
    private static func hash(in id: String) -> Digest? {
        let (start, end) = ("ni:///sha-256;".utf8, "?ver=CBV2.0".utf8)
        guard id.utf8.count == start.count + 64 + end.count, id.utf8.starts(with: start),
            id.utf8.suffix(end.count).elementsEqual(end)
        else { return nil }
        let digits = id.utf8.dropFirst(start.count).prefix(64)
        return Hex.decode(Array(digits)).flatMap { Digest($0) }
    }
}
