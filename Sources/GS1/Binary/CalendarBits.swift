/// Dates and times in bits: seven for the year, four for the month, five for the day and the hour, six for minute and
/// second (EPC TDS 2.3, 14.5.8 to 14.5.11).
enum CalendarBits {
    /// YYMMDD; day 00 is read, since some AIs have it for the end of the month.
    static func readDate(_ reader: inout BitReader, _ what: String) throws(EPCBinaryError) -> [UInt8] {
        let start = reader.position
        let year = Int(try reader.read(7, what))
        let month = Int(try reader.read(4, what))
        let day = Int(try reader.read(5, what))
        guard isDate(year, month, day) else { throw EPCBinaryError(bit: start, "\(what) has no date of the calendar") }
        return pair(year) + pair(month) + pair(day)
    }

    /// hh, hhmm or hhmmss, by the number of parts.
    static func readTime(_ reader: inout BitReader, parts: Int, _ what: String) throws(EPCBinaryError) -> [UInt8] {
        let start = reader.position
        let hour = Int(try reader.read(5, what))
        let minute = parts > 1 ? Int(try reader.read(6, what)) : 0
        let second = parts > 2 ? Int(try reader.read(6, what)) : 0
        guard isTime(hour, minute, second) else { throw EPCBinaryError(bit: start, "\(what) has no time of day") }
        return pair(hour) + (parts > 1 ? pair(minute) : []) + (parts > 2 ? pair(second) : [])
    }

    /// Adds the six digits of a date.
    static func write(
        date: ArraySlice<UInt8>,
        _ what: String,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        let numbers = pairs(date)
        guard numbers.count == 3, isDate(numbers[0], numbers[1], numbers[2]) else {
            throw EPCBinaryError("\(what) has no date of the calendar")
        }
        bits.append(UInt64(numbers[0]), bits: 7)
        bits.append(UInt64(numbers[1]), bits: 4)
        bits.append(UInt64(numbers[2]), bits: 5)
    }

    /// Adds the digits of a time; nothing for none.
    static func write(
        time: ArraySlice<UInt8>,
        _ what: String,
        to bits: inout BitString
    ) throws(EPCBinaryError) {
        let numbers = pairs(time)
        guard let hour = numbers.first else { return }
        guard isTime(hour, numbers.count > 1 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0) else {
            throw EPCBinaryError("\(what) has no time of day")
        }
        bits.append(UInt64(hour), bits: 5)
        for number in numbers.dropFirst() { bits.append(UInt64(number), bits: 6) }
    }

    private static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        let days =
            switch month {
            // 1951 to 2050, which is what two digits can mean, has a leap year every four years.
            case 2: year % 4 == 0 ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        return year < 100 && (1...12).contains(month) && day <= days
    }

    /// 24 is the end of the day.
    private static func isTime(_ hour: Int, _ minute: Int, _ second: Int) -> Bool {
        minute < 60 && second < 60 && (hour < 24 || (hour == 24 && minute == 0 && second == 0))
    }

    private static func pair(_ number: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: 0x30 &+ number / 10 % 10), UInt8(truncatingIfNeeded: 0x30 &+ number % 10)]
    }

    private static func pairs(_ digits: ArraySlice<UInt8>) -> [Int] {
        var numbers: [Int] = []
        var tens: Int?
        for digit in digits {
            let value = Int(digit) - 0x30
            if let first = tens {
                numbers.append(first * 10 + value)
                tens = nil
            } else {
                tens = value
            }
        }
        return numbers
    }
}
