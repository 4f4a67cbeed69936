/// A COSE header map (RFC 9052 section 3): labels, numbers or text, and their values as encoded items.
///
/// Values stay encoded: each format reads its own with a ``CBORReader``, and what nobody knows is kept as it came.
public struct COSEHeader: Equatable, Sendable {
    /// A label and its value, both as encoded items.
    public struct Entry: Equatable, Sendable {
        /// The label.
        public let label: [UInt8]
        /// The value.
        public let item: [UInt8]
    }

    /// The most labels that are read: labels are compared with each other, and hostile input must not make that slow.
    public static let maximumCount = 64

    /// The entries; in a header that was decoded strictly or built here they ascend by label.
    public private(set) var entries: [Entry] = []

    /// A header without entries.
    public init() {}

    /// Reads a map whose keys are integers or text; a label that stands twice is refused even while inspecting.
    init(reading reader: inout CBORReader) throws(FormatError) {
        let start = reader
        let count = try reader.map()
        guard count <= COSEHeader.maximumCount else { throw start.refuse("a COSE header has more than 64 labels") }
        for _ in 0..<count {
            let place = reader
            switch try reader.peek() {
            case .unsigned, .negative, .text: break
            default: throw reader.refuse("a COSE header label is neither an integer nor text")
            }
            let label = try reader.item()
            guard !contains(label) else { throw place.refuse("a COSE header label stands twice") }
            entries.append(Entry(label: label, item: try reader.item()))
        }
    }

    /// The value under a label that is a number, as an encoded item.
    public subscript(label: Int64) -> [UInt8]? {
        let label = COSEHeader.encode(label)
        return entries.first { $0.label == label }?.item
    }

    /// Puts one encoded item under a label, in place of any that is there.
    public mutating func set(_ label: Int64, to item: [UInt8]) {
        let label = COSEHeader.encode(label)
        entries.removeAll { $0.label == label }
        let place = entries.firstIndex { label.lexicographicallyPrecedes($0.label) } ?? entries.endIndex
        entries.insert(Entry(label: label, item: item), at: place)
    }

    /// `alg` where it is a number; `nil` where it is absent or text.
    public var algorithm: Int64? {
        guard let item = self[COSELabel.algorithm], var reader = try? CBORReader(validating: item) else { return nil }
        return try? reader.integer()
    }

    /// Whether both headers hold one label, which RFC 9052 section 3 forbids.
    func overlaps(_ other: COSEHeader) -> Bool { entries.contains { other.contains($0.label) } }

    private func contains(_ label: [UInt8]) -> Bool { entries.contains { $0.label == label } }

    private static func encode(_ label: Int64) -> [UInt8] {
        var writer = CBORWriter()
        writer.integer(label)
        return writer.output
    }

    /// Writes the map, entries in the order they have.
    func write(to writer: inout CBORWriter) {
        writer.map(entries.count)
        for entry in entries {
            writer.encoded(entry.label)
            writer.encoded(entry.item)
        }
    }
}
