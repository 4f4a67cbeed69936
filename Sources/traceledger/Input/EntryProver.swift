import EPCIS
import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

extension LedgerReader {
    /// The ledger's key that made a root signature: that of the size's time.
    func receiptKey(of signature: RootSignature, size: UInt64) throws -> PublicKey {
        let keys = keys.signers(of: size).compactMap(\.publicKey)
        guard let key = keys.first(where: { KeyID(of: $0) == signature.keyID }) else {
            throw CommandFailure(.wrong, "\(source.name): the ledger's key of size \(size) did not sign its root")
        }
        return key
    }
}

/// Finds entries and makes their proofs at one published size; each is verified before it is handed out.
struct EntryProver {
    let reader: LedgerReader
    let checkpoint: SignedCheckpoint

    private var head: TreeHead { checkpoint.checkpoint.head }

    /// What to look for.
    enum Search {
        case eventID(String)
        case subject(String)

        /// Whether an entry is it.
        func matches(_ statement: Statement) -> Bool {
            switch self {
            case .eventID(let id):
                guard let event = statement.event else { return false }
                // A hash finds its event also where that has an ID of its own.
                return event.eventID?.hasSameUTF8(as: id) == true
                    || (id.utf8.starts(with: "ni:///sha-256;".utf8) && event.hashID().hasSameUTF8(as: id))
            case .subject(let text):
                if statement.header.subject.hasSameUTF8(as: text) { return true }
                let identifier = Identifier(text)
                if let elements = identifier.elementString, statement.header.subject.hasSameUTF8(as: elements) {
                    return true
                }
                return statement.event?.names(identifier) ?? false
            }
        }
    }

    /// An entry that was found.
    struct Found {
        let index: UInt64
        let description: String
    }

    /// The entries that `search` finds, in ledger order.
    func entries(matching search: Search) async throws -> [Found] {
        var found: [Found] = []
        let bar = ProgressBar("looking")
        try await reader.forEachEntry(in: 0..<head.size, of: head) { index, bytes in
            if let statement = try? Statement(decoding: bytes), search.matches(statement) {
                let event = statement.event.map { "\($0.eventTime.text), event ID \($0.eventIDOrHash)" }
                found.append(
                    Found(
                        index: index,
                        description: "\(statement.header.subject), \(event ?? statement.header.kind.name)"
                    )
                )
            }
            bar.update(index, of: head.size)
        }
        bar.finish()
        return found
    }

    /// The receipt of an entry, and the entry.
    func receipt(_ index: UInt64) async throws -> (receipt: Receipt, entry: [UInt8]) {
        guard head.size > 1 else {
            throw CommandFailure(
                .usage,
                "\(reader.source.name): a ledger of one entry has no receipt, since RFC 9942 cannot express the empty path: "
                    + "append an event first, or use --format tlog-proof"
            )
        }
        let (entry, proof) = try await reader.entry(index, in: head)
        let signature = try await reader.rootSignature(for: checkpoint.checkpoint)
        let receipt = try Receipt.inclusion(proof, signature: signature)
        let key = try reader.receiptKey(of: signature, size: head.size)
        guard try receipt.verify(leaf: TreeHash.leaf(entry), key: key, checker: SodiumSignatureChecker()) == head.root
        else { throw CommandFailure(.wrong, "\(reader.source.name): the receipt that was made does not verify") }
        return (receipt, entry)
    }

    /// The statement with its receipt.
    func transparentStatement(_ index: UInt64) async throws -> [UInt8] {
        let (receipt, entry) = try await receipt(index)
        let statement = try Statement(decoding: entry)
        return try TransparentStatement(statement, receipts: [receipt]).encoded()
    }

    /// The proof in text, with checkpoint and statement.
    func tlogProof(_ index: UInt64) async throws -> [UInt8] {
        let (entry, proof) = try await reader.entry(index, in: head)
        return try TLogProof(extra: entry, index: index, path: proof.path, checkpoint: checkpoint).bytes
    }
}
