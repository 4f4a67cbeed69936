import Foundation

/// Times for people.
enum Time {
    /// How long ago that was, in the largest unit that it fills: `3 days ago`.
    static func ago(_ seconds: UInt64) -> String {
        let now = Clock.now
        guard seconds <= now else { return "in the future" }
        let age = now - seconds
        for (unit, length): (String, UInt64) in [("day", 86_400), ("hour", 3600), ("minute", 60)] where age >= length {
            return "\(age / length) \(unit)\(age / length == 1 ? "" : "s") ago"
        }
        return "just now"
    }

    /// `2026-11-23T07:00:00Z` of seconds since 1970; the bare number where that is beyond the year 9999.
    static func text(_ seconds: UInt64) -> String {
        guard seconds < 253_402_300_800 else { return "\(seconds)" }
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
