import GS1
import TestSupport

/// Random right values of any application identifier.
enum ValueGenerator {
    static let all = ApplicationIdentifier.all
    private static let keys = all.filter(\.isPrimaryKey)

    static func element(_ ai: ApplicationIdentifier, _ random: inout SeededGenerator) -> Element {
        var value = ""
        for component in ai.components {
            if component.isOptional, Bool.random(using: &random) { break }
            value += part(component, &random)
        }
        return Element(ai: ai.number, value: value)
    }

    private static func part(_ component: ApplicationIdentifier.Component, _ random: inout SeededGenerator) -> String {
        let length = Int.random(in: component.length, using: &random)
        for linter in component.linters {
            if let value = value(linter, length, &random) { return value }
        }
        switch component.kind {
        case .numeric: return text(length, "0123456789", &random)
        case .cset82: return text(length, "!\"%&'()*+,-./0189:;<=>?AMZ_amz", &random)
        case .cset39: return text(length, "#-/0189AMZ", &random)
        case .cset64: return text(length, "-0189AMZ_amz", &random)
        }
    }

    /// A value that the linter accepts; nil for the linters that accept all that the component does.
    private static func value(_ linter: Linter, _ length: Int, _ random: inout SeededGenerator) -> String? {
        func two(_ range: ClosedRange<Int>) -> String {
            let number = Int.random(in: range, using: &random)
            return number < 10 ? "0\(number)" : "\(number)"
        }
        func one(_ values: String...) -> String { values.randomElement(using: &random) ?? "" }
        switch linter {
        case .csum:
            let digits = text(length - 1, "0123456789", &random)
            return digits + String(UnicodeScalar(CheckDigit.mod10(digits.utf8) ?? 0))
        case .csumalpha:
            let model = "A" + text(max(length, 3) - 3, "!019AZaz", &random)
            guard let pair = CheckDigit.mod1021(model.utf8) else { return nil }
            return model + String(decoding: [pair.0, pair.1], as: UTF8.self)
        case .yymmd0: return two(0...99) + two(1...12) + two(0...28)
        case .yymmdd: return two(0...99) + two(1...12) + two(1...28)
        case .yyyymmdd, .yyyymmd0: return two(19...20) + two(0...99) + two(1...12) + two(1...28)
        case .hh: return two(0...23)
        case .hhmi: return two(0...23) + two(0...59)
        case .mi, .ss: return two(0...59)
        case .iso3166, .iso3166999: return one("156", "276", "840")
        case .iso3166alpha2: return one("CN", "DE", "ZW")
        case .iso4217: return one("156", "978")
        case .iso5218: return one("0", "1", "2", "9")
        case .iban: return "BE71096123456769"
        case .importeridx: return one("-", "0", "A", "_", "z")
        case .latitude, .longitude: return "0" + text(9, "0123456789", &random)
        case .mediatype: return two(80...99)
        case .packagetype: return one("8", "CT", "RB1")
        case .pcenc: return length < 3 ? "A" : "%2F" + text(length - 3, "019AZaz", &random)
        case .pieceoftotal: return two(1...50) + two(50...99)
        case .posinseqslash: return one("1/1", "2/9")
        case .winding: return one("0", "1", "9")
        case .yesno: return one("0", "1")
        case .zero: return String(repeating: "0", count: length)
        case .hyphen: return "-"
        case .nonzero, .nozeroprefix: return text(length, "123456789", &random)
        case .couponcode: return "012345612345611110123"
        case .couponposoffer: return "001234561234560123456"
        case .cset39, .cset64, .cset82, .csetnumeric, .gcppos1, .gcppos2, .hasnondigit: return nil
        }
    }

    static func text(_ length: Int, _ alphabet: String, _ random: inout SeededGenerator) -> String {
        let characters = Array(alphabet)
        return String((0..<max(0, length)).map { _ in characters.randomElement(using: &random) ?? "0" })
    }

    /// Up to six elements of different AIs.
    static func elements(_ random: inout SeededGenerator) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            guard let ai = all.randomElement(using: &random) else { continue }
            if !elements.contains(where: { $0.ai == ai.number }) { elements.append(element(ai, &random)) }
        }
        return elements
    }

    /// A Digital Link of a random key with some of its qualifiers and some attributes.
    static func link(_ random: inout SeededGenerator) throws -> DigitalLink {
        guard let key = keys.randomElement(using: &random) else {
            throw Falsified("no keys")
        }
        var elements = [element(key, &random)]
        for ai in key.qualifiers.randomElement(using: &random) ?? [] where Bool.random(using: &random) {
            if let qualifier = ApplicationIdentifier(ai) { elements.append(element(qualifier, &random)) }
        }
        let taken = key.qualifiers.flatMap(\.self)
        for element in self.elements(&random) where !elements.contains(where: { $0.ai == element.ai }) {
            guard let ai = ApplicationIdentifier(element.ai), ai.isDigitalLinkAttribute, !taken.contains(ai.number)
            else {
                continue
            }
            elements.append(element)
        }
        return try DigitalLink(
            elements,
            stem: ["https://id.gs1.org", "http://a.b:1/01/2/x", "HTTPS://a", "https://a//"].randomElement(
                using: &random
            ) ?? "",
            parameters: Bool.random(using: &random)
                ? []
                : [
                    .init(name: "linkType", value: "gs1:pip"), .init(name: "x%26", value: ""),
                    .init(name: "1", value: nil),
                ],
            fragment: [nil, "", "top?/"].randomElement(using: &random) ?? nil
        )
    }
}
