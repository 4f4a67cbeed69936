internal import EPCISJSON
internal import Foundation
internal import Synchronization
internal import TraceLedger
internal import TraceProof
internal import TraceSigning
internal import TraceVerification

/// What became of one captured document (EPCIS 2.0 section 12.6, `/capture/{captureID}`), with a verdict for each event.
struct CaptureJob: Sendable {
    /// What a document with a bad event does to the others (the header `GS1-Capture-Error-Behaviour`).
    enum Behaviour: String, Sendable {
        /// Nothing of it is captured.
        case rollback
        /// The others are captured.
        case proceed
    }

    /// What became of an event.
    enum Outcome: Sendable {
        case captured(Ledger.Appended, eventID: String)
        case refused([String])
        /// It is good, and another of its document is not.
        case rolledBack
    }

    let id = Hex.encode(RandomBytes.make(16))
    let created: UInt64
    let behaviour: Behaviour
    let outcomes: [Outcome]
    let warnings: [String]

    /// Whether every event is captured.
    var isSuccess: Bool {
        outcomes.allSatisfy {
            if case .captured = $0 { return true }
            return false
        }
    }

    /// The job as others read it.
    var document: JSONValue {
        var errors: [JSONValue] = []
        let events = outcomes.enumerated().map { position, outcome -> JSONValue in
            switch outcome {
            case .captured(let entry, let eventID):
                return .object([
                    ("eventID", .text(eventID)), ("index", .number(entry.index)),
                    ("leafHash", .text(entry.leafHash.description)), ("duplicate", .boolean(entry.isDuplicate)),
                ])
            case .rolledBack: return .object([("captured", .boolean(false))])
            case .refused(let reasons):
                errors += reasons.map {
                    .object([
                        ("type", .text("epcisException:ValidationException")), ("title", .text($0)),
                        ("status", .number(400)), ("event", .number(position + 1)),
                    ])
                }
                return .object([("captured", .boolean(false)), ("errors", .array(reasons.map { .text($0) }))])
            }
        }
        return .object([
            ("captureID", .text(id)), ("createdAt", .text(UTCTime.text(created))),
            ("finishedAt", .text(UTCTime.text(created))), ("running", .boolean(false)),
            ("success", .boolean(isSuccess)),
            ("captureErrorBehaviour", .text(behaviour.rawValue)), ("errors", .array(errors)),
            ("events", .array(events)),
            ("warnings", .array(warnings.map { .text($0) })),
        ])
    }
}

/// The jobs of a ledger, newest kept: what stands in the ledger does not depend on them.
final class CaptureJobs: Sendable {
    /// So many are kept, and so many bytes of them: a job has a line for each event of its document.
    private static let (limit, byteLimit) = (10_000, 64 << 20)

    private struct State {
        var documents: [String: [UInt8]] = [:]
        var order: [String] = []
        var byteCount = 0
    }

    private let state = Mutex(State())

    /// Keeps a job's document.
    func insert(_ id: String, _ document: [UInt8]) {
        state.withLock { state in
            state.documents[id] = document
            state.order.append(id)
            state.byteCount += document.count
            while state.order.count > CaptureJobs.limit || state.byteCount > CaptureJobs.byteLimit,
                let old = state.order.first
            {
                state.byteCount -= state.documents.removeValue(forKey: old)?.count ?? 0
                state.order.removeFirst()
            }
        }
    }

    /// The document of a job.
    func find(_ id: String) -> [UInt8]? { state.withLock { $0.documents[id] } }
}
