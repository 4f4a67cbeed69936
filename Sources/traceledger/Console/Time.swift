import Foundation

/// Times for people.
enum Time {
    /// `2026-11-23T07:00:00Z` of seconds since 1970; the bare number where that is beyond the year 9999.
    static func text(_ seconds: UInt64) -> String {
        guard seconds < 253_402_300_800 else { return "\(seconds)" }
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
