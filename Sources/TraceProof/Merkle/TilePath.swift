/// The part of a tile's path that tiles and entry bundles share: `<N>[.p/<W>]` (C2SP tlog-tiles).
enum TilePath {
    /// The largest index of a tile or bundle: the last one at level 0 of a tree of 2^63-1 entries.
    static let maximumIndex = TreeSize.maximum / 256

    /// `x001/x234/067`, and `.p/<W>` behind it for a partial one.
    static func text(index: UInt64, width: Int) -> String {
        var groups: [UInt64] = []
        var rest = index
        repeat {
            groups.append(rest % 1000)
            rest /= 1000
        } while rest > 0
        var text = ""
        for (position, group) in groups.enumerated().reversed() {
            if position > 0 { text += "x" }
            text += group < 10 ? "00" : group < 100 ? "0" : ""
            text += "\(group)\(position > 0 ? "/" : "")"
        }
        return width == 256 ? text : "\(text).p/\(width)"
    }

    /// Reads what ``text(index:width:)`` writes, and nothing else.
    static func parse(_ path: inout PathReader) throws(FormatError) -> (index: UInt64, width: Int) {
        var index: UInt64 = 0
        var isFirst = true
        while true {
            let start = path.position
            let isLast = !path.skip(0x78)  // x
            let group = try path.group()
            guard !isFirst || isLast || group > 0 else {
                throw path.error(at: start, "an index does not begin with the group x000")
            }
            // At most 2^55 before the step, so no overflow; a checked product would want 128 bits, which wasm32 has not.
            index = index &* 1000 &+ group
            guard index <= maximumIndex else {
                throw path.error(at: start, "the index is above \(maximumIndex), the last of a tree of 2^63-1 entries")
            }
            if isLast { break }
            try path.expect(0x2F, "a / belongs between the groups of an index")
            isFirst = false
        }
        guard !path.isAtEnd else { return (index, 256) }
        for byte in ".p/".utf8 { try path.expect(byte, "only .p/ and a width may follow the index") }
        let start = path.position
        let width = try path.decimal(upTo: 255)
        guard width > 0 else { throw path.error(at: start, "a tile is never empty, so there is no width 0") }
        guard path.isAtEnd else { throw path.error(at: path.position, "nothing may follow the width") }
        return (index, Int(width))
    }
}

/// Reads a tile path byte by byte.
struct PathReader {
    let bytes: [UInt8]
    var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    func error(at offset: Int, _ reason: String) -> FormatError {
        FormatError("tile path", at: .offset(offset), reason)
    }

    /// Takes `byte` where it stands next.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8, _ reason: String) throws(FormatError) {
        guard skip(byte) else { throw error(at: position, reason) }
    }

    /// Three digits.
    mutating func group() throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<3 {
            guard let digit = digit() else {
                throw error(at: position, "an index is written in groups of three digits")
            }
            value = value &* 10 &+ digit
        }
        return value
    }

    /// A decimal number without leading zeros; `limit` is small.
    mutating func decimal(upTo limit: UInt64) throws(FormatError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        while let digit = digit() {
            guard position == start + 1 || value > 0 else { throw error(at: start, "a number has no leading zeros") }
            value = value &* 10 &+ digit
            guard value <= limit else { throw error(at: start, "the number is above \(limit)") }
        }
        guard position > start else { throw error(at: start, "a decimal number belongs here") }
        return value
    }

    private mutating func digit() -> UInt64? {
        guard position < bytes.count, (0x30...0x39).contains(bytes[position]) else { return nil }
        position += 1
        return UInt64(bytes[position - 1] - 0x30)
    }
}
