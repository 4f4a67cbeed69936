import EPCISJSON
import TraceProof
import TraceStatements
import TraceVerification

extension Description {
    /// The code on a pack.
    static func stamp(_ stamp: Stamp) -> JSONValue {
        .object([
            "type": .text("stamp"), "elements": .text(stamp.elementString), "kid": .text(stamp.keyID.description),
            "signature": .hex(stamp.signature.bytes), "signed": .hex(stamp.signedBytes),
        ])
    }

    /// What proves an item, a batch or recalls; `nil` for other evidence.
    static func items(_ evidence: Evidence) throws -> JSONValue? {
        switch evidence {
        case .stamp(let stamp): self.stamp(stamp)
        case .loggedItem(let item):
            try batch(item.batch, evidence.type).adding([
                "item": .number(item.proof.index), "serial": .text(item.proof.leaf.serial),
                "key": .text(item.proof.leaf.key?.description), "path": hashes(item.proof.path),
            ])
        case .batchPack(let pack):
            try batch(pack.batch, evidence.type).adding(["serials": .array(pack.serials.map { .text($0) })])
        case .recallPack(let pack):
            JSONValue.object([
                "type": .text(evidence.type),
                "ledgers": .array(
                    try pack.ledgers.map { ledger in
                        .object([
                            "checkpoint": try note(ledger.checkpoint.note),
                            "recalls": .array(ledger.entries.map(recall)), "hashes": hashes(ledger.hashes),
                        ])
                    }
                ),
            ])
        default: nil
        }
    }

    private static func batch(_ batch: LoggedBatch, _ type: String) throws -> JSONValue {
        .object([
            "type": .text(type), "gtin": .text(batch.items.gtin), "lot": .text(batch.items.lot),
            "count": .number(batch.items.count), "root": .text(batch.items.root.description),
            "checkpoint": try note(batch.checkpoint.note), "index": .number(batch.index),
            "commissioning": entry(batch.statement.encoded),
        ])
    }

    private static func recall(_ found: EvidenceBundle.Entry) -> JSONValue {
        let start = JSONValue.object([
            "index": .number(found.index), "issuer": .text(found.statement.header.issuer),
        ])
        guard let recall = try? Recall(decoding: found.statement.payload) else { return start }
        return start.adding([
            "id": .text(recall.identifier), "class": .number(recall.level.rawValue),
            "opened": .text(Time.text(recall.opened)), "scopes": .array(recall.scopes.map { .text($0.text) }),
            "reason": .text(recall.reason), "instruction": .text(recall.instruction),
        ])
    }
}
