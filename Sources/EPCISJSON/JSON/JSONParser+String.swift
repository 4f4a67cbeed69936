extension JSONParser {
    /// The string whose opening quote is at the index. Bytes that need no escape are taken in runs.
    mutating func string() throws(Refusal) -> String {
        let open = index
        index += 1
        let run = index
        guard skipPlainBytes() else { throw Refusal(open, "the string that begins here has no closing quote") }
        if bytes[index] == UInt8(ascii: "\"") {
            defer { index += 1 }
            return try text(bytes[run..<index], at: run)
        }
        var resolved = Array(bytes[run..<index])
        while true {
            guard index < bytes.count else {
                throw Refusal(open, "the string that begins here has no closing quote")
            }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return try text(resolved[...], at: run)
            case UInt8(ascii: "\\"):
                try resolveEscape(into: &resolved)
            case 0..<0x20:
                throw Refusal(index, "a control character stands in a string: write it as \\n, \\t or \\u00XX")
            default:
                let start = index
                _ = skipPlainBytes()
                resolved.append(contentsOf: bytes[start..<index])
            }
        }
    }

    /// Goes to the next quote, backslash or control character; false at the end of the input.
    private mutating func skipPlainBytes() -> Bool {
        var at = index
        let end = bytes.count
        while at < end {
            let byte = bytes[at]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { break }
            at += 1
        }
        index = at
        return at < end
    }

    private func text(_ utf8: ArraySlice<UInt8>, at start: Int) throws(Refusal) -> String {
        if let text = String(validating: utf8, as: UTF8.self) { return text }
        let whole = bytes[start..<index]
        let bad: Int
        do {
            _ = try UTF8Span(validating: whole.span)
            bad = 0
        } catch {
            bad = error.byteOffsets.lowerBound
        }
        throw Refusal(start + bad, "the text is not UTF-8 here: save the file as UTF-8")
    }

    private mutating func resolveEscape(into resolved: inout [UInt8]) throws(Refusal) {
        let start = index
        index += 1
        defer { index += 1 }
        switch current {
        case UInt8(ascii: "\""): resolved.append(0x22)
        case UInt8(ascii: "\\"): resolved.append(0x5C)
        case UInt8(ascii: "/"): resolved.append(0x2F)
        case UInt8(ascii: "b"): resolved.append(0x08)
        case UInt8(ascii: "f"): resolved.append(0x0C)
        case UInt8(ascii: "n"): resolved.append(0x0A)
        case UInt8(ascii: "r"): resolved.append(0x0D)
        case UInt8(ascii: "t"): resolved.append(0x09)
        case UInt8(ascii: "u"): resolved.append(contentsOf: try scalar(from: start).utf8)
        default: throw Refusal(start, "a backslash must be followed by one of \" \\ / b f n r t u")
        }
    }

    /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair; leaves the index on the last digit.
    private mutating func scalar(from start: Int) throws(Refusal) -> String {
        let first = try fourHexDigits(of: start)
        if let scalar = Unicode.Scalar(first) { return String(scalar) }
        guard first < 0xDC00, index + 2 < bytes.count,
            bytes[index + 1] == UInt8(ascii: "\\"), bytes[index + 2] == UInt8(ascii: "u")
        else { throw Refusal(start, "half of a surrogate pair stands alone") }
        index += 2
        let second = try fourHexDigits(of: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw Refusal(start, "half of a surrogate pair stands alone") }
        return String(scalar)
    }

    private mutating func fourHexDigits(of start: Int) throws(Refusal) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            index += 1
            let digit: UInt8
            switch current {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = current - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = current - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = current - UInt8(ascii: "A") + 10
            default: throw Refusal(start, "\\u must be followed by four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
