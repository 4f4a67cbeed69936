import TraceProof
import TraceStatements

/// Makes what no honest signer makes.
enum StatementForger {
    /// The signature of nobody: the identity point and S = 0, which naive libraries accept under a weak key.
    private static func nobody() -> [UInt8] { [1] + [UInt8](repeating: 0, count: 63) }

    /// A statement that names `key`, with a signature that a naive library would accept if `key` is weak.
    static func statement(claiming key: PublicKey) throws -> Statement {
        let header = StatementHeader(
            kind: .note,
            key: key,
            issuer: World.issuer,
            subject: "(01)09521101000007",
            issuedAt: 1,
            chain: ChainLink(sequence: 0, previous: TreeHash.empty)
        )
        return try statement(header, payload: Array("anything".utf8), signature: nobody())
    }

    /// The same statement naming `key`; its signature is then wrong.
    static func replacing(key: PublicKey, in statement: Statement) throws -> Statement {
        let header = StatementHeader(
            kind: statement.header.kind,
            key: key,
            issuer: statement.header.issuer,
            subject: statement.header.subject,
            issuedAt: statement.header.issuedAt,
            chain: statement.header.chain
        )
        return try self.statement(header, payload: statement.payload, signature: statement.signature.bytes)
    }

    /// A receipt with the path of another and a signature that a naive library would accept if `key` is weak.
    static func receipt(like receipt: Receipt, claiming key: PublicKey) throws -> Receipt {
        guard case .inclusion(let proof) = receipt.proof, let signature = Signature(nobody()) else { return receipt }
        let root = RootSignature(origin: receipt.rootSignature.origin, keyID: KeyID(of: key), signature: signature)
        return try Receipt.inclusion(proof, signature: root)
    }

    private static func statement(
        _ header: StatementHeader,
        payload: [UInt8],
        signature: [UInt8]
    ) throws -> Statement {
        var writer = CBORWriter()
        writer.tag(COSESign1.tag)
        writer.array(4)
        writer.bytes(header.encoded)
        writer.map(0)
        writer.bytes(payload)
        writer.bytes(signature)
        return try Statement(decoding: writer.output)
    }
}
