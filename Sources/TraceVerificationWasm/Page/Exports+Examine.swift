internal import GS1
internal import TraceProof
internal import TraceStatements
internal import TraceVerification

/// Looks at a file before a device keeps it: what it is, what it is about, and whether what it trusts so far vouches for it.
///
/// In: answers, time, policy, registry pack, file. Out: names and values: `kind`; `origin` and `size` of each checkpoint;
/// `gtin`, `lot`, `identity` of what it is about; `refused` with the reason where it does not verify; `relation` of a registry
/// pack to the one that is held: `older`, `newer`, or `other` for another ledger's. A fork is refused.
@c(tv_examine)
public func examine(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answerChecked(input, count) { (fields, checker, output) throws(FormatError) in
        let (verifier, held) = try fields.nextVerifier(checker)
        let bytes = try fields.next()
        try fields.finish()
        guard let name = TravellingFile.name(of: bytes) else {
            _ = try TrustPolicy(bytes: bytes)
            return output.append("kind", "policy")
        }
        guard name.hasSameUTF8(as: RegistryPack.file.name) else {
            let file = try ItemFile(decoding: bytes)
            output.append("kind", file.name)
            output.append(file)
            return output.append(verifier.verify(itemFile: file))
        }
        let pack = try RegistryPack(decoding: bytes)
        output.append("kind", "registry-pack")
        output.append(pack.checkpoint)
        let (registry, report) = verifier.registry(of: pack)
        guard registry != nil else { return output.append("refused", report.reason) }
        if let held { try output.append(pack, behind: held) }
    }
}

extension FieldWriter {
    fileprivate mutating func append(_ report: VerificationReport) {
        if report.verdict != .issuedAndLogged { append("refused", report.reason) }
    }

    fileprivate mutating func append(_ signed: SignedCheckpoint) {
        append("origin", signed.checkpoint.origin)
        append("size", signed.checkpoint.head.size)
    }

    fileprivate mutating func append(_ file: ItemFile) {
        switch file {
        case .item(let item):
            append(item.batch)
            let serial = item.proof.leaf.serial
            if let identity = try? ItemIdentity(gtin: item.batch.items.gtin, serial: serial) {
                append("identity", identity.text)
            }
        case .pack(let pack): append(pack.batch)
        case .recalls(let pack): for ledger in pack.ledgers { append(ledger.checkpoint) }
        case .history(let history):
            append("identity", history.subject)
            append(history.checkpoint)
        }
    }

    private mutating func append(_ batch: LoggedBatch) {
        append(batch.checkpoint)
        append("gtin", batch.items.gtin)
        if let lot = batch.items.lot { append("lot", lot) }
    }

    /// Whether a registry pack goes on where the held one ends.
    fileprivate mutating func append(_ pack: RegistryPack, behind held: RegistryPack) throws(FormatError) {
        let (old, new) = (held.checkpoint.checkpoint, pack.checkpoint.checkpoint)
        guard new.origin.hasSameUTF8(as: old.origin) else { return append("relation", "other") }
        let (short, long) = old.head.size < new.head.size ? (held, pack) : (pack, held)
        let beginning = MerkleTree(leaves: TreeHash.leaves(Array(long.entries.prefix(short.entries.count))))
        guard beginning.head == short.checkpoint.checkpoint.head else {
            throw FormatError(
                "registry",
                at: .whole,
                "this is another history of \(new.origin) than the one that is here: keep both files, they are the evidence"
            )
        }
        append("relation", new.head.size < old.head.size ? "older" : "newer")
    }
}
