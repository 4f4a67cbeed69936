/// The path of a proof as text: one hash a line in base64, then an empty line (C2SP tlog-proof, tlog-witness).
package enum HashLines {
    /// The longest path: a tree of 2^63 - 1 leaves has no longer one.
    package static let maximumCount = 63

    /// Reads hashes up to the empty line, and that line.
    package static func read(_ lines: inout TextLines, in format: String) throws(FormatError) -> [Digest] {
        var path: [Digest] = []
        while let line = lines.next() {
            if line.isEmpty { return path }
            guard path.count < maximumCount else { throw tooMany(in: format, at: .line(lines.number)) }
            guard let bytes = Base64.decode(line), let hash = Digest(bytes) else {
                throw FormatError(format, at: .line(lines.number), "not canonical base64 of a 32-byte hash")
            }
            path.append(hash)
        }
        throw FormatError(format, at: .line(lines.number + 1), "no empty line and checkpoint follow the hashes")
    }

    /// Refuses a path that ``read(_:in:)`` would refuse.
    package static func checkCount(_ path: [Digest], in format: String) throws(FormatError) {
        guard path.count <= maximumCount else { throw tooMany(in: format, at: .whole) }
    }

    /// The lines, and the empty one.
    package static func bytes(_ path: [Digest]) -> [UInt8] {
        var text: [UInt8] = []
        for hash in path {
            text += Base64.encode(hash.bytes).utf8
            text.append(NoteSyntax.lineFeed)
        }
        text.append(NoteSyntax.lineFeed)
        return text
    }

    private static func tooMany(in format: String, at place: FormatError.Place) -> FormatError {
        FormatError(format, at: place, "more than \(maximumCount) hashes")
    }
}
