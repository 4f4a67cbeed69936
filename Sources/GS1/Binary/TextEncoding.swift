/// The six ways to write text of varying length, by encoding indicator (EPC TDS 2.3, 14.5.6 and table E).
enum TextEncoding: UInt8, CaseIterable {
    case number, upperHex, lowerHex, base64URL, ascii, code40

    /// How many bits so many digits need as a number (table B).
    static func bits(ofDigits count: Int) -> Int {
        // ceiling(count * log2(10)) with the logarithm as a fraction of 2^16, exact for the 90 digits of a value.
        (count &* 217_706 &+ 0xFFFF) >> 16
    }

    /// How many bits so many characters need.
    func bits(ofCharacters count: Int) -> Int {
        switch self {
        case .number: Self.bits(ofDigits: count)
        case .upperHex, .lowerHex: 4 * count
        case .base64URL: 6 * count
        case .ascii: 7 * count
        case .code40: (count + 2) / 3 * 16
        }
    }

    /// The number of a character, for the encodings that write one after the other; nil where it is not in the set.
    func code(of character: UInt8) -> UInt8? {
        switch (self, character) {
        case (.number, 0x30...0x39), (.upperHex, 0x30...0x39), (.lowerHex, 0x30...0x39): character - 0x30
        case (.upperHex, 0x41...0x46): character - 0x37
        case (.lowerHex, 0x61...0x66): character - 0x57
        case (.base64URL, 0x41...0x5A): character - 0x41
        case (.base64URL, 0x61...0x7A): character - 0x47
        case (.base64URL, 0x30...0x39): character + 4
        case (.base64URL, 0x2D): 62
        case (.base64URL, 0x5F): 63
        case (.ascii, _) where ASCIISet.value.contains(character): character
        case (.code40, 0x41...0x5A): character - 0x40
        case (.code40, 0x2D...0x2E): character - 0x12
        case (.code40, 0x3A): 29
        case (.code40, 0x30...0x39): character - 0x12
        default: nil
        }
    }

    /// The character of a number; nil where there is none.
    func character(of code: UInt8) -> UInt8? {
        switch (self, code) {
        case (.number, 0...9), (.upperHex, 0...9), (.lowerHex, 0...9): code + 0x30
        case (.upperHex, 10...15): code + 0x37
        case (.lowerHex, 10...15): code + 0x57
        case (.base64URL, 0...25): code + 0x41
        case (.base64URL, 26...51): code + 0x47
        case (.base64URL, 52...61): code - 4
        case (.base64URL, 62): 0x2D
        case (.base64URL, 63): 0x5F
        case (.ascii, _) where ASCIISet.value.contains(code): code
        case (.code40, 1...26): code + 0x40
        case (.code40, 27...28): code + 0x12
        case (.code40, 29): 0x3A
        case (.code40, 30...39): code + 0x12
        default: nil
        }
    }

    /// The encoding with the fewest bits for this text, the first of the table where some are equal; nil where the text
    /// has a character of no GS1 set.
    static func shortest(for text: ArraySlice<UInt8>) -> TextEncoding? {
        var best: TextEncoding?
        for encoding in allCases where text.allSatisfy({ encoding.code(of: $0) != nil }) {
            let bits = encoding.bits(ofCharacters: text.count)
            if let found = best, found.bits(ofCharacters: text.count) <= bits { continue }
            best = encoding
        }
        return best
    }

    /// Writes the characters of a text for which ``code(of:)`` holds.
    func write(_ text: ArraySlice<UInt8>, to bits: inout BitString) {
        switch self {
        case .number: _ = bits.append(decimal: text, bits: Self.bits(ofDigits: text.count))
        case .code40:
            var codes = text.map { UInt64(code(of: $0) ?? 0) }
            while codes.count % 3 != 0 { codes.append(0) }
            for start in stride(from: 0, to: codes.count, by: 3) {
                bits.append(1600 * codes[start] + 40 * codes[start + 1] + codes[start + 2] + 1, bits: 16)
            }
        default:
            let width = self.bits(ofCharacters: 1)
            for character in text { bits.append(UInt64(code(of: character) ?? 0), bits: width) }
        }
    }

    /// Reads so many characters.
    func read(_ count: Int, _ reader: inout BitReader, _ what: String) throws(EPCBinaryError) -> [UInt8] {
        switch self {
        case .number: return try reader.readDecimal(Self.bits(ofDigits: count), digits: count, what)
        case .code40: return try readCode40(count, &reader, what)
        default:
            let width = bits(ofCharacters: 1)
            var text: [UInt8] = []
            for _ in 0..<count {
                let start = reader.position
                let code = UInt8(truncatingIfNeeded: try reader.read(width, what))
                guard let character = character(of: code) else {
                    throw EPCBinaryError(bit: start, "\(what) has a character of no GS1 set")
                }
                text.append(character)
            }
            return text
        }
    }

    private func readCode40(
        _ count: Int,
        _ reader: inout BitReader,
        _ what: String
    ) throws(EPCBinaryError) -> [UInt8] {
        var text: [UInt8] = []
        while text.count < count {
            let start = reader.position
            let group = Int(try reader.read(16, what)) - 1
            guard (0..<64000).contains(group) else {
                throw EPCBinaryError(bit: start, "\(what) has no URN Code 40 triple")
            }
            for code in [group / 1600, group / 40 % 40, group % 40] {
                let character = character(of: UInt8(code))
                guard (character != nil) == (text.count < count) else {
                    throw EPCBinaryError(bit: start, "\(what) is not as long in URN Code 40 as it says")
                }
                if let character { text.append(character) }
            }
        }
        return text
    }
}
