internal import TraceProof
internal import TraceStatements
internal import TraceVerification

/// The statement that an item was opened (kind 65003, formats.md section 2), in two calls: what the item's key has to sign, and
/// the statement with that signature.
///
/// In: text of the code, the item's public key, 16 random bytes, time, signature (empty in the first call), and the files about
/// the item, one of which has its proof. Out: the bytes to sign; or the statement.
@c(tv_activation)
public func activation(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let stamp = try Stamp(parsing: try fields.nextText())
        let key = try fields.nextKey()
        let nonce = try fields.next()
        let now = try fields.nextNumber()
        let signature = try fields.next()
        var evidence = ItemEvidence()
        while !fields.isAtEnd { evidence.add(try ItemFile(decoding: try fields.next())) }
        guard let item = stamp.item else { throw refusal("the code names no item") }
        guard let own = try evidence.item(item, key), let activation = own.opening(nonce: nonce) else {
            throw refusal("no file here has the proof of this item under this hidden code")
        }
        let header = StatementHeader(
            kind: .activation,
            key: key,
            issuer: Activation.issuer(key),
            subject: item.text,
            issuedAt: now,
            chain: nil
        ).encoded
        guard !signature.isEmpty else {
            return output.append(COSESign1.sigStructure(protected: header, payload: activation.encoded))
        }
        guard let signature = Signature(signature) else { throw refusal("a signature has 64 bytes") }
        output.append(
            try COSESign1(protected: header, payload: activation.encoded, signature: signature).encoded()
        )
    }
}

private func refusal(_ reason: String) -> FormatError { FormatError("activation", at: .whole, reason) }

extension ItemEvidence {
    /// The item with this key, out of a proof of its own or a pack.
    fileprivate func item(_ item: ItemIdentity, _ key: PublicKey) throws(FormatError) -> LoggedItem? {
        func isOwn(_ leaf: ItemLeaf?, _ batch: LoggedBatch) -> Bool {
            batch.items.gtin.hasSameUTF8(as: item.gtin) && leaf?.key == key
                && leaf?.serial.hasSameUTF8(as: item.serial) ?? false
        }
        for own in items where isOwn(own.proof.leaf, own.batch) { return own }
        for pack in packs {
            guard let index = pack.index(ofSerial: item.serial), isOwn(pack.leaf(at: index), pack.batch),
                let proof = try? pack.tree().proof(ofIndex: index)
            else { continue }
            return LoggedItem(proof, of: pack.batch)
        }
        return nil
    }
}

extension LoggedItem {
    fileprivate func opening(nonce: [UInt8]) -> Activation? {
        Activation(origin: batch.origin, commissioning: batch.statement.leafHash, proof: proof, nonce: nonce)
    }
}
