/// White space by its UTF-8 bytes (Unicode `White_Space`), for where there are no Unicode tables.
enum WhiteSpace {
    /// The text without white space at its ends (rule 5).
    static func trimmed(_ text: String) -> String {
        var bytes = text.utf8[...]
        while let length = length(startOf: bytes) { bytes = bytes.dropFirst(length) }
        while let length = length(endOf: bytes) { bytes = bytes.dropLast(length) }
        return bytes.count == text.utf8.count ? text : String(Substring(bytes))
    }

    private static func length(startOf bytes: Substring.UTF8View) -> Int? {
        guard let first = bytes.first else { return nil }
        if first < 0x80 { return isASCIISpace(first) ? 1 : nil }
        return (2...3).first { bytes.count >= $0 && isWide(Array(bytes.prefix($0))) }
    }

    private static func length(endOf bytes: Substring.UTF8View) -> Int? {
        guard let last = bytes.last else { return nil }
        if last < 0x80 { return isASCIISpace(last) ? 1 : nil }
        return (2...3).first { bytes.count >= $0 && isWide(Array(bytes.suffix($0))) }
    }

    private static func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isWide(_ bytes: [UInt8]) -> Bool {
        switch bytes {
        case [0xC2, 0x85], [0xC2, 0xA0], [0xE1, 0x9A, 0x80], [0xE2, 0x81, 0x9F], [0xE3, 0x80, 0x80]: true
        case _ where bytes.starts(with: [0xE2, 0x80]) && bytes.count == 3:
            (0x80...0x8A).contains(bytes[2]) || [0xA8, 0xA9, 0xAF].contains(bytes[2])
        default: false
        }
    }
}
