public import GS1
public import TraceProof

/// Stamps that differ in nothing but the serial number, as a production line needs them: what they have in common is checked
/// and written once. Each is what ``Stamp`` makes, byte for byte.
///
/// ```swift
/// let series = try StampSeries([Element(ai: 1, value: gtin), Element(ai: 17, value: "261231")], host: "q.example")
/// let signature = key.signature(for: try series.message(serial: "K7Q2M9"))
/// print(try series.uri(serial: "K7Q2M9", keyID: kid, signature: signature))
/// ```
public struct StampSeries: Sendable {
    private let common: [Element]
    private let host: String
    /// What stands before and behind the serial number in a message and in a URI.
    private let message: (head: [UInt8], tail: [UInt8])
    private let uri: (head: [UInt8], tail: [UInt8])

    /// The series with these elements, among which there is no serial number, and this host.
    ///
    /// - Throws: ``FormatError`` for what ``Stamp/order(_:)`` and ``Stamp/uri(host:)`` refuse.
    public init(_ elements: [Element], host: String) throws(FormatError) {
        guard !elements.contains(where: { $0.ai == 21 }) else {
            throw FormatError("stamp", at: .whole, "the elements of a series have no serial number (21)")
        }
        (common, self.host) = (elements, host)
        // What the generic writers make of a serial number and a signature that occur nowhere else is cut in two.
        let mark = "0Mark0"
        let example = try Stamp(
            elements: elements + [Element(ai: 21, value: mark)],
            keyID: StampSeries.blank.keyID,
            signature: StampSeries.blank.signature
        )
        message = try StampSeries.cut(Stamp.message(of: example.elements), at: Array("(21)\(mark)".utf8), keeping: 4)
        let text = Array(try example.uri(host: host).utf8).dropLast(Stamp.valueLength)
        uri = try StampSeries.cut(Array(text), at: Array("/21/\(mark)".utf8), keeping: 4)
    }

    /// The elements of the stamp with this serial number, in their order.
    ///
    /// - Throws: ``FormatError`` for a serial number that GS1 does not allow.
    public func elements(serial: String) throws(FormatError) -> [Element] {
        try Stamp.order(common + [Element(ai: 21, value: serial)])
    }

    /// The bytes to be signed for this serial number.
    ///
    /// - Throws: ``FormatError`` for a serial number that GS1 does not allow.
    public func message(serial: String) throws(FormatError) -> [UInt8] {
        guard StampSeries.isPlain(serial) else { return Stamp.message(of: try elements(serial: serial)) }
        return message.head + serial.utf8 + message.tail
    }

    /// The text of the code with this serial number under a signature over its ``message(serial:)``.
    ///
    /// - Throws: ``FormatError`` for a serial number that GS1 does not allow.
    public func uri(serial: String, keyID: KeyID, signature: Signature) throws(FormatError) -> String {
        guard StampSeries.isPlain(serial) else {
            return try Stamp(elements: elements(serial: serial), keyID: keyID, signature: signature).uri(host: host)
        }
        let value = Base32.encode(keyID.bytes + signature.bytes)
        return String(decoding: uri.head + serial.utf8 + uri.tail + value.utf8, as: UTF8.self)
    }

    /// Whether a serial number is one that stands in an element string and in a URI as it is: letters, digits, hyphen,
    /// 1 to 20 of them.
    private static func isPlain(_ serial: String) -> Bool {
        (1...20).contains(serial.utf8.count)
            && serial.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
                default: false
                }
            }
    }

    private static func cut(
        _ bytes: [UInt8],
        at mark: [UInt8],
        keeping kept: Int
    ) throws(FormatError) -> (head: [UInt8], tail: [UInt8]) {
        let places = bytes.indices.filter { bytes[$0...].starts(with: mark) }
        guard places.count == 1, let start = places.first else {
            throw FormatError("stamp", at: .whole, "a serial number (21) cannot stand beside these elements")
        }
        return (Array(bytes[..<(start + kept)]), Array(bytes[(start + mark.count)...]))
    }

    private static let blank: (keyID: KeyID, signature: Signature) = {
        guard let keyID = KeyID([UInt8](repeating: 0, count: KeyID.byteCount)[...]),
            let signature = Signature([UInt8](repeating: 0, count: Signature.byteCount))
        else { preconditionFailure("arrays of the lengths that they ask for") }
        return (keyID, signature)
    }()
}
