internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Synchronization
internal import TraceLedger
internal import TraceProof
internal import TraceReplication
internal import TraceVerification

/// Keeps what proves that a ledger forked, and raises the alarm: a file each in `evidence/`, which anybody checks with
/// `traceledger verify`. What is there when the node starts is an alarm still.
final class EvidenceDesk: Sendable {
    private let store: DurableStore
    private let alarms: AlarmBoard
    private let logger: Logger
    /// The files that there are of each ledger.
    private let names = Mutex<[String: Set<String>]>([:])

    /// So many are kept of one ledger: whoever has its key can make forks without end, and one is enough.
    private static let perLedger = 16
    /// So long is the longest file: two notes and a path.
    private static let limit = 3 * SignedNote.maximumByteCount

    init(_ directory: String, alarms: AlarmBoard, logger: Logger) throws {
        store = try DurableStore(directory, limit: EvidenceDesk.limit)
        (self.alarms, self.logger) = (alarms, logger)
    }

    /// Raises the alarms of what was found before.
    func recall() async {
        do {
            for name in try await store.names() where name.hasSuffix(".evidence") {
                guard let bytes = try await store.read(name), let evidence = try? ForkEvidence(decoding: bytes) else {
                    continue
                }
                names.withLock { _ = $0[evidence.smaller.checkpoint.origin, default: []].insert(name) }
                raise(evidence, name, by: "an earlier run of this node")
            }
        } catch { logger.error("the evidence kept cannot be read", metadata: ["reason": "\(error)"]) }
    }

    /// Keeps evidence, durably, and raises its alarm.
    func file(_ evidence: ForkEvidence, by party: String) async {
        let bytes = evidence.encoded
        let name =
            "fork-\(evidence.smaller.checkpoint.head.size)-\(Hex.encode(SHA256.hash(bytes).bytes.prefix(8))).evidence"
        let isNew = names.withLock { names in
            let known = names[evidence.smaller.checkpoint.origin, default: []]
            guard known.count < EvidenceDesk.perLedger else { return false }
            return names[evidence.smaller.checkpoint.origin, default: []].insert(name).inserted
        }
        guard isNew else { return }
        do { try await store.write(bytes, to: name) } catch {
            // The alarm is raised all the same; whoever shows the fork next has it written again.
            names.withLock { _ = $0[evidence.smaller.checkpoint.origin]?.remove(name) }
            logger.error("evidence of a fork could not be kept", metadata: ["reason": "\(error)"])
        }
        raise(evidence, name, by: party)
    }

    /// The bytes of a file of evidence, for whoever wants to check it.
    func read(_ name: String) async throws -> [UInt8]? {
        guard name.hasSuffix(".evidence") else { return nil }
        return try await store.read(name)
    }

    private func raise(_ evidence: ForkEvidence, _ name: String, by party: String) {
        let (small, large) = (evidence.smaller.checkpoint.head, evidence.larger.checkpoint.head)
        let what =
            small.size == large.size
            ? "the ledger signed two roots of size \(small.size)"
            : "the ledger signed sizes \(small.size) and \(large.size), and the second does not extend the first"
        alarms.raise(
            Alarm(
                origin: evidence.smaller.checkpoint.origin,
                kind: "fork",
                reason: "\(what); seen from \(party)",
                evidence: "/evidence/\(name)",
                time: Ledger.Configuration.systemTime()
            )
        )
    }
}

/// `/evidence/<name>`: anybody may have what proves a fork.
struct EvidenceRoutes: Routes {
    let desk: EvidenceDesk

    func respond(to call: Call) async throws -> Response? {
        guard call.rest.count == 1 else { return nil }
        guard call.isReading else { throw Problem.method("GET") }
        let bytes: [UInt8]?
        do { bytes = try await desk.read(String(call.rest[0])) } catch { return nil }
        return bytes.map { Response(bytes: $0, type: "application/cbor") }
    }
}
