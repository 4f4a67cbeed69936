/// Validation of UTF-8 (RFC 3629) inside a larger input.
package enum UTF8Scan {
    /// The offset of the first byte that is not valid UTF-8; `nil` where all of `start..<end` is.
    package static func fault(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        precondition(start >= 0 && end <= bytes.count)
        var offset = start
        while offset < end {
            // Eight bytes of ASCII at a time; the load is inside.
            while end - offset >= 8 {
                let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
                guard word & 0x8080_8080_8080_8080 == 0 else { break }
                offset += 8
            }
            guard offset < end else { return nil }
            let first = bytes[offset]
            if first < 0x80 {
                offset += 1
                continue
            }
            // The first continuation byte's range excludes overlong forms, surrogates and what is above U+10FFFF.
            let length: Int
            let range: ClosedRange<UInt8>
            switch first {
            case 0xC2...0xDF: (length, range) = (2, 0x80...0xBF)
            case 0xE0: (length, range) = (3, 0xA0...0xBF)
            case 0xED: (length, range) = (3, 0x80...0x9F)
            case 0xE1...0xEF: (length, range) = (3, 0x80...0xBF)
            case 0xF0: (length, range) = (4, 0x90...0xBF)
            case 0xF1...0xF3: (length, range) = (4, 0x80...0xBF)
            case 0xF4: (length, range) = (4, 0x80...0x8F)
            default: return offset
            }
            guard end - offset >= length, range.contains(bytes[offset + 1]) else { return offset }
            for index in offset + 2..<offset + length where bytes[index] & 0xC0 != 0x80 { return offset }
            offset += length
        }
        return nil
    }
}
