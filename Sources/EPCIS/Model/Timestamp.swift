/// A time as written, and the instant it means (XML Schema `dateTimeStamp`, which is RFC 3339 with any fraction).
public struct Timestamp: Hashable, Sendable {
    /// The time as written, e.g. `2026-03-01T08:00:00.000+08:00`.
    public let text: String
    /// The instant in milliseconds since 1970-01-01T00:00:00Z; digits beyond milliseconds are cut off.
    public let milliseconds: Int64

    /// The time that `text` is: `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`; `nil` for anything else.
    ///
    /// Years 0001 to 9999, offsets up to 14 hours, no leap second; `24:00:00` is not accepted.
    public init?(_ text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), year > 0, scanner.take("-"),
            let month = scanner.number(2), (1...12).contains(month), scanner.take("-"),
            let day = scanner.number(2), (1...Timestamp.days(inMonth: month, of: year)).contains(day),
            scanner.take("T"),
            let hour = scanner.number(2), hour < 24, scanner.take(":"),
            let minute = scanner.number(2), minute < 60, scanner.take(":"),
            let second = scanner.number(2), second < 60
        else { return nil }
        var thousandths = 0
        if scanner.take(".") {
            guard let fraction = scanner.thousandths() else { return nil }
            thousandths = fraction
        }
        guard let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let days = Timestamp.daysSinceEpoch(year: year, month: month, day: day)
        // In 64 bits: an Int of the browser's 32 would end in 2038.
        let minutes = (Int64(days) * 24 + Int64(hour)) * 60 + Int64(minute - offset)
        self.text = text
        milliseconds = (minutes * 60 + Int64(second)) * 1000 + Int64(thousandths)
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// `eventTimeZoneOffset`: the local offset from UTC, `±HH:MM`.
public struct TimeZoneOffset: Hashable, Sendable {
    /// The offset as written.
    public let text: String
    /// The offset in minutes, east positive.
    public let minutes: Int

    /// The offset that `text` is: `±HH:MM` up to 14 hours; `nil` for anything else, `Z` included.
    public init?(_ text: String) {
        var scanner = DigitScanner(text)
        guard !scanner.take("Z"), let minutes = scanner.offset(), scanner.isAtEnd else { return nil }
        self.text = text
        self.minutes = minutes
    }
}

/// Reads fixed numbers of ASCII digits off the front of a text.
struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digit() -> Int? {
        guard let first = rest.first, (0x30...0x39).contains(first) else { return nil }
        rest.removeFirst()
        return Int(first - 0x30)
    }

    mutating func number(_ digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// One or more digits of a fraction, the first three as thousandths.
    mutating func thousandths() -> Int? {
        guard var value = digit() else { return nil }
        var read = 1
        while let next = digit() {
            if read < 3 { value = value * 10 + next }
            read += 1
        }
        while read < 3 {
            value *= 10
            read += 1
        }
        return value
    }

    /// `Z` or `±HH:MM`, in minutes.
    mutating func offset() -> Int? {
        if take("Z") { return 0 }
        let sign = take("+") ? 1 : -1
        guard sign == 1 || take("-"), let hours = number(2), take(":"), let minutes = number(2), minutes < 60,
            hours < 14 || (hours == 14 && minutes == 0)
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
