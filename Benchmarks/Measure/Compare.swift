public import Benchmark

/// Does a piece of work so many times.
public typealias Work = (_ count: Int) async throws -> Void

/// The numbers of a row: time an operation in picoseconds, the baseline's, and how many times faster than it we are, in
/// thousandths. `scripts/bench` makes one table of the medians.
private let ours = BenchmarkMetric.custom("ours, ps", useScalingFactor: false)
private let theirs = BenchmarkMetric.custom("baseline, ps", useScalingFactor: false)
private let ratio = BenchmarkMetric.custom("ratio, ‰", polarity: .prefersLarger, useScalingFactor: false)

/// Adds a row: `subject` beside `baseline`, in turns within one run, so that a busy machine slows both.
///
/// - Parameters:
///   - name: what is measured, and ` vs ` what it is measured against.
///   - count: operations in a turn: as many as take about a millisecond, so that few turns are interrupted.
///   - baselineCount: operations in a turn of the baseline, where as many would take too long.
///   - seconds: for how long turns are taken.
///   - prepare: done before each turn of the subject, off the clock.
public func compare(
    _ name: String,
    count: Int,
    baselineCount: Int? = nil,
    seconds: Double = 0.7,
    prepare: @escaping () async throws -> Void = {},
    baseline: @escaping Work,
    subject: @escaping Work
) {
    let configuration = Benchmark.Configuration(
        metrics: [ours, theirs, ratio],
        units: [ours: .count, theirs: .count, ratio: .count],
        warmupIterations: 2,
        maxDuration: .milliseconds(Int(seconds * 1000)),
        maxIterations: 1000
    )
    Benchmark(name, configuration: configuration) { (benchmark: Benchmark) async throws -> Void in
        try await prepare()
        let theirTime = try await picoseconds(baselineCount ?? count, baseline)
        let ourTime = try await picoseconds(count, subject)
        benchmark.measurement(theirs, theirTime)
        benchmark.measurement(ours, ourTime)
        benchmark.measurement(ratio, theirTime * 1000 / max(1, ourTime))
    }
}

/// The time of one operation among `count`.
private func picoseconds(_ count: Int, _ work: Work) async throws -> Int {
    let clock = ContinuousClock()
    let start = clock.now
    try await work(count)
    let (seconds, attoseconds) = start.duration(to: clock.now).components
    return (Int(seconds) * 1_000_000_000_000 + Int(attoseconds / 1_000_000)) / count
}
