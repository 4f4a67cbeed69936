import TraceProof

/// One pass over an entry that makes nothing but its claims: the usual statement, which continues a chain.
///
/// It accepts only what the readers of ``COSESign1`` and ``StatementHeader`` accept together, and says nothing about the
/// rest: `nil` means that they have to look, which either refuse with place and reason or read what is rarer, such as the
/// first statement of a key.
struct StatementScan {
    let header: StatementHeader
    /// Where the content of the protected byte string stands.
    let protected: Range<Int>
    let payload: Range<Int>
    let signature: Signature

    init?(_ bytes: Span<UInt8>) {
        var cursor = CBORCursor()
        // Tag 18, an array of four, and between the two byte strings no unprotected header.
        guard cursor.skip(bytes, 0xD2), cursor.skip(bytes, 0x84), let protected = cursor.string(bytes, 2),
            cursor.skip(bytes, 0xA0), let payload = cursor.string(bytes, 2), let signed = cursor.string(bytes, 2),
            cursor.at == bytes.count, signed.count == Signature.byteCount,
            let point = Digest(bytes, signed.lowerBound..<signed.lowerBound + 32),
            let scalar = Digest(bytes, signed.lowerBound + 32..<signed.upperBound),
            let header = StatementScan.header(bytes.extracting(protected))
        else { return nil }
        self.header = header
        self.protected = protected
        self.payload = payload
        signature = Signature(point: point, scalar: scalar)
    }

    /// The five labels of a statement that continues a chain, in their one order.
    private static func header(_ bytes: Span<UInt8>) -> StatementHeader? {
        var cursor = CBORCursor()
        guard cursor.skip(bytes, 0xA5), cursor.skip(bytes, 1), let algorithm = cursor.integer(bytes),
            COSEAlgorithm.isEd25519(algorithm), cursor.skip(bytes, 3), let kind = cursor.head(bytes, 0),
            kind != StatementKind.activation.rawValue, cursor.skip(bytes, 4), let kid = cursor.string(bytes, 2),
            kid.count == KeyID.byteCount, cursor.skip(bytes, 15), let claims = claims(bytes, &cursor),
            label(bytes, StatementHeader.chainLabel, &cursor), cursor.skip(bytes, 0x82),
            let sequence = cursor.head(bytes, 0), sequence > 0, sequence <= TreeSize.maximum,
            let place = cursor.string(bytes, 2), let previous = Digest(bytes, place), cursor.at == bytes.count
        else { return nil }
        var word: UInt64 = 0
        for place in kid { word = word << 8 | UInt64(bytes[place]) }
        return StatementHeader(
            algorithm: algorithm,
            kind: StatementKind(rawValue: kind),
            keyID: KeyID(word: word),
            claims: claims,
            chain: ChainLink(sequence: sequence, previous: previous),
            publicKey: nil
        )
    }

    private static func claims(_ bytes: Span<UInt8>, _ cursor: inout CBORCursor) -> StatementHeader.Claims? {
        guard cursor.skip(bytes, 0xA3), cursor.skip(bytes, 1), let issuer = text(bytes, &cursor), cursor.skip(bytes, 2),
            let subject = text(bytes, &cursor), cursor.skip(bytes, 6), let issuedAt = cursor.head(bytes, 0),
            issuedAt <= TreeSize.maximum
        else { return nil }
        return StatementHeader.Claims(issuer: issuer, subject: subject, issuedAt: issuedAt)
    }

    private static func text(_ bytes: Span<UInt8>, _ cursor: inout CBORCursor) -> String? {
        guard let range = cursor.text(bytes), (1...StatementHeader.maximumTextLength).contains(range.count) else {
            return nil
        }
        return unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    private static func label(_ bytes: Span<UInt8>, _ label: Int64, _ cursor: inout CBORCursor) -> Bool {
        cursor.integer(bytes) == label
    }
}
