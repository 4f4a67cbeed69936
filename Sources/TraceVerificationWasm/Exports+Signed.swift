internal import TraceProof

/// Checks an RFC 9942 receipt of inclusion. In: answers, receipt, leaf hash, the ledger's public key. Out: the root that
/// the ledger signed and its origin.
@c(tv_verify_receipt)
public func verifyReceipt(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answerChecked(input, count) { (fields, checker, output) throws(FormatError) in
        let receipt = try Receipt(decoding: try fields.next())
        let leaf = try fields.nextDigest()
        let key = try fields.nextKey()
        try fields.finish()
        do throws(COSEError) {
            output.append(try receipt.verify(leaf: leaf, key: key, checker: checker).bytes)
            output.append(receipt.rootSignature.origin)
        } catch {
            throw FormatError("receipt", at: .whole, error.description)
        }
    }
}

/// Opens a C2SP signed note. In: answers, note, vkey. Out: the text, to be believed only now.
@c(tv_open_note)
public func openNote(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answerChecked(input, count) { (fields, checker, output) throws(FormatError) in
        let note = try SignedNote(bytes: try fields.next())
        let key = try VerifierKey(text: try fields.next())
        try fields.finish()
        _ = try note.verify(keys: [key], checker: checker)
        output.append(note.text)
    }
}

/// Opens a C2SP checkpoint. In: answers, note, vkey. Out: origin, size, root.
@c(tv_open_checkpoint)
public func openCheckpoint(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answerChecked(input, count) { (fields, checker, output) throws(FormatError) in
        let signed = try SignedCheckpoint(bytes: try fields.next())
        let key = try VerifierKey(text: try fields.next())
        try fields.finish()
        guard key.name.hasSameUTF8(as: signed.checkpoint.origin) else {
            throw FormatError("checkpoint", at: .line(1), "the origin is not the name of the log's key")
        }
        _ = try signed.note.verify(keys: [key], checker: checker)
        output.append(signed.checkpoint.origin)
        output.append(signed.checkpoint.head.size)
        output.append(signed.checkpoint.head.root.bytes)
    }
}
