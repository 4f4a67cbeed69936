internal import EPCISJSON
internal import TraceVerification

/// What a node holds and how it is, at one moment: for the page, `tracenode status`, `/readyz` and the metrics alike.
struct NodeStatus: Sendable {
    /// An own ledger.
    struct OwnLedger: Sendable {
        let path: String
        let origin: String
        /// `nil` where it takes entries.
        let closedReason: String?
        /// Entries that are durable; `nil` where it is not open.
        let committed: UInt64?
        /// Entries under the public checkpoint.
        let published: UInt64
        let root: String
        /// Who cosigned the public checkpoint.
        let cosigners: [String]
    }

    /// Somebody else's ledger that is replicated.
    struct MirroredLedger: Sendable {
        let origin: String
        /// Below which path it is served.
        let path: String
        let size: UInt64
        let root: String
        /// How many entries its source has and the copy lacks; `nil` where it never answered.
        let lag: UInt64?
        let lastSuccess: UInt64?
        let failure: String?
    }

    /// Somebody who cosigns the own checkpoints.
    struct Cosigner: Sendable {
        /// The path of the ledger whose checkpoints it cosigns.
        let ledger: String
        let name: String
        let url: String
        let size: UInt64
        let lastSuccess: UInt64?
        let failure: String?
    }

    /// A ledger that is witnessed.
    struct WitnessedLedger: Sendable {
        let origin: String
        /// The size that was cosigned last; `nil` before the first.
        let size: UInt64?
    }

    /// Activations of mirrored ledgers.
    struct Activations: Sendable {
        /// How many wait for their ledgers.
        var kept = 0
        /// How many receipts are held.
        var receipts = 0
        /// Why the last forwarding to a ledger failed.
        var failures: [(origin: String, reason: String)] = []
    }

    let version: String
    let url: String
    let time: UInt64
    let started: UInt64
    let ledgers: [OwnLedger]
    let mirrors: [MirroredLedger]
    let witnessName: String?
    let witnessed: [WitnessedLedger]
    let cosigners: [Cosigner]
    let activations: Activations
    let alarms: [Alarm]

    /// Why the node is not ready: ledgers that take no entries, and alarms. Empty where it is.
    var hindrances: [String] {
        ledgers.compactMap { ledger in ledger.closedReason.map { "\(ledger.path): \($0)" } }
            + alarms.map { "\($0.origin): \($0.kind): \($0.reason)" }
    }

    /// As JSON: what `tracenode status --json` prints.
    var document: JSONValue {
        .object([
            ("version", .text(version)), ("url", .text(url)), ("time", .text(UTCTime.text(time))),
            ("started", .text(UTCTime.text(started))), ("ready", .boolean(hindrances.isEmpty)),
            ("ledgers", .array(ledgers.map(\.document))), ("mirrors", .array(mirrors.map(\.document))),
            ("witness", witnessDocument), ("cosigners", .array(cosigners.map(\.document))),
            ("activations", activations.document), ("alarms", .array(alarms.map(\.document))),
        ])
    }

    private var witnessDocument: JSONValue {
        guard let witnessName else { return .text(nil) }
        let logs = witnessed.map { log in
            JSONValue.object([("origin", .text(log.origin)), ("size", .number(log.size))])
        }
        return .object([("name", .text(witnessName)), ("ledgers", .array(logs))])
    }
}

extension NodeStatus.Activations {
    var document: JSONValue {
        let rows = failures.map { JSONValue.object([("origin", .text($0.origin)), ("reason", .text($0.reason))]) }
        return .object([
            ("kept", .number(UInt64(kept))), ("receipts", .number(UInt64(receipts))), ("failures", .array(rows)),
        ])
    }
}

extension NodeStatus.OwnLedger {
    var document: JSONValue {
        .object([
            ("path", .text(path)), ("origin", .text(origin)), ("open", .boolean(closedReason == nil)),
            ("reason", .text(closedReason)), ("committed", .number(committed)), ("published", .number(published)),
            ("root", .text(root)), ("cosigners", .array(cosigners.map { .text($0) })),
        ])
    }
}

extension NodeStatus.MirroredLedger {
    var document: JSONValue {
        .object([
            ("origin", .text(origin)), ("path", .text(path)), ("size", .number(size)), ("root", .text(root)),
            ("lag", .number(lag)), ("lastSuccess", .text(lastSuccess.map(UTCTime.text))), ("failure", .text(failure)),
        ])
    }
}

extension NodeStatus.Cosigner {
    var document: JSONValue {
        .object([
            ("ledger", .text(ledger)), ("name", .text(name)), ("url", .text(url)), ("size", .number(size)),
            ("lastSuccess", .text(lastSuccess.map(UTCTime.text))), ("failure", .text(failure)),
        ])
    }
}
