public import TraceProof

/// The opening of a pack, as the payload of a statement (kind 65003, formats.md section 2): who knew the seed under the seal
/// says so once, to a ledger, under the item's own key. It has no chain and names nobody.
///
/// The first activation of an item in a ledger and a later one differ by their places there and by nothing else.
public struct Activation: Hashable, Sendable {
    /// How many random bytes there are: they tell two openings apart.
    public static let nonceLength = 16
    /// What stands before the item key in `iss`.
    public static let issuerScheme = "item:"

    /// The ledger that it is for.
    public let origin: String
    /// The leaf hash of the entry that commissioned the item.
    public let commissioning: Digest
    /// That the item is one of that entry's batch.
    public let proof: ItemProof
    /// 16 random bytes.
    public let nonce: [UInt8]

    /// The opening of an item; `nil` unless the nonce has 16 bytes, the origin is not empty and the item has a key.
    public init?(origin: String, commissioning: Digest, proof: ItemProof, nonce: [UInt8]) {
        guard nonce.count == Activation.nonceLength, !origin.utf8.isEmpty, proof.leaf.key != nil else { return nil }
        (self.origin, self.commissioning, self.proof, self.nonce) = (origin, commissioning, proof, nonce)
    }

    /// The payload's bytes.
    public var encoded: [UInt8] {
        var writer = CBORWriter(capacity: 256 + proof.path.count * 34)
        writer.map { map in
            map.entry(1) { $0.text(origin) }
            map.entry(2) { $0.bytes(commissioning) }
            map.entry(3) { proof.write(to: &$0) }
            map.entry(4) { $0.bytes(nonce) }
        }
        return writer.output
    }

    /// Reads the payload.
    public init(decoding payload: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: payload, format: "activation")
        guard try reader.map() == 4 else { throw reader.refuse("the map does not have exactly the keys 1 to 4") }
        try reader.expectKey(1)
        let origin = try reader.text()
        try reader.expectKey(2)
        let commissioning = try reader.digest()
        try reader.expectKey(3)
        let proof = try ItemProof(reading: &reader)
        try reader.expectKey(4)
        let nonce = try reader.byteString(count: Activation.nonceLength)
        guard
            let activation = Activation(origin: origin, commissioning: commissioning, proof: proof, nonce: nonce)
        else { throw reader.refuse("the origin is empty, or the item has no key and cannot be activated") }
        self = activation
    }

    /// The activation that a statement makes, with the item that it is about.
    ///
    /// - Throws: ``FormatError`` where the statement is of another kind, where `iss` is not the key in the proof, where `sub` is
    ///   no item or another one, and where the payload is not an activation's. Signature and proof are the caller's to check.
    public static func read(_ statement: Statement) throws(FormatError) -> (activation: Activation, item: ItemIdentity)
    {
        let header = statement.header
        guard header.kind == .activation else {
            throw FormatError("activation", at: .whole, "the statement is of kind \(header.kind.name)")
        }
        let activation = try Activation(decoding: statement.payload)
        guard let item = ItemIdentity(text: header.subject), item.serial.hasSameUTF8(as: activation.proof.leaf.serial)
        else {
            throw FormatError("activation", at: .whole, "sub is not (01)GTIN(21)SERIAL of the item in the proof")
        }
        guard let key = activation.proof.leaf.key, header.issuer.hasSameUTF8(as: issuer(key)),
            KeyID(of: key) == header.keyID
        else { throw FormatError("activation", at: .whole, "iss and kid are not those of the item key in the proof") }
        return (activation, item)
    }

    /// `iss` of the statements of an item key.
    public static func issuer(_ key: PublicKey) -> String { issuerScheme + Hex.encode(key.bytes) }
}

#if !hasFeature(Embedded)
extension Statement {
    /// Signs the opening of an item with its own key.
    ///
    /// - Throws: ``FormatError`` where `signer` is not the key in the proof; whatever `signer` throws.
    public static func activate(
        _ activation: Activation,
        of item: ItemIdentity,
        issuedAt: UInt64,
        with signer: any Signer
    ) async throws -> Statement {
        guard signer.publicKey == activation.proof.leaf.key else {
            throw FormatError("activation", at: .whole, "the hidden code is not this item's: its key is another one")
        }
        return try await sign(
            kind: .activation,
            payload: activation.encoded,
            issuer: Activation.issuer(signer.publicKey),
            subject: item.text,
            issuedAt: issuedAt,
            chain: nil,
            with: signer
        )
    }
}
#endif
