internal import EPCISJSON
internal import Logging
internal import Metrics
internal import Synchronization
internal import TraceVerification

/// Something that waiting does not mend: a fork, a rollback, a bad statement.
struct Alarm: Sendable, Hashable {
    /// The ledger that it is about.
    let origin: String
    /// `fork`, `rollback`, `statement`, `cosigner`.
    let kind: String
    /// What contradicts what.
    let reason: String
    /// The file or folder with what proves it; empty where nothing does.
    let evidence: String
    /// When it was raised, in seconds since 1970.
    let time: UInt64

    var document: JSONValue {
        .object([
            ("origin", .text(origin)), ("kind", .text(kind)), ("reason", .text(reason)), ("evidence", .text(evidence)),
            ("time", .text(UTCTime.text(time))),
        ])
    }
}

/// The node's alarms, each raised once: logged, counted, shown, and in `/readyz` until the operator has dealt with it.
final class AlarmBoard: Sendable {
    private let alarms = Mutex<[Alarm]>([])
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    /// All alarms, oldest first.
    var all: [Alarm] { alarms.withLock { $0 } }

    /// Raises an alarm, unless the same one stands.
    func raise(_ alarm: Alarm) {
        let isNew = alarms.withLock { alarms in
            guard alarms.count < 1000,
                !alarms.contains(where: {
                    $0.origin == alarm.origin && $0.kind == alarm.kind && $0.evidence == alarm.evidence
                })
            else { return false }
            alarms.append(alarm)
            return true
        }
        guard isNew else { return }
        Counter(label: "tracenode_alarms_total", dimensions: [("origin", alarm.origin), ("kind", alarm.kind)])
            .increment()
        logger.critical(
            "ALARM",
            metadata: [
                "ledger": "\(alarm.origin)", "kind": "\(alarm.kind)", "reason": "\(alarm.reason)",
                "evidence": "\(alarm.evidence)",
            ]
        )
    }

    /// Takes those alarms off of which `isOver` says so: what they were about is not followed any more.
    func settle(where isOver: (Alarm) -> Bool) { alarms.withLock { $0.removeAll(where: isOver) } }
}
