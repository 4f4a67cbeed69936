/// What the text formats of this room have in common: names, decimals, characters.
package enum NoteSyntax {
    package static let lineFeed: UInt8 = 0x0A
    static let space: UInt8 = 0x20
    static let plus: UInt8 = 0x2B

    /// The largest size, index or time that is accepted: 2^63 - 1, as tlog-cosignature says of times. Other
    /// implementations hold such numbers in signed integers.
    package static let maximumInteger = TreeSize.maximum

    /// The number written in decimal without leading zeros; `nil` for anything else and above ``maximumInteger``.
    package static func decimal(_ text: some Collection<UInt8>) -> UInt64? {
        // 19 digits cannot overflow 64 bits; a checked 64-bit product would need a library function in wasm32.
        guard (1...19).contains(text.count), text.count == 1 || text.first != 0x30 else { return nil }
        var value: UInt64 = 0
        for character in text {
            guard (0x30...0x39).contains(character) else { return nil }
            value = value &* 10 &+ UInt64(character - 0x30)
        }
        return value <= maximumInteger ? value : nil
    }

    /// What is wrong with a key name (signed-note, "Format"); `nil` for a good one.
    static func problem(inName name: String) -> String? {
        if name.utf8.isEmpty { return "the name is empty" }
        for scalar in name.unicodeScalars {
            if scalar.value == UInt32(plus) { return "the name has a plus sign, which separates the parts of a vkey" }
            if scalar.value < 0x20 { return "the name has a control character" }
            if isSpace(scalar.value) { return "the name has a space" }
        }
        return nil
    }

    /// The code points with the Unicode property White_Space, by hand: the browser's verifier carries no Unicode tables.
    private static func isSpace(_ codePoint: UInt32) -> Bool {
        switch codePoint {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Refuses what no note may hold: bytes that are not UTF-8, control characters other than LF, a last line without LF.
    static func checkCharacters(_ bytes: [UInt8], in format: String) throws(FormatError) {
        var lines = TextLines(bytes)
        while let line = lines.next() {
            // Bytes above 0x7F are the only ones whose UTF-8 can be wrong, and LF is never part of a sequence.
            var isASCII = true
            for byte in line {
                guard byte >= 0x20 else {
                    throw FormatError(format, at: .line(lines.number), "a control character other than a line feed")
                }
                isASCII = isASCII && byte < 0x80
            }
            guard isASCII || String(validating: line, as: UTF8.self) != nil else {
                throw FormatError(format, at: .line(lines.number), "the line is not valid UTF-8")
            }
        }
        guard lines.rest.isEmpty else {
            throw FormatError(
                format,
                at: .line(lines.number + 1),
                "the last line does not end in a line feed: the text was cut off or edited"
            )
        }
    }
}

/// Goes through the LF-terminated lines of a text and counts them.
package struct TextLines {
    /// What has not been read yet; after the last line, bytes without a final LF.
    package private(set) var rest: ArraySlice<UInt8>
    /// The number of the line read last, counted from 1.
    package private(set) var number = 0

    package init(_ bytes: some Collection<UInt8>) { rest = ArraySlice(Array(bytes)) }

    /// The next line without its LF; `nil` when no LF is left.
    package mutating func next() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: NoteSyntax.lineFeed) else { return nil }
        let line = rest[rest.startIndex..<end]
        rest = rest[(end + 1)...]
        number += 1
        return line
    }
}

extension FormatError {
    /// The same error in an outer text of which `lines` lines stand before the inner one.
    package func movedLines(by lines: Int) -> FormatError {
        guard case .line(let line) = place else { return self }
        return FormatError(format, at: .line(lines + line), reason)
    }
}
