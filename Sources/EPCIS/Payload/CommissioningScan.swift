import GS1
import TraceProof

/// What a commissioning event says of its items, read without the rest of it: how many there are, the root over them, of which
/// product and of which lot.
///
/// A verifier of items needs no more of an event, and carries no more of its format: the reader of all fields is half of the
/// weight of a verifier in a browser.
package struct CommissioningScan {
    /// The items.
    package let items: ItemTreeRoot
    /// AI 01 of all objects of the event: 14 digits.
    package let gtin: String
    /// AI 10 of the objects, or the lot in their master data (``EPCISEvent/lotNumber``); `nil` where there is none, or several.
    package let lot: String?

    /// Reads the payload of an event (kind 65001).
    ///
    /// - Returns: `nil` unless it is an ObjectEvent with action ADD and an item tree, whose objects are written by their
    ///   elements and are all of one GTIN. Two products in one event would leave open of which of them a serial number is.
    package init?(payload: [UInt8]) {
        guard let found = try? CommissioningScan.read(payload) else { return nil }
        self = found
    }

    private init(_ items: ItemTreeRoot, _ gtin: String, _ lot: String?) {
        (self.items, self.gtin, self.lot) = (items, gtin, lot)
    }

    private static func read(_ payload: [UInt8]) throws(FormatError) -> CommissioningScan? {
        var reader = try CBORReader(validating: payload, format: payloadFormat)
        var (isObject, isAdd) = (false, false)
        var items: ItemTreeRoot?
        var names = ObjectNames()
        for _ in 0..<(try reader.map()) {
            switch try reader.integer() {
            case PayloadKey.type: isObject = try reader.unsigned() == UInt64(EPCISEvent.Kind.object.rawValue)
            case PayloadKey.action: isAdd = try reader.unsigned() == UInt64(EPCISEvent.Action.add.rawValue)
            case PayloadKey.epcList: for _ in 0..<(try reader.array()) { try names.read(&reader) }
            case PayloadKey.quantityList: for _ in 0..<(try reader.array()) { try names.readQuantity(&reader) }
            // The objects of other event types, which none of these has.
            case PayloadKey.parentID...PayloadKey.outputQuantityList: return nil
            case PayloadKey.ilmd: try names.readMasterData(&reader)
            case PayloadKey.items: items = try reader.items()
            default: try reader.skip()
            }
        }
        guard isObject, isAdd, let items, let gtin = names.gtin else { return nil }
        return CommissioningScan(items, gtin, names.lot)
    }
}

/// What identifiers and master data name: GTINs and lots.
private struct ObjectNames {
    private var gtins = Value()
    private var lots = Value()
    private var areAllGTINs = true

    /// The values of one AI, as far as they are one.
    private struct Value {
        var first: String?
        var isOne = true

        mutating func add(_ value: String) {
            if let first, !first.hasSameUTF8(as: value) { isOne = false }
            first = first ?? value
        }

        var only: String? { isOne ? first : nil }
    }

    /// The one that all identifiers have.
    var gtin: String? { areAllGTINs ? gtins.only : nil }
    /// The one that is named.
    var lot: String? { lots.only }

    /// The fields of `ilmd`, of which the first that is called `lotNumber` counts, whatever its namespace.
    mutating func readMasterData(_ reader: inout CBORReader) throws(FormatError) {
        var hasLot = false
        for _ in 0..<(try reader.map()) {
            let name = Array(try reader.text().utf8)
            let isLot = name.elementsEqual("lotNumber".utf8) || name.suffix(10).elementsEqual(":lotNumber".utf8)
            guard isLot, !hasLot, try reader.peek() == .text else {
                try reader.skip()
                continue
            }
            hasLot = true
            lots.add(try reader.text())
        }
    }

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
            areAllGTINs = false
            return try reader.skip()
        }
        var left = try reader.array() - 1
        let hasStem = try reader.peek() == .text
        let form: UInt64 = hasStem ? IdentifierForm.canonicalLink : try reader.unsigned()
        if hasStem { try reader.skip() }
        // The forms between are business documents and URIs.
        guard left > 0, form == IdentifierForm.canonicalLink || IdentifierForm.urn.contains(form) else {
            areAllGTINs = false
            for _ in 0..<left { try reader.skip() }
            return
        }
        var found = 0
        if try reader.peek() == .array {
            found += try elements(try reader.array(), &reader)
            let ai = try reader.integer()
            left -= 2
            guard left > 0 else { throw reader.refuse("a group of identifiers has at least two") }
            for _ in 0..<left { found += try value(ai, &reader) }
        } else {
            found += try elements(left, &reader)
        }
        if found == 0 { areAllGTINs = false }
    }

    /// Pairs of an AI and a value; returns how many are GTINs.
    private mutating func elements(_ count: Int, _ reader: inout CBORReader) throws(FormatError) -> Int {
        guard count.isMultiple(of: 2) else { throw reader.refuse("an application identifier without a value") }
        var found = 0
        for _ in 0..<count / 2 { found += try value(try reader.integer(), &reader) }
        return found
    }

    private mutating func value(_ code: Int64, _ reader: inout CBORReader) throws(FormatError) -> Int {
        guard code == 1 || code == 10 else {
            try reader.skip()
            return 0
        }
        let ai = code == 1 ? 1 : 10
        var packed = try reader.peek() == .text ? PackedValue.text(try reader.text()) : .number(try reader.compact())
        if ai == 1, case .number(let number) = packed, let checked = CheckedKey.appendingCheckDigit(number) {
            packed = .number(checked)
        }
        guard let element = Element(ai: ai, packed: packed) else { throw reader.refuse("no (\(ai)) has this value") }
        if ai == 10 { lots.add(element.value) } else { gtins.add(element.value) }
        return ai == 1 ? 1 : 0
    }
}
