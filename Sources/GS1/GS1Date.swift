/// A day or a month as six digits say it, with the century that a reference year gives.
public struct GS1Date: Hashable, Sendable {
    /// The year with its century.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31; nil where the digits are 00.
    public let day: Int?

    /// The day; where none is given, the last of the month: what 00 means for dates of expiry and best before (General
    /// Specifications 3.4).
    public var effectiveDay: Int { day ?? Self.days(inMonth: month, year: year) }

    /// The date that `YYMMDD` is, seen from a year (General Specifications 7.12): a year 51 to 99 ahead of the reference is of
    /// the century before, one 50 to 99 behind is of the next.
    ///
    ///     try GS1Date("260200", referenceYear: 2026)  // February 2026, effectiveDay 28
    ///
    /// Throws ``GS1Error`` where the digits are no date.
    public init(_ text: String, referenceYear: Int) throws(GS1Error) {
        try Linter.yymmd0.check(text)
        let digits = text.utf8.span
        let two = digits.extracting(0..<2).number
        let reference = ((referenceYear % 100) &+ 100) % 100
        var year = referenceYear &- reference &+ two
        if two &- reference >= 51 { year &-= 100 } else if two &- reference <= -50 { year &+= 100 }
        self.year = year
        month = digits.extracting(2..<4).number
        let day = digits.extracting(4..<6).number
        self.day = day == 0 ? nil : day
        guard day <= Self.days(inMonth: month, year: year) else { throw GS1Error(.illegalDay, at: 4, length: 2) }
    }

    /// How many days the month of 1 to 12 has in this year.
    static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Element {
    /// The date that the value begins with: AIs 11 to 17, 4324 to 4326, 7003, 7006, 7007, 7011 and 8008. Throws ``GS1Error``
    /// for other AIs and for what is no date.
    public func date(referenceYear: Int) throws(GS1Error) -> GS1Date {
        guard let entry = DictionaryEntry.of(ai) else { throw GS1Error(.unknownAI, ai: ai) }
        let linter = entry.component(0).linter(0)
        guard linter == .yymmd0 || linter == .yymmdd else { throw GS1Error(.notADate, ai: ai) }
        if let fault = entry.fault(in: value.utf8.span) { throw GS1Error(fault, ai: ai, value: value) }
        return try GS1Date(String(Substring(value.utf8.prefix(6))), referenceYear: referenceYear)
    }
}
