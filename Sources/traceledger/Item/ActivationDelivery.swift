import ArgumentParser
import EPCIS
import EPCISJSON
import TraceLedger
import TraceProof
import TraceStatements

/// What became of an activation.
struct ActivationAnswer {
    /// `recorded`; `kept` or `forwarded` by a node that does not write the ledger; `committed` where its receipt comes later;
    /// `offline`.
    var status: String
    let leafHash: Digest
    var index: UInt64?
    /// Whether it is the item's first one.
    var isFirst: Bool?
    /// The receipt, in base64, where the node gave one.
    var receipt: String?

    func document(_ item: ItemIdentity, _ origin: String) -> JSONValue {
        .object([
            "status": .text(status), "item": .text(item.text), "ledger": .text(origin), "index": .number(index),
            "leafHash": .text(leafHash.description), "first": isFirst.map { .boolean($0) } ?? JSONValue(.null),
            "receipt": .text(receipt),
        ])
    }

    /// Status, first or later, index, leaf hash and item, with tabs between.
    func line(_ item: ItemIdentity) -> String {
        let order = isFirst.map { $0 ? "first" : "later" } ?? "-"
        return "\(status)\t\(order)\t\(index.map { "\($0)" } ?? "-")\t\(leafHash)\t\(item.text)"
    }
}

/// Where activations go: a node, which needs not be the ledger's own, or the ledger's directory.
struct ActivationDelivery {
    let location: LedgerLocation
    let key: String?

    /// Sends one; the same bytes again get the same answer.
    func send(_ statement: Statement) async throws -> ActivationAnswer {
        location.isURL ? try await post(statement) : try await append(statement)
    }

    private func append(_ statement: Statement) async throws -> ActivationAnswer {
        let ledger = try await LedgerKeyOption.open(location.text, key: key, isOffline: false)
        let appended = try await ledger.append([statement]) { _, reason in
            CommandFailure(.wrong, "\(location.text): the activation is refused: \(reason)")
        }
        let (_, item) = try Activation.read(statement)
        let first = try await ledger.firstActivation(of: item)
        try await ledger.close()
        guard let entry = appended.first else { throw CommandFailure(.unavailable, "\(location.text): nothing was appended") }
        return ActivationAnswer(
            status: "recorded",
            leafHash: entry.leafHash,
            index: entry.index,
            isFirst: first.map { $0 == entry.index }
        )
    }

    private func post(_ statement: Statement) async throws -> ActivationAnswer {
        let source = try HTTPSource(location.text)
        let answer = try await source.post(statement.encoded, "application/cose", to: "activations", token: nil, limit: 1 << 20)
        let document = try? JSONValue(parsing: answer.body)
        let text = { (key: String) -> String? in
            if case .string(let text)? = document?[key]?.content { return text }
            return nil
        }
        guard answer.status == 201 || answer.status == 202 else {
            let reason = [text("title"), text("detail")].compactMap { $0 }.joined(separator: ": ")
            let isFinal = (400..<500).contains(answer.status) && answer.status != 429
            throw CommandFailure(
                isFinal ? .wrong : .unavailable,
                "\(source.name)/activations: \(reason.isEmpty ? "the server answered \(answer.status)" : reason.onOneLine)"
            )
        }
        guard text("leafHash") == statement.leafHash.description else {
            throw CommandFailure(.unavailable, "\(source.name)/activations: the answer is not that of a tracenode")
        }
        var own = ActivationAnswer(status: text("status") ?? "recorded", leafHash: statement.leafHash)
        if case .number(let number)? = document?["index"]?.content { own.index = UInt64(number.text) }
        if case .boolean(let isFirst)? = document?["first"]?.content { own.isFirst = isFirst }
        own.receipt = text("receipt")
        return own
    }
}
