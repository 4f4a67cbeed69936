public import TraceProof

/// The payload of a ledger's entry 0 (kind 65000, formats.md section 2). Its random bytes make a ledger that is begun
/// again under the same origin another ledger.
public struct Genesis: Hashable, Sendable {
    /// How many random bytes there are.
    public static let nonceLength = 16

    /// The ledger's origin, as in its checkpoints.
    public let origin: String
    /// The ledger's key: it signs checkpoints, receipts and this statement.
    public let ledgerKey: PublicKey
    /// When the ledger was made, in seconds since 1970.
    public let created: UInt64
    /// 16 random bytes.
    public let nonce: [UInt8]

    /// The genesis of a new ledger; `nil` unless `nonce` has 16 bytes, the origin is not empty and the time is at most
    /// 2^63-1.
    public init?(origin: String, ledgerKey: PublicKey, created: UInt64, nonce: [UInt8]) {
        guard nonce.count == Genesis.nonceLength, !origin.utf8.isEmpty, created <= TreeSize.maximum else { return nil }
        self.origin = origin
        self.ledgerKey = ledgerKey
        self.created = created
        self.nonce = nonce
    }

    /// The payload's bytes.
    public var encoded: [UInt8] {
        var writer = CBORWriter()
        writer.map { map in
            map.entry(1) { $0.text(origin) }
            map.entry(2) { $0.bytes(ledgerKey.bytes) }
            map.entry(3) { $0.unsigned(created) }
            map.entry(4) { $0.bytes(nonce) }
        }
        return writer.output
    }

    /// Reads the payload.
    public init(decoding payload: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: payload, format: "genesis")
        guard try reader.map() == 4 else { throw reader.refuse("the map does not have exactly the keys 1 to 4") }
        try reader.expectKey(1)
        let origin = try reader.text()
        try reader.expectKey(2)
        let ledgerKey = PublicKey(try reader.byteString(count: PublicKey.byteCount))
        try reader.expectKey(3)
        let created = try reader.unsigned()
        try reader.expectKey(4)
        let nonce = try reader.byteString(count: Genesis.nonceLength)
        guard let ledgerKey,
            let genesis = Genesis(origin: origin, ledgerKey: ledgerKey, created: created, nonce: nonce)
        else { throw reader.refuse("the origin is empty or the time is above 2^63-1") }
        self = genesis
    }

    /// The chain link of a genesis statement: its `prev` is SHA-256 of the origin.
    public static func link(origin: String) -> ChainLink {
        ChainLink(sequence: 0, previous: SHA256.hash(Array(origin.utf8)))
    }
}
