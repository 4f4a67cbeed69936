package import GS1
package import TraceProof

/// What an event is about, read without the rest of it: its type and action, its objects and the items that it commissions.
///
/// A verifier needs no more of an event, and carries no more of its format: the reader of all fields is half of the weight of a
/// verifier in a browser. That the rest is an event's is not checked; ``EPCISEvent/init(payload:)`` does.
package struct EventOutline {
    /// `type`; `nil` for a number that is none.
    package private(set) var kind: EPCISEvent.Kind?
    /// `action`.
    package private(set) var action: EPCISEvent.Action?
    /// As ``EPCISEvent/objects``.
    package private(set) var objects: [Identifier] = []
    /// As ``EPCISEvent/items``.
    package private(set) var items: ItemTreeRoot?
    /// As ``EPCISEvent/lotNumber``.
    package private(set) var lotNumber: String?

    /// Reads a payload (kind 65001).
    ///
    /// - Throws: ``FormatError`` for what is not deterministic CBOR, and for fields that are here and not what they should be.
    package init(payload: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: payload, format: payloadFormat)
        for _ in 0..<(try reader.map()) {
            switch try reader.integer() {
            case PayloadKey.type: kind = EPCISEvent.Kind(rawValue: Int(clamping: try reader.unsigned()))
            case PayloadKey.action: action = EPCISEvent.Action(rawValue: Int(clamping: try reader.unsigned()))
            case PayloadKey.parentID: objects.append(try reader.identifier())
            case PayloadKey.epcList, PayloadKey.childEPCs, PayloadKey.inputEPCList, PayloadKey.outputEPCList:
                objects += try reader.identifiers()
            case PayloadKey.quantityList, PayloadKey.childQuantityList, PayloadKey.inputQuantityList,
                PayloadKey.outputQuantityList:
                for _ in 0..<(try reader.array()) { objects.append(try reader.quantityClass()) }
            case PayloadKey.ilmd: try readMasterData(&reader)
            case PayloadKey.items: items = try reader.items()
            default: try reader.skip()
            }
        }
    }

    private mutating func readMasterData(_ reader: inout CBORReader) throws(FormatError) {
        for _ in 0..<(try reader.map()) {
            let isLot = EPCISEvent.isLotNumber(try reader.text())
            guard isLot, lotNumber == nil, try reader.peek() == .text else {
                try reader.skip()
                continue
            }
            lotNumber = try reader.text()
        }
    }
}

extension CBORReader {
    /// The class of an entry of a list of quantities: an array, or a map where it has extensions.
    fileprivate mutating func quantityClass() throws(FormatError) -> Identifier {
        let isMap = try peek() == .map
        let count = isMap ? try map() : try array()
        guard count > 0 else { throw refuse("a quantity without its class") }
        if isMap, try integer() != 0 { throw refuse("a quantity without its class") }
        let identifier = try identifier()
        for _ in 1..<(isMap ? 2 * count - 1 : count) { try skip() }
        return identifier
    }
}
