/// The query of a URI (RFC 3986 section 3.4) as names and values.
enum QueryString {
    /// The parameters in their order, escapes decoded.
    ///
    /// A `+` is a `+`, as in RFC 3986, not the space of HTML forms: no value of EPCIS has a space, and `+08:00` is written bare
    /// by hand more often than not.
    ///
    /// - Throws: ``QueryError`` for a broken escape, for what is not UTF-8, and for a parameter without `=`.
    static func parameters(_ text: String) throws(QueryError) -> [(name: String, value: String)] {
        guard text.utf8.count <= EventQuery.maximumLength else {
            throw QueryError(.tooLong, nil, "the query has more than \(EventQuery.maximumLength) bytes: ask in parts")
        }
        guard !text.utf8.isEmpty else { return [] }
        var parameters: [(name: String, value: String)] = []
        for part in text.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                throw QueryError(.parameter, String(Substring(part)), "there is no `=` behind the name")
            }
            let name = String(Substring(part[..<equals]))
            guard let decodedName = decoded(part[..<equals]), let value = decoded(part[part.index(after: equals)...])
            else {
                throw QueryError(.parameter, name, "a `%` without two hexadecimal digits, or bytes that are not UTF-8")
            }
            parameters.append((decodedName, value))
        }
        return parameters
    }

    private static func decoded(_ part: Substring.UTF8View) -> String? {
        guard part.contains(UInt8(ascii: "%")) else { return String(Substring(part)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count)
        var rest = part[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(nibble), let low = rest.popFirst().flatMap(nibble) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func nibble(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x37
        case 0x61...0x66: character - 0x57
        default: nil
        }
    }
}
