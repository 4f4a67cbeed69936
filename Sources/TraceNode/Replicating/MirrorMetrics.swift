internal import Metrics
internal import TraceProof

/// What the metrics say of one mirror, each with its origin as label.
struct MirrorMetrics: Sendable {
    private let entries: Gauge
    private let lag: Gauge
    private let lastSuccess: Gauge
    private let alarm: Gauge
    private let updates: Counter
    private let failures: Counter
    private let bytes: Counter

    init(origin: String, factory: any MetricsFactory) {
        let label = [("origin", origin)]
        entries = Gauge(label: "tracenode_mirror_entries", dimensions: label, factory: factory)
        lag = Gauge(label: "tracenode_mirror_lag_entries", dimensions: label, factory: factory)
        lastSuccess = Gauge(label: "tracenode_mirror_last_success_seconds", dimensions: label, factory: factory)
        alarm = Gauge(label: "tracenode_mirror_alarm", dimensions: label, factory: factory)
        updates = Counter(label: "tracenode_mirror_updates_total", dimensions: label, factory: factory)
        failures = Counter(label: "tracenode_mirror_failures_total", dimensions: label, factory: factory)
        bytes = Counter(label: "tracenode_mirror_fetched_bytes_total", dimensions: label, factory: factory)
        // There from the start, so that an alert on them can tell nought from absent.
        for counter in [updates, failures, bytes] { counter.increment(by: 0) }
    }

    func show(_ status: MirrorStatus) {
        if let held = status.held { entries.record(held.size) }
        if let behind = status.lag { lag.record(behind) }
        if let time = status.lastSuccess { lastSuccess.record(time) }
        alarm.record(status.alarm == nil ? 0 : 1)
    }

    func countUpdate() { updates.increment() }
    func countFailure() { failures.increment() }
    func count(bytes count: UInt64) { bytes.increment(by: count) }

    /// Takes the mirror's rows away: it is not configured any more.
    func remove() {
        for gauge in [entries, lag, lastSuccess, alarm] { gauge.destroy() }
        for counter in [updates, failures, bytes] { counter.destroy() }
    }
}
