internal import Metrics

/// What the metrics say of activations.
struct ActivationMetrics: Sendable {
    private let waiting = Gauge(label: "tracenode_activations_waiting")

    /// Counts an activation of a ledger that is configured here: `admitted`, `duplicate` or `refused` by an own ledger; `kept`,
    /// `forwarded`, `receipts`, `refused` and `failures` of a mirrored one.
    func count(_ origin: String, _ outcome: String) {
        Counter(label: "tracenode_activations_total", dimensions: [("origin", origin), ("outcome", outcome)]).increment()
    }

    /// How many wait for their ledgers.
    func show(waiting count: Int) { waiting.record(count) }
}
