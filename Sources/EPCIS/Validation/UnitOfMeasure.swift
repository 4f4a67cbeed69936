/// A decimal number as a Double, read from its exact text without the C library (15 digits are enough to compare amounts).
struct Amount {
    let value: Double

    /// `nil` where the exponent is beyond what any amount has.
    init?(_ number: Number) {
        var digits = 0.0
        var scale = 0
        var exponent = 0
        var exponentSign = 1
        var (isNegative, isFraction, isExponent) = (false, false, false)
        for byte in number.text.utf8 {
            switch byte {
            case 0x2D:
                if isExponent { exponentSign = -1 } else { isNegative = true }
            case 0x2E: isFraction = true
            case 0x45, 0x65: isExponent = true
            case 0x30...0x39:
                if isExponent {
                    exponent = min(exponent * 10 + Int(byte - 0x30), 1000)
                } else {
                    digits = digits * 10 + Double(byte - 0x30)
                    if isFraction { scale += 1 }
                }
            default: break
            }
        }
        let power = exponentSign * exponent - scale
        guard abs(power) <= 300, digits < 1e300 else { return nil }
        var factor = 1.0
        for _ in 0..<abs(power) { factor *= 10 }
        let value = power < 0 ? digits / factor : digits * factor
        guard value.isFinite else { return nil }
        self.value = isNegative ? -value : value
    }

    /// An amount for people: thousandths at most.
    static func text(_ value: Double) -> String {
        guard abs(value) < 1e15 else { return "more than can be said" }
        let thousandths = Int64((abs(value) * 1000).rounded())
        var text = "\(value < 0 && thousandths > 0 ? "-" : "")\(thousandths / 1000)"
        let rest = thousandths % 1000
        guard rest > 0 else { return text }
        text += "."
        text += "\(rest / 100)"
        if rest % 100 > 0 { text += "\(rest / 10 % 10)" }
        if rest % 10 > 0 { text += "\(rest % 10)" }
        return text
    }
}

/// Units of UN/CEFACT recommendation 20 as far as amounts are added up.
struct UnitOfMeasure {
    /// What is measured; amounts of one dimension can be compared.
    enum Dimension: Equatable {
        /// In kilograms.
        case mass
        /// In litres.
        case volume
        /// In pieces.
        case count

        /// The unit that amounts are told in.
        var unit: String {
            switch self {
            case .mass: "kg"
            case .volume: "l"
            case .count: "pieces"
            }
        }
    }

    /// What is measured.
    let dimension: Dimension
    /// How many kilograms, litres or pieces one is.
    let factor: Double

    /// The unit with this code; no code counts pieces. `nil` for a unit of another dimension.
    init?(_ code: String?) {
        guard let code else {
            (dimension, factor) = (.count, 1)
            return
        }
        guard let known = UnitOfMeasure.table.first(where: { $0.code.utf8.elementsEqual(code.utf8) }) else {
            return nil
        }
        (dimension, factor) = (known.dimension, known.factor)
    }

    /// Whether this is spelt as the codes are.
    static func isCode(_ text: String) -> Bool {
        (2...3).contains(text.utf8.count) && text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 }
    }

    /// The code of a unit that somebody wrote by its symbol.
    static func code(forSymbol symbol: String) -> String? {
        let folded = symbol.utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        if let code = symbols.first(where: { $0.symbol.utf8.elementsEqual(folded) })?.code { return code }
        let capitals = symbol.utf8.map { 0x61...0x7A ~= $0 ? $0 & 0xDF : $0 }
        return table.first { $0.code.utf8.elementsEqual(capitals) }?.code
    }

    private static let table: [(code: String, dimension: Dimension, factor: Double)] = [
        ("KGM", .mass, 1), ("GRM", .mass, 0.001), ("TNE", .mass, 1000), ("MGM", .mass, 0.000_001),
        ("DTN", .mass, 100), ("HGM", .mass, 0.1), ("LBR", .mass, 0.453_592_37), ("ONZ", .mass, 0.028_349_523_125),
        ("STN", .mass, 907.184_74), ("LTN", .mass, 1016.046_908_8),
        ("LTR", .volume, 1), ("MLT", .volume, 0.001), ("CLT", .volume, 0.01), ("DLT", .volume, 0.1),
        ("HLT", .volume, 100), ("MTQ", .volume, 1000), ("DMQ", .volume, 1), ("CMQ", .volume, 0.001),
        ("GLL", .volume, 3.785_411_784), ("GLI", .volume, 4.546_09), ("OZA", .volume, 0.029_573_529_562_5),
        ("H87", .count, 1), ("C62", .count, 1), ("EA", .count, 1), ("PCE", .count, 1), ("DZN", .count, 12),
        ("GRO", .count, 144), ("CEN", .count, 100), ("MIL", .count, 1000),
    ]

    private static let symbols: [(symbol: String, code: String)] = [
        ("kg", "KGM"), ("kilo", "KGM"), ("g", "GRM"), ("mg", "MGM"), ("t", "TNE"), ("lb", "LBR"), ("oz", "ONZ"),
        ("l", "LTR"), ("ml", "MLT"), ("cl", "CLT"), ("hl", "HLT"), ("m3", "MTQ"), ("pcs", "H87"), ("pc", "H87"),
        ("piece", "H87"), ("pieces", "H87"), ("°c", "CEL"), ("c", "CEL"), ("%", "P1"), ("m", "MTR"), ("cm", "CMT"),
        ("mm", "MMT"), ("km", "KMT"), ("h", "HUR"), ("min", "MIN"), ("s", "SEC"),
    ]
}
