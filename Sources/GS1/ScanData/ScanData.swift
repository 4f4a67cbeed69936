/// What a barcode scanner transmits: elements, a Digital Link, or text that is not GS1.
///
///     try ScanData("]d2010950600013435210ABC\u{1D}17261231")  // elements (01), (10), (17)
///     try ScanData("]Q1https://id.gs1.org/01/09506000134352")  // a Digital Link
///     try ScanData("]E09506000134352")                         // (01)09506000134352
public struct ScanData: Hashable, Sendable {
    /// What the data are.
    public enum Content: Hashable, Sendable {
        /// Elements. From EAN, UPC and ITF-14 symbols a GTIN, then those of the composite component if there is one.
        case elements(ElementString)
        /// A Digital Link.
        case digitalLink(DigitalLink)
        /// Plain text, e.g. a code that is not GS1.
        case text(String)
    }

    /// The symbology; nil where the scanner did not say.
    public let symbology: SymbologyIdentifier?
    /// The data.
    public let content: Content

    /// The elements, of whichever content; none of plain text.
    public var elements: [Element] {
        switch content {
        case .elements(let string): string.elements
        case .digitalLink(let link): link.elements
        case .text: []
        }
    }

    /// Reads a transmission with or without a symbology identifier. Values are checked in every respect.
    ///
    /// Without one, an address is a Digital Link, 8, 12, 13 or 14 digits with a right check digit are a GTIN, and the rest is
    /// element strings. What could be two of these is refused, e.g. `17251204`, an EAN-8 and a date of expiry, unless the
    /// caller knows that such digits are GTINs since nothing else is scanned there.
    ///
    /// Throws ``GS1Error`` with its place in the text: for wrong data, and for an address that is no Digital Link.
    public init(
        _ transmission: String,
        allowing leniency: DigitalLink.Leniency = [],
        takingDigitsAsGTIN isGTIN: Bool = false
    ) throws(GS1Error) {
        let bytes = transmission.utf8.span
        guard bytes.count > 0, bytes[0] == 0x5D else {
            symbology = nil
            content = try Self.readBare(transmission, leniency, isGTIN)
            return
        }
        guard bytes.count >= 3 else { throw GS1Error(.malformedSymbologyIdentifier, length: bytes.count) }
        let symbology = SymbologyIdentifier(code: bytes[1], modifier: bytes[2])
        guard let carriage = symbology.carriage else { throw GS1Error(.unknownSymbology, length: 3) }
        self.symbology = symbology
        let data = Self.string(bytes, 3..<bytes.count)
        do throws(GS1Error) {
            content =
                switch carriage {
                case .elements: .elements(try ElementString(unbracketed: data))
                case .gtin(let digits): .elements(try Self.readGTIN(data, digits))
                case .text:
                    Self.isAddress(data)
                        ? .digitalLink(try DigitalLink(parsing: data, allowing: leniency)) : .text(data)
                }
        } catch { throw error.moved(by: 3) }
    }

    /// What a scanner transmits of this content in a symbol of this kind; without a symbology identifier where that is nil.
    ///
    /// Throws ``GS1Error`` where the symbology does not carry such content: plain text in a GS1 symbol, elements in a plain
    /// one, a GTIN with an indicator in an EAN symbol, or where without an identifier the data could be read as something
    /// else.
    public init(_ content: Content, in symbology: SymbologyIdentifier?) throws(GS1Error) {
        self.content = content
        self.symbology = symbology
        guard let read = try? ScanData(transmission, allowing: .unknownAttributes), read.hasContent(of: self) else {
            throw GS1Error(symbology == nil ? .ambiguousScan : .plainTextInGS1Symbol)
        }
    }

    /// Whether both have the same content, compared as bytes.
    private func hasContent(of other: ScanData) -> Bool {
        switch (content, other.content) {
        case (.text(let ours), .text(let theirs)): ours.hasSameUTF8(as: theirs)
        case (.digitalLink(let ours), .digitalLink(let theirs)): ours.text.hasSameUTF8(as: theirs.text)
        case (.elements(let ours), .elements(let theirs)): ours.text.hasSameUTF8(as: theirs.text)
        default: false
        }
    }

    /// The transmission: `init(_:allowing:)` gives the same data again. Without a symbology identifier it may refuse them as
    /// ambiguous, where a separator at an end of what came in said that this is no GTIN.
    public var transmission: String {
        var text = symbology?.text ?? ""
        switch content {
        case .digitalLink(let link): text += link.text
        case .text(let plain): text += plain
        case .elements(let string):
            guard case .gtin(let digits) = symbology?.carriage, let gtin = string.elements.first, gtin.ai == 1 else {
                text += string.unbracketed
                break
            }
            text += String(Substring(gtin.value.utf8.dropFirst(max(0, gtin.value.utf8.count - digits))))
            guard string.elements.count > 1 else { break }
            text += "|" + SymbologyIdentifier.gs1DataBar.text
            text += ElementString(unchecked: Array(string.elements.dropFirst())).unbracketed
        }
        return text
    }

    /// Data without a symbology identifier.
    private static func readBare(_ text: String, _ leniency: DigitalLink.Leniency, _ isGTIN: Bool) throws(GS1Error)
        -> Content
    {
        if isAddress(text) { return .digitalLink(try DigitalLink(parsing: text, allowing: leniency)) }
        var gtin: ElementString?
        switch text.utf8.count {
        case 8, 12, 13, 14: gtin = try? readGTIN(text, text.utf8.count)
        default: break
        }
        guard let gtin else { return .elements(try ElementString(unbracketed: text)) }
        if !isGTIN, (try? ElementString(unbracketed: text)) != nil {
            throw GS1Error(.ambiguousScan, length: text.utf8.count)
        }
        return .elements(gtin)
    }

    /// A GTIN of so many digits; behind `|]e0` those of a composite component.
    private static func readGTIN(_ text: String, _ digits: Int) throws(GS1Error) -> ElementString {
        let bytes = text.utf8.span
        let end = bytes.firstIndex(of: 0x7C, in: 0..<bytes.count)
        guard end == digits, bytes.areDigits(0..<end), bytes.extracting(0..<end).faultOfCheckDigit == nil else {
            throw GS1Error(.malformedGTIN, length: end)
        }
        var value = [UInt8](repeating: 0x30, count: 14 - digits)
        value.append(bytes, 0..<end)
        let gtin = Element(ai: 1, value: String(decoding: value, as: UTF8.self))
        guard end < bytes.count else { return ElementString(unchecked: [gtin]) }
        // An ITF-14 is no part of a composite symbol (ISO/IEC 24723).
        guard digits != 14 else { throw GS1Error(.malformedGTIN, at: end, length: bytes.count &- end) }
        var start = end &+ 1
        guard bytes.skip("]e0", &start) else { throw GS1Error(.malformedSymbologyIdentifier, at: end, length: 1) }
        do throws(GS1Error) {
            let composite = try ElementString(unbracketed: string(bytes, start..<bytes.count))
            return ElementString(unchecked: [gtin] + composite.elements)
        } catch { throw error.moved(by: start) }
    }

    /// Whether this begins as a Digital Link does.
    private static func isAddress(_ text: String) -> Bool {
        let bytes = text.utf8.span
        var position = 0
        return bytes.skip("https://", &position) || bytes.skip("http://", &position)
            || bytes.skip("HTTPS://", &position)
            || bytes.skip("HTTP://", &position)
    }

    private static func string(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        bytes.append(text, range)
        return String(decoding: bytes, as: UTF8.self)
    }
}
