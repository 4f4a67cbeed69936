/// When a mirror asks again: after its interval, or, after failures, after longer and longer.
///
/// All times are spread, so that many mirrors of one ledger do not come at once, nor all when it is there again.
struct PollSchedule: Sendable {
    /// The first wait after a failure.
    static let firstPause = Duration.seconds(1)
    /// The longest wait after failures is this, or the interval where that is longer.
    static let longestPause = Duration.seconds(300)

    private let interval: Duration
    private(set) var failures = 0

    init(interval: Duration) { self.interval = interval }

    /// The wait after an update that went well: the interval, a tenth more or less.
    ///
    /// - Parameter spread: a random number of 0..<1.
    mutating func afterSuccess(spread: Double) -> Duration {
        failures = 0
        return interval * (0.9 + 0.2 * spread)
    }

    /// The wait after one that failed: twice that of the failure before, up to the longest, of which the second half is
    /// spread.
    ///
    /// - Parameter isPassing: whether waiting may mend it; what it cannot mend is tried at the longest wait only.
    mutating func afterFailure(isPassing: Bool, spread: Double) -> Duration {
        failures += 1
        let longest = max(interval, PollSchedule.longestPause)
        // More doublings than these are beyond every interval, and a shift must not be.
        let grown = PollSchedule.firstPause * (1 << min(failures - 1, 20))
        return (isPassing ? min(longest, grown) : longest) * (0.5 + 0.5 * spread)
    }
}
