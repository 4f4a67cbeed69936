/// A symbol that was read.
public struct QRCode: Equatable, Sendable {
    /// Its size.
    public let version: QRVersion
    /// How much damage it survives.
    public let level: QRLevel
    /// Which of the eight patterns its modules were mixed with.
    public let mask: Int
    /// What it says, as it stands there: see ``text``. Kanji are Shift JIS, a separator of GS1 element strings is 0x1D.
    public let bytes: [UInt8]
    /// The number of the encoding that the symbol names (AIM ECI), 26 for UTF-8; `nil` where it names none.
    public let encoding: Int?
    /// Whether its text is a GS1 element string (FNC1 in the first position, ISO/IEC 18004 section 7.4.8.1).
    public let isGS1: Bool
    /// Whether it is one of several symbols that make one text together (structured append); this is its part.
    public let isPart: Bool
    /// Codewords that were wrong.
    public let corrected: Int
    /// Where it is in the picture: the outer corners of its modules, beginning with its own upper left one, clockwise for one
    /// who sees it upright.
    public let corners: [ImagePoint]

    /// Whether a point is inside of the corners.
    func contains(_ point: ImagePoint) -> Bool {
        for index in corners.indices {
            let next = corners[(index + 1) % corners.count]
            if (next - corners[index]).cross(point - corners[index]) < 0 { return false }
        }
        return true
    }
}

extension QRCode {
    /// What it says. Bytes are UTF-8 where the symbol says so or names no encoding and they can be, else ISO 8859-1: that is the standard's
    /// default, but encoders write UTF-8 without saying so.
    public var text: String {
        if encoding == nil || encoding == 26, let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }
}
