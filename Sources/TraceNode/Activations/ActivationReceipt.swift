internal import EPCIS
internal import EPCISJSON
internal import TraceLedger
internal import TraceProof

/// What a ledger answers to an activation that it holds, as it travels from node to node in JSON.
struct ActivationReceipt: Sendable, Equatable {
    /// The ledger.
    let origin: String
    /// Where the activation stands.
    let index: UInt64
    let leafHash: Digest
    /// Where the item's first activation stands: here, or before.
    let firstIndex: UInt64
    /// That it stands there (RFC 9942).
    let receipt: [UInt8]

    /// Whether it is the item's first.
    var isFirst: Bool { firstIndex == index }

    /// The longest of them, as JSON.
    static let maximumByteCount = 32 << 10

    var document: JSONValue {
        .object([
            ("ledger", .text(origin)), ("index", .number(index)), ("leafHash", .text("\(leafHash)")),
            ("first", .boolean(isFirst)), ("firstIndex", .number(firstIndex)),
            ("receipt", .text(Base64.encode(receipt))),
        ])
    }

    /// Reads what the origin's node answered to the activation with this leaf hash.
    ///
    /// - Throws: what contradicts itself, or is not under one of `keys`. Index and order are the origin's word: who has a copy
    ///   of the ledger sees them there.
    init(_ body: [UInt8], of leaf: Digest, origin: String, keys: LedgerKeys, checker: some SignatureChecker)
        throws(ActivationReceiptError)
    {
        guard let document = try? JSONValue(parsing: body) else { throw .init("it is no JSON") }
        guard let ledger = document["ledger"]?.string, ledger.hasSameUTF8(as: origin),
            document["leafHash"]?.string == "\(leaf)", let index = document["index"]?.index,
            let first = document["firstIndex"]?.index, first <= index
        else { throw .init("it is not about this activation") }
        guard let bytes = document["receipt"]?.string.flatMap({ Base64.decode($0) }),
            let receipt = try? Receipt(decoding: bytes), receipt.rootSignature.origin.hasSameUTF8(as: origin)
        else { throw .init("there is no receipt of \(origin) in it") }
        let isSigned = keys.all.compactMap(\.publicKey).contains { key in
            (try? receipt.verify(leaf: leaf, key: key, checker: checker)) != nil
        }
        guard isSigned else { throw .init("the ledger's key did not sign its receipt") }
        self.init(origin: origin, index: index, leafHash: leaf, firstIndex: first, receipt: bytes)
    }

    init(origin: String, index: UInt64, leafHash: Digest, firstIndex: UInt64, receipt: [UInt8]) {
        (self.origin, self.index, self.leafHash) = (origin, index, leafHash)
        (self.firstIndex, self.receipt) = (firstIndex, receipt)
    }
}

/// Why an answer is no receipt.
struct ActivationReceiptError: Error, CustomStringConvertible {
    let description: String

    init(_ reason: String) { description = "the answer of the ledger's node does not hold: \(reason)" }
}

extension JSONValue {
    fileprivate var index: UInt64? {
        guard case .number(let number) = content, let value = UInt64(number.text), value <= TreeSize.maximum else {
            return nil
        }
        return value
    }
}
