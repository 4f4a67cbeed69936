#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Work on a row of things, several at a time, whose results are taken one by one in the order of the row.
///
/// What is in flight or waits for its turn is never more than `width`: memory does not grow with the row.
enum OrderedWork {
    /// Does `work` for each index, and `fold` with each result in order; ends early where `fold` throws.
    static func run<Value: Sendable>(
        _ indices: Range<UInt64>,
        width: Int,
        work: @escaping @Sendable (UInt64) async -> Value,
        fold: (UInt64, Value) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (UInt64, Value).self) { group in
            var nextToStart = indices.lowerBound
            var nextToFold = indices.lowerBound
            var early: [UInt64: Value] = [:]
            while nextToFold < indices.upperBound {
                // Counted from the fold, not from what runs: results that wait behind a slow one count as well.
                while nextToStart < indices.upperBound, nextToStart - nextToFold < UInt64(width) {
                    let index = nextToStart
                    group.addTask { (index, await work(index)) }
                    nextToStart += 1
                }
                guard let (index, value) = try await group.next() else { return }
                early[index] = value
                while let value = early.removeValue(forKey: nextToFold) {
                    try Task.checkCancellation()
                    try await fold(nextToFold, value)
                    nextToFold += 1
                }
            }
        }
    }

    /// How many bundles are worked on at a time: enough to keep the cores busy while one waits for the disk, or, where a
    /// network is between, a handful of requests that no server minds.
    static func width(for source: any LedgerSource) -> Int { source is DirectorySource ? 2 * coreCount + 2 : 8 }

    /// The processors that are there to be used.
    static let coreCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
