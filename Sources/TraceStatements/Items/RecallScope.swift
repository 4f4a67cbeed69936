public import GS1
public import TraceProof

/// Which items a recall is about: a product, or one lot of it, or a range of serial numbers.
public struct RecallScope: Hashable, Sendable {
    /// Serial numbers from `first` to `last`, both among them: those with as many characters, compared byte by byte. So
    /// `0100` to `0199` are a hundred numbers, and `01` is none of them.
    public struct Serials: Hashable, Sendable {
        /// The first.
        public let first: String
        /// The last.
        public let last: String

        /// The range; `nil` where the two differ in length or stand in the wrong order.
        public init?(from first: String, to last: String) {
            guard first.utf8.count == last.utf8.count, (1...20).contains(first.utf8.count),
                !last.utf8.lexicographicallyPrecedes(first.utf8)
            else { return nil }
            (self.first, self.last) = (first, last)
        }

        /// Whether the range has this serial number.
        public func contains(_ serial: String) -> Bool {
            serial.utf8.count == first.utf8.count && !serial.utf8.lexicographicallyPrecedes(first.utf8)
                && !last.utf8.lexicographicallyPrecedes(serial.utf8)
        }
    }

    /// AI 01: the product.
    public let gtin: String
    /// AI 10; `nil`: every lot.
    public let lot: String?
    /// `nil`: every serial number.
    public let serials: Serials?

    /// The items of a product with this lot, where it is given, and these serial numbers, where they are.
    ///
    /// - Throws: ``FormatError`` for a GTIN or a lot that GS1 does not allow.
    public init(gtin: String, lot: String? = nil, serials: Serials? = nil) throws(FormatError) {
        (self.gtin, self.lot, self.serials) = (gtin, lot, serials)
        for element in elements {
            do { try element.check() } catch {
                throw FormatError("recall", at: .whole, "(\(element.aiText)): \(error.description)")
            }
        }
    }

    private var elements: [Element] {
        [Element(ai: 1, value: gtin)] + (lot.map { [Element(ai: 10, value: $0)] } ?? [])
    }

    /// The product, or the lot, as a canonical element string: `(01)GTIN` or `(01)GTIN(10)LOT`.
    public var text: String { ElementString(elements)?.text ?? "" }

    /// What these elements of a code say of it.
    public enum Cover: Hashable, Sendable {
        /// The item is recalled.
        case yes
        /// It is not.
        case no
        /// The code does not say what the recall asks for: the lot, or the serial number.
        case open(String)
    }

    /// Whether an item with these elements is meant. A code without a lot cannot tell of a recall of one.
    public func covers(_ code: [Element]) -> Cover {
        func value(_ ai: Int) -> String? { code.first { $0.ai == ai }?.value }
        guard let product = value(1), product.hasSameUTF8(as: gtin) else { return .no }
        var missing: String?
        if let lot {
            if let own = value(10) {
                guard own.hasSameUTF8(as: lot) else { return .no }
            } else {
                missing = "lot (10)"
            }
        }
        if let serials {
            if let own = value(21) {
                guard serials.contains(own) else { return .no }
            } else {
                missing = "serial number (21)"
            }
        }
        return missing.map { .open($0) } ?? .yes
    }

    func write(to writer: inout CBORWriter) {
        writer.map { map in
            map.entry(1) { $0.text(gtin) }
            if let lot { map.entry(2) { $0.text(lot) } }
            if let serials {
                map.entry(3) {
                    $0.array(2)
                    $0.text(serials.first)
                    $0.text(serials.last)
                }
            }
        }
    }

    init(reading reader: inout CBORReader) throws(FormatError) {
        let place = reader
        var (gtin, lot): (String?, String?) = (nil, nil)
        var serials: Serials?
        for _ in 0..<(try reader.map()) {
            switch try reader.integer() {
            case 1: gtin = try reader.text()
            case 2: lot = try reader.text()
            case 3:
                try reader.array(count: 2)
                let (first, last) = (try reader.text(), try reader.text())
                guard let range = Serials(from: first, to: last) else {
                    throw place.refuse(
                        "the serial numbers \(first) to \(last) differ in length or stand in the wrong order"
                    )
                }
                serials = range
            default: throw place.refuse("a scope has the keys 1 to 3")
            }
        }
        guard let gtin else { throw place.refuse("a scope without a GTIN") }
        do { self = try RecallScope(gtin: gtin, lot: lot, serials: serials) } catch { throw place.refuse(error.reason) }
    }
}
