import Metrics
import Testing

@testable import TraceNode

/// Metrics in the text format that Prometheus reads.
@Suite struct MetricsTests {
    @Test func theTextFormat() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "b_total", dimensions: [("route", "a\"b\n")]).increment(by: 2)
        registry.makeCounter(label: "b_total", dimensions: [("route", "a\"b\n")]).increment(by: 1)
        registry.makeRecorder(label: "a", dimensions: [], aggregate: false).record(Int64(7))
        let timer = registry.makeTimer(label: "c_seconds", dimensions: [])
        timer.recordNanoseconds(1_500_000_000)
        timer.recordNanoseconds(500_000_000)
        #expect(
            registry.exposition() == """
                # TYPE a gauge
                a 7
                # TYPE b_total counter
                b_total{route="a\\"b\\n"} 3
                # TYPE c_seconds summary
                c_seconds_count 2
                c_seconds_sum 2.0

                """
        )
    }

    @Test func thePageEscapesWhatOthersNamed() {
        let alarm = Alarm(origin: "<script>alert(1)</script>", kind: "fork", reason: "a & b", evidence: "", time: 0)
        let status = NodeStatus(
            version: "1",
            url: "http://node.example",
            time: 60,
            started: 0,
            ledgers: [],
            mirrors: [],
            witnessName: nil,
            witnessed: [],
            cosigners: [.init(ledger: "l", name: "w\"", url: "u", size: 3, lastSuccess: 0, failure: nil)],
            activations: .init(),
            alarms: [alarm]
        )
        let page = StatusPage.render(status)
        #expect(page.contains("&lt;script&gt;") && !page.contains("<script>"))
        #expect(page.contains("Not ready") && page.contains("1 min ago"))
        #expect(!page.contains("Own ledgers"))
        #expect(!page.contains("src=") && !page.contains("@import"))
    }
}
