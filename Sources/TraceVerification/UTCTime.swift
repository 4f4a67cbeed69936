/// Seconds since 1970 as people read them, without a calendar of the system.
package enum UTCTime {
    /// `2026-11-23T07:00:00Z`; the bare number where that is beyond the year 9999.
    package static func text(_ seconds: UInt64) -> String {
        guard seconds < 253_402_300_800 else { return "\(seconds)" }
        let (days, time) = (seconds / 86_400, seconds % 86_400)
        let (year, month, day) = date(days)
        let clock = [time / 3600, time / 60 % 60, time % 60].map { digits($0, 2) }
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(clock[0]):\(clock[1]):\(clock[2])Z"
    }

    /// The proleptic Gregorian date of a day after 1970-01-01, in eras of 400 years that begin in March.
    private static func date(_ days: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let shifted = days + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func digits(_ number: UInt64, _ count: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
