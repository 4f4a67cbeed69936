internal import TraceProof

/// Where a page ended: the key of its last event in the query's order. The next page begins behind it, whatever was appended
/// meanwhile.
struct PagePosition: Hashable, Sendable {
    /// The event's time in the unit of the order; 0 in the ledger's own order.
    var value: Int64
    /// The event's index in the ledger.
    var index: Int64
}

/// The text of a ``PagePosition`` in a `nextPageToken`: base64url of version, the query's fingerprint and the position.
///
/// It is no secret and grants nothing: whoever makes one up starts somewhere else in what he may read anyway.
enum PageToken {
    private static let version: UInt8 = 1
    private static let byteCount = 1 + 8 + 8 + 8

    static func encode(_ position: PagePosition, fingerprint: UInt64) -> String {
        var bytes = [version]
        for word in [fingerprint, UInt64(bitPattern: position.value), UInt64(bitPattern: position.index)] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        var text: [UInt8] = []
        for character in Base64.encode(bytes).utf8 where character != UInt8(ascii: "=") {
            switch character {
            case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
            default: text.append(character)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The position in a token of the query with this fingerprint.
    ///
    /// - Throws: ``QueryError`` for anything but what ``encode(_:fingerprint:)`` gives.
    static func decode(_ text: String, fingerprint: UInt64) throws(QueryError) -> PagePosition {
        let name = QueryParameter.nextPageToken.rawValue
        guard let bytes = bytes(text), bytes.first == version else {
            throw QueryError(
                .parameter,
                name,
                "not a token of this program: take the link to the next page as it was given"
            )
        }
        let words = stride(from: 1, to: byteCount, by: 8).map { start in
            bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        guard words[0] == fingerprint else {
            throw QueryError(.parameter, name, "the token of another query: only perPage may change from page to page")
        }
        let position = PagePosition(value: Int64(bitPattern: words[1]), index: Int64(bitPattern: words[2]))
        guard position.index >= 0 else { throw QueryError(.parameter, name, "there is no such position") }
        return position
    }

    /// The bytes of canonical base64url without padding.
    private static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count == (byteCount * 4 + 2) / 3 else { return nil }
        var padded: [UInt8] = []
        for character in text.utf8 {
            switch character {
            case UInt8(ascii: "-"): padded.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): padded.append(UInt8(ascii: "/"))
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: padded.append(character)
            }
        }
        while !padded.count.isMultiple(of: 4) { padded.append(UInt8(ascii: "=")) }
        guard let bytes = Base64.decode(padded), bytes.count == byteCount else { return nil }
        return bytes
    }
}
