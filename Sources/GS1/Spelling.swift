extension Span<UInt8> {
    /// Whether the bytes from `start` are those of `word`; then `start` moves behind them.
    func skip(_ word: String, _ start: inout Int) -> Bool {
        let word = word.utf8.span
        guard word.count <= count - start else { return false }
        for position in 0..<word.count where self[start + position] != word[position] { return false }
        start += word.count
        return true
    }

    /// Whether both are the same bytes.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for position in 0..<count where self[position] != other[position] { return false }
        return true
    }

    /// The place of the first such byte in `range`, or the end of the range.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int {
        var position = range.lowerBound
        while position < range.upperBound, self[position] != byte { position &+= 1 }
        return position
    }

    /// The place of the last such byte in `range`.
    func lastIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        var position = range.upperBound
        while position > range.lowerBound {
            position &-= 1
            if self[position] == byte { return position }
        }
        return nil
    }

    /// Whether a byte in `range` is one of the set.
    func hasAny(of set: ASCIISet, in range: Range<Int>) -> Bool {
        for position in range where set.contains(self[position]) { return true }
        return false
    }

    /// Whether every byte in `range` is a digit.
    func areDigits(_ range: Range<Int>) -> Bool {
        for position in range where !self[position].isDigit { return false }
        return true
    }
}

extension Array<UInt8> {
    /// Adds the digits of an AI of 0 to 9999, at least two.
    mutating func append(applicationIdentifier ai: Int) {
        let digit = { (value: Int) in UInt8(truncatingIfNeeded: 0x30 &+ value % 10) }
        if ai > 999 { append(digit(ai / 1000)) }
        if ai > 99 { append(digit(ai / 100)) }
        append(digit(ai / 10))
        append(digit(ai))
    }

    /// Adds the bytes of `text`.
    mutating func append(_ text: String) {
        let bytes = text.utf8.span
        append(bytes, 0..<bytes.count)
    }

    /// Adds the bytes of `text` in `range`.
    mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) {
        unsafe text.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Adds the bytes of `text` in `range`, those in `escaped` as `%` and two capital hex digits.
    mutating func append(_ text: Span<UInt8>, _ range: Range<Int>, escaping escaped: ASCIISet) {
        guard text.hasAny(of: escaped, in: range) else { return append(text, range) }
        for position in range {
            let byte = text[position]
            if escaped.contains(byte) {
                append(0x25)
                append(Self.hex(byte >> 4))
                append(Self.hex(byte & 0xF))
            } else {
                append(byte)
            }
        }
    }

    /// Adds the bytes of `text`, all but those in `bare` as `%` and two capital hex digits; in a query a space is `+`.
    mutating func append(_ text: Span<UInt8>, escapingAllBut bare: ASCIISet, isQuery: Bool = false) {
        for position in 0..<text.count {
            let byte = text[position]
            if bare.contains(byte) {
                append(byte)
            } else if isQuery, byte == 0x20 {
                append(0x2B)
            } else {
                append(0x25)
                append(Self.hex(byte >> 4))
                append(Self.hex(byte & 0xF))
            }
        }
    }

    /// Adds the bytes of `text` in `range` with percent escapes decoded, in a query `+` as a space; false where an escape is
    /// broken or a character in `forbidden` stands bare.
    mutating func append(
        _ text: Span<UInt8>,
        _ range: Range<Int>,
        unescapingNo forbidden: ASCIISet,
        isQuery: Bool = false
    ) -> Bool {
        if !isQuery,
            !text.hasAny(of: ASCIISet(low: forbidden.low | 1 << 0x25, high: forbidden.high), in: range)
        {
            append(text, range)
            return true
        }
        var position = range.lowerBound
        while position < range.upperBound {
            var byte = text[position]
            if byte == 0x25 {
                guard range.upperBound - position > 2, let high = Self.nibble(text[position + 1]),
                    let low = Self.nibble(text[position + 2])
                else { return false }
                byte = high << 4 | low
                position &+= 2
            } else if forbidden.contains(byte) {
                return false
            } else if isQuery, byte == 0x2B {
                byte = 0x20
            }
            append(byte)
            position &+= 1
        }
        return true
    }

    private static func hex(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }

    private static func nibble(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x37
        case 0x61...0x66: character - 0x57
        default: nil
        }
    }
}
