internal import Metrics
internal import Synchronization

/// The node's metrics, written out in Prometheus's text format (version 0.0.4).
final class PrometheusRegistry: MetricsFactory {
    /// What a metric is, by its name and labels.
    private struct Key: Hashable {
        let name: String
        let labels: String
    }

    private let counters = Mutex<[Key: Cell]>([:])
    private let gauges = Mutex<[Key: Cell]>([:])
    private let timers = Mutex<[Key: Summary]>([:])

    // MARK: What swift-metrics asks for

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        PrometheusRegistry.find(label, dimensions, in: counters) { Cell() }
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        PrometheusRegistry.find(label, dimensions, in: gauges) { Cell() }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        PrometheusRegistry.find(label, dimensions, in: gauges) { Cell() }
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        PrometheusRegistry.find(label, dimensions, in: timers) { Summary() }
    }

    // A metric that is let go of stays: others of its name and labels count on.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private static func find<Value>(
        _ label: String,
        _ dimensions: [(String, String)],
        in all: borrowing Mutex<[Key: Value]>,
        make: () -> Value
    ) -> Value {
        let labels = dimensions.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
        let key = Key(name: label, labels: labels)
        return all.withLock { all in
            if let found = all[key] { return found }
            let made = make()
            all[key] = made
            return made
        }
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    // MARK: What Prometheus asks for

    /// Every metric, in the order of their names.
    func exposition() -> String {
        var families: [String: (type: String, lines: [String])] = [:]
        func add(_ key: Key, _ type: String, _ suffix: String, _ value: String) {
            let braces = key.labels.isEmpty ? "" : "{\(key.labels)}"
            families[key.name, default: (type, [])].lines.append("\(key.name)\(suffix)\(braces) \(value)")
        }
        for (key, cell) in counters.withLock({ $0 }) { add(key, "counter", "", cell.text) }
        for (key, cell) in gauges.withLock({ $0 }) { add(key, "gauge", "", cell.text) }
        for (key, summary) in timers.withLock({ $0 }) {
            let (count, sum) = summary.value
            add(key, "summary", "_count", "\(count)")
            add(key, "summary", "_sum", "\(Double(sum) / 1e9)")
        }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.type)\n" + family.lines.sorted().map { $0 + "\n" }.joined()
        }
        return text
    }

    /// One number.
    private final class Cell: CounterHandler, RecorderHandler, MeterHandler {
        private let value = Mutex<Double>(0)

        var text: String {
            let value = value.withLock { $0 }
            return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        }

        func increment(by amount: Int64) { value.withLock { $0 += Double(amount) } }
        func reset() { value.withLock { $0 = 0 } }
        func record(_ value: Int64) { self.value.withLock { $0 = Double(value) } }
        func record(_ value: Double) { self.value.withLock { $0 = value } }
        func set(_ value: Int64) { self.value.withLock { $0 = Double(value) } }
        func set(_ value: Double) { self.value.withLock { $0 = value } }
        func increment(by amount: Double) { value.withLock { $0 += amount } }
        func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    }

    /// How often, and how long in all.
    private final class Summary: TimerHandler {
        private let state = Mutex<(count: UInt64, sum: Int64)>((0, 0))

        var value: (UInt64, Int64) { state.withLock { $0 } }

        func recordNanoseconds(_ duration: Int64) {
            state.withLock { state in
                state.count += 1
                state.sum = state.sum.addingReportingOverflow(duration).partialValue
            }
        }
    }
}
