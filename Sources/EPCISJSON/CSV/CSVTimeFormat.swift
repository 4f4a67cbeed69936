internal import EPCIS

/// How times are written in cells: letters as in Unicode TR 35, `yyyy-MM-dd HH:mm:ss`, and what offset they mean.
struct CSVTimeFormat: Sendable {
    private enum Part {
        /// A number of so many digits.
        case number(Unit, ClosedRange<Int>)
        /// `SSS`: decimals of the second.
        case fraction
        /// `a`: AM or PM, 上午 or 下午.
        case half
        /// `XXX`: `Z` or `±HH:MM`.
        case offset
        case literal([UInt8])
    }

    private enum Unit: Int { case year, month, day, hour, minute, second }

    private let pattern: String
    private let isDate: Bool
    private var parts: [Part] = []
    private var offset = ""

    /// The format that a `$time` or `$date` gives, or else the mapping's default.
    init(_ json: JSONValue, default standard: JSONValue?, isDate: Bool) throws(Refusal) {
        self.isDate = isDate
        guard let format = json["format"] ?? standard?["format"] else {
            throw Refusal(json.offset, "say how the cell is written: \"format\": \"yyyy-MM-dd HH:mm:ss\"")
        }
        pattern = try format.string("format")
        do { try read(pattern) } catch { throw Refusal(format.offset, "\"format\": \(error.reason)") }
        for (unit, name) in [(Unit.year, "yyyy"), (.month, "MM"), (.day, "dd")] + (isDate ? [] : [(.hour, "HH")]) {
            guard has(unit) else { throw Refusal(format.offset, "\"format\" has no \(name): nothing is guessed") }
        }
        if isDate { return }
        let readsOffset = parts.contains { if case .offset = $0 { true } else { false } }
        let fixed = json["offset"] ?? (readsOffset ? nil : standard?["offset"])
        guard readsOffset == (fixed == nil) else {
            throw Refusal(
                json.offset,
                "give the local offset once: \"offset\": \"+08:00\", or XXX in the format where the cell has it"
            )
        }
        if let fixed { offset = try fixed.timeZoneOffset("offset").text }
    }

    private func has(_ wanted: Unit) -> Bool {
        parts.contains { if case .number(let unit, _) = $0 { unit == wanted } else { false } }
    }

    private mutating func read(_ pattern: String) throws(Refusal) {
        var rest = pattern.utf8[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "'") {
                let quoted = rest.dropFirst().prefix { $0 != byte }
                guard quoted.endIndex != rest.endIndex, !quoted.isEmpty else {
                    throw Refusal(0, "a quote of '…' is empty or not closed")
                }
                parts.append(.literal(Array(quoted)))
                rest = rest[rest.index(after: quoted.endIndex)...]
                continue
            }
            let run = rest.prefix { $0 == byte }
            guard (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) else {
                parts.append(.literal(Array(run)))
                rest = rest[run.endIndex...]
                continue
            }
            let letters = String(Substring(run))
            parts.append(try Self.part(letters))
            rest = rest[run.endIndex...]
        }
    }

    private static func part(_ letters: String) throws(Refusal) -> Part {
        switch letters {
        case "yyyy": return .number(.year, 4...4)
        case "MM": return .number(.month, 2...2)
        case "M": return .number(.month, 1...2)
        case "dd": return .number(.day, 2...2)
        case "d": return .number(.day, 1...2)
        case "HH", "hh": return .number(.hour, 2...2)
        case "H", "h": return .number(.hour, 1...2)
        case "mm": return .number(.minute, 2...2)
        case "m": return .number(.minute, 1...2)
        case "ss": return .number(.second, 2...2)
        case "s": return .number(.second, 1...2)
        case "a": return .half
        case "XXX": return .offset
        case _ where letters.utf8.allSatisfy { $0 == UInt8(ascii: "S") }: return .fraction
        default:
            throw Refusal(
                0,
                "\(letters) is unknown: write yyyy, MM or M, dd or d, HH or H (hh, h with a), mm, ss, S, XXX; "
                    + "other letters in '…'"
            )
        }
    }

    /// The time or date as EPCIS writes it; `nil` where `text` is not of the format, or no time that exists.
    func time(_ text: String) -> String? {
        var rest = text.utf8[...]
        var values = [0, 0, 0, 0, 0, 0]
        var fraction = ""
        var zone = offset
        var isAfternoon: Bool?
        for part in parts {
            switch part {
            case .number(let unit, let width):
                let digits = rest.prefix(width.upperBound).prefix { (0x30...0x39).contains($0) }
                guard width.contains(digits.count) else { return nil }
                values[unit.rawValue] = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
                rest = rest.dropFirst(digits.count)
            case .fraction:
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                guard !digits.isEmpty else { return nil }
                fraction = "." + String(Substring(digits))
                rest = rest.dropFirst(digits.count)
            case .half:
                guard let (count, isPM) = Self.half(rest) else { return nil }
                isAfternoon = isPM
                rest = rest.dropFirst(count)
            case .offset:
                let digits = rest.prefix(rest.first == UInt8(ascii: "Z") ? 1 : 6)
                zone = String(Substring(digits))
                rest = rest.dropFirst(digits.count)
            case .literal(let bytes):
                guard rest.starts(with: bytes) else { return nil }
                rest = rest.dropFirst(bytes.count)
            }
        }
        if let isAfternoon {
            guard (1...12).contains(values[3]) else { return nil }
            values[3] = values[3] % 12 + (isAfternoon ? 12 : 0)
        }
        guard rest.isEmpty else { return nil }
        let digits = values.map { $0 < 10 ? "0\($0)" : "\($0)" }
        let year = String(repeating: "0", count: max(0, 4 - digits[0].utf8.count)) + digits[0]
        let date = "\(year)-\(digits[1])-\(digits[2])"
        let time = "\(date)T\(digits[3]):\(digits[4]):\(digits[5])\(fraction)"
        guard Timestamp(time + (isDate ? "Z" : zone)) != nil else { return nil }
        return isDate ? date : time + zone
    }

    private static func half(_ text: Substring.UTF8View) -> (count: Int, isPM: Bool)? {
        for (name, isPM) in [("AM", false), ("PM", true), ("am", false), ("pm", true), ("上午", false), ("下午", true)]
        where text.starts(with: name.utf8) { return (name.utf8.count, isPM) }
        return nil
    }

    /// What is wrong with a text that is no such time.
    func problem(_ text: String) -> String {
        let isSerial =
            (5...17).contains(text.utf8.count) && Double(text).map { (10_000..<100_000).contains($0) } == true
        let remedy = isSerial ? ": a spreadsheet has written its day number; format the column as a date" : ""
        return "\"\(text)\" is no \(isDate ? "date" : "time") of the form \(pattern) that exists\(remedy)"
    }
}
