internal import GS1
internal import TraceProof

/// The one name under which the index keeps an identifier, whatever its spelling: an EPC URN and a GS1 Digital Link of one
/// item have one name.
///
/// A GS1 key is named by its shape, its value with the company prefix in front, and its qualifier, so that the names which a
/// pattern stands for are one range:
///
///     01+21:95060001343502:ABC    an item (01)09506000134352(21)ABC
///     01+10:95060001343502:L1     a lot
///     01:95060001343502           a product
///     8003+:095060001343500123    a returnable asset with its serial
///     =urn:uuid:…                 what is not GS1, as it is
///
/// The finest qualifier names a key, as in the CBV event hash (CBV 2.0 section 8.9.2, rule 18): with a serial the lot says
/// nothing more. A name never has a NUL byte and at most ``longest`` bytes; what would have is named by its digest.
struct ObjectName: Hashable, Sendable {
    /// Names are keys of a B-tree: longer ones would fill its pages.
    static let longest = 200

    let text: String

    init(_ identifier: Identifier) {
        text =
            identifier.elements.isEmpty
            ? ObjectName.bounded("=" + identifier.text) : ObjectName.gs1(identifier.elements)
    }

    /// The name of what a person or a query calls `text`: a URI, or a bracketed element string.
    init(parsing text: String) {
        let identifier = Identifier(text)
        if identifier.elements.isEmpty, text.utf8.first == UInt8(ascii: "("), let string = ElementString(text) {
            let stem = Identifier.Form.digitalLink(stem: DigitalLink.canonicalStem)
            if let link = Identifier(elements: string.elements, form: stem) {
                self.init(link)
                return
            }
        }
        self.init(identifier)
    }

    private static func gs1(_ elements: [Element]) -> String {
        guard let key = elements.first else { return "=" }
        let qualifiers = finest(of: key, elements)
        let (plus, colon) = (UInt8(ascii: "+"), UInt8(ascii: ":"))
        var name: [UInt8] = []
        name.reserveCapacity(64)
        name += key.aiText.utf8
        if key.hasAppendedSerial { name.append(plus) }
        for qualifier in qualifiers {
            name.append(plus)
            name += qualifier.aiText.utf8
        }
        name.append(colon)
        name += key.companyPrefixFirst.utf8
        for qualifier in qualifiers {
            name.append(colon)
            name += qualifier.value.utf8
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// The qualifier that tells most; all of them for keys of which the CBV does not say which that is.
    private static func finest(of key: Element, _ elements: [Element]) -> ArraySlice<Element> {
        let rest = elements.dropFirst()
        guard rest.count > 1 else { return rest }
        let order: [Int]
        switch key.ai {
        case 1: order = [21, 235, 10]
        case 8006: order = [21, 10]
        default: return rest
        }
        for ai in order {
            if let place = rest.firstIndex(where: { $0.ai == ai }) { return rest[place...place] }
        }
        return rest
    }

    /// The text, or its digest where it cannot be a key of the index.
    static func bounded(_ text: String) -> String {
        guard text.utf8.count > longest || text.utf8.contains(0) else { return text }
        return "#" + Hex.encode(SHA256.hash(Array(text.utf8)).bytes)
    }
}

extension Element {
    /// Whether the value is that of an asset, document or coupon with its serial (EPC TDS 2.3 sections 6.3.4, 6.3.7, 6.3.11).
    fileprivate var hasAppendedSerial: Bool {
        switch ai {
        case 8003: value.utf8.count > 14
        case 253, 255: value.utf8.count > 13
        default: false
        }
    }
}
