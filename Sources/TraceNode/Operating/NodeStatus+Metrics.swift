internal import Metrics

extension NodeStatus {
    /// Sets the gauges that say what this says.
    func record() {
        for ledger in ledgers {
            let labels = [("ledger", ledger.path)]
            Gauge(label: "tracenode_ledger_published_entries", dimensions: labels).record(ledger.published)
            Gauge(label: "tracenode_ledger_open", dimensions: labels).record(ledger.closedReason == nil ? 1 : 0)
            Gauge(label: "tracenode_ledger_cosignatures", dimensions: labels).record(ledger.cosigners.count)
            guard let committed = ledger.committed else { continue }
            Gauge(label: "tracenode_ledger_committed_entries", dimensions: labels).record(committed)
        }
        for cosigner in cosigners {
            let labels = [("ledger", cosigner.ledger), ("cosigner", cosigner.name)]
            Gauge(label: "tracenode_cosigner_entries", dimensions: labels).record(cosigner.size)
            Gauge(label: "tracenode_cosigner_up", dimensions: labels).record(cosigner.failure == nil ? 1 : 0)
        }
        for mirror in mirrors {
            let labels = [("origin", mirror.origin)]
            Gauge(label: "tracenode_mirror_entries", dimensions: labels).record(mirror.size)
            if let lag = mirror.lag { Gauge(label: "tracenode_mirror_lag_entries", dimensions: labels).record(lag) }
            Gauge(label: "tracenode_mirror_up", dimensions: labels).record(mirror.failure == nil ? 1 : 0)
        }
        Gauge(label: "tracenode_alarms").record(alarms.count)
        Gauge(label: "tracenode_ready").record(hindrances.isEmpty ? 1 : 0)
        Gauge(label: "tracenode_start_time_seconds").record(started)
    }
}
