internal import TraceProof
internal import TraceStatements

/// Checks a transparent statement (formats.md sections 2 and 3): the issuer's signature and every
/// receipt under the ledger's key. In: answers, transparent statement, issuer's public key, ledger's public key. Out: the
/// entry's leaf hash, issuer, subject.
@c(tv_verify_statement)
public func verifyStatement(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answerChecked(input, count) { (fields, checker, output) throws(FormatError) in
        let transparent = try TransparentStatement(decoding: try fields.next())
        let (issuerKey, ledgerKey) = (try fields.nextKey(), try fields.nextKey())
        try fields.finish()
        let statement = transparent.statement
        guard statement.isSigned(by: issuerKey, checker: checker) else {
            throw FormatError("statement", at: .whole, "the signature is not the issuer's")
        }
        let leaf = TreeHash.leaf(statement.encoded)
        for receipt in transparent.receipts {
            do throws(COSEError) {
                try receipt.verify(leaf: leaf, key: ledgerKey, checker: checker)
            } catch {
                throw FormatError("receipt", at: .whole, error.description)
            }
        }
        output.append(leaf.bytes)
        output.append(statement.header.issuer)
        output.append(statement.header.subject)
    }
}
