public import TraceProof
public import TraceStatements

extension LedgerReader {
    /// Where the next statement of `key` belongs in the published ledger: for a signer that lost its place.
    ///
    /// Reads every entry. The signer's newest entry was verified under `key`, as whoever chains onto it has to.
    ///
    /// - Throws: ``LedgerError/untrusted(path:reason:)`` where an entry breaks its signer's chain or the newest of `key`
    ///   does not bear its signature.
    public func nextLink(for key: PublicKey) async throws -> ChainLink {
        let head = try await checkpoint().checkpoint.head
        var chains = SignerChains(origin: self.key.name)
        var newest: Statement?
        try await forEachEntry(in: 0..<head.size, of: head) { index, bytes in
            do {
                let statement = try Statement(decoding: bytes)
                try chains.advance(statement.header, leafHash: statement.leafHash, index: index)
                if chains.key(of: statement.header) == key { newest = statement }
            } catch { throw LedgerError.untrusted(path: "\(source.name), entry \(index)", reason: "\(error)") }
        }
        if let newest, !newest.isSigned(by: key, checker: checker) {
            throw LedgerError.untrusted(
                path: source.name,
                reason: "the newest entry of \(KeyID(of: key)) is not signed by it"
            )
        }
        guard let next = chains.next(for: key) else { throw LedgerError.notFound("\(source.name): there is no entry") }
        return next
    }

    /// The leaf hash of the ledger's genesis entry, which every signer's chain begins at.
    public func genesis() async throws -> Digest {
        TreeHash.leaf(try await entry(0, in: try await checkpoint().checkpoint.head).bytes)
    }
}
