public import EPCIS
import GS1
public import TraceProof

/// The items that one entry of a ledger brought into being: what their activations are held against.
public struct CommissionedItems: Hashable, Sendable {
    /// How many there are, and the root of the tree over them.
    public let tree: ItemTreeRoot
    /// AI 01 of all of them: 14 digits. With the serial number of a leaf it is an item.
    public let gtin: String
    /// AI 10 of all of them, from the event's class or its master data (`ilmd`, `cbvmda:lotNumber`); `nil` where it names none
    /// or several.
    public let lot: String?

    /// How many items there are.
    public var count: UInt64 { tree.count }
    /// The root of the tree over them.
    public var root: Digest { tree.root }

    /// The items of an event; `nil` where the statement is no ObjectEvent with action ADD and an item tree that is about one
    /// GTIN and nothing else.
    public init?(of statement: Statement) {
        guard statement.header.kind == .event, let event = try? EventOutline(payload: statement.payload),
            let tree = event.items, event.kind == .object, event.action == .add
        else { return nil }
        var gtin: String?
        var lots: [String] = []
        for object in event.objects {
            if let lot = object.elements.first(where: { $0.ai == 10 })?.value { lots.append(lot) }
            // Two products in one event would leave open of which of them a serial number is.
            guard let product = object.elements.first(where: { $0.ai == 1 })?.value,
                gtin.map({ $0.hasSameUTF8(as: product) }) ?? true
            else { return nil }
            gtin = product
        }
        guard let gtin else { return nil }
        if let lot = event.lotNumber { lots.append(lot) }
        (self.tree, self.gtin) = (tree, gtin)
        lot = lots.first.flatMap { first in lots.contains { !$0.hasSameUTF8(as: first) } ? nil : first }
    }

    /// Whether an entry may be one that ``init(of:)`` takes: looked at before it is read, since hardly any is.
    ///
    /// The item tree is the last field of a payload, and the payload the last before the signature.
    public static func mayStand(in entry: ArraySlice<UInt8>) -> Bool {
        // -8, an array of two, the count in 1 to 5 bytes; then 32 bytes of root, and 64 of signature.
        let tail = 2 + Digest.byteCount + 2 + Signature.byteCount
        let root = entry.endIndex - tail
        guard entry.count > tail + 7, entry[root] == 0x58, entry[root + 1] == 0x20 else { return false }
        for length in [1, 2, 3, 5] where entry[root - length - 2] == 0x27 && entry[root - length - 1] == 0x82 {
            return true
        }
        return false
    }
}
