internal import TraceProof
internal import TraceStatements

/// `state/rotation`: everything that a rotation of the ledger's key writes, signed before any of it is written.
///
/// Once it is durable the rotation takes place, whoever opens the ledger next and with whichever key: nothing in it has to be
/// signed again. What is in it stays true for ever, so finding it a second time does no harm.
struct RotationPlan: Sendable {
    /// The succession, which becomes the last entry.
    let entry: [UInt8]
    /// The checkpoint over it that both keys signed.
    let checkpoint: SignedCheckpoint
    /// The new key's COSE signature over its root.
    let rootSignature: RootSignature
    let old: VerifierKey
    let new: VerifierKey
    /// Where the new key's file is; empty: not said.
    let keyPath: String

    static let maximumLength = 1 << 21

    var head: TreeHead { checkpoint.checkpoint.head }

    /// What the ledger's keys are once it took place.
    var keys: LedgerKeys { LedgerKeys(earlier: [LedgerKeys.Earlier(key: old, until: head.size)], current: new) }

    var encoded: [UInt8] {
        var writer = CBORWriter()
        writer.array(6)
        writer.bytes(entry)
        writer.bytes(checkpoint.bytes)
        writer.bytes(rootSignature.encoded())
        writer.text(old.text)
        writer.text(new.text)
        writer.text(keyPath)
        return writer.output
    }

    /// Reads the file and verifies all that it says.
    init(decoding bytes: [UInt8], checker: any SignatureChecker) throws(FormatError) {
        var reader = try CBORReader(validating: bytes, format: "rotation")
        let start = reader
        try reader.array(count: 6)
        let entry = try reader.byteString()
        let checkpoint = try SignedCheckpoint(bytes: try reader.byteString())
        let root = try RootSignature(decoding: try reader.byteString())
        let (old, new) = (try VerifierKey(text: try reader.text()), try VerifierKey(text: try reader.text()))
        try self.init(entry, checkpoint, root, from: old, to: new, keyPath: try reader.text(), checker: checker)
        guard encoded == bytes else { throw start.refuse("it is not written as it should be") }
    }

    /// A rotation of these parts, verified.
    init(
        _ entry: [UInt8],
        _ checkpoint: SignedCheckpoint,
        _ root: RootSignature,
        from old: VerifierKey,
        to new: VerifierKey,
        keyPath: String,
        checker: any SignatureChecker
    ) throws(FormatError) {
        (self.entry, self.checkpoint, rootSignature) = (entry, checkpoint, root)
        (self.old, self.new, self.keyPath) = (old, new, keyPath)
        guard let oldKey = old.publicKey, let newKey = new.publicKey, old.name.hasSameUTF8(as: new.name),
            checkpoint.checkpoint.origin.hasSameUTF8(as: old.name)
        else { throw RotationPlan.refusal("the keys are not those of one ledger") }
        let succession = try KeySuccession(
            try Statement(decoding: entry),
            origin: old.name,
            from: oldKey,
            checker: checker
        )
        guard succession.new == newKey, keys.signed(checkpoint, checker: checker) else {
            throw RotationPlan.refusal("the checkpoint is not signed by both keys")
        }
        guard root.origin.hasSameUTF8(as: old.name),
            (try? root.verify(root: head.root, key: newKey, checker: checker)) != nil
        else { throw RotationPlan.refusal("the new key did not sign the root") }
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError("rotation", at: .whole, reason) }
}
