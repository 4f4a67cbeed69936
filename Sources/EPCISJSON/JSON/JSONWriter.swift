internal import EPCIS

extension JSONValue {
    /// How a JSON text is laid out.
    public enum Layout: Sendable {
        /// No white space.
        case compact
        /// A line for each member and element, indented by two spaces; ends with a line feed.
        case pretty
    }

    /// The JSON text of the value in UTF-8: members in their order, numbers as they were written, only what must be
    /// escaped is escaped (RFC 8259 section 7), so `/` and characters beyond ASCII stand as they are.
    public func serialized(_ layout: Layout = .compact) -> [UInt8] {
        var writer = JSONWriter(isPretty: layout == .pretty)
        writer.write(self, indent: 0)
        if layout == .pretty { writer.bytes.append(UInt8(ascii: "\n")) }
        return writer.bytes
    }
}

private struct JSONWriter {
    let isPretty: Bool
    var bytes: [UInt8] = []

    mutating func write(_ value: JSONValue, indent: Int) {
        switch value.content {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): bytes.append(contentsOf: number.text.utf8)
        case .string(let text): write(text)
        case .array(let elements):
            write(elements, "[", "]", indent) { writer, element in writer.write(element, indent: indent + 1) }
        case .object(let members):
            write(members, "{", "}", indent) { writer, member in
                writer.write(member.name)
                writer.bytes.append(contentsOf: (writer.isPretty ? ": " : ":").utf8)
                writer.write(member.value, indent: indent + 1)
            }
        }
    }

    private mutating func write<Item>(
        _ items: [Item],
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ indent: Int,
        _ each: (inout JSONWriter, Item) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        var isFirst = true
        for item in items {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            breakLine(indent + 1)
            each(&self, item)
        }
        if !isFirst { breakLine(indent) }
        bytes.append(UInt8(ascii: close))
    }

    private mutating func breakLine(_ indent: Int) {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indent))
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20: bytes.append(contentsOf: "\\u00\(byte < 16 ? "0" : "1")\(String(byte & 15, radix: 16))".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
