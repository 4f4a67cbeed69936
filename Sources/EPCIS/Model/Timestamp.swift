/// A time as written, and the instant it means (XML Schema `dateTimeStamp`, which is RFC 3339 with any fraction).
public struct Timestamp: Hashable, Sendable {
    /// The time as written, e.g. `2026-03-01T08:00:00.000+08:00`.
    public let text: String
    /// The instant in milliseconds since 1970-01-01T00:00:00Z; digits beyond milliseconds cut off towards the past.
    public let milliseconds: Int64

    init(text: String, milliseconds: Int64) {
        self.text = text
        self.milliseconds = milliseconds
    }
}

/// `eventTimeZoneOffset`: the local offset from UTC, `±HH:MM`.
public struct TimeZoneOffset: Hashable, Sendable {
    /// The offset as written.
    public let text: String
    /// The offset in minutes, east positive.
    public let minutes: Int

    init(text: String, minutes: Int) {
        self.text = text
        self.minutes = minutes
    }
}
