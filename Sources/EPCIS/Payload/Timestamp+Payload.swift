import TraceProof

/// A time as a count of units of its last digit, which is all that its usual spellings say.
struct CompactTime: Equatable {
    /// How a time spells its offset.
    enum Zone: Equatable {
        /// As the event's own `eventTimeZoneOffset`.
        case own
        /// `Z`.
        case utc
        /// `±HH:MM`, in minutes.
        case offset(Int)
    }

    /// Units of 10^-`digits` seconds since 1970-01-01T00:00:00Z.
    var count: Int64
    /// Digits after the point, 0 to 9; none, no point.
    var digits: Int
    var zone: Zone

    /// The compact form of `time` in an event with this offset; `nil` where it would not give back the text.
    init?(_ time: Timestamp, own: Int) {
        let text = time.text.utf8
        var rest = text.dropFirst(19)
        digits = 0
        var fraction: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            while let byte = rest.first, (0x30...0x39).contains(byte) {
                guard digits < 9 else { return nil }
                fraction = fraction * 10 + Int64(byte - 0x30)
                digits += 1
                rest.removeFirst()
            }
        }
        let seconds = CompactTime.floor(time.milliseconds, 1000)
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: CompactTime.powersOfTen[digits])
        let (total, overflowToo) = scaled.addingReportingOverflow(fraction)
        guard !overflow, !overflowToo else { return nil }
        count = total
        if rest.first == UInt8(ascii: "Z") {
            zone = .utc
        } else {
            guard let offset = TimeZoneOffset(String(rest) ?? ""), offset.isCanonical else { return nil }
            zone = offset.minutes == own ? .own : .offset(offset.minutes)
        }
    }

    init(count: Int64, digits: Int, zone: Zone) { (self.count, self.digits, self.zone) = (count, digits, zone) }

    /// Whether ``timestamp(own:)`` has a time.
    func isTime(own: Int) -> Bool { localSeconds(offset(own: own)) != nil }

    /// The time that this is in an event with this offset; `nil` outside the years 0001 to 9999.
    func timestamp(own: Int) -> Timestamp? { isTime(own: own) ? spelt(own: own) : nil }

    /// The time that this is, where ``isTime(own:)`` has found one.
    func spelt(own: Int) -> Timestamp {
        let offset = offset(own: own)
        let unit = CompactTime.powersOfTen[digits]
        let seconds = CompactTime.floor(count, unit)
        let fraction = count - seconds * unit
        let thousandths = digits < 3 ? fraction * (1000 / unit) : fraction / (unit / 1000)
        return Timestamp(
            text: CompactTime.text(seconds + Int64(offset) * 60, fraction, digits, zone == .utc ? nil : offset),
            milliseconds: seconds * 1000 + thousandths
        )
    }

    private func offset(own: Int) -> Int {
        switch zone {
        case .own: own
        case .utc: 0
        case .offset(let minutes): minutes
        }
    }

    /// The year is that of the local date, which may be a day from that of the instant.
    private func localSeconds(_ offset: Int) -> Int64? {
        let seconds = digits == 0 ? count : CompactTime.floor(count, CompactTime.powersOfTen[digits])
        let (local, overflow) = seconds.addingReportingOverflow(Int64(offset) * 60)
        return !overflow && CompactTime.years.contains(local) ? local : nil
    }

    /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
    private static let years: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    static let powersOfTen: [Int64] = [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    ]

    private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)` of local seconds.
    private static func text(_ local: Int64, _ fraction: Int64, _ digits: Int, _ offset: Int?) -> String {
        let days = floor(local, 86_400)
        let second = Int(local - days * 86_400)
        let (year, month, day) = date(Int(days))
        return DigitWriter.text { text in
            text.pair(year / 100)
            text.pair(year % 100)
            text.mark("-", month)
            text.mark("-", day)
            text.mark("T", second / 3600)
            text.mark(":", second / 60 % 60)
            text.mark(":", second % 60)
            if digits > 0 {
                text.character(".")
                text.number(Int(fraction), digits)
            }
            if let offset { text.offset(offset) } else { text.character("Z") }
        }
    }

    /// The date so many days after 1970-01-01, counted in years that begin in March.
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
    }
}

extension Timestamp {
    /// A time whose text and instant are known to agree.
    fileprivate init(text: String, milliseconds: Int64) { (self.text, self.milliseconds) = (text, milliseconds) }
}

extension TimeZoneOffset {
    /// The offset as `±HH:MM`, zero as `+00:00`.
    init?(minutes: Int) {
        guard (-840...840).contains(minutes) else { return nil }
        self.init(checked: minutes)
    }

    /// The offset of minutes that are at most 14 hours.
    init(checked minutes: Int) {
        (text, self.minutes) = (DigitWriter.text { $0.offset(minutes) }, minutes)
    }

    /// Whether the minutes alone give back the text: all but `-00:00`.
    var isCanonical: Bool { minutes != 0 || text.utf8.first == UInt8(ascii: "+") }
}

extension CBORWriter {
    mutating func time(_ time: Timestamp, own: Int) {
        guard let compact = CompactTime(time, own: own) else { return text(time.text) }
        switch compact.zone {
        case .own where compact.digits == 3: return integer(compact.count)
        case .own: array(2)
        case .utc, .offset: array(3)
        }
        integer(compact.count)
        integer(Int64(compact.digits))
        switch compact.zone {
        case .own: break
        case .utc: null()
        case .offset(let minutes): integer(Int64(minutes))
        }
    }

    mutating func offset(_ offset: TimeZoneOffset) {
        if offset.isCanonical { integer(Int64(offset.minutes)) } else { text(offset.text) }
    }
}

extension CBORReader {
    /// A time whose spelling may lean on the event's own offset, which stands after it where it is `eventTime`.
    enum Time {
        case text(Timestamp)
        case compact(CompactTime, offset: Int)
    }

    mutating func rawTime() throws(FormatError) -> Time {
        let start = offset
        switch try peek() {
        case .text:
            guard let time = Timestamp(try text()) else {
                throw FormatError(
                    payloadFormat,
                    at: .offset(start),
                    "a time that is not YYYY-MM-DDTHH:MM:SS with an offset"
                )
            }
            return .text(time)
        case .array:
            let items = try array()
            guard items == 2 || items == 3 else {
                throw FormatError(payloadFormat, at: .offset(start), "a time of \(items) parts; 2 or 3 are known")
            }
            let count = try integer()
            let digits = try unsigned()
            guard digits <= 9 else { throw refuse("a time has at most 9 digits after the point") }
            guard items == 3 || digits != 3 else {
                throw FormatError(
                    payloadFormat,
                    at: .offset(start),
                    "a time in milliseconds stands alone, without an array"
                )
            }
            return .compact(
                CompactTime(count: count, digits: Int(digits), zone: items == 2 ? .own : try zone()),
                offset: start
            )
        default:
            return .compact(CompactTime(count: try integer(), digits: 3, zone: .own), offset: start)
        }
    }

    private mutating func zone() throws(FormatError) -> CompactTime.Zone {
        if try peek() == .null {
            try null()
            return .utc
        }
        return .offset(try minutes())
    }

    private mutating func minutes() throws(FormatError) -> Int {
        let start = offset
        let minutes = try integer()
        guard (-840...840).contains(minutes) else {
            throw FormatError(payloadFormat, at: .offset(start), "an offset is at most 14 hours")
        }
        return Int(minutes)
    }

    func resolve(_ time: Time, own: Int) throws(FormatError) -> Timestamp {
        switch time {
        case .text(let time): return time
        case .compact(let compact, let start):
            guard compact.zone != .offset(own) else {
                throw FormatError(payloadFormat, at: .offset(start), "a time repeats the event's own offset")
            }
            guard let time = compact.timestamp(own: own) else {
                throw FormatError(payloadFormat, at: .offset(start), "a time is outside the years 0001 to 9999")
            }
            return time
        }
    }

    mutating func time(own: Int) throws(FormatError) -> Timestamp { try resolve(try rawTime(), own: own) }

    mutating func timeZoneOffset() throws(FormatError) -> TimeZoneOffset {
        let start = offset
        if try peek() == .text {
            if let offset = TimeZoneOffset(try text()) { return offset }
        } else if let offset = TimeZoneOffset(minutes: try minutes()) {
            return offset
        }
        throw FormatError(payloadFormat, at: .offset(start), "an offset that is not ±HH:MM")
    }
}
