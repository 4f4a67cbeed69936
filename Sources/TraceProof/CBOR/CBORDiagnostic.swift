/// Diagnostic notation (RFC 8949 section 8): CBOR as text for people.
///
/// Characters that could disturb a terminal or hide text (controls, bidirectional marks) are escaped.
public enum CBORDiagnostic {
    /// The notation of the one deterministic item in `bytes`.
    ///
    /// - Parameter pretty: one array item or map entry a line, indented by two spaces; otherwise all on one line.
    public static func text(of bytes: [UInt8], pretty: Bool = false) throws(FormatError) -> String {
        text(of: try CBORValue(decoding: bytes), pretty: pretty)
    }

    /// The notation of an item.
    public static func text(of value: CBORValue, pretty: Bool = false) -> String {
        var output = ""
        write(value, &output, pretty ? 0 : nil)
        return output
    }

    /// `indentation` is `nil` for one line.
    private static func write(_ value: CBORValue, _ output: inout String, _ indentation: Int?) {
        switch value {
        case .unsigned(let value): output += "\(value)"
        case .negative(let value): output += value == .max ? "-18446744073709551616" : "-\(value + 1)"
        case .bytes(let value): output += "h'\(Hex.encode(value))'"
        case .text(let value): quote(value, &output)
        case .array(let items):
            output += "["
            for (index, item) in items.enumerated() {
                separate(index, &output, indentation)
                write(item, &output, indentation.map { $0 + 1 })
            }
            close("]", items.isEmpty, &output, indentation)
        case .map(let entries):
            output += "{"
            for (index, entry) in entries.enumerated() {
                separate(index, &output, indentation)
                write(entry.key, &output, indentation.map { $0 + 1 })
                output += ": "
                write(entry.value, &output, indentation.map { $0 + 1 })
            }
            close("}", entries.isEmpty, &output, indentation)
        case .tag(let number, let content):
            output += "\(number)("
            write(content, &output, indentation)
            output += ")"
        case .boolean(let value): output += value ? "true" : "false"
        case .null: output += "null"
        case .undefined: output += "undefined"
        case .simple(let value): output += "simple(\(value))"
        case .float(let value): output += number(value)
        }
    }

    private static func separate(_ index: Int, _ output: inout String, _ indentation: Int?) {
        if let indentation {
            if index > 0 { output += "," }
            line(&output, indentation + 1)
        } else if index > 0 {
            output += ", "
        }
    }

    private static func close(_ bracket: String, _ isEmpty: Bool, _ output: inout String, _ indentation: Int?) {
        if let indentation, !isEmpty { line(&output, indentation) }
        output += bracket
    }

    private static func line(_ output: inout String, _ indentation: Int) {
        output += "\n"
        for _ in 0..<indentation { output += "  " }
    }

    /// `1.0e+300` where Swift says `1e+300`: a float is told from an integer by its point.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        let text = Array(value.description.utf8)
        guard let exponent = text.firstIndex(of: UInt8(ascii: "e")), !text.contains(UInt8(ascii: ".")) else {
            return value.description
        }
        return String(decoding: text[..<exponent] + Array(".0".utf8) + text[exponent...], as: UTF8.self)
    }

    private static func quote(_ text: String, _ output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: output += "\\\""
            case 0x5C: output += "\\\\"
            case 0x0A: output += "\\n"
            case 0x0D: output += "\\r"
            case 0x09: output += "\\t"
            case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
                let code = UInt16(truncatingIfNeeded: scalar.value)
                output += "\\u" + Hex.encode([UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)])
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
