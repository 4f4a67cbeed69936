/// Any deterministic CBOR item as a tree, for tools that look at data they do not know.
///
/// Decoders of known formats use ``CBORReader``, which builds no tree.
public indirect enum CBORValue: Equatable, Sendable {
    /// An integer from 0 to 2^64-1.
    case unsigned(UInt64)
    /// The integer -1-n.
    case negative(UInt64)
    /// A byte string.
    case bytes([UInt8])
    /// A text string.
    case text(String)
    /// An array.
    case array([CBORValue])
    /// A map; its order means nothing to ``encoded()``, which sorts. No key may stand twice.
    case map([Entry])
    /// A tag and its content.
    case tag(UInt64, CBORValue)
    /// `false` or `true`.
    case boolean(Bool)
    /// `null`.
    case null
    /// `undefined`.
    case undefined
    /// Another simple value: 0 to 19 and 32 to 255.
    case simple(UInt8)
    /// A float, encoded in the shortest form that keeps it.
    case float(Double)

    /// A key and its value.
    public struct Entry: Equatable, Sendable {
        /// The key.
        public let key: CBORValue
        /// The value.
        public let value: CBORValue

        /// A key and its value.
        public init(_ key: CBORValue, _ value: CBORValue) { (self.key, self.value) = (key, value) }
    }

    /// A signed integer.
    public static func integer(_ value: Int64) -> CBORValue {
        value < 0 ? .negative(UInt64(bitPattern: ~value)) : .unsigned(UInt64(bitPattern: value))
    }

    /// The one item that `bytes` hold.
    public init(decoding bytes: [UInt8], format: String = "CBOR") throws(FormatError) {
        var reader = try CBORReader(validating: bytes, format: format)
        try self.init(reading: &reader)
    }

    /// The next item of a reader, whose nesting the reader has bounded.
    public init(reading reader: inout CBORReader) throws(FormatError) {
        switch try reader.peek() {
        case .unsigned: self = .unsigned(try reader.unsigned())
        case .negative: self = .negative(try reader.negative())
        case .bytes: self = .bytes(try reader.byteString())
        case .text: self = .text(try reader.text())
        case .array:
            var items: [CBORValue] = []
            // Every item has at least a byte of input, but room is made only as items come.
            for _ in 0..<(try reader.array()) { items.append(try CBORValue(reading: &reader)) }
            self = .array(items)
        case .map:
            var entries: [Entry] = []
            for _ in 0..<(try reader.map()) {
                let key = try CBORValue(reading: &reader)
                entries.append(Entry(key, try CBORValue(reading: &reader)))
            }
            self = .map(entries)
        case .tag:
            let number = try reader.tag()
            self = .tag(number, try CBORValue(reading: &reader))
        case .boolean: self = .boolean(try reader.boolean())
        case .null:
            try reader.null()
            self = .null
        case .undefined:
            try reader.undefined()
            self = .undefined
        case .simple: self = .simple(try reader.simple())
        case .float: self = .float(try reader.float())
        }
    }

    /// The deterministic encoding. Precondition: no map holds a key twice, no simple value is 24 to 31.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        write(to: &writer)
        return writer.output
    }

    /// Writes the deterministic encoding.
    public func write(to writer: inout CBORWriter) {
        switch self {
        case .unsigned(let value): writer.unsigned(value)
        case .negative(let value): writer.negative(value)
        case .bytes(let value): writer.bytes(value)
        case .text(let value): writer.text(value)
        case .array(let items):
            writer.array(items.count)
            for item in items { item.write(to: &writer) }
        case .map(let entries):
            writer.map { map in
                for entry in entries {
                    map.entry(encodedKey: entry.key.encoded()) { entry.value.write(to: &$0) }
                }
            }
        case .tag(let number, let content):
            writer.tag(number)
            content.write(to: &writer)
        case .boolean(let value): writer.boolean(value)
        case .null: writer.null()
        case .undefined: writer.undefined()
        case .simple(let value): writer.simple(value)
        case .float(let value): writer.float(value)
        }
    }
}
