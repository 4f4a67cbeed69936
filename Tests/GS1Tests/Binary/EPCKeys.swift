import GS1
import TestSupport

/// Random keys that each scheme can hold.
enum EPCKeys {
    static func text(
        _ most: Int,
        _ random: inout SeededGenerator,
        _ alphabet: String = "0019!\"%&'()*+,-./:;<=>?AZ_az"
    )
        -> String
    {
        // Now and then the characters of one of the shorter encodings only.
        let alphabets = [alphabet, alphabet, "0123456789", "0123456789ABCDEF", "09af", "Az09-_", "AZ09-.:"]
        let chosen = Array((alphabet.count < 20 ? alphabet : alphabets.randomElement(using: &random)) ?? alphabet)
        let count = Int.random(in: 1...most, using: &random)
        return String((0..<count).map { _ in chosen.randomElement(using: &random) ?? "0" })
    }

    static func digits(_ count: Int, _ random: inout SeededGenerator) -> String {
        (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
    }

    static func checked(_ digits: String) -> String {
        digits + (CheckDigit.mod10(digits.utf8).map { String(UnicodeScalar($0)) } ?? "")
    }

    /// Elements for a scheme; `length` is that of the company prefix.
    static func elements(_ scheme: EPCBinary.Scheme, _ length: Int, _ random: inout SeededGenerator) -> [Element] {
        // What stands behind the reference, as the scheme can hold it.
        func serial(_ most: Int, _ limit: UInt64) -> String {
            switch scheme {
            case .sgcn96, .gdti113: digits(Int.random(in: 1...most, using: &random), &random)
            case _ where !scheme.hasData && limit > 0:
                String(
                    Bool.random(using: &random)
                        ? UInt64.random(in: 0...limit, using: &random) : [0, limit].randomElement(using: &random) ?? 0
                )
            case _ where scheme.applicationIdentifiers == [255]:
                digits(Int.random(in: 1...most, using: &random), &random)
            default: text(most, &random)
            }
        }
        let bits38: UInt64 = 1 << 38 - 1, bits41: UInt64 = 1 << 41 - 1
        let prefix = digits(length, &random)
        switch scheme.applicationIdentifiers.first {
        case 0: return [Element(ai: 0, value: checked(digits(17, &random)))]
        case 8017, 8018: return [Element(ai: scheme.applicationIdentifiers[0], value: checked(digits(17, &random)))]
        case 1:
            let date = [
                Element(ai: [11, 13, 15, 16, 17, 7006, 7007].randomElement(using: &random) ?? 11, value: "260131")
            ]
            return [
                Element(ai: 1, value: checked(digits(13, &random))),
                Element(ai: 21, value: serial(20, scheme == .sgtin96 ? bits38 : 0)),
            ]
                + (scheme.hasDate ? date : [])
        case 414:
            let place = Element(ai: 414, value: checked(digits(12, &random)))
            let value = serial(20, scheme == .sgln96 ? bits41 : 0)
            return value == "0" ? [place] : [place, Element(ai: 254, value: value)]
        case 8003:
            return [
                Element(
                    ai: 8003,
                    value: "0" + checked(digits(12, &random)) + serial(16, scheme == .grai96 ? bits38 : 0)
                )
            ]
        case 253:
            return [Element(ai: 253, value: checked(digits(12, &random)) + serial(17, scheme == .gdti96 ? bits41 : 0))]
        case 255: return [Element(ai: 255, value: checked(digits(12, &random)) + serial(12, 0))]
        case 8006:
            return [
                Element(ai: 8006, value: checked(digits(13, &random)) + "0307"),
                Element(ai: 21, value: serial(20, scheme == .itip110 ? bits38 : 0)),
            ]
        case 8004:
            // Company prefix bits for 12 down to 6 digits; 82 are shared with the reference.
            let limit: UInt64 = 1 << UInt64(82 - [20, 24, 27, 30, 34, 37, 40][length - 6]) - 1
            return [
                Element(ai: 8004, value: prefix + (scheme == .giai96 ? serial(0, limit) : text(30 - length, &random)))
            ]
        case 8010:
            let limit = [999, 9999, 99999, 999_999, 9_999_999, 99_999_999, 999_999_999][12 - length] as UInt64
            let shared: UInt64 = 1 << UInt64(51 - [20, 24, 27, 30, 34, 37, 40][length - 6]) - 1
            let part = scheme == .cpi96 ? serial(0, min(limit, shared)) : text(30 - length, &random, "#-/09AZ")
            let number = UInt64.random(in: 0...(scheme == .cpi96 ? 1 << 31 - 1 : 999_999_999_999), using: &random)
            return [Element(ai: 8010, value: prefix + part), Element(ai: 8011, value: String(number))]
        default: return []
        }
    }

    /// +AIDC data, each AI at most once, none of a key.
    static func data(_ random: inout SeededGenerator) -> [Element] {
        let all = [
            Element(ai: 10, value: text(20, &random)), Element(ai: 22, value: text(20, &random)),
            Element(ai: 12, value: "260200"), Element(ai: 3103, value: digits(6, &random)),
            Element(ai: 37, value: digits(Int.random(in: 1...8, using: &random), &random)),
            Element(ai: 91, value: text(90, &random)), Element(ai: 7030, value: "156" + text(27, &random)),
        ]
        return all.filter { _ in Bool.random(using: &random) }.shuffled(using: &random)
    }

    /// A tag of this scheme.
    static func tag(_ scheme: EPCBinary.Scheme, _ random: inout SeededGenerator) throws -> EPCBinary {
        if scheme == .gid96 {
            return try EPCBinary(
                .init(
                    manager: .random(in: 0..<1 << 28, using: &random),
                    objectClass: .random(in: 0..<1 << 24, using: &random),
                    serial: .random(in: 0..<1 << 36, using: &random)
                )
            )
        }
        let length = Int.random(in: 6...12, using: &random)
        let host = ["id.example.com", "A-B.CN", "www.grid.id.co.uk", "x-1.tech", "0.0.0.0", "qr.a.com.cn"]
            .randomElement(using: &random)
        return try EPCBinary(
            scheme: scheme,
            elements: elements(scheme, length, &random),
            filter: .random(in: 0...7, using: &random),
            companyPrefixLength: scheme.hasCompanyPrefix ? length : nil,
            hostname: scheme.hasHostname ? host : nil,
            data: scheme.hasData ? data(&random) : []
        )
    }
}
