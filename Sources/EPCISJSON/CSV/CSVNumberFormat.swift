internal import EPCIS

/// How decimal numbers are written in cells.
struct CSVNumberFormat: Sendable {
    private var decimal = UInt8(ascii: ".")
    /// Between groups of three digits; `nil` where groups are not set apart.
    private var grouping: UInt8?

    /// The format that a `$number` gives, or else the mapping's default.
    init(_ json: JSONValue, default standard: JSONValue?) throws(Refusal) {
        if let mark = json["decimal"] ?? standard?["decimal"] { decimal = try Self.mark(mark, "decimal", ".,") }
        if let mark = json["grouping"] ?? standard?["grouping"] { grouping = try Self.mark(mark, "grouping", ".,' ") }
        if grouping == decimal { throw Refusal(json.offset, "\"decimal\" and \"grouping\" are the same character") }
    }

    private static func mark(_ json: JSONValue, _ field: String, _ known: String) throws(Refusal) -> UInt8 {
        let text = try json.string(field).utf8
        guard text.count == 1, let byte = text.first, known.utf8.contains(byte) else {
            throw json.wrong(field, mustBe: "one of the characters \(known)")
        }
        return byte
    }

    /// The number that `text` is, with every decimal it has; `nil` for anything else, powers of ten included.
    func number(_ text: String) -> Number? {
        var rest = text.utf8[...]
        var json: [UInt8] = []
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            rest.removeFirst()
            if sign == UInt8(ascii: "-") { json.append(sign) }
        }
        let whole = rest.prefix { $0 != decimal }
        guard let digits = Self.digits(of: whole, grouping) else { return nil }
        let significant = digits.drop { $0 == 0x30 }
        json += significant.isEmpty ? [0x30] : significant
        if whole.endIndex != rest.endIndex {
            let fraction = rest[rest.index(after: whole.endIndex)...]
            guard !fraction.isEmpty, fraction.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            json.append(UInt8(ascii: "."))
            json += fraction
        } else if whole.isEmpty {
            return nil
        }
        return Number(String(decoding: json, as: UTF8.self))
    }

    /// The digits without grouping, which must set apart three each time; also none, as in `.5`.
    private static func digits(of text: Substring.UTF8View, _ grouping: UInt8?) -> [UInt8]? {
        let isDigits = { (part: Substring.UTF8View) in part.allSatisfy { (0x30...0x39).contains($0) } }
        guard let grouping, text.contains(grouping) else { return isDigits(text) ? Array(text) : nil }
        let parts = text.split(separator: grouping, omittingEmptySubsequences: false)
        guard let first = parts.first, (1...3).contains(first.count), parts.allSatisfy(isDigits),
            parts.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        return parts.flatMap { Array($0) }
    }

    /// What is wrong with a text that is no number.
    func problem(_ text: String) -> String {
        let mark = Unicode.Scalar(decimal)
        if text.utf8.contains(where: { $0 == UInt8(ascii: "E") || $0 == UInt8(ascii: "e") }) {
            return
                "\"\(text)\" is no plain decimal number: a spreadsheet has shortened it; format the column as a number"
        }
        return "\"\(text)\" is no decimal number with \"\(mark)\" before the decimals"
            + (grouping.map { " and \"\(Unicode.Scalar($0))\" between thousands" } ?? "; units belong in \"uom\"")
    }
}
