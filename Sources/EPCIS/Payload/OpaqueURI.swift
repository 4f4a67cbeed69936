import GS1
import TraceProof

/// URIs without GS1 elements that events are full of, and the few bytes that they say.
enum OpaqueURI {
    private static let uuidPrefix = "urn:uuid:"
    private static let hashPrefix = "ni:///sha-256;"
    private static let hashSuffix = "?ver=CBV2.0"
    private static let bizTransactionPrefix = "urn:epcglobal:cbv:bt:"

    /// The 16 bytes of `urn:uuid:` in lower case (RFC 9562).
    static func uuidBytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count == 45, text.utf8.starts(with: uuidPrefix.utf8) else { return nil }
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for (index, byte) in text.utf8.dropFirst(uuidPrefix.utf8.count).enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                digits.append(byte)
            }
        }
        return lowerCaseHex(digits)
    }

    /// The 32 bytes of a CBV 2.0 event hash: `ni:///sha-256;<hex>?ver=CBV2.0`.
    static func hashBytes(_ text: String) -> [UInt8]? {
        let utf8 = text.utf8
        let (before, after) = (hashPrefix.utf8, hashSuffix.utf8)
        guard utf8.count == before.count + 64 + after.count, utf8.starts(with: before),
            utf8.suffix(after.count).elementsEqual(after)
        else { return nil }
        return lowerCaseHex([UInt8](utf8.dropFirst(before.count).prefix(64)))
    }

    /// The URI of these 16 or 32 bytes.
    static func text(_ bytes: [UInt8]) -> String? {
        let hex = Hex.encode(bytes)
        switch bytes.count {
        case 16:
            var text: [UInt8] = []
            text.reserveCapacity(45)
            text += uuidPrefix.utf8
            for (index, digit) in hex.utf8.enumerated() {
                if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
                text.append(digit)
            }
            return String(decoding: text, as: UTF8.self)
        case 32: return hashPrefix + hex + hashSuffix
        default: return nil
        }
    }

    /// The GLN and the document number of `urn:epcglobal:cbv:bt:<GLN>:<number>` (CBV 2.0 section 8.5.4).
    static func bizTransactionParts(_ text: String) -> (gln: UInt64, document: PackedValue)? {
        let utf8 = text.utf8
        guard utf8.starts(with: bizTransactionPrefix.utf8) else { return nil }
        let rest = utf8.dropFirst(bizTransactionPrefix.utf8.count)
        let digits = rest.prefix(13)
        guard digits.count == 13, let gln = decimal(digits), rest.dropFirst(13).first == UInt8(ascii: ":"),
            let document = String(rest.dropFirst(14))
        else { return nil }
        return (gln, pack(document))
    }

    /// The URI of this GLN and document number; `nil` unless ``bizTransactionParts(_:)`` gives them back.
    static func bizTransaction(_ gln: UInt64, _ document: PackedValue) -> String? {
        let digits = "\(gln)"
        guard digits.utf8.count <= 13 else { return nil }
        let number =
            switch document {
            case .number(let number): "\(number)"
            case .text(let text): text
            }
        // Text that is a number has its number as its one form.
        switch (pack(number), document) {
        case (.number, .number), (.text, .text): break
        default: return nil
        }
        return bizTransactionPrefix + String(repeating: "0", count: 13 - digits.utf8.count) + digits + ":" + number
    }

    /// A number where decimal spelling gives back the text.
    private static func pack(_ text: String) -> PackedValue {
        guard (1...18).contains(text.utf8.count), text.utf8.first != 0x30 || text.utf8.count == 1,
            let number = decimal(text.utf8)
        else { return .text(text) }
        return .number(number)
    }

    /// At most 18 decimal digits.
    private static func decimal(_ digits: some Sequence<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + UInt64(digit - 0x30)
        }
        return value
    }

    private static func lowerCaseHex(_ digits: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for (index, digit) in digits.enumerated() {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x57
            default: return nil
            }
            if index.isMultiple(of: 2) { bytes.append(value << 4) } else { bytes[bytes.count - 1] |= value }
        }
        return bytes
    }
}
