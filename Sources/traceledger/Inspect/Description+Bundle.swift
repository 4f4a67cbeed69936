import EPCISJSON
import TraceProof
import TraceStatements
import TraceVerification

extension Description {
    /// The members of an evidence bundle. The registry in it has a file of its own to look into.
    static func bundle(_ bundle: EvidenceBundle) throws -> KeyValuePairs<String, JSONValue> {
        let registry = try bundle.registry.map { try note($0.checkpoint.note) }
        return [
            "policySHA256": .text(bundle.policy.map { SHA256.hash($0).description }),
            "registry": registry ?? JSONValue(.null), "ledgers": .array(try bundle.ledgers.map(ledger)),
        ]
    }

    private static func ledger(_ ledger: EvidenceBundle.Ledger) throws -> JSONValue {
        let entries = ledger.entries.map { found in
            JSONValue.object(["index": .number(found.index)]).adding(["entry": entry(found.statement.encoded)])
        }
        let anchors = try ledger.anchors.map { anchor in
            JSONValue.object([
                "checkpoint": try note(anchor.checkpoint.note), "consistency": hashes(anchor.consistency),
            ])
        }
        return .object([
            "checkpoint": try note(ledger.checkpoint.note), "entries": .array(entries), "hashes": hashes(ledger.hashes),
            "anchors": .array(anchors),
        ])
    }
}
