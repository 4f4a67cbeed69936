import GS1
import TraceProof

/// What a commissioning event says of its items, read without the rest of it: how many there are, the root over them, and of
/// which product.
///
/// A verifier of items needs no more of an event, and carries no more of its format: the reader of all fields is half of the
/// weight of a verifier in a browser.
package struct CommissioningScan {
    /// The items.
    package let items: ItemTreeRoot
    /// AI 01 of all objects of the event: 14 digits.
    package let gtin: String

    /// Reads the payload of an event (kind 65001).
    ///
    /// - Returns: `nil` unless it is an ObjectEvent with action ADD and an item tree, whose objects are written by their
    ///   elements and are all of one GTIN. Two products in one event would leave open of which of them a serial number is.
    package init?(payload: [UInt8]) {
        guard let found = try? CommissioningScan.read(payload) else { return nil }
        self = found
    }

    private init(_ items: ItemTreeRoot, _ gtin: String) { (self.items, self.gtin) = (items, gtin) }

    private static func read(_ payload: [UInt8]) throws(FormatError) -> CommissioningScan? {
        var reader = try CBORReader(validating: payload, format: payloadFormat)
        var (isObject, isAdd) = (false, false)
        var items: ItemTreeRoot?
        var gtins = GTINs()
        for _ in 0..<(try reader.map()) {
            switch try reader.integer() {
            case PayloadKey.type: isObject = try reader.unsigned() == UInt64(EPCISEvent.Kind.object.rawValue)
            case PayloadKey.action: isAdd = try reader.unsigned() == UInt64(EPCISEvent.Action.add.rawValue)
            case PayloadKey.epcList: for _ in 0..<(try reader.array()) { try gtins.read(&reader) }
            case PayloadKey.quantityList: for _ in 0..<(try reader.array()) { try gtins.readQuantity(&reader) }
            // The objects of other event types, which none of these has.
            case PayloadKey.parentID...PayloadKey.outputQuantityList: return nil
            case PayloadKey.items: items = try reader.items()
            default: try reader.skip()
            }
        }
        guard isObject, isAdd, let items, let gtin = gtins.only else { return nil }
        return CommissioningScan(items, gtin)
    }
}

/// The GTINs that identifiers name.
private struct GTINs {
    private var first: String?
    private var isOne = true

    /// The one that all identifiers have.
    var only: String? { isOne ? first : nil }

    /// An entry of a list of quantities: an array, or a map where it has extensions.
    mutating func readQuantity(_ reader: inout CBORReader) throws(FormatError) {
        let isMap = try reader.peek() == .map
        let count = isMap ? try reader.map() : try reader.array()
        if isMap, try reader.integer() != 0 { throw reader.refuse("a quantity without its class") }
        try read(&reader)
        for _ in 1..<max(isMap ? 2 * count - 1 : count, 1) { try reader.skip() }
    }

    /// An entry of a list of identifiers: one, or a run of them `[form, [shared elements], ai, value, value...]`.
    mutating func read(_ reader: inout CBORReader) throws(FormatError) {
        guard try reader.peek() == .array else {
            isOne = false
            return try reader.skip()
        }
        var left = try reader.array() - 1
        let hasStem = try reader.peek() == .text
        let form: UInt64 = hasStem ? 0 : try reader.unsigned()
        if hasStem { try reader.skip() }
        // The forms between are business documents and URIs.
        guard left > 0, form == IdentifierForm.canonicalLink || IdentifierForm.urn.contains(form) else {
            isOne = false
            for _ in 0..<left { try reader.skip() }
            return
        }
        var found = 0
        if try reader.peek() == .array {
            found += try elements(try reader.array(), &reader)
            let ai = try reader.integer()
            left -= 2
            for _ in 0..<left { found += try value(ai, &reader) }
        } else {
            found += try elements(left, &reader)
        }
        if found == 0 { isOne = false }
    }

    /// Pairs of an AI and a value; returns how many are GTINs.
    private mutating func elements(_ count: Int, _ reader: inout CBORReader) throws(FormatError) -> Int {
        guard count.isMultiple(of: 2) else { throw reader.refuse("an application identifier without a value") }
        var found = 0
        for _ in 0..<count / 2 { found += try value(try reader.integer(), &reader) }
        return found
    }

    private mutating func value(_ ai: Int64, _ reader: inout CBORReader) throws(FormatError) -> Int {
        guard ai == 1 else {
            try reader.skip()
            return 0
        }
        let number = try reader.compact()
        guard let checked = CheckedKey.appendingCheckDigit(number),
            let gtin = Element(ai: 1, packed: .number(checked))?.value
        else { throw reader.refuse("no GTIN has this number") }
        if let first, !first.hasSameUTF8(as: gtin) { isOne = false }
        first = gtin
        return 1
    }
}
