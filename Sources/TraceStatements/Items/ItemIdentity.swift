public import GS1
public import TraceProof

/// Which item: a GTIN and a serial number, the two that no other item in the world has together.
public struct ItemIdentity: Hashable, Sendable {
    /// AI 01: 14 digits.
    public let gtin: String
    /// AI 21: 1 to 20 characters of GS1's set 82.
    public let serial: String

    /// The item with this GTIN and serial number.
    ///
    /// - Throws: ``FormatError`` where one of them is not what GS1 allows.
    public init(gtin: String, serial: String) throws(FormatError) {
        for element in [Element(ai: 1, value: gtin), Element(ai: 21, value: serial)] {
            do { try element.check() } catch {
                throw FormatError("item", at: .whole, "(\(element.aiText)): \(error.description)")
            }
        }
        (self.gtin, self.serial) = (gtin, serial)
    }

    /// The item that these elements name, where they have (01) and (21).
    public init?(_ elements: [Element]) {
        guard let gtin = elements.first(where: { $0.ai == 1 }), let serial = elements.first(where: { $0.ai == 21 }),
            let identity = try? ItemIdentity(gtin: gtin.value, serial: serial.value)
        else { return nil }
        self = identity
    }

    /// The item that a canonical element string `(01)GTIN(21)SERIAL` names; `nil` for any other text.
    public init?(text: String) {
        guard let elements = ElementString(text)?.elements, let identity = ItemIdentity(elements),
            identity.text.hasSameUTF8(as: text)
        else { return nil }
        self = identity
    }

    /// `(01)GTIN(21)SERIAL`: the `info` of the item key's derivation (formats.md section 6) and the `sub` of activations.
    public var text: String {
        // Both were checked.
        ElementString([Element(ai: 1, value: gtin), Element(ai: 21, value: serial)])?.text ?? ""
    }

    /// Whether both are the same item.
    public static func == (left: ItemIdentity, right: ItemIdentity) -> Bool {
        left.gtin.hasSameUTF8(as: right.gtin) && left.serial.hasSameUTF8(as: right.serial)
    }

    /// Hashes both.
    public func hash(into hasher: inout Hasher) {
        for byte in gtin.utf8 { hasher.combine(byte) }
        for byte in serial.utf8 { hasher.combine(byte) }
    }
}
