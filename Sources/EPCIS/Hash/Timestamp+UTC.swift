extension Timestamp {
    /// The time in UTC with exactly three decimals, the fourth rounded half up (rules 8 and 9): `2020-03-04T10:00:30.000Z`.
    var utcMilliseconds: [UInt8] {
        var rest = milliseconds + (fourthDecimal >= 5 ? 1 : 0)
        let day: Int64 = 86_400_000
        let days = rest >= 0 ? rest / day : -((day - 1 - rest) / day)
        rest -= days * day
        let date = Self.date(daysSinceEpoch: Int(days))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        Self.append(date.year, width: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(date.month, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(date.day, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(Int(rest / 3_600_000), width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(Int(rest / 60_000 % 60), width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(Int(rest / 1000 % 60), width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        Self.append(Int(rest % 1000), width: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        return bytes
    }

    /// Whether a digit behind the third decimal is not zero.
    var saysMoreThanMilliseconds: Bool { fraction.dropFirst(3).contains { $0 != 0x30 } }

    private var fourthDecimal: Int { fraction.dropFirst(3).first.map { Int($0) - 0x30 } ?? 0 }

    /// The digits behind the point.
    private var fraction: Substring.UTF8View {
        let digits = text.utf8.drop { $0 != 0x2E }.dropFirst()
        return digits.prefix { (0x30...0x39).contains($0) }
    }

    /// The inverse of the count of days since 1970-01-01, in years that begin in March. Offsets can lead out of the years 1
    /// to 9999 by one.
    private static func date(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func append(_ number: Int, width: Int, to bytes: inout [UInt8]) {
        let digits = Array("\(number)".utf8)
        bytes += repeatElement(0x30, count: max(0, width - digits.count))
        bytes += digits
    }
}
